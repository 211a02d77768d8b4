"""How long what lies directly below a container took, report by report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.queries.levels import SKIPS
from assay.queries.matching import tests_like
from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class Constituent:
    """A container, or the tests of one name; `seconds` by report, for those that have it."""

    title: str
    leaf: bool
    seconds: dict[int, float]
    position: int


@dataclass(frozen=True, slots=True)
class Spans:
    """The longest of what lies below `path`, and how long all of it took by report."""

    path: tuple[str, ...]
    items: tuple[Constituent, ...]
    whole: dict[int, float]


_SQL = """
WITH sums AS (
    SELECT report, title, leaf, sum(duration) AS seconds, min(position) AS position
    FROM (
        SELECT r.report AS report, duration, position, length(path) < :level AS leaf,
            CASE WHEN length(path) < :level THEN name ELSE path[:level] END AS title
        FROM (
            SELECT report, test, duration, position FROM results
            WHERE profile = :profile AND report IN :reports AND duration IS NOT NULL
        ) AS r
        JOIN (SELECT * FROM tests WHERE profile = :profile{below}) AS t ON t.test = r.test
    ) AS placed
    GROUP BY report, title, leaf
), longest AS (
    SELECT title, leaf, sum(seconds) AS altogether FROM sums
    GROUP BY title, leaf
    ORDER BY altogether DESC, title
    LIMIT :limit
), wholes AS (
    SELECT report, sum(seconds) AS whole FROM sums GROUP BY report
)
SELECT sums.title, sums.leaf, sums.report, seconds, position, whole
FROM sums
JOIN longest ON longest.title = sums.title AND longest.leaf = sums.leaf
JOIN wholes ON wholes.report = sums.report
ORDER BY altogether DESC, sums.title, sums.leaf, sums.report
"""


def list_spans(
    store: Results,
    profile: int,
    reports: Sequence[int],
    path: Sequence[str] = (),
    *,
    limit: int = 6,
) -> Spans:
    """The `limit` constituents of `path` that took longest in `reports` altogether; a container
    that is alone is stepped into."""
    here = tuple(path)
    for _ in range(SKIPS):
        found = _below(store, profile, reports, here, limit)
        if len(found.items) != 1 or found.items[0].leaf:
            return found
        here = (*here, found.items[0].title)
    return found


def _below(
    store: Results, profile: int, reports: Sequence[int], path: tuple[str, ...], limit: int
) -> Spans:
    if not reports:
        return Spans(path, (), {})
    below = tests_like("", path)
    values = {
        "profile": profile,
        "reports": list(reports),
        "level": len(path) + 1,
        "limit": limit,
    }
    rows = store.ask(_SQL.format(below=below.where()), below.values | values)
    found: dict[tuple[str, bool], Constituent] = {}
    whole: dict[int, float] = {}
    for title, leaf, report, seconds, position, all_ in rows:
        known = found.setdefault((title, bool(leaf)), Constituent(title, bool(leaf), {}, position))
        known.seconds[report] = round(seconds, 6)
        whole[report] = round(all_, 6)
    return Spans(path, tuple(found.values()), whole)
