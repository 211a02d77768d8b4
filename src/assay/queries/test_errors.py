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
