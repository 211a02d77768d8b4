"""What tests measured: all of one report, and one test report after report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.queries.paging import Page, cut, decode_cursor
from assay.store.results import Results, Row

START = (-1.0, 0)


@dataclass(frozen=True, slots=True)
class Measured:
    """A number that a test measured; `unit` as in `assay.model.Measurement`."""

    metric: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class MeasuredTest:
    """A test with what it measured in a report. `position` is its result's, None where it has no
    result there."""

    test: int
    path: tuple[str, ...]
    name: str
    position: int | None
    values: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a test measured in one of several reports."""

    report: int
    measured: Measured


NOWHERE = 4_294_967_295
"""Stands for the position of a test without a result: behind all others."""

_ANY = "SELECT 1 FROM measurements WHERE profile = :profile AND report = :report LIMIT 1"

_TESTS = """
WITH measured AS (
    SELECT DISTINCT test FROM measurements WHERE profile = :profile AND report = :report
), placed AS (
    SELECT test, min(position) AS position FROM results
    WHERE profile = :profile AND report = :report AND test IN (SELECT test FROM measured)
    GROUP BY test
), ranked AS (
    SELECT measured.test AS test, coalesce(placed.position, 4294967295) AS place
    FROM measured LEFT JOIN placed ON placed.test = measured.test
)
SELECT place, ranked.test, t.path, t.name
FROM ranked
JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = ranked.test
WHERE place > :place OR place = :place AND ranked.test > :test
ORDER BY place, ranked.test
LIMIT :limit
"""

_OF_TESTS = """
SELECT test, metric, value, unit FROM measurements
WHERE profile = :profile AND report = :report AND test IN :tests
ORDER BY test, metric
"""

_OF_REPORTS = """
SELECT report, metric, value, unit FROM measurements
WHERE profile = :profile AND test = :test AND report IN :reports
ORDER BY indexOf(:reports, report), metric
"""


def has_measurements(store: Results, profile: int, report: int) -> bool:
    """Whether anything was measured in `report`."""
    return bool(store.ask(_ANY, {"profile": profile, "report": report}))


def list_measured(
    store: Results, profile: int, report: int, *, cursor: str | None = None, limit: int = 50
) -> Page[MeasuredTest]:
    """The tests of `report` that measured something, as they stand in the document. Raises
    `Invalid` for a strange cursor."""
    place, test = decode_cursor(cursor, START)
    here = {"profile": profile, "report": report}
    rows = store.ask(_TESTS, here | {"place": place, "test": test, "limit": limit + 1})
    page = cut(rows, limit, lambda row: (row[0], row[1]))
    values = store.ask(_OF_TESTS, here | {"tests": [row[1] for row in page.items]})
    return Page(tuple(_measured(row, values) for row in page.items), page.next)


def list_readings(store: Results, profile: int, test: int, reports: Sequence[int]) -> list[Reading]:
    """What `test` measured in `reports`, in the order the reports are given."""
    values = {"profile": profile, "test": test, "reports": list(reports)}
    rows = store.ask(_OF_REPORTS, values) if reports else []
    return [Reading(report, Measured(*measured)) for report, *measured in rows]


def _measured(row: Row, values: Sequence[Row]) -> MeasuredTest:
    place, test, path, name = row
    own = tuple(Measured(*value) for of, *value in values if of == test)
    return MeasuredTest(test, tuple(path), name, None if place == NOWHERE else place, own)
