"""How many tests passed in one report and fail in another."""

from __future__ import annotations

from assay.queries.matching import FAILING
from assay.store.results import Results

_SQL = f"""
SELECT countIf(fails = 1 AND failed = 0 AND passed = 1)
FROM (
    SELECT max(CASE WHEN report = :report THEN {FAILING} END) AS fails,
        max(CASE WHEN report = :before THEN {FAILING} END) AS failed,
        max(CASE WHEN report = :before THEN status = 1 END) AS passed
    FROM results WHERE profile = :profile AND report IN :pair GROUP BY test
) AS compared
"""  # noqa: S608
"""A test that stands several times in a report counts once, and fails if one of them does."""


def count_regressions(store: Results, profile: int, before: int, report: int) -> int:
    """The tests that passed in `before` and fail in `report`. One that was skipped, or is new, did
    not pass."""
    values = {"profile": profile, "report": report, "before": before, "pair": [report, before]}
    return int(store.ask(_SQL, values)[0][0] or 0)
