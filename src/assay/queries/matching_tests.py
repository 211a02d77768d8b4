"""Tests of a report by their names: how many there are, and which of them fail."""

from __future__ import annotations

from dataclasses import dataclass

from assay.queries.matching import FAILING
from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class Named:
    """A test: the titles of the containers above it, and its own."""

    path: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """So many tests, of which so many fail; `first` are of those that fail, by name."""

    tests: int
    failing: int
    first: tuple[Named, ...]


CALLED = (
    "match(arrayStringConcat(arrayPushBack(path, name), ' › '), :pattern)"
    " OR match(arrayStringConcat(arrayPushBack(path, name), '/'), :pattern)"
)
"""What is true of a row of `tests` that a regular expression (RE2) fits: the titles above it
and its name, with either between them."""

_SQL = f"""
WITH called AS (
    SELECT test, path, name FROM tests WHERE profile = :profile AND ({CALLED})
), mine AS (
    SELECT test, max({FAILING}) AS fails FROM results
    WHERE profile = :profile AND report = :report AND test IN (SELECT test FROM called)
    GROUP BY test
)
SELECT mine.test AS test, fails, path, name, count(*) OVER () AS tests,
    sum(fails) OVER () AS failing
FROM mine JOIN called ON called.test = mine.test
ORDER BY fails DESC, path, name
LIMIT :limit
"""  # noqa: S608
"""A test that stands several times in the report fails if one of them does."""


def find_tests(store: Results, profile: int, report: int, pattern: str, *, limit: int = 3) -> Found:
    """The tests of `report` that the pattern fits; up to `limit` failing ones by name."""
    values = {"profile": profile, "report": report, "pattern": pattern, "limit": max(1, limit)}
    rows = store.ask(_SQL, values)
    if not rows:
        return Found(0, 0, ())
    *_, tests, failing = rows[0]
    first = tuple(Named(tuple(path), name) for _, fails, path, name, *_ in rows if fails)
    return Found(tests, int(failing), first)
