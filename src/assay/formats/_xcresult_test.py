"""A test in an `.xcresult` bundle as a result: failures, activities as steps, files, parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from assay.formats import _json
from assay.formats._workspaces import within_project
from assay.model import Attachment, Error, Measurement, Result, Status, Step

STATUSES = {
    "Success": Status.PASSED,
    "Failure": Status.FAILED,
    "Skipped": Status.SKIPPED,
    "Expected Failure": Status.PASSED,
}
BROKEN = frozenset({"Uncaught Exception", "Thrown Error", "System", "Crash"})
"""Of a failure's `issueType`, those in which no assertion failed."""

UNITS = {"s": "s", "seconds": "s", "ms": "ms", "kB": "kB", "Bytes": "B"}
DEEPEST = 40
Blob = Callable[[str], bytes]
"""The content of a file of the bundle, by its id; empty where it is not there."""


@dataclass(frozen=True, slots=True)
class Case:
    """A test in the tree of a run, its details as far as the bundle has them."""

    path: tuple[str, ...]
    told: dict[str, Any]
    details: dict[str, Any]


def reference(told: object) -> str:
    """The id that an object refers to another one by."""
    return _json.text(_json.mapping(told).get("id"))


def result_of(case: Case, blob: Blob) -> Result:
    said = {**case.told, **case.details}
    word = _json.text(case.told.get("testStatus")) or _json.text(said.get("testStatus"))
    failures = _json.objects(said.get("failureSummaries"))
    status = STATUSES.get(word, Status.UNKNOWN)
    if status is Status.FAILED and any(each.get("issueType") in BROKEN for each in failures):
        status = Status.BROKEN
    parameters = _parameters(said)
    name = _json.text(said.get("name")).removesuffix("()") or "Test"
    values = ", ".join(parameters.values())
    activities = _json.objects(said.get("activitySummaries"))
    spent = _json.number(said.get("duration"))
    return Result(
        path=case.path,
        name=f"{name} [{values}]" if parameters else name,
        status=status,
        duration=spent,
        started=_json.moment(activities[0].get("start")) if activities else None,
        error=_error(said, failures, status),
        description=_json.text(said.get("summary")),
        steps=tuple(_steps(activities, failures, blob)),
        attachments=tuple(file for each in failures for file in _files(each, blob)),
        tags=tuple(filter(None, (_name(tag) for tag in _list(said.get("tags"))))),
        parameters=parameters or None,
        metadata=_metadata(failures, word),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(tag: object) -> str:
    return _json.text(_json.mapping(tag).get("name")) or _json.text(tag)


def _parameters(said: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, each in enumerate(_json.objects(said.get("arguments")), 1):
        parameter, value = (_json.mapping(each.get(key)) for key in ("parameter", "value"))
        name = _json.text(parameter.get("name")) or _json.text(parameter.get("label"))
        told = _json.text(value.get("description")) or _json.text(each.get("description"))
        found[name or str(number)] = told or _json.text(each.get("identifier"))
    return found


def _error(said: dict[str, Any], failures: list[dict[str, Any]], status: Status) -> Error | None:
    if status is Status.SKIPPED:
        skipped = _json.mapping(said.get("skipNoticeSummary"))
        message = _json.text(skipped.get("message"))
        return Error(message=message) if message else None
    if not failures:
        return None
    kind = _json.text(failures[0].get("issueType"))
    trace = "\n\n".join(map(_trace, failures))
    return Error(kind, _json.text(failures[0].get("message")), trace)


def _trace(failure: dict[str, Any]) -> str:
    """A failure with the frames that have a name."""
    file, line = place_of(failure)
    context = _json.mapping(failure.get("sourceCodeContext"))
    head = ": ".join(filter(None, (file and f"{file}:{line}", _json.text(failure.get("message")))))
    return "\n".join([head, *_frames(_json.objects(context.get("callStack")))])


def _frames(stack: list[dict[str, Any]]) -> Iterator[str]:
    for frame in stack:
        symbol = _json.mapping(frame.get("symbolInfo"))
        place = _json.mapping(symbol.get("location"))
        if name := _json.text(symbol.get("symbolName")):
            file = within_project(_json.text(place.get("filePath")))
            yield f"  at {name} ({file}:{_json.text(place.get('lineNumber'))})"


def place_of(failure: dict[str, Any]) -> tuple[str, str]:
    """The file and the line that a failure stands in."""
    file = within_project(_json.text(failure.get("fileName")))
    context = _json.mapping(failure.get("sourceCodeContext"))
    place = _json.mapping(context.get("location"))
    file = file or within_project(_json.text(place.get("filePath")))
    return file, _json.text(failure.get("lineNumber")) or _json.text(place.get("lineNumber"))


def document_place(issue: dict[str, Any]) -> tuple[str, str]:
    """The file and the line that an issue of the build stands in, of an address like
    `file:///a/b.swift#StartingLineNumber=38`, which counts lines from 0."""
    location = _json.mapping(issue.get("documentLocationInCreatingWorkspace"))
    try:
        url = urlsplit(_json.text(location.get("url")))
        line = parse_qs(url.fragment).get("StartingLineNumber", [""])[0]
    except ValueError:
        return "", ""
    number = _json.number(line)
    return within_project(unquote(url.path)), "" if number is None else f"{number + 1:.0f}"


def _steps(
    activities: list[dict[str, Any]], failures: list[dict[str, Any]], blob: Blob, depth: int = 0
) -> Iterator[Step]:
    by_id = {_json.text(each.get("uuid")): each for each in failures}
    for activity in activities:
        below = _json.objects(activity.get("subactivities")) if depth < DEEPEST else []
        idents = _list(activity.get("failureSummaryIDs"))
        own = [by_id[ident] for ident in map(_json.text, idents) if ident in by_id]
        message = _json.text(own[0].get("message")) if own else ""
        start, finish = (_json.moment(activity.get(key)) for key in ("start", "finish"))
        yield Step(
            name=_json.text(activity.get("title")) or "Activity",
            status=Status.FAILED if idents else Status.PASSED,
            duration=(finish - start).total_seconds() if start and finish else None,
            error=Error(message=message) if message else None,
            attachments=tuple(_files(activity, blob)),
            steps=tuple(_steps(below, failures, blob, depth + 1)),
        )


def _files(told: dict[str, Any], blob: Blob) -> Iterator[Attachment]:
    for file in _json.objects(told.get("attachments")):
        ident = reference(file.get("payloadRef"))
        name = _json.text(file.get("filename")) or _json.text(file.get("name")) or "attachment"
        if content := blob(ident) if ident else b"":
            yield Attachment(name, content=content)


def _metadata(failures: list[dict[str, Any]], word: str) -> dict[str, str] | None:
    file, line = place_of(failures[0]) if failures else ("", "")
    found = {
        "file": file,
        "line": line if file else "",
        "expected": "failure" if word == "Expected Failure" else "",
    }
    return {key: value for key, value in found.items() if value} or None


def measured(case: Case, result: Result) -> Iterator[Measurement]:
    """What the test measured, on average."""
    for metric in _json.objects(case.details.get("performanceMetrics")):
        values = [
            n for each in _list(metric.get("measurements")) if (n := _json.number(each)) is not None
        ]
        name = _json.text(metric.get("displayName")) or _json.text(metric.get("identifier"))
        if values and name:
            unit = _json.text(metric.get("unitOfMeasurement"))
            average = sum(values) / len(values)
            yield Measurement(result.path, result.name, name, average, UNITS.get(unit, unit))
