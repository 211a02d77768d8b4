"""Which tests of a profile go back and forth between passing and failing, the worst first.

Only tests that failed, or that passed at a second try, can have changed. Of these the two thousand
that failed *and* passed most often are looked at run by run: where suites are so large that more
have failed, the others changed less often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.queries.matching import FAILING
from assay.store.results import Results

CANDIDATES = 2_000


@dataclass(frozen=True, slots=True)
class FlakyTest:
    """A test with how often it changed between passed and failed from one of its runs to the next,
    in how many runs it passed or failed, and in how many it was marked as flaky by its own
    tries."""

    test: int
    path: tuple[str, ...]
    name: str
    changes: int
    runs: int
    marked: int


_SQL = f"""
WITH troubled AS (
    SELECT test, sum(bad) AS fails, sum(1 - bad) AS marks
    FROM (
        SELECT test, 1 AS bad FROM results
        WHERE profile = :profile AND report IN :reports AND {FAILING}
        UNION ALL
        SELECT test, 0 AS bad FROM results
        WHERE profile = :profile AND report IN :reports AND flaky = 1
    ) AS marked
    GROUP BY test
), candidates AS (
    SELECT test FROM troubled
    ORDER BY least(fails, :count - fails) DESC, marks DESC, test
    LIMIT :candidates
), cells AS (
    SELECT test, indexOf(:order, report) AS place,
        max(CASE WHEN {FAILING} THEN 1 ELSE 0 END) AS bad, max(flaky) AS flaky
    FROM results
    WHERE profile = :profile AND report IN :reports AND status IN (1, 2, 3)
        AND test IN (SELECT test FROM candidates)
    GROUP BY test, report
), turns AS (
    SELECT test, bad, flaky, lag(bad) OVER (PARTITION BY test ORDER BY place) AS before FROM cells
), ranked AS (
    SELECT test, sum(CASE WHEN bad <> before THEN 1 ELSE 0 END) AS changes, count(*) AS runs,
        sum(flaky) AS marks
    FROM turns
    GROUP BY test
)
SELECT ranked.test, t.path, t.name, changes, runs, marks
FROM ranked
JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = ranked.test
WHERE changes > 0 OR marks > 0
ORDER BY changes DESC, marks DESC, t.path, t.name, ranked.test
LIMIT :limit OFFSET :offset
"""  # noqa: S608
"""Two scans for the troubled are half the work of one with OR, see `assay.queries.grid`."""


def list_flaky(
    store: Results, profile: int, reports: Sequence[int], *, offset: int = 0, limit: int = 20
) -> list[FlakyTest]:
    """The tests that changed most often in `reports`, which are in the order of time."""
    if not reports:
        return []
    values = {
        "profile": profile,
        "reports": list(reports),
        "order": list(reports),
        "count": len(reports),
        "candidates": CANDIDATES,
        "limit": limit,
        "offset": offset,
    }
    return [
        FlakyTest(test, tuple(path), name, int(changes), runs, int(marks))
        for test, path, name, changes, runs, marks in store.ask(_SQL, values)
    ]
