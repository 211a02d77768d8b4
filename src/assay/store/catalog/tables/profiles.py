"""Groups and profiles, what is asked of them, and the keys to them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, PrimaryKeyConstraint, Table

from assay.store.catalog.columns import Id, Moment
from assay.store.catalog.tables.columns import added, count, metadata, number, of, words

groups = Table(
    "groups",
    metadata,
    number(),
    of("companies", "company_id"),
    words("name"),
    Column("created_at", Moment, nullable=False),
    added("uuid"),
    Index(None, "company_id"),
    Index(None, "uuid", unique=True),
    sqlite_autoincrement=True,
)

profiles = Table(
    "profiles",
    metadata,
    number(),
    words("uuid", unique=True),
    of("companies", "company_id"),
    of("groups", "group_id"),
    words("name"),
    of("users", "owner_id", gone="SET NULL", null=True),
    Column("created_at", Moment, nullable=False),
    Column("deleted_at", Moment),  # as of a company
    added("kind", "passive"),
    added("tool"),
    added("pattern"),
    added("qualification"),
    Column("setup", JSON),  # what its kind has to know
    Column("due_at", Moment),  # when it is next fetched or run, if it has a schedule
    Index(None, "company_id"),
    Index(None, "group_id"),
    Index(None, "due_at"),
    sqlite_autoincrement=True,
)

set_members = Table(
    "set_members",
    metadata,
    of("profiles", "set_id"),
    of("profiles", "member_id"),
    count("place"),
    PrimaryKeyConstraint("set_id", "member_id"),
    Index(None, "member_id"),
)

gates = Table(
    "gates",
    metadata,
    Column("profile_id", Id, ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True),
    words("rules"),
    Column("updated_at", Moment, nullable=False),
    of("users", "editor_id", gone="SET NULL", null=True),
)

api_keys = Table(
    "api_keys",
    metadata,
    number(),
    of("users", "user_id"),
    of("profiles", "profile_id", null=True),
    words("name"),
    words("secret_hash", unique=True),
    words("hint"),
    words("scopes"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    Index(None, "user_id"),
    sqlite_autoincrement=True,
)
