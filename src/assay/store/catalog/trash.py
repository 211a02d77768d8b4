"""The trash: reports that a person has deleted, and can have back for a while.

What was deleted at the same moment was deleted in one go, and is taken back in one go.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from assay.store.catalog import imports
from assay.store.catalog.reports import Report, State, read_report
from assay.store.catalog.tables import reports

BEGUN = "The report was deleted before it was read."
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def put(conn: Connection, report_ids: Sequence[int], now: datetime) -> None:
    """Delete reports. One that is still being read is not read on."""
    fresh = reports.c.id.in_(list(report_ids)), reports.c.state != State.DELETED.value
    values = {"state": State.DELETED.value, "deleted_at": now, "updated_at": now}
    conn.execute(update(reports).where(*fresh).values(values))
    imports.end(conn, report_ids, BEGUN, now)


def take(conn: Connection, report_ids: Sequence[int], now: datetime) -> None:
    """Have reports back as they were. One that was not read yet is read now."""
    for each in report_ids:
        state = imports.resume(conn, each)
        values = {"state": state.value, "deleted_at": None, "updated_at": now}
        mine = reports.c.id == each, reports.c.state == State.DELETED.value
        conn.execute(update(reports).where(*mine).values(values))


def doom(conn: Connection, report_ids: Sequence[int]) -> None:
    """Let deleted reports be had back no more: they are due to be removed."""
    mine = reports.c.id.in_(list(report_ids)), reports.c.state == State.DELETED.value
    conn.execute(update(reports).where(*mine).values(deleted_at=LONG_AGO))


def of_profile(
    conn: Connection,
    profile_id: int,
    since: datetime,
    *,
    limit: int,
    at: datetime | None = None,
    ids: Sequence[int] | None = None,
) -> list[Report]:
    """What was deleted `since`, the latest first; only what was deleted `at` a moment, or has one
    of these `ids`, where that is given."""
    query = select(reports).where(*_in(profile_id, since))
    if at is not None:
        query = query.where(reports.c.deleted_at == at)
    if ids is not None:
        query = query.where(reports.c.id.in_(list(ids)))
    latest = query.order_by(reports.c.deleted_at.desc(), reports.c.date.desc(), reports.c.id.desc())
    return [read_report(row) for row in conn.execute(latest.limit(limit))]


def count(conn: Connection, profile_id: int, since: datetime) -> int:
    """How many that are."""
    query = select(func.count()).select_from(reports).where(*_in(profile_id, since))
    return conn.scalar(query) or 0


def due(conn: Connection, before: datetime, *, limit: int) -> list[Report]:
    """What was deleted before then, and is to be removed for good."""
    query = select(reports).where(
        reports.c.deleted_at < before, reports.c.state == State.DELETED.value
    )
    rows = conn.execute(query.order_by(reports.c.deleted_at, reports.c.id).limit(limit))
    return [read_report(row) for row in rows]


def _in(profile_id: int, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        reports.c.profile_id == profile_id,
        reports.c.state == State.DELETED.value,
        reports.c.deleted_at >= since,
    )
