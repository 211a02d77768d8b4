"""What load tests measured: how often each request was made, how long it took, how often it
failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class Request:
    """What a request measured in a report: each metric that it told, in seconds, 1/s, shares of 1
    and plain numbers. `position` is of its result, None where it has none."""

    report: int
    test: int
    path: tuple[str, ...]
    name: str
    position: int | None
    values: dict[str, float]


_BUSIEST = """
SELECT test FROM measurements
WHERE profile = :profile AND report IN :reports AND metric = 'samples'
GROUP BY test
ORDER BY sum(value) DESC, test
LIMIT :limit
"""

_VALUES = """
SELECT m.report, m.test, t.path, t.name, p.position, m.metric, m.value
FROM (
    SELECT report, test, metric, value FROM measurements
    WHERE profile = :profile AND report IN :reports AND test IN :tests
) AS m
JOIN (SELECT test, path, name FROM tests WHERE profile = :profile AND test IN :tests) AS t
    ON t.test = m.test
LEFT JOIN (
    SELECT report, test, min(position) AS position FROM results
    WHERE profile = :profile AND report IN :reports AND test IN :tests
    GROUP BY report, test
) AS p ON p.report = m.report AND p.test = m.test
ORDER BY indexOf(:tests, m.test), indexOf(:reports, m.report), m.metric
"""


def list_requests(
    store: Results, profile: int, reports: Sequence[int], *, limit: int
) -> list[Request]:
    """What the `limit` busiest requests of `reports` measured, the busiest first, and of each in
    the order of the reports."""
    if not reports:
        return []
    about: dict[str, object] = {"profile": profile, "reports": list(reports)}
    tests = [test for (test,) in store.ask(_BUSIEST, about | {"limit": limit})]
    rows = store.ask(_VALUES, about | {"tests": tests}) if tests else []
    found: dict[tuple[int, int], Request] = {}
    for report, test, path, name, position, metric, value in rows:
        known = found.setdefault(
            (test, report), Request(report, test, tuple(path), name, position, {})
        )
        known.values[metric] = value
    return list(found.values())
