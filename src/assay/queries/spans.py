"""How long what lies directly below a container took, report by report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.queries.levels import step_in
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
WITH named AS (
    SELECT test, length(path) < :level AS leaf,
        CASE WHEN length(path) < :level THEN name ELSE path[:level] END AS title
    FROM tests WHERE profile = :profile{below}
), kinds AS (
    SELECT title, leaf, min(test) AS kind FROM named GROUP BY title, leaf
), placed AS (
    SELECT named.test AS test, kind
    FROM named JOIN kinds ON kinds.title = named.title AND kinds.leaf = named.leaf
), sums AS (
    SELECT r.report AS report, kind, sum(duration) AS seconds, min(position) AS position
    FROM (
        SELECT report, test, duration, position FROM results
        WHERE profile = :profile AND report IN :reports AND duration IS NOT NULL
    ) AS r
    JOIN placed ON placed.test = r.test
    GROUP BY r.report, kind
), longest AS (
    SELECT kind, sum(seconds) AS altogether FROM sums
    GROUP BY kind
    ORDER BY altogether DESC, kind
    LIMIT :limit
), wholes AS (
    SELECT report, sum(seconds) AS whole FROM sums GROUP BY report
)
SELECT title, leaf, sums.report, seconds, position, whole
FROM sums
JOIN longest ON longest.kind = sums.kind
JOIN kinds ON kinds.kind = sums.kind
JOIN wholes ON wholes.report = sums.report
ORDER BY altogether DESC, title, leaf, sums.report
"""
"""Titles are made once a test, and results are counted by a number: a third of the work of making
them once a result."""


def list_spans(
    store: Results,
    profile: int,
    reports: Sequence[int],
    path: Sequence[str] = (),
    *,
    limit: int = 6,
) -> Spans:
    """The `limit` constituents of `path` that took longest in `reports` (newest first) altogether.
    A container that is alone in the newest is stepped into."""
    if not reports:
        return Spans(tuple(path), (), {})
    here = step_in(store, {reports[0]: profile}, path)
    below = tests_like("", here)
    values = {
        "profile": profile,
        "reports": list(reports),
        "level": len(here) + 1,
        "limit": limit,
    }
    rows = store.ask(_SQL.format(below=below.where()), below.values | values)
    found: dict[tuple[str, bool], Constituent] = {}
    whole: dict[int, float] = {}
    for title, leaf, report, seconds, position, all_ in rows:
        known = found.setdefault((title, bool(leaf)), Constituent(title, bool(leaf), {}, position))
        known.seconds[report] = round(seconds, 6)
        whole[report] = round(all_, 6)
    return Spans(here, tuple(found.values()), whole)
