"""All that is known of one result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.errors import NotFound
from assay.model import Status
from assay.queries.bodies import read_container, read_detail
from assay.queries.report_results import seconds_of, time_of
from assay.rows import STATUSES, ContainerDetail, Detail
from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class Above:
    """A container above the result that says more than its title."""

    path: tuple[str, ...]
    classification: str
    detail: ContainerDetail


@dataclass(frozen=True, slots=True)
class ResultDetail:
    """A result with everything it says. `error` is the id of its cause, `message` is whole,
    `containers` are those above it from the outermost in."""

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
    status_hash: int
    type: str
    message: str
    fingerprint: str
    detail: Detail
    containers: tuple[Above, ...]


_SQL = """
WITH one AS (
    SELECT * FROM results
    WHERE profile = :profile AND report = :report AND position = :position
), said AS (
    SELECT position, message_hash, body FROM details
    WHERE profile = :profile AND report = :report AND position = :position
    UNION ALL
    SELECT :position, NULL, body FROM alike
    WHERE profile = :profile AND report = :report AND first <= :position AND last >= :position
)
SELECT one.test, t.path, t.name, status, flaky, attempts, duration, started, one.error, status_hash,
    coalesce(e.type, ''), coalesce(e.message, ''), coalesce(e.fingerprint, ''), said.body
FROM one
LEFT JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = one.test
LEFT JOIN said ON said.position = one.position
LEFT JOIN (SELECT * FROM errors WHERE profile = :profile) AS e
    ON e.message_hash = said.message_hash
"""

_ABOVE = """
SELECT path, classification, body FROM containers
WHERE profile = :profile AND report = :report AND arraySlice(:path, 1, length(path)) = path
ORDER BY length(path)
"""


def show_result(store: Results, profile: int, report: int, position: int) -> ResultDetail:
    """The result at `position` of `report`. Raises `NotFound`."""
    keys = {"profile": profile, "report": report}
    rows = store.ask(_SQL, keys | {"position": position})
    if not rows:
        raise NotFound(f"Report {report} has no result at position {position}.")
    test, path, name, status, flaky, attempts, duration, started = rows[0][:8]
    error, status_hash, kind, message, fingerprint, body = rows[0][8:]
    above = store.ask(_ABOVE, keys | {"path": path}) if path else []
    return ResultDetail(
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
        status_hash,
        kind,
        message,
        fingerprint,
        read_detail(body),
        tuple(Above(tuple(titles), kind, read_container(text)) for titles, kind, text in above),
    )
