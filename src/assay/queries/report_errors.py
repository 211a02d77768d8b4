"""Why a report's tests failed: its failures by cause."""

from __future__ import annotations

from dataclasses import dataclass

from assay.queries.matching import FAILING
from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class Cause:
    """Failures whose errors say the same once numbers, ids and times are taken out.

    `error` is the cause's id, 0 for failures that say nothing. `message` is one of the messages as
    it stands, cut to 500 characters. `positions` are the first three of its results.
    """

    error: int
    type: str
    fingerprint: str
    message: str
    count: int
    positions: tuple[int, ...]


_SQL = f"""
WITH causes AS (
    SELECT error, count(*) AS failures, arraySlice(arraySort(groupArray(position)), 1, 3) AS firsts
    FROM results
    WHERE profile = :profile AND report = :report AND {FAILING}
    GROUP BY error
    ORDER BY failures DESC, firsts
    LIMIT :limit
)
SELECT causes.error, coalesce(any_value(type), ''), coalesce(any_value(fingerprint), ''),
    coalesce(substringUTF8(min(message), 1, 500), ''), any_value(failures), any_value(firsts)
FROM causes
LEFT JOIN (SELECT * FROM errors WHERE profile = :profile) AS e ON e.error = causes.error
GROUP BY causes.error
ORDER BY any_value(failures) DESC, any_value(firsts)
"""  # noqa: S608


def list_causes(store: Results, profile: int, report: int, limit: int = 50) -> list[Cause]:
    """The causes of the report's failures, those of most failures first."""
    rows = store.ask(_SQL, {"profile": profile, "report": report, "limit": limit})
    return [
        Cause(error, kind, fingerprint, message, count, tuple(positions))
        for error, kind, fingerprint, message, count, positions in rows
    ]
