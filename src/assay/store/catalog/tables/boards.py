"""Dashboards, and runs that were asked for."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Table

from assay.store.catalog.columns import Moment, Words
from assay.store.catalog.tables.columns import count, metadata, number, of, words

executions = Table(
    "executions",  # runs of tests that were asked for, elsewhere
    metadata,
    Column("id", Words, primary_key=True),
    of("profiles", "profile_id"),
    of("users", "user_id", gone="SET NULL", null=True),
    words("state"),
    words("kind"),
    words("url"),
    words("message"),
    Column("parameters", JSON, nullable=False),
    Column("known", JSON, nullable=False),  # what the other side calls it
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment),  # when it is looked at next
    Column("ended_at", Moment),
    of("reports", "report_id", gone="SET NULL", null=True),
    Index(None, "profile_id", "created_at"),
    Index(None, "due_at"),
    Index(None, "report_id"),
)

dashboards = Table(
    "dashboards",
    metadata,
    number(),
    words("uuid", unique=True),
    of("companies", "company_id"),
    words("name"),
    count("reload_seconds"),
    of("users", "creator_id", gone="SET NULL", null=True),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("share_key", Words, unique=True),  # whoever has it may look
    Index(None, "company_id"),
    sqlite_autoincrement=True,
)

tiles = Table(
    "tiles",
    metadata,
    number(),
    words("uuid", unique=True),
    of("dashboards", "dashboard_id"),
    of("profiles", "profile_id"),
    words("chart"),
    words("title"),
    *map(count, ("x", "y", "w", "h")),  # in columns and rows of the grid
    Column("options", JSON, nullable=False),
    Index(None, "dashboard_id"),
    Index(None, "profile_id"),
    sqlite_autoincrement=True,
)
