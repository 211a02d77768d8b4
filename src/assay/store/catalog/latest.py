"""The latest reports of many profiles, in one question."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, TextualSelect, select, text

from assay.store.catalog.reports import Report, read_report
from assay.store.catalog.tables import reports

AT_ONCE = 100
"""Profiles in one question; SQLite takes 500 at most."""


def latest_of(conn: Connection, profile_ids: Iterable[int], n: int) -> dict[int, list[Report]]:
    """The last `n` reports of each profile, the newest first; an empty list where there is none.

    One short index walk a profile, many in a question: a window function would read the whole
    history of each, and SQLite knows no LATERAL.
    """
    found: dict[int, list[Report]] = {each: [] for each in profile_ids}
    ids = list(found)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        given = {f"p{place}": each for place, each in enumerate(some)}
        for row in conn.execute(_latest(len(some)), given | {"n": n}):
            report = read_report(row)
            found[report.profile_id].append(report)
    return found


def latest_judged(conn: Connection, profile_id: int) -> Report | None:
    """The last report of a profile on which its gate has passed or failed."""
    query = (
        select(reports)
        .where(reports.c.profile_id == profile_id, reports.c.state == "done")
        .where(reports.c.gate.is_not(None))
        .order_by(reports.c.date.desc(), reports.c.id.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return read_report(row) if row else None


_NAMES = ", ".join(f'"{column.name}"' for column in reports.c)
_LATEST = f"""SELECT * FROM (
    SELECT {_NAMES} FROM reports WHERE profile_id = :p{{place}} AND state = 'done'
    ORDER BY date DESC, id DESC LIMIT :n) AS walk{{place}}
"""  # noqa: S608


@cache
def _latest(profiles: int) -> TextualSelect:
    """The last `n` of each of so many profiles, p0, p1 …; as text, which SQLAlchemy need not walk
    through each time."""
    walks = (_LATEST.format(place=place) for place in range(profiles))
    return text(" UNION ALL ".join(walks)).columns(*reports.c)
