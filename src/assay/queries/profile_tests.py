"""The tests of a profile: how often they failed of late, how long they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assay.model import Status
from assay.queries.matching import FAILING, tests_like
from assay.queries.paging import Page, cut, decode_cursor
from assay.queries.presence import PRESENT, newest_reports
from assay.rows import STATUSES
from assay.store.results import Results, Row


class Sort(StrEnum):
    """What stands first: names by the alphabet, those that failed most often, those that were
    flaky most often, or those that took longest when they last ran."""

    NAME = "name"
    FAILURES = "failures"
    FLAKY = "flaky"
    SLOWEST = "slowest"


@dataclass(frozen=True, slots=True)
class TestSummary:
    """A test over the reports asked for: `runs` results that are not skipped, of which `failures`
    failed and `flaky` passed only when tried again. Durations are seconds of results that passed.
    The last three are of the newest report that has the test."""

    __test__ = False

    test: int
    path: tuple[str, ...]
    name: str
    runs: int
    failures: int
    flaky: int
    mean: float | None
    median: float | None
    status: Status
    report: int
    position: int

    @property
    def failure_rate(self) -> float:
        """The part of its runs that failed, from 0 to 1."""
        return self.failures / self.runs if self.runs else 0.0


_WEIGHT = {
    Sort.NAME: "SELECT test, 0 AS weight FROM results WHERE false",
    Sort.FAILURES: f"""
        SELECT test, count(*) AS weight FROM results
        WHERE profile = :profile AND report IN :reports AND {FAILING} GROUP BY test""",  # noqa: S608
    Sort.FLAKY: """
        SELECT test, count(*) AS weight FROM results
        WHERE profile = :profile AND report IN :reports AND flaky = 1 GROUP BY test""",
    Sort.SLOWEST: """
        SELECT test, max(duration) AS weight FROM results
        WHERE profile = :profile AND report IN :present GROUP BY test""",
}
"""How much speaks for showing a test first; each looks at few rows or few columns, so that the
wide look is only taken at the tests of one page."""

_TESTS = """
WITH weighed AS ({weight})
SELECT t.test, path, name
FROM (SELECT * FROM tests WHERE profile = :profile{where}) AS t
LEFT JOIN weighed ON weighed.test = t.test
WHERE weight IS NOT NULL OR t.test IN ({present})
ORDER BY coalesce(weight, 0) DESC, path, name, t.test
LIMIT :limit OFFSET :offset
"""

_SUMMARIES = f"""
SELECT test, countIf(status <> 4), countIf({FAILING}), countIf(flaky = 1),
    avgIf(duration, status = 1), median(CASE WHEN status = 1 THEN duration END),
    argMin(status, indexOf(:order, report)), argMin(report, indexOf(:order, report)),
    argMin(position, indexOf(:order, report))
FROM results
WHERE profile = :profile AND report IN :reports AND test IN :tests
GROUP BY test
"""  # noqa: S608


def list_tests(
    store: Results,
    profile: int,
    reports: Sequence[int],
    *,
    q: str = "",
    path: Sequence[str] = (),
    sort: Sort = Sort.NAME,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TestSummary]:
    """The tests in `reports` (newest first), those below the containers `path` and with every word
    of `q` in their name or containers. Raises `Invalid` for a strange cursor."""
    if not reports:
        return Page(())
    _, offset = decode_cursor(cursor, (0, 0))
    search = tests_like(q, path)
    values = {"profile": profile, "reports": list(reports), "order": list(reports)}
    values["present"] = newest_reports(store, profile, reports)
    rows = store.ask(
        _TESTS.format(weight=_WEIGHT[sort], where=search.where(), present=PRESENT),
        search.values | values | {"limit": limit + 1, "offset": offset},
    )
    page = cut(rows, limit, lambda _: (0, offset + limit))
    tests = [test for test, *_ in page.items]
    summaries = {row[0]: row for row in store.ask(_SUMMARIES, values | {"tests": tests})}
    return Page(tuple(_summary(row, summaries[row[0]]) for row in page.items), page.next)


def _summary(named: Row, summary: Row) -> TestSummary:
    test, path, name = named
    _, runs, failures, flaky, mean, median, code, report, position = summary
    return TestSummary(
        test,
        tuple(path),
        name,
        runs,
        failures,
        flaky,
        mean,
        median,
        STATUSES[code],
        report,
        position,
    )
