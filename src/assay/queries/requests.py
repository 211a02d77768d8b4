"""What load tests measured: how often each request was made, how long it took, how often it
failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.queries.load import SAMPLES
from assay.rows import SEPARATOR
from assay.store.results import Results

METRICS = {
    SAMPLES: "",
    "errors": "",
    "error rate": "",
    "throughput": "1/s",
    "mean": "s",
    "median": "s",
    "p75": "s",
    "p90": "s",
    "p95": "s",
    "p99": "s",
    "min": "s",
    "max": "s",
}
"""What is told of a request, with its unit, in the order in which people look at it. An error rate
is a share of 1; what has another unit is another thing."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a request measured in a report, by the names of `METRICS`. `position` is of its result,
    None where it has none."""

    report: int
    test: int
    path: tuple[str, ...]
    name: str
    position: int | None
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Total:
    """All requests of a report together. Percentiles cannot be had of percentiles: `values` has
    none. Their throughput is over the time that the longest of them took."""

    report: int
    requests: int
    values: dict[str, float]


_COUNTED = """
SELECT test,
    sum(CASE WHEN metric = :by THEN value ELSE 0 END) AS size,
    sum(CASE WHEN metric = 'samples' THEN value ELSE 0 END) AS samples
FROM measurements
WHERE profile = :profile AND report IN :reports AND metric IN :metrics{below}
GROUP BY test
HAVING countIf(metric = 'samples') > 0
"""

_LARGEST = """
SELECT counted.test FROM ({counted}) AS counted
LEFT JOIN (
    SELECT test, min(position) AS place FROM results
    WHERE profile = :profile AND report = :newest GROUP BY test
) AS placed ON placed.test = counted.test
ORDER BY size DESC, samples DESC, coalesce(place, 4294967295), counted.test
LIMIT :limit OFFSET :offset
"""
"""Where two have as much, they stand as in the newest document."""

_BELOW = """ AND test IN (
    SELECT test FROM tests WHERE profile = :profile AND (
        arraySlice(path, 1, :depth) = :below
        OR name = :name AND arrayStringConcat(path, :between) = :above
    )
)"""

_VALUES = """
SELECT m.report, m.test, t.path, t.name, p.position, m.metric, m.value, m.unit
FROM (
    SELECT report, test, metric, value, unit FROM measurements
    WHERE profile = :profile AND report IN :reports AND test IN :tests AND metric IN :metrics
) AS m
JOIN (SELECT test, path, name FROM tests WHERE profile = :profile AND test IN :tests) AS t
    ON t.test = m.test
LEFT JOIN (
    SELECT report, test, min(position) AS position FROM results
    WHERE profile = :profile AND report IN :reports AND test IN :tests
    GROUP BY report, test
) AS p ON p.report = m.report AND p.test = m.test
ORDER BY indexOf(:tests, m.test), indexOf(:reports, m.report)
"""

_TOTALS = """
WITH figures AS (
    SELECT report, test,
        max(CASE WHEN metric = 'samples' THEN value END) AS samples,
        max(CASE WHEN metric = 'errors' THEN value END) AS errors,
        max(CASE WHEN metric = 'mean' AND unit = 's' THEN value END) AS mean,
        max(CASE WHEN metric = 'min' AND unit = 's' THEN value END) AS shortest,
        max(CASE WHEN metric = 'max' AND unit = 's' THEN value END) AS longest,
        max(CASE WHEN metric = 'throughput' AND unit = '1/s' THEN value END) AS pace
    FROM measurements WHERE profile = :profile AND report IN :reports AND metric IN :metrics
    GROUP BY report, test
)
SELECT report, count(*), sum(samples), sum(errors),
    sum(mean * samples) / nullIf(sum(CASE WHEN mean IS NOT NULL THEN samples END), 0),
    min(shortest), max(longest), max(samples / nullIf(pace, 0))
FROM figures WHERE samples IS NOT NULL
GROUP BY report
ORDER BY indexOf(:reports, report)
"""

_METRICS = """
SELECT DISTINCT metric, unit FROM measurements
WHERE profile = :profile AND report IN :reports AND metric IN :metrics
    AND test IN (
        SELECT test FROM measurements
        WHERE profile = :profile AND report IN :reports AND metric = 'samples'
    )
"""


def list_metrics(store: Results, profile: int, reports: Sequence[int]) -> list[str]:
    """What requests of `reports` told, in the order of `METRICS`."""
    if not reports:
        return []
    values = {"profile": profile, "reports": list(reports), "metrics": list(METRICS)}
    found = set(store.ask(_METRICS, values))
    return [metric for metric, unit in METRICS.items() if (metric, unit) in found]


def list_requests(
    store: Results,
    profile: int,
    reports: Sequence[int],
    *,
    metrics: Sequence[str] = tuple(METRICS),
    by: str = SAMPLES,
    below: Sequence[str] = (),
    offset: int = 0,
    limit: int,
) -> list[Request]:
    """What requests of `reports` (oldest first) measured, those with most of `by` first, and of
    each in the order of the reports; only those below the containers `below`, or the one request of
    that place, where it is given."""
    if not reports:
        return []
    newest = reports[-1]
    about: dict[str, object] = {"profile": profile, "reports": list(reports)}
    if below:
        about |= {"name": below[-1], "above": SEPARATOR.join(below[:-1]), "between": SEPARATOR}
        about |= {"depth": len(below), "below": list(below)}
    ordered = about | {"by": by, "metrics": [SAMPLES, by], "newest": newest}
    counted = _COUNTED.format(below=_BELOW if below else "")
    page = {"offset": offset, "limit": limit}
    rows = store.ask(_LARGEST.format(counted=counted), ordered | page)
    tests = [test for (test,) in rows]
    about = {"profile": profile, "reports": list(reports), "tests": tests}
    values = store.ask(_VALUES, about | {"metrics": list(metrics)}) if tests else []
    found: dict[tuple[int, int], Request] = {}
    for report, test, path, name, position, metric, value, unit in values:
        known = found.setdefault(
            (test, report), Request(report, test, tuple(path), name, position, {})
        )
        if METRICS.get(metric) == unit:
            known.values[metric] = value
    return list(found.values())


def list_totals(store: Results, profile: int, reports: Sequence[int]) -> list[Total]:
    """All requests together, of each of `reports` that has some and in their order."""
    if not reports:
        return []
    values = {"profile": profile, "reports": list(reports), "metrics": list(METRICS)}
    return [_total(*row) for row in store.ask(_TOTALS, values)]


def _total(
    report: int,
    requests: int,
    samples: float,
    errors: float | None,
    mean: float | None,
    shortest: float | None,
    longest: float | None,
    took: float | None,
) -> Total:
    told = {
        SAMPLES: samples,
        "errors": errors,
        "error rate": errors / samples if errors is not None and samples else None,
        "throughput": samples / took if took else None,
        "mean": mean,
        "min": shortest,
        "max": longest,
    }
    return Total(report, requests, {name: n for name, n in told.items() if n is not None})
