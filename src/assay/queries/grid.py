"""The grid: tests down, reports across, one cell a result, failures first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assay.model import FAILURES, Status
from assay.queries.matching import FAILING, tests_like
from assay.queries.paging import Page, cut, decode_cursor
from assay.queries.presence import PRESENT, newest_reports
from assay.rows import STATUSES
from assay.store.results import Results, Row


class Only(StrEnum):
    """Which tests: all; those that failed or were flaky in one of the reports; those that fail in
    the newest report, by name."""

    ALL = "all"
    TROUBLED = "troubled"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Cell:
    """A test's result in one report. `duration` is in seconds."""

    status: Status
    flaky: bool
    duration: float | None
    position: int


@dataclass(frozen=True, slots=True)
class GridRow:
    """A test and its cells, one for each of the reports that were asked for and in their order;
    None where the report lacks it."""

    test: int
    path: tuple[str, ...]
    name: str
    cells: tuple[Cell | None, ...]


_TROUBLED = f"""
    SELECT test, min(indexOf(:order, report) * 2 + mild) AS latest, count(*) AS times
    FROM (
        SELECT test, report, 0 AS mild FROM results
        WHERE profile = :profile AND report IN :reports AND {FAILING}
        UNION ALL
        SELECT test, report, 1 AS mild FROM results
        WHERE profile = :profile AND report IN :reports AND flaky = 1
    ) AS marked
    GROUP BY test
"""  # noqa: S608
"""Two scans are half the work of one with OR: each skips what cannot be."""

_WHEN = {Only.ALL: "true", Only.TROUBLED: "true", Only.FAILING: "latest = 2"}

_FIRST = """
WITH troubled AS ({troubled})
SELECT t.test, path, name
FROM troubled
JOIN (SELECT * FROM tests WHERE profile = :profile{where}) AS t ON t.test = troubled.test
WHERE {when}
ORDER BY latest, times DESC, path, name, t.test
LIMIT :limit
"""

_REST = """
SELECT test, path, name
FROM tests
WHERE profile = :profile{where} AND test NOT IN :first AND test IN ({present})
ORDER BY path, name, test
LIMIT :limit OFFSET :offset
"""

_CELLS = """
SELECT report, test, status, flaky, duration, position
FROM results
WHERE profile = :profile AND report IN :reports AND test IN :tests
"""


def show_grid(
    store: Results,
    profile: int,
    reports: Sequence[int],
    *,
    only: Only = Only.ALL,
    q: str = "",
    path: Sequence[str] = (),
    cursor: str | None = None,
    limit: int = 50,
) -> Page[GridRow]:
    """The tests of `reports` (newest first; fifty are read in a wink, 500 are not) with a cell for
    each report.

    First the tests that failed or were flaky, the most recent trouble first and of those the most
    frequent; then the others by their containers and names. `q` and `path` are as in a report's
    results, without the messages.
    """
    if not reports:
        return Page(())
    _, offset = decode_cursor(cursor, (0, 0))
    search = tests_like(q, path)
    looked_at = list(reports[:1] if only is Only.FAILING else reports)
    values = search.values | {"profile": profile, "reports": looked_at, "order": looked_at}
    troubled = store.ask(
        _FIRST.format(troubled=_TROUBLED, where=search.where(), when=_WHEN[only]),
        values | {"limit": offset + limit + 1},
    )
    rows = troubled[offset:]
    if only is Only.ALL and len(rows) <= limit:
        values["first"] = [row[0] for row in troubled]
        values["present"] = newest_reports(store, profile, reports)
        rows += store.ask(
            _REST.format(where=search.where(), present=PRESENT),
            values | {"limit": limit + 1 - len(rows), "offset": max(offset - len(troubled), 0)},
        )
    page = cut(rows, limit, lambda _: (0, offset + limit))
    return Page(_with_cells(store, profile, reports, page.items), page.next)


def read_cells(
    store: Results, profile: int, reports: Sequence[int], tests: Sequence[int]
) -> dict[int, tuple[Cell | None, ...]]:
    """The cells of each of `tests`, one for each of `reports` and in their order; None where the
    report lacks the test."""
    if not reports or not tests:
        return {test: (None,) * len(reports) for test in tests}
    found: dict[tuple[int, int], Cell] = {}
    values = {"profile": profile, "reports": list(reports), "tests": list(tests)}
    for report, test, code, flaky, duration, position in store.ask(_CELLS, values):
        cell = Cell(STATUSES[code], bool(flaky), duration, position)
        found[test, report] = _worse(found.get((test, report)), cell)
    return {test: tuple(found.get((test, report)) for report in reports) for test in tests}


def _with_cells(
    store: Results, profile: int, reports: Sequence[int], tests: Sequence[Row]
) -> tuple[GridRow, ...]:
    cells = read_cells(store, profile, reports, [row[0] for row in tests])
    return tuple(GridRow(test, tuple(path), name, cells[test]) for test, path, name in tests)


def _worse(known: Cell | None, other: Cell) -> Cell:
    """A test that stands several times in a report shows its failure."""
    return other if known is None or known.status not in FAILURES else known
