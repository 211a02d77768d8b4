"""The results of a report whose tests are called alike: of one test with several parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.model import Status
from assay.queries.report_results import seconds_of
from assay.rows import STATUSES
from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class Sibling:
    """A result; `duration` is in seconds."""

    position: int
    name: str
    status: Status
    flaky: bool
    duration: float | None


_SQL = """
WITH alike AS (
    SELECT test, name FROM tests
    WHERE profile = :profile AND path = :path AND substringUTF8(name, 1, :length) = :base
)
SELECT r.position, alike.name, status, flaky, duration
FROM (
    SELECT * FROM results
    WHERE profile = :profile AND report = :report AND test IN (SELECT test FROM alike)
) AS r
JOIN alike ON alike.test = r.test
ORDER BY r.position
LIMIT :limit
"""


def list_siblings(
    store: Results, profile: int, report: int, path: Sequence[str], base: str, limit: int = 200
) -> list[Sibling]:
    """The results of `report` that lie directly in the container `path` and whose names begin with
    `base`, as they stand in the document."""
    here = {"profile": profile, "report": report, "path": list(path)}
    rows = store.ask(_SQL, here | {"base": base, "length": len(base), "limit": limit})
    return [
        Sibling(position, name, STATUSES[status], bool(flaky), seconds_of(duration))
        for position, name, status, flaky, duration in rows
    ]
