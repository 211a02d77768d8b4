"""The catalog's tables. `migrations/` builds the same; a test compares the two.

Ids are never given twice (AUTOINCREMENT), because the results store and the blobs know things by
them and are cleaned up after the catalog. Deleting a company, profile or report deletes what hangs
on it.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    text,
)

from assay.store.catalog.columns import Id, Moment, Words

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
        "uq": "%(table_name)s_one_%(column_0_N_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_is_of_%(referred_table_name)s",
        "pk": "%(table_name)s_key",
    }
)


def number(name: str = "id") -> Column[int]:
    return Column(name, Id, primary_key=True, autoincrement=True)


def of(table: str, name: str, *, gone: str = "CASCADE", null: bool = False) -> Column[int]:
    """A reference to a row of another table, and what becomes of this row when that one goes."""
    return Column(name, Id, ForeignKey(f"{table}.id", ondelete=gone), nullable=null)


def words(name: str, *, unique: bool = False) -> Column[str]:
    return Column(name, Words, nullable=False, unique=unique)


def count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0)


companies = Table(
    "companies",
    metadata,
    number(),
    words("name"),
    Column("created_at", Moment, nullable=False),
    Column("deleted_at", Moment),  # shown nowhere any more; what is left of it is being removed
    sqlite_autoincrement=True,
)

users = Table(
    "users",
    metadata,
    number(),
    words("email", unique=True),
    words("name"),
    Column("password_hash", Words),
    Column("created_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

memberships = Table(
    "memberships",
    metadata,
    of("companies", "company_id"),
    of("users", "user_id"),
    words("role"),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("company_id", "user_id"),
    Index(None, "user_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Words, primary_key=True),
    of("users", "user_id"),
    words("agent"),
    Column("started_at", Moment, nullable=False),
    Column("renewed_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "user_id"),
    Index(None, "expires_at"),
)

groups = Table(
    "groups",
    metadata,
    number(),
    of("companies", "company_id"),
    words("name"),
    Column("created_at", Moment, nullable=False),
    Index(None, "company_id"),
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
    Index(None, "company_id"),
    Index(None, "group_id"),
    sqlite_autoincrement=True,
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

reports = Table(
    "reports",
    metadata,
    number(),
    words("uuid", unique=True),
    of("profiles", "profile_id"),
    Column("import_id", Words),  # no foreign key: imports.report_id is the one that binds the two
    Column("date", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    words("origin"),
    words("state"),
    words("branch"),
    words("commit"),
    words("build"),
    Column("duration", Float(53)),
    Column("tags", JSON, nullable=False),  # in the order given; report_tags is for finding
    Column("metadata", JSON, nullable=False),
    *map(count, ("total", "passed", "failed", "broken", "skipped", "unknown", "flaky")),
    *map(count, ("new_failures", "fixed", "still_failing", "new_tests", "gone")),
    Column("deleted_at", Moment),  # deleted by a person, and can be had back for a while
    Index(None, "profile_id", "state", "date", "id"),
    Index(None, "profile_id", "date", "id"),
    Index(None, "deleted_at"),
    sqlite_autoincrement=True,
)

report_tags = Table(
    "report_tags",
    metadata,
    of("reports", "report_id"),
    words("tag"),
    PrimaryKeyConstraint("report_id", "tag"),
    Index(None, "tag", "report_id"),
)

WAITING = text("state IN ('received', 'processing')")
"""Imports that are still to be done, as written in the partial index that finds them."""

imports = Table(
    "imports",
    metadata,
    Column("id", Words, primary_key=True),
    of("profiles", "profile_id"),
    of("reports", "report_id"),
    of("users", "user_id", gone="SET NULL", null=True),
    of("api_keys", "key_id", gone="SET NULL", null=True),
    words("state"),
    words("formatter"),
    Column("options", JSON, nullable=False),
    count("progress"),
    words("message"),
    count("tries"),
    Column("worker", Words),
    Column("lease_until", Moment),
    Column("received_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("finished_at", Moment),
    Column("delivery", Words),
    Index(None, "profile_id", "received_at"),
    Index(None, "profile_id", "delivery", unique=True),
    Index(None, "report_id"),
    Index("imports_waiting", "received_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
)

import_files = Table(
    "import_files",
    metadata,
    Column("import_id", Words, ForeignKey("imports.id", ondelete="CASCADE"), nullable=False),
    count("number"),
    words("file"),
    words("blob"),
    Column("size", Id, nullable=False),
    words("sha256"),
    words("kind"),
    PrimaryKeyConstraint("import_id", "number"),
)

runs = Table(
    "runs",  # deliveries that are still coming in; their file grows
    metadata,
    Column("import_id", Words, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("heard_at", Moment, nullable=False),
    Column("read_to", Id, nullable=False),
    Column("next_at", Moment, nullable=False),
)

import_log = Table(
    "import_log",
    metadata,
    number(),
    Column("import_id", Words, ForeignKey("imports.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    words("level"),
    words("message"),
    words("file"),
    words("where"),
    Index(None, "import_id", "id"),
    sqlite_autoincrement=True,
)

assets = Table(
    "assets",
    metadata,
    of("reports", "report_id"),
    Column("number", Id, nullable=False),
    Column("position", Id),
    words("name"),
    words("media_type"),
    Column("size", Id, nullable=False),
    words("blob"),
    Column("path", Words),  # as delivered, folders and all
    PrimaryKeyConstraint("report_id", "number"),
    Index(None, "report_id", "position"),
)

invitations = Table(
    "invitations",
    metadata,
    number(),
    of("companies", "company_id"),
    words("email"),
    words("role"),
    words("token_hash", unique=True),
    of("users", "inviter_id", gone="SET NULL", null=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("accepted_at", Moment),
    Index(None, "company_id", "email"),
    sqlite_autoincrement=True,
)

password_resets = Table(
    "password_resets",
    metadata,
    Column("token_hash", Words, primary_key=True),
    of("users", "user_id"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "user_id"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    of("users", "user_id"),
    of("profiles", "profile_id"),
    words("condition"),
    PrimaryKeyConstraint("user_id", "profile_id"),
    Index(None, "profile_id"),
)

channels = Table(
    "channels",
    metadata,
    number(),
    of("profiles", "profile_id"),
    words("kind"),
    words("name"),
    words("condition"),
    Column("config", JSON, nullable=False),
    of("users", "creator_id", gone="SET NULL", null=True),
    Column("created_at", Moment, nullable=False),
    Index(None, "profile_id"),
    sqlite_autoincrement=True,
)

UNSENT = text("state = 'waiting'")
"""Deliveries that are still to be made, as written in the partial index that finds them."""

deliveries = Table(
    "deliveries",
    metadata,
    number(),
    words("key", unique=True),  # what is told to whom: the same is not queued twice
    words("kind"),
    words("address"),
    of("companies", "company_id", null=True),
    of("profiles", "profile_id", null=True),
    of("reports", "report_id", null=True),
    of("channels", "channel_id", null=True),
    of("users", "user_id", null=True),
    Column("payload", JSON, nullable=False),
    words("state"),
    count("tries"),
    Column("worker", Words),
    words("message"),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "profile_id", "id"),
    Index(None, "company_id", "id"),
    Index(None, "report_id"),
    Index(None, "channel_id"),
    Index(None, "user_id"),
    Index("deliveries_unsent", "due_at", "id", sqlite_where=UNSENT, postgresql_where=UNSENT),
    sqlite_autoincrement=True,
)

shares = Table(
    "shares",
    metadata,
    number(),
    words("key", unique=True),
    of("profiles", "profile_id"),
    of("reports", "report_id", null=True),  # none: the whole profile
    Column("until", Moment),
    Column("history", Boolean, nullable=False),
    of("users", "creator_id", gone="SET NULL", null=True),
    Column("created_at", Moment, nullable=False),
    Index(None, "profile_id", "report_id", unique=True),
    Index(None, "report_id"),
    sqlite_autoincrement=True,
)
