"""What became of one test, report after report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.errors import NotFound
from assay.model import Status
from assay.queries.report_results import time_of
from assay.rows import STATUSES
from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class TestName:
    """A test: the titles of the containers above it, and its own."""

    __test__ = False

    test: int
    path: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A result of the test. `error` is the id of its cause, `type` and `message` (cut to 500
    characters) are of one such error; `duration` is in seconds."""

    report: int
    position: int
    status: Status
    flaky: bool
    attempts: int
    duration: float | None
    started: datetime | None
    error: int
    status_hash: int
    type: str
    message: str


_NAME = "SELECT path, name FROM tests WHERE profile = :profile AND test = :test LIMIT 1"

_SQL = """
WITH occurrences AS (
    SELECT * FROM results
    WHERE profile = :profile AND test = :test AND report IN :reports
), said AS (
    SELECT error, min(type) AS type, min(substringUTF8(message, 1, 500)) AS message
    FROM errors
    WHERE profile = :profile AND error IN (SELECT error FROM occurrences WHERE error <> 0)
    GROUP BY error
)
SELECT report, position, status, flaky, attempts, duration, started, o.error, status_hash,
    coalesce(type, ''), coalesce(message, '')
FROM occurrences AS o LEFT JOIN said ON said.error = o.error
ORDER BY indexOf(:order, report), position
"""


def find_test(store: Results, profile: int, test: int) -> TestName:
    """The test of `profile` whose id is `test`. Raises `NotFound`."""
    rows = store.ask(_NAME, {"profile": profile, "test": test})
    if not rows:
        raise NotFound(f"Profile {profile} has no test {test}.")
    path, name = rows[0]
    return TestName(test, tuple(path), name)


def list_history(
    store: Results, profile: int, test: int, reports: Sequence[int]
) -> list[Occurrence]:
    """The results of `test` in `reports`, in the order the reports are given."""
    if not reports:
        return []
    values = {"profile": profile, "test": test, "reports": list(reports), "order": list(reports)}
    return [
        Occurrence(
            report, position, STATUSES[code], bool(flaky), tries, seconds, time_of(at), *said
        )
        for report, position, code, flaky, tries, seconds, at, *said in store.ask(_SQL, values)
    ]
