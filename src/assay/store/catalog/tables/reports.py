"""Reports, and the imports that they come from."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, PrimaryKeyConstraint, Table, text

from assay.store.catalog.columns import Id, Moment, Words
from assay.store.catalog.tables.columns import count, metadata, number, of, words

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
    Column("gate", Words),  # pass or fail; none where it was not judged
    Column("judged", JSON),  # what each rule of the gate said of it
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

run_keys = Table(
    "run_keys",  # what tells a run from others of its profile, so that it is not imported twice
    metadata,
    of("profiles", "profile_id"),
    Column("key", Words, nullable=False),
    of("reports", "report_id"),
    PrimaryKeyConstraint("profile_id", "key"),
    Index(None, "report_id"),
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
