"""What some tests of one report say of their failure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class SaidError:
    """An error's type and its message, cut to 500 characters."""

    type: str
    message: str


_SQL = """
SELECT d.test, min(type), min(substringUTF8(message, 1, 500))
FROM (
    SELECT test, message_hash FROM details
    WHERE profile = :profile AND report = :report AND test IN :tests AND message_hash <> 0
) AS d
JOIN (SELECT * FROM errors WHERE profile = :profile) AS e ON e.message_hash = d.message_hash
GROUP BY d.test
"""


def read_errors(
    store: Results, profile: int, report: int, tests: Collection[int]
) -> dict[int, SaidError]:
    """The errors of those of `tests` that have one in `report`, one each."""
    if not tests:
        return {}
    values = {"profile": profile, "report": report, "tests": sorted(tests)}
    return {test: SaidError(*said) for test, *said in store.ask(_SQL, values)}


_OF_MANY = """
SELECT d.test, d.report, min(type), min(substringUTF8(message, 1, 200))
FROM (
    SELECT test, report, message_hash FROM details
    WHERE profile = :profile AND report IN :reports AND test IN :tests AND message_hash <> 0
) AS d
JOIN (SELECT * FROM errors WHERE profile = :profile) AS e ON e.message_hash = d.message_hash
GROUP BY d.test, d.report
"""


def read_errors_of(
    store: Results, profile: int, reports: Collection[int], tests: Collection[int]
) -> dict[tuple[int, int], SaidError]:
    """The same of several reports, by test and report; messages are cut to 200 characters."""
    if not tests or not reports:
        return {}
    values = {"profile": profile, "reports": sorted(reports), "tests": sorted(tests)}
    rows = store.ask(_OF_MANY, values)
    return {(test, report): SaidError(*said) for test, report, *said in rows}
