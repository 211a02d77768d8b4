"""Taurus' lines of JSON: a functional test each, or what a worker of Locust has counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._figures import items_of
from assay.formats._locust import AllStats
from assay.formats._trace import split_type
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status, Step

STATUSES = {
    "PASSED": Status.PASSED,
    "FAILED": Status.FAILED,
    "BROKEN": Status.BROKEN,
    "SKIPPED": Status.SKIPPED,
}

TEST = frozenset({"test_case", "test_suite", "status"})
WORKER = frozenset({"stats", "errors", "client_id"})

FACTS = ("file", "full_name", "requestMethod", "requestURI", "responseCode")
DEEPEST = 50


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result for each test, or for each kind of request, then the run.

    Raises Malformed where no line is of either.
    """
    stats, first, found, lost = AllStats(), None, False, 0
    for value in _json.sequence(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        if not value.raw.startswith(b"{"):
            lost += 1
            continue
        try:
            line = _json.mapping(_json.decode(value.raw, value.where))
        except Malformed as error:
            yield Notice(f"A line was left out. {error.message}", error.where)
            continue
        if "test_case" in line:
            result = _test(line)
            moments = filter(None, (first, result.started))
            first, found = min(moments, default=None), True
            yield result
        else:
            _add_worker(stats, line)
    if not found and not stats.labels:
        raise Malformed("Neither tests of Taurus' nor statistics of Locust's workers are here")
    if lost:
        yield Notice(f"Values that are no objects were left out: {lost:,}")
    for figures in stats.figures():
        yield from items_of(figures)
    yield stats.run() if stats.labels else Run(first)


def _add_worker(stats: AllStats, line: dict[str, Any]) -> None:
    for entry in _json.objects(line.get("stats")):
        stats.add(entry)
    for error in _json.mapping(line.get("errors")).values():
        stats.add_error(_json.mapping(error))


# Tests


def _test(line: dict[str, Any]) -> Result:
    status = _status(line)
    extras = _json.mapping(line.get("extras"))
    facts = {key: _json.text(extras.get(key)) for key in FACTS}
    return Result(
        path=_path(line),
        name=_json.text(line.get("test_case")) or "(unnamed)",
        status=status,
        duration=_seconds(line),
        started=_json.moment(line.get("start_time"), per_second=1),
        error=_error(line, status),
        description=_json.text(extras.get("description")),
        steps=tuple(_steps(line)),
        metadata={key: said for key, said in facts.items() if said} or None,
    )


def _path(line: dict[str, Any]) -> tuple[str, ...]:
    """The packages, modules and classes that the line names, or its suite."""
    told = [_json.text(each.get("value")) for each in _json.objects(line.get("path"))]
    return tuple(filter(None, told[:-1] or (_json.text(line.get("test_suite")),)))


def _status(line: dict[str, Any]) -> Status:
    return STATUSES.get(_json.text(line.get("status")).upper(), Status.UNKNOWN)


def _seconds(line: dict[str, Any]) -> float | None:
    found = _json.number(line.get("duration"))
    return found if found is not None and found >= 0 else None


def _error(line: dict[str, Any], status: Status) -> Error | None:
    message, trace = _json.text(line.get("error_msg")), _json.text(line.get("error_trace"))
    if status is Status.PASSED or not (message or trace):
        return None
    kind, message = split_type(message)
    return Error(kind, message, trace)


def _steps(line: dict[str, Any], depth: int = 0) -> Iterator[Step]:
    """Its requests and transactions."""
    if depth == DEEPEST:
        return
    for each in _json.objects(line.get("subsamples")):
        status = _status(each)
        yield Step(
            _json.text(each.get("test_case")) or "(unnamed)",
            status,
            _seconds(each),
            _error(each, status),
            output=_answer(_json.mapping(each.get("extras"))),
            steps=tuple(_steps(each, depth + 1)),
        )


def _answer(extras: dict[str, Any]) -> str:
    asked = (extras.get("requestMethod"), extras.get("requestURI"))
    got = (extras.get("responseCode"), extras.get("responseMessage"))
    asked_for, answer = (" ".join(filter(None, map(_json.text, each))) for each in (asked, got))
    return f"{asked_for}: {answer}" if answer else ""


def _sniff(head: Head) -> bool:
    if head.kind not in ("object", "array"):
        return False
    functional = head.keys >= TEST and not head.keys.isdisjoint({"error_trace", "subsamples"})
    return functional or head.keys >= WORKER


FORMAT = Format(
    name="taurusldjson",
    title="Taurus JSON lines",
    sniff=_sniff,
    parse=parse,
    aliases=("taurus-ldjson", "taurus_ldjson", "apiritif"),
    made_by="Taurus (bzt): its functional tests, by Apiritif, nose, JUnit, NUnit and others, and "
    "what the workers of its Locust tell",
    how="bzt -cli functional.yml",
    file="apiritif.ldjson",
    notes=(
        "A line is a test below its packages, modules and classes; the requests and transactions "
        "in it are its steps.",
        "PASSED, FAILED, BROKEN and SKIPPED are what they say; any other status is unknown.",
        "Lines of Locust's workers are summed up: each kind of request is a result with "
        "measurements, failed when one of them was, with the errors as reasons.",
    ),
)
