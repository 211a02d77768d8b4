"""The results of one report: filtered, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from assay.model import Status
from assay.queries.matching import results_like
from assay.queries.paging import Page, cut, decode_cursor
from assay.rows import STATUSES
from assay.store.results import Results, Row

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = (-1e300, -1)


class Sort(StrEnum):
    """What stands first: failures (then flaky, unknown, skipped, passed), the slowest, or whatever
    stood first in the document."""

    FAILURES = "failures"
    SLOWEST = "slowest"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class ListedResult:
    """A result as a list shows it. `error` is the id of its cause (0 without one); `message` is cut
    to 500 characters; `duration` is in seconds."""

    position: int
    test: int
    path: tuple[str, ...]
    name: str
    status: Status
    flaky: bool
    attempts: int
    duration: float | None
    started: datetime | None
    error: int
    type: str
    message: str
    key: float = 0.0
    """What it was sorted by."""


_KEYS = {
    Sort.FAILURES: """CASE WHEN status IN (2, 3) THEN 0 WHEN flaky = 1 THEN 1
        WHEN status = 5 THEN 2 WHEN status = 4 THEN 3 ELSE 4 END""",
    Sort.SLOWEST: "-coalesce(duration, -1)",
    Sort.DOCUMENT: "0",
}

_SQL = """
WITH page AS (
    SELECT position, test, status, flaky, attempts, duration, started, error, {key} AS rank
    FROM results
    WHERE profile = :profile AND report = :report{where}
        AND ({key} > :rank OR {key} = :rank AND position > :position)
    ORDER BY rank, position
    LIMIT :limit
)
SELECT page.position AS position, page.test, t.path, t.name, status, flaky, attempts, duration,
    started, page.error, coalesce(e.type, ''), coalesce(substringUTF8(e.message, 1, 500), ''), rank
FROM page
LEFT JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = page.test
LEFT JOIN (SELECT * FROM details WHERE profile = :profile AND report = :report) AS d
    ON d.position = page.position
LEFT JOIN (SELECT * FROM errors WHERE profile = :profile) AS e ON e.message_hash = d.message_hash
ORDER BY rank, position
"""


def list_results(
    store: Results,
    profile: int,
    report: int,
    *,
    statuses: Collection[Status] = (),
    flaky: bool = False,
    error: int | None = None,
    path: Sequence[str] = (),
    directly: bool = False,
    q: str = "",
    sort: Sort = Sort.FAILURES,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ListedResult]:
    """The results of `report` that have one of `statuses` (any, without), are flaky if that is
    asked, failed for the cause `error`, stand below the containers `path` (or `directly` in the
    last of them), and have every word of `q` in their name and containers or in their error.
    Raises `Invalid` for a strange cursor."""
    search = results_like(q, path, statuses, flaky=flaky, error=error, directly=directly)
    rank, position = decode_cursor(cursor, START)
    rows = store.ask(
        _SQL.format(key=_KEYS[sort], where=search.where()),
        search.values
        | {"profile": profile, "report": report, "limit": limit + 1}
        | {"rank": rank, "position": position},
    )
    return cut([read_row(row) for row in rows], limit, lambda row: (row.key, row.position))


def read_row(row: Row) -> ListedResult:
    """A row of a question that selects the columns of `ListedResult` in their order."""
    (position, test, path, name, status, flaky, attempts, duration, started, error) = row[:10]
    kind, message, key = row[10:]
    return ListedResult(
        position,
        test,
        tuple(path or ()),
        name or "",
        STATUSES[status],
        bool(flaky),
        attempts,
        seconds_of(duration),
        time_of(started),
        error,
        kind,
        message,
        float(key),
    )


def seconds_of(stored: float | None) -> float | None:
    """A duration as the store keeps it, in 32 bits, without digits that nobody measured: 0.035 and
    not 0.03500000014901161."""
    return None if stored is None else float(f"{stored:.7g}")


def time_of(millis: int | None) -> datetime | None:
    """A time as the store keeps it, in milliseconds since 1970."""
    return None if millis is None else EPOCH + timedelta(milliseconds=millis)
