"""What became of one test, report after report."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.errors import NotFound
from assay.model import Status
from assay.queries.report_results import seconds_of, time_of
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

_RESULTS = """
SELECT report, position, status, flaky, attempts, duration, started, error, status_hash
FROM results
WHERE profile = :profile AND test = :test AND report IN :reports
ORDER BY indexOf(:order, report), position
"""

_ERRORS = """
SELECT error, min(type), min(substringUTF8(message, 1, 500))
FROM errors
WHERE profile = :profile AND error IN :errors
GROUP BY error
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
    rows = store.ask(_RESULTS, values)
    errors = {row[7] for row in rows if row[7]}
    said = _said(store, profile, errors) if errors else {}
    return [
        Occurrence(
            report,
            position,
            STATUSES[code],
            bool(flaky),
            attempts,
            seconds_of(duration),
            time_of(started),
            error,
            status_hash,
            *said.get(error, ("", "")),
        )
        for report, position, code, flaky, attempts, duration, started, error, status_hash in rows
    ]


def _said(store: Results, profile: int, errors: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = store.ask(_ERRORS, {"profile": profile, "errors": sorted(errors)})
    return {error: (kind, message) for error, kind, message in rows}
