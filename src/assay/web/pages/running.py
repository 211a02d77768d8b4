"""What the page of a report says while its run goes on, and when it looks again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from assay.store.catalog import imports, runs
from assay.store.catalog.reports import Report, State
from assay.web.pages import words

EVERY_SECONDS = 3
"""Between two looks; what has come is read every five at most."""


@dataclass(frozen=True, slots=True)
class Running:
    """`seen` is of what the page shows: while it is the same, nothing is to be shown anew.
    `trouble` says why nothing shows of what has come."""

    poll_url: str
    every: int
    seen: str
    lead: str
    heard: datetime | None
    size: str
    trouble: str


def of_report(conn: Connection, report: Report) -> Running | None:
    """How far its run is; None for a report that is not running."""
    if report.state is not State.RUNNING or report.import_id is None:
        return None
    found, run = imports.get(conn, report.import_id), runs.get(conn, report.import_id)
    goes_on = found is not None and found.state is State.RUNNING
    heard = run.heard_at if run else None
    size = run.size if run else 0
    moment = heard.timestamp() if heard else 0
    seen = f"{report.updated_at.timestamp():.3f}-{moment:.3f}-{size}-{int(goes_on)}"
    return Running(
        poll_url=f"/reports/{report.id}/running?seen={seen}",
        every=EVERY_SECONDS,
        seen=seen,
        lead="The run goes on" if goes_on else "The run has ended, and is read as a whole",
        heard=heard,
        size=words.size(size),
        trouble=found.message if found else "",
    )
