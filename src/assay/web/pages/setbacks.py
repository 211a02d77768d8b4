"""What became of a profile's newest import, where it is not a report yet or never will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from assay.rows import Counts
from assay.store.catalog import imports, reports
from assay.store.catalog.imports import Import
from assay.store.catalog.reports import State
from assay.web.pages import words


@dataclass(frozen=True, slots=True)
class Setback:
    """`status` is failed, unknown while the import is under way, or running."""

    status: str
    lead: str
    message: str
    at: datetime
    url: str
    link: str = "What it said"


def of_profile(conn: Connection, profile_id: int) -> Setback | None:
    """What to say of the newest import; nothing where it became a report."""
    newest = next(iter(imports.of_profile(conn, profile_id, limit=1)), None)
    if newest is None or newest.state is State.DONE:
        return None
    url = f"/imports/{newest.id}"
    if newest.state is State.RUNNING:
        return _running(conn, newest)
    if newest.state is State.FAILED:
        return Setback(
            "failed", "The newest import failed", newest.message, newest.received_at, url
        )
    lead = "An import is being read" if newest.progress else "An import is waiting to be read"
    return Setback("unknown", lead, "", newest.received_at, url)


def _running(conn: Connection, newest: Import) -> Setback:
    report = reports.get(conn, newest.report_id)
    counts = report.counts if report else Counts()
    so_far = f"{words.count(counts.total, 'result')} so far"
    bad = counts.failed + counts.broken
    lead = f"A run goes on: {so_far}" + (f", {words.count(bad, 'failure')}" if bad else "")
    url = f"/reports/{newest.report_id}"
    return Setback("running", lead, "", newest.received_at, url, "See it")
