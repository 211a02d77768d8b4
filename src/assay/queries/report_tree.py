"""What lies directly in a container of a report: containers with their counts, and results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.queries.matching import tests_like
from assay.queries.paging import Page
from assay.queries.report_results import ListedResult, Sort, list_results
from assay.rows import Counts
from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class Branch:
    """A container: what it and all below it hold. `duration` is the sum of the results' seconds,
    None where none is known; `position` is its first result's."""

    path: tuple[str, ...]
    classification: str
    counts: Counts
    duration: float | None
    position: int


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the tree in document order; `more` when there were too many containers."""

    branches: tuple[Branch, ...]
    results: Page[ListedResult]
    more: bool = False


_SQL = """
SELECT title, coalesce(any_value(classification), ''), any_value(total), any_value(passed),
    any_value(failed), any_value(broken), any_value(skipped), any_value(unknown),
    any_value(flaky), any_value(duration), any_value(first) AS first
FROM (
    SELECT path[:level] AS title, count(*) AS total, countIf(status = 1) AS passed,
        countIf(status = 2) AS failed, countIf(status = 3) AS broken,
        countIf(status = 4) AS skipped, countIf(status = 5) AS unknown, countIf(flaky = 1) AS flaky,
        sum(duration) AS duration, min(position) AS first
    FROM (SELECT * FROM results WHERE profile = :profile AND report = :report) AS r
    JOIN (SELECT * FROM tests WHERE profile = :profile AND length(path) >= :level{below}) AS t
        ON t.test = r.test
    GROUP BY title
    ORDER BY first
    LIMIT :limit
) AS counted
LEFT JOIN (
    SELECT path[:level] AS above, classification
    FROM containers
    WHERE profile = :profile AND report = :report AND length(path) = :level{below}
) AS known ON known.above = title
GROUP BY title
ORDER BY first
"""


def show_level(
    store: Results,
    profile: int,
    report: int,
    path: Sequence[str] = (),
    *,
    cursor: str | None = None,
    limit: int = 200,
) -> Level:
    """What lies in the container `path` of `report`, the whole report's roots without one.
    `cursor` asks for more of its results."""
    below = tests_like("", path)
    values = {"profile": profile, "report": report, "level": len(path) + 1, "limit": limit + 1}
    rows = store.ask(_SQL.format(below=below.where()), below.values | values)
    branches = tuple(
        Branch((*path, title), kind, Counts(*counts), duration, first)
        for title, kind, *counts, duration, first in rows[:limit]
    )
    results = list_results(
        store,
        profile,
        report,
        path=path,
        directly=True,
        sort=Sort.DOCUMENT,
        cursor=cursor,
        limit=limit,
    )
    return Level(branches, results, len(rows) > limit)
