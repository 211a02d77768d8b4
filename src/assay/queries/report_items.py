"""A whole report, as the items it was made of: what an export is written from."""

from __future__ import annotations

from collections.abc import Iterator

from assay.model import Attachment, Container, Error, Item, Measurement, Result, Step
from assay.queries.bodies import read_container, read_detail
from assay.queries.report_results import seconds_of, time_of
from assay.rows import STATUSES, AssetRef, StepDetail
from assay.store.results import Results, Row

READ_AT_ONCE = 5_000
"""Results held at a time."""

_CONTAINERS = """
SELECT path, classification, body FROM containers
WHERE profile = :profile AND report = :report
ORDER BY length(path), path
"""

_MEASUREMENTS = """
SELECT t.path, t.name, metric, value, unit
FROM (SELECT * FROM measurements WHERE profile = :profile AND report = :report) AS m
JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = m.test
ORDER BY t.path, t.name, metric
"""

_RESULTS = """
WITH part AS (
    SELECT * FROM results
    WHERE profile = :profile AND report = :report
        AND position >= :first AND position < :first + :most
)
SELECT t.path, t.name, status, flaky, duration, started, e.type, e.message, d.body
FROM part
LEFT JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = part.test
LEFT JOIN (
    SELECT position, message_hash, body FROM details
    WHERE profile = :profile AND report = :report
        AND position >= :first AND position < :first + :most
) AS d ON d.position = part.position
LEFT JOIN (SELECT * FROM errors WHERE profile = :profile) AS e ON e.message_hash = d.message_hash
ORDER BY part.position
"""


def stream_items(store: Results, profile: int, report: int, total: int) -> Iterator[Item]:
    """What is known of containers, then the `total` results in document order, then measurements.

    Attachments are named, not embedded.
    """
    keys = {"profile": profile, "report": report}
    for path, classification, body in store.ask(_CONTAINERS, keys):
        yield _container(path, classification, body)
    for first in range(0, total, READ_AT_ONCE):
        for row in store.ask(_RESULTS, keys | {"first": first, "most": READ_AT_ONCE}):
            yield _result(row)
    for path, name, metric, value, unit in store.ask(_MEASUREMENTS, keys):
        yield Measurement(tuple(path), name, metric, value, unit)


def _container(path: list[str], classification: str, body: bytes) -> Container:
    detail = read_container(body)
    return Container(
        tuple(path),
        classification,
        detail.description,
        detail.duration,
        detail.stdout,
        detail.stderr,
        _named(detail.attachments),
        detail.metadata or None,
    )


def _result(row: Row) -> Result:
    path, name, status, flaky, duration, started, kind, message, body = row
    detail = read_detail(body)
    said = kind or message or detail.trace
    return Result(
        tuple(path or ()),
        name or "",
        STATUSES[status],
        duration=seconds_of(duration),
        started=time_of(started),
        error=Error(kind or "", message or "", detail.trace) if said else None,
        stdout=detail.stdout,
        stderr=detail.stderr,
        description=detail.description,
        steps=tuple(_step(each) for each in detail.steps),
        attachments=_named(detail.attachments),
        attempts=tuple(detail.attempts),
        flaky=bool(flaky),
        tags=tuple(detail.tags),
        parameters=detail.parameters or None,
        metadata=detail.metadata or None,
    )


def _step(step: StepDetail) -> Step:
    return Step(
        step.name,
        step.status,
        step.duration,
        step.error,
        step.output,
        _named(step.attachments),
        tuple(_step(each) for each in step.steps),
    )


def _named(assets: list[AssetRef]) -> tuple[Attachment, ...]:
    return tuple(Attachment(each.name, each.path or each.name, each.media_type) for each in assets)
