"""What the requests of load tests amount to, report by report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.queries.matching_tests import CALLED
from assay.store.results import Results

MEAN, SAMPLES, ERRORS = "mean", "samples", "errors"


@dataclass(frozen=True, slots=True)
class Figure:
    """Some requests of a report together; None for what was not measured. `mean` is over all their
    samples; `most` is the largest of the metric asked for, and `worst` the request it is of."""

    report: int
    requests: int
    samples: float | None
    errors: float | None
    mean: float | None
    most: float | None
    worst: str


_ANY = """
SELECT 1 FROM measurements
WHERE profile = :profile AND report = :report AND metric = :samples LIMIT 1
"""

_SQL = """
WITH figures AS (
    SELECT report, test,
        max(CASE WHEN metric = :samples THEN value END) AS samples,
        max(CASE WHEN metric = :errors THEN value END) AS errors,
        max(CASE WHEN metric = :mean THEN value END) AS mean,
        max(CASE WHEN metric = :metric THEN value END) AS measured
    FROM measurements
    WHERE profile = :profile AND report IN :reports AND metric IN :metrics
        AND (unit = 's' OR unit = ''){where}
    GROUP BY report, test
), largest AS (
    SELECT report, count(*) AS requests, sum(samples) AS samples, sum(errors) AS errors,
        sum(CASE WHEN mean IS NOT NULL THEN mean * coalesce(samples, 1) END)
            / nullIf(sum(CASE WHEN mean IS NOT NULL THEN coalesce(samples, 1) END), 0) AS mean,
        max(measured) AS most, argMax(test, measured) AS worst
    FROM figures GROUP BY report
)
SELECT largest.report, requests, samples, errors, mean, most, coalesce(t.name, '')
FROM largest
LEFT JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = largest.worst
ORDER BY indexOf(:reports, largest.report)
"""
"""A request without a number of samples weighs as one sample does. Times are in seconds; what has
another unit is no response time."""


def has_load(store: Results, profile: int, report: int) -> bool:
    """Whether `report` is of a load test: one that counted samples."""
    values = {"profile": profile, "report": report, "samples": SAMPLES}
    return bool(store.ask(_ANY, values))


def list_figures(
    store: Results, profile: int, reports: Sequence[int], metric: str, pattern: str | None = None
) -> list[Figure]:
    """Of each of `reports` that measured some of it, in their order: the requests that a pattern
    fits, or all."""
    if not reports:
        return []
    where = f" AND test IN (SELECT test FROM tests WHERE profile = :profile AND ({CALLED}))"  # noqa: S608
    values = {
        "profile": profile,
        "reports": list(reports),
        "metric": metric,
        "metrics": [SAMPLES, ERRORS, MEAN, metric],
        "samples": SAMPLES,
        "errors": ERRORS,
        "mean": MEAN,
    }
    if pattern is not None:
        values["pattern"] = pattern
    rows = store.ask(_SQL.format(where="" if pattern is None else where), values)
    return [Figure(*row) for row in rows]
