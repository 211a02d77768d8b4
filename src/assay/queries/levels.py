"""How the results of reports ended, by what lies directly below a container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from assay.queries.matching import FAILING, tests_like
from assay.rows import Counts
from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class Segment:
    """A container, or the tests of one name that lie there; how its results ended. `report` and
    `position` are of a result where it is tests. `duration` is the sum of the seconds."""

    title: str
    leaf: bool
    counts: Counts
    duration: float | None
    report: int
    position: int


@dataclass(frozen=True, slots=True)
class Segments:
    """What lies below `path`, most failures first; `more` when there was too much of it."""

    path: tuple[str, ...]
    items: tuple[Segment, ...]
    more: bool = False


_SQL = f"""
SELECT title, leaf, count(*), countIf(status = 1), countIf(status = 2), countIf(status = 3),
    countIf(status = 4), countIf(status = 5), countIf(flaky = 1), sum(duration), max(report),
    argMin(position, CASE WHEN {FAILING} THEN 0 ELSE 1 END)
FROM (
    SELECT r.report AS report, position, status, flaky, duration, length(path) < :level AS leaf,
        CASE WHEN length(path) < :level THEN name ELSE path[:level] END AS title
    FROM (
        SELECT profile, report, test, position, status, flaky, duration FROM results
        WHERE profile IN :profiles AND report IN :reports
    ) AS r
    JOIN (SELECT * FROM tests WHERE profile IN :profiles{{below}}) AS t
        ON t.profile = r.profile AND t.test = r.test
) AS placed
GROUP BY title, leaf
ORDER BY countIf({FAILING}) DESC, count(*) DESC, title
LIMIT :limit
"""  # noqa: S608


_ENDS = """
SELECT min(path), max(path) FROM tests
WHERE profile IN :profiles{below} AND test IN (
    SELECT test FROM results WHERE profile IN :profiles AND report IN :reports
)
"""
"""The first and the last path in their order have in common what all between them have."""


def step_in(store: Results, reports: Mapping[int, int], path: Sequence[str]) -> tuple[str, ...]:
    """`path`, and the containers below it as long as there is but one and nothing beside it, in
    `reports`, which are given with their profiles: a lone bar says nothing."""
    if not reports:
        return tuple(path)
    below = tests_like("", path)
    values = {"profiles": sorted(set(reports.values())), "reports": sorted(reports)}
    [(first, last)] = store.ask(_ENDS.format(below=below.where()), below.values | values)
    pairs = zip(first or path, last or path, strict=False)
    return tuple(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def list_segments(
    store: Results, reports: Mapping[int, int], path: Sequence[str] = (), *, limit: int = 200
) -> Segments:
    """What lies directly below `path` in `reports`, which are given with their profiles. A
    container that is alone there is stepped into."""
    return _below(store, reports, step_in(store, reports, path), limit)


def _below(
    store: Results, reports: Mapping[int, int], path: tuple[str, ...], limit: int
) -> Segments:
    if not reports:
        return Segments(path, ())
    below = tests_like("", path)
    values: dict[str, object] = {
        "profiles": sorted(set(reports.values())),
        "reports": sorted(reports),
        "level": len(path) + 1,
        "limit": limit + 1,
    }
    rows = store.ask(_SQL.format(below=below.where()), below.values | values)
    items = tuple(
        Segment(title, bool(leaf), Counts(*counts), _rounded(seconds), report, position)
        for title, leaf, *counts, seconds, report, position in rows[:limit]
    )
    return Segments(path, items, len(rows) > limit)


def _rounded(seconds: float | None) -> float | None:
    """Without the digits that a sum of single floats makes up."""
    return None if seconds is None else round(seconds, 6)
