"""Companies, who is in them, and how they come in."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from assay.store.catalog.columns import Moment, Words
from assay.store.catalog.tables.columns import metadata, number, of, words

companies = Table(
    "companies",
    metadata,
    number(),
    words("name"),
    Column("created_at", Moment, nullable=False),
    Column("deleted_at", Moment),  # shown nowhere any more; what is left of it is being removed
    Column("boarded_at", Moment),  # when it was given its first dashboard
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
