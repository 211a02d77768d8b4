"""Which tests a profile has at present, where looking through all its results would take long."""

from __future__ import annotations

from collections.abc import Sequence

from assay.store.results import Results

PRESENT_ROWS = 300_000
"""So many results, of the newest reports, are looked through; the newest report always is."""

PRESENT = "SELECT test FROM results WHERE profile = :profile AND report IN :present"
"""The tests there are, `:present` being `newest_reports`."""

_SIZES = """
SELECT report, count(*) FROM results WHERE profile = :profile AND report IN :reports GROUP BY report
"""


def newest_reports(store: Results, profile: int, reports: Sequence[int]) -> list[int]:
    """As many of `reports` (newest first) as have `PRESENT_ROWS` results together, one at least."""
    rows = store.ask(_SIZES, {"profile": profile, "reports": list(reports)})
    sizes: dict[int, int] = dict(rows)
    newest: list[int] = []
    total = 0
    for report in reports:
        total += sizes.get(report, 0)
        if total > PRESENT_ROWS and newest:
            break
        newest.append(report)
    return newest
