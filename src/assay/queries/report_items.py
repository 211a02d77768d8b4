"""A whole report, as the items it was made of: what an export is written from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from assay.model import Attachment, Container, Error, Item, Measurement, Result, Status, Step
from assay.queries.bodies import read_container, read_detail
from assay.queries.report_results import seconds_of, time_of
from assay.rows import CODES, STATUSES, AssetRef, Detail, StepDetail
from assay.store.results import Results, Row

NAMED_AT_ONCE = 50_000
"""Results whose names are asked for at a time. Each such question looks through all names of the
profile, so few questions are quick; a row is some 300 bytes."""

DETAILED_AT_ONCE, MOST_DETAILED_AT_ONCE = 1_000, 8_000
"""Results of which all is held at a time, as a detail may be many kilobytes; more of them where
only few have anything to say."""

Attach = Callable[[AssetRef], Attachment]
"""Makes an attachment of what a detail says of it: by name, or with its bytes."""


class Placed(NamedTuple):
    """A result, its position in the report, and the test that it is a result of."""

    position: int
    test: int
    result: Result


class _Named(NamedTuple):
    """A result without its detail."""

    position: int
    test: int
    path: list[str] | None
    name: str | None
    status: int
    flaky: int
    duration: float | None
    started: int | None


_CONTAINERS = """
SELECT path, classification, body FROM containers
WHERE profile = :profile AND report = :report
ORDER BY length(path), path
"""

_MEASUREMENTS = """
SELECT t.path, t.name, metric, value, unit
FROM (SELECT * FROM measurements WHERE profile = :profile AND report = :report) AS m
JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = m.test
ORDER BY t.path, t.name, metric, value
"""

_RESULTS = """
WITH part AS (
    SELECT position, test, status, flaky, duration, started FROM results
    WHERE profile = :profile AND report = :report
        AND position >= :first AND position < :first + :most
        AND status IN :statuses AND flaky IN :flaky
)
SELECT position, part.test, t.path, t.name, status, flaky, duration, started
FROM part
LEFT JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = part.test
ORDER BY position
"""

_DETAILS = """
WITH said AS (
    SELECT position, message_hash, body FROM details
    WHERE profile = :profile AND report = :report
        AND position >= :first AND position <= :last
)
SELECT position, e.type, e.message, body
FROM said
LEFT JOIN (
    SELECT * FROM errors
    WHERE profile = :profile AND message_hash IN (SELECT message_hash FROM said)
) AS e ON e.message_hash = said.message_hash
"""

_ALIKE = """
SELECT first, last, body FROM alike
WHERE profile = :profile AND report = :report AND first <= :last AND last >= :first
"""


def attach_names(ref: AssetRef) -> Attachment:
    """The attachment without its bytes."""
    return Attachment(ref.name, ref.path or ref.name, ref.media_type)


def stream_items(
    store: Results, profile: int, report: int, total: int, attach: Attach = attach_names
) -> Iterator[Item]:
    """The `total` results in document order, before the first of a container what is known of that
    and of those around it; then containers without results, and measurements."""
    keys = {"profile": profile, "report": report}
    known: dict[tuple[str, ...], list[Row]] = {}
    for row in store.ask(_CONTAINERS, keys):
        known.setdefault(tuple(row[0]), []).append(row)
    path: tuple[str, ...] | None = None
    for placed in stream_results(store, profile, report, total, attach=attach):
        if placed.result.path != path:
            path = placed.result.path
            yield from _entered(known, path, attach)
        yield placed.result
    for left in list(known):
        yield from _entered(known, left, attach)
    for titles, name, metric, value, unit in store.ask(_MEASUREMENTS, keys):
        yield Measurement(tuple(titles), name, metric, value, unit)


def stream_results(
    store: Results,
    profile: int,
    report: int,
    total: int,
    *,
    statuses: Collection[Status] = tuple(Status),
    flaky: Collection[bool] = (False, True),
    detailed: bool = True,
    attach: Attach = attach_names,
) -> Iterator[Placed]:
    """Those of a report's `total` results that ended so, in document order; with all that they say,
    or with names and figures alone."""
    keys = {"profile": profile, "report": report}
    codes, marks = [CODES[each] for each in statuses], [int(each) for each in flaky]
    for first in range(0, total, NAMED_AT_ONCE):
        part = {"first": first, "most": NAMED_AT_ONCE, "statuses": codes, "flaky": marks}
        named = [_Named(*row) for row in store.ask(_RESULTS, {**keys, **part})]
        if detailed:
            yield from _detailed(store, keys, named, attach)
        else:
            yield from (Placed(each.position, each.test, _bare(each)) for each in named)


def _detailed(
    store: Results, keys: dict[str, int], named: list[_Named], attach: Attach
) -> Iterator[Placed]:
    start, most = 0, DETAILED_AT_ONCE
    while some := named[start : start + most]:
        range_ = {"first": some[0].position, "last": some[-1].position}
        details = {row[0]: row for row in store.ask(_DETAILS, keys | range_)}
        few = len(details) < most // 8
        for first, last, body in store.ask(_ALIKE, keys | range_):
            alike = range(max(first, range_["first"]), min(last, range_["last"]) + 1)
            details |= {position: (position, None, None, body) for position in alike}
        for each in some:
            said = details.get(each.position)
            whole = _whole(each, said, attach) if said else _bare(each)
            yield Placed(each.position, each.test, whole)
        start += most
        most = min(2 * most, MOST_DETAILED_AT_ONCE) if few else DETAILED_AT_ONCE


def _bare(row: _Named) -> Result:
    return Result(
        tuple(row.path or ()),
        row.name or "",
        STATUSES[row.status],
        duration=seconds_of(row.duration),
        started=time_of(row.started),
        flaky=bool(row.flaky),
    )


def _whole(row: _Named, said: Row, attach: Attach) -> Result:
    _, kind, message, body = said
    detail = read_detail(body)
    return Result(
        tuple(row.path or ()),
        row.name or "",
        STATUSES[row.status],
        duration=seconds_of(row.duration),
        started=time_of(row.started),
        error=_error(kind, message, detail),
        stdout=detail.stdout,
        stderr=detail.stderr,
        description=detail.description,
        steps=tuple(_step(each, attach) for each in detail.steps),
        attachments=tuple(map(attach, detail.attachments)),
        attempts=tuple(detail.attempts),
        flaky=bool(row.flaky),
        tags=tuple(detail.tags),
        parameters=detail.parameters or None,
        metadata=detail.metadata or None,
    )


def _error(kind: str | None, message: str | None, detail: Detail) -> Error | None:
    said = kind or message or detail.trace
    return Error(kind or "", message or "", detail.trace) if said else None


def list_containers_files(store: Results, profile: int, report: int) -> frozenset[int]:
    """The numbers of the files that the report's containers refer to."""
    rows = store.ask(_CONTAINERS, {"profile": profile, "report": report})
    refs = (ref.number for *_, body in rows for ref in read_container(body).attachments)
    return frozenset(number for number in refs if number is not None)


def _entered(
    known: dict[tuple[str, ...], list[Row]], path: tuple[str, ...], attach: Attach
) -> Iterator[Container]:
    """What is known of the containers around a result that have not been told of, outermost first;
    they are forgotten."""
    for depth in range(len(path) + 1):
        for _, classification, body in known.pop(path[:depth], ()):
            yield _container(path[:depth], classification, body, attach)


def _container(
    path: tuple[str, ...], classification: str, body: bytes, attach: Attach
) -> Container:
    detail = read_container(body)
    return Container(
        path,
        classification,
        detail.description,
        detail.duration,
        detail.stdout,
        detail.stderr,
        tuple(map(attach, detail.attachments)),
        detail.metadata or None,
    )


def _step(step: StepDetail, attach: Attach) -> Step:
    return Step(
        step.name,
        step.status,
        step.duration,
        step.error,
        step.output,
        tuple(map(attach, step.attachments)),
        tuple(_step(each, attach) for each in step.steps),
    )
