"""Who is told of reports, and to whom they are shown."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, PrimaryKeyConstraint, Table, text

from assay.store.catalog.columns import Moment, Words
from assay.store.catalog.tables.columns import count, metadata, number, of, words

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
