"""What a result was before: the last of its earlier ends, each with its date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from assay.queries.changes import LOOKBACK
from assay.queries.result_detail import ResultDetail
from assay.queries.test_history import Occurrence, list_history
from assay.store.catalog import reports
from assay.store.catalog.reports import Report
from assay.web.pages import runs, words
from assay.web.pages.parts import Link, Moment, Past
from assay.web.pages.place import Scene

SHOWN = 5  # earlier results in the timeline

FIRST = "No history found: this is the first report that has this test."
NOT_LATELY = "No history found: none of the latest reports before this one has this test."
ALIKE = (
    "No history found: {n} results of this report have this name, and nobody can say which of them "
    "was which in other reports."
)


@dataclass(frozen=True, slots=True)
class Told:
    """`occurrences` are this result and those before it, newest first; `dates` their reports."""

    past: Past
    occurrences: tuple[Occurrence, ...]
    dates: dict[int, Report]


def read_past(scene: Scene, found: ResultDetail, limit: int = LOOKBACK) -> Told:
    """The past of a result, as far back as `limit` reports."""
    report, place = scene.report, scene.place
    with scene.stores.catalog.read() as conn:
        earlier = reports.of_profile(
            conn,
            report.profile_id,
            limit=limit,
            before=(report.date, report.id),
            among=place.keys,
        )
    dates = {each.id: each for each in (report, *earlier)}
    history = list_history(scene.stores.results, report.profile_id, found.test, list(dates))
    alike = sum(1 for each in history if each.report == report.id)
    mine = _mine(history, found, report, alone=alike > 1)
    shown = mine[: SHOWN + 1] if len(mine) > 1 else []
    past = Past(
        moments=tuple(_moment(each, dates, scene) for each in reversed(shown)),
        words="" if shown else _why(scene, alike, len(earlier) < limit),
        alike_url=f"{scene.at}?{urlencode({'tab': 'all', 'q': found.name})}" if alike > 1 else "",
        newer=None if alike > 1 else _newer(scene, found.test),
    )
    return Told(past, tuple(mine), dates)


def _mine(
    history: Sequence[Occurrence], found: ResultDetail, report: Report, *, alone: bool
) -> list[Occurrence]:
    """This result first, then those of earlier reports that have the test once."""
    here = [e for e in history if e.report == report.id and e.position == found.position]
    if alone:
        return here
    often = Counter(each.report for each in history)
    return here + [e for e in history if e.report != report.id and often[e.report] == 1]


def _why(scene: Scene, alike: int, looked_at_all: bool) -> str:
    """Why there is no history; a guest who sees one report alone is told nothing of others."""
    if alike > 1:
        return ALIKE.format(n=alike)
    if scene.place.keys is not None:
        return ""
    return FIRST if looked_at_all else NOT_LATELY


def _moment(each: Occurrence, dates: Mapping[int, Report], scene: Scene) -> Moment:
    report = dates[each.report]
    status = runs.shown_status(each.status, each.flaky)
    told = (status, words.duration(each.duration), runs.tooltip(report))
    return Moment(
        status=status,
        date=report.date,
        title=" · ".join(part for part in told if part),
        url=scene.place.result(each.report, each.position),
        current=report.id == scene.report.id,
    )


def _newer(scene: Scene, test: int) -> Link | None:
    """To the newest of the results after this one, which its history does not show."""
    report = scene.report
    with scene.stores.catalog.read() as conn:
        later = reports.following(
            conn,
            report.profile_id,
            (report.date, report.id),
            limit=LOOKBACK,
            among=scene.place.keys,
        )
    ids = [each.id for each in reversed(later)]
    found = list_history(scene.stores.results, report.profile_id, test, ids)
    if not found:
        return None
    newest = found[0]
    more = "+" if len(later) == LOOKBACK else ""
    number = len({each.report for each in found})
    ended = runs.shown_status(newest.status, newest.flaky)
    said = f"{number}{more} newer results, the last {ended}" if number > 1 else f"newer: {ended}"
    return Link(said, scene.place.result(newest.report, newest.position))
