"""Which tests a profile has at present, where looking through all its results would take long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    newest: list[int] = []
    total = 0
    for some in _growing(reports):
        rows = store.ask(_SIZES, {"profile": profile, "reports": some})
        sizes: dict[int, int] = dict(rows)
        for report in some:
            total += sizes.get(report, 0)
            if total > PRESENT_ROWS and newest:
                return newest
            newest.append(report)
    return newest


def _growing(reports: Sequence[int]) -> Iterator[list[int]]:
    """Parts of `reports`, each four times as long as the one before: where reports are large, the
    first part is all that is looked at."""
    first, size = 0, 4
    while first < len(reports):
        yield list(reports[first : first + size])
        first, size = first + size, size * 4
