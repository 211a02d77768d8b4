"""How long a test of some reports took on average."""

from __future__ import annotations

from collections.abc import Sequence

from assay.store.results import Results

_SQL = """
SELECT report, avg(duration) FROM results
WHERE profile = :profile AND report IN :reports AND duration IS NOT NULL
GROUP BY report
"""


def mean_durations(store: Results, profile: int, reports: Sequence[int]) -> dict[int, float]:
    """The mean seconds of a result, by report; those without any durations are left out."""
    if not reports:
        return {}
    rows = store.ask(_SQL, {"profile": profile, "reports": list(reports)})
    return {report: round(seconds, 6) for report, seconds in rows}
