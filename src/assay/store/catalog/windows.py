"""The reports of a profile within a stretch of time, for what is drawn over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, exists, func, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from assay.store.catalog.reports import TAG_LENGTH, Report, State, read_report
from assay.store.catalog.tables import report_tags, reports

TAGS = 200  # that are offered to choose from


@dataclass(frozen=True, slots=True)
class Filter:
    """Which reports: on `branch` where one is named, with every one of `tags`."""

    branch: str = ""
    tags: tuple[str, ...] = ()


def within(
    conn: Connection,
    profile_id: int,
    like: Filter,
    *,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> list[Report]:
    """Those from `since` on and before `until` that are done, the newest first."""
    query = _like(profile_id, like)
    if since is not None:
        query = query.where(reports.c.date >= since)
    if until is not None:
        query = query.where(reports.c.date < until)
    return _newest(conn, query, limit)


def before(conn: Connection, report: Report, like: Filter, *, limit: int) -> list[Report]:
    """Those like it that ran before `report`, the newest first."""
    place = tuple_(reports.c.date, reports.c.id) < (report.date, report.id)
    return _newest(conn, _like(report.profile_id, like).where(place), limit)


def tags(conn: Connection, profile_ids: Sequence[int]) -> list[str]:
    """The tags that reports of the profiles have, the most frequent first."""
    query = (
        select(report_tags.c.tag)
        .join(reports, reports.c.id == report_tags.c.report_id)
        .where(reports.c.profile_id.in_(list(profile_ids)), _DONE)
        .group_by(report_tags.c.tag)
        .order_by(func.count().desc(), report_tags.c.tag)
        .limit(TAGS)
    )
    return list(conn.scalars(query))


_DONE = reports.c.state == State.DONE.value


def _like(profile_id: int, like: Filter) -> Select[tuple[object, ...]]:
    query = select(reports).where(reports.c.profile_id == profile_id, _DONE)
    if like.branch:
        query = query.where(reports.c.branch == like.branch)
    for tag in like.tags:
        query = query.where(_tagged(tag))
    return query


def _tagged(tag: str) -> ColumnElement[bool]:
    mine = report_tags.c.report_id == reports.c.id, report_tags.c.tag == tag[:TAG_LENGTH]
    return exists().where(*mine)


def _newest(conn: Connection, query: Select[tuple[object, ...]], limit: int) -> list[Report]:
    ordered = query.order_by(reports.c.date.desc(), reports.c.id.desc()).limit(limit)
    return [read_report(row) for row in conn.execute(ordered)]
