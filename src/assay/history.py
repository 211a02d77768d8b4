"""Keeps what reports say of those before them true, when one comes, goes or changes its date.

A label is worked out when it is read; what a report counts as changed is kept with it, and has to
be counted again where what came before it is another than it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from assay import judgement
from assay.queries.changes import LOOKBACK, count_changes, list_affected
from assay.queries.labels import Label, label_results
from assay.store import Stores
from assay.store.catalog import reports
from assay.store.catalog.reports import Report, State

DEPTH, ROWS = 500, 2_000_000
"""So many older reports are looked through for tests that the latest twenty lack, or in which they
always ended alike; and no more of them than have so many results together, which takes a tenth of a
second at most."""

Place = tuple[datetime, int]
"""Where a report stands in its profile's time: its date, and its id."""


def label(
    stores: Stores, report: Report, tests: Collection[int], *, among: Collection[int] | None = None
) -> dict[int, Label]:
    """The labels of those `tests` of a report that have one, against the reports before it by
    date; only against those `among` these ids, where that is given. A report that is still coming
    in has none."""
    if report.state is State.RUNNING:
        return {}

    def before(limit: int) -> list[tuple[int, int]]:
        place = (report.date, report.id)
        with stores.catalog.read() as conn:
            return reports.sizes_before(conn, report.profile_id, place, limit=limit, among=among)

    earlier = [number for number, _ in before(LOOKBACK)]
    more = len(earlier) == LOOKBACK
    return label_results(
        stores.results,
        report.profile_id,
        report.id,
        earlier,
        tests,
        lambda: _bounded(before(LOOKBACK + DEPTH)[LOOKBACK:]) if more else (),
    )


def _bounded(sizes: Iterable[tuple[int, int]]) -> list[int]:
    """The ids of as many reports as have `ROWS` results together."""
    found, total = [], 0
    for report, size in sizes:
        total += size
        if total > ROWS:
            break
        found.append(report)
    return found


def relate(stores: Stores, profile: int, places: Iterable[Place]) -> None:
    """Count the changes of all reports of `profile` that may see another past, because at `places`
    a report came, went or was read again: of those at the places, and of those after them as far
    as a report looks back."""
    affected: dict[int, Report] = {}
    known: set[tuple[int, ...]] = set()
    for place in set(places):
        with stores.catalog.read() as conn:
            here = reports.get(conn, place[1])
            later = reports.following(conn, profile, place, limit=LOOKBACK)
        if here and _stands(here, profile, place):
            affected[here.id] = here
        order = tuple(each.id for each in later)
        if order not in known:
            known.add(order)
            changed = set(list_affected(stores.results, profile, order))
            affected |= {each.id: each for each in later if each.id in changed}
    for report in affected.values():
        relate_report(stores, report)


def _stands(report: Report, profile: int, place: Place) -> bool:
    """Whether the report is in that place still."""
    return report.state is State.DONE and (report.profile_id, report.date) == (profile, place[0])


def relate_report(stores: Stores, report: Report) -> None:
    """Compare a report with those that came before it by date, and keep the counts; one that was
    judged by other counts is judged again."""
    with stores.catalog.read() as conn:
        earlier = reports.sizes_before(
            conn, report.profile_id, (report.date, report.id), limit=LOOKBACK
        )
    ids = [number for number, _ in earlier]
    changes = count_changes(stores.results, report.profile_id, report.id, ids)
    if changes != report.changes:
        with stores.catalog.write() as conn:
            reports.set_changes(conn, report.id, changes)
        if report.judged is not None:
            judgement.judge_report(stores, report.id)
