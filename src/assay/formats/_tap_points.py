"""TAP's test points as results: what the line, the comments and the YAML below it say."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assay.formats import _json, _yaml
from assay.formats._facts import attachment
from assay.formats._tap_lines import Point
from assay.formats._workspaces import within_project
from assay.model import Attachment, Error, Result, Status

MAX_TEXT = 1 << 20
"""Characters to keep of what is said of one test, likewise of what nobody says of which."""

BROKEN = frozenset(
    {
        "hookFailed",
        "testTimeoutFailure",
        "cancelledByParent",
        "parentAlreadyFinished",
        "uncaughtException",
        "unhandledRejection",
    }
)
"""Of node:test's `failureType`, those in which no assertion failed (its `internal/test_runner`)."""

OF_ASSERTIONS = re.compile("assert|comparison|expect", re.IGNORECASE)
_TYPE = re.compile(r"[A-Z_$][\w$.]*(?:Error|Exception|Failure|Warning)|[a-z]\w*(?:\.\w+)+")
_THROWN = re.compile(r"\s*([A-Z][\w$]*Error)\b")
_PLACE = re.compile(r"(?:.*\()?(?:file://)?(.+?):(\d+)(?::\d+)?\)?$")

EXPECTED = ("expected", "wanted", "expect", "want")
ACTUAL = ("actual", "found", "got", "have", "received")


@dataclass(slots=True)
class Told:
    """A test point while the lines below it are read."""

    point: Point
    name: str
    yaml: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)  # what was printed until it came
    size: int = 0

    def keep(self, lines: list[str], line: str) -> None:
        self.size += len(line)
        if self.size <= MAX_TEXT:
            lines.append(line)


def result(told: Told, path: tuple[str, ...]) -> Result:
    """The point as a result in that container.

    A `# TODO` that fails is skipped, as nobody expects it to pass yet; one that passes is passed.
    """
    facts = _yaml.read(told.yaml)
    status = _status(told.point, facts)
    failed = status in (Status.FAILED, Status.BROKEN)
    explained = failed or (status is Status.SKIPPED and told.point.directive == "todo")
    return Result(
        path=path,
        name=told.name,
        status=status,
        duration=duration(told, facts),
        error=_error(told, facts, status) if explained else _reason(told.point, status),
        stdout="\n".join(told.before if explained else [*told.before, *told.comments]),
        attachments=tuple(_files(facts)),
        metadata=_metadata(told.point, facts),
    )


def duration(told: Told, facts: dict[str, Any] | None = None) -> float | None:
    """Its duration in seconds: node:test and bats say it in YAML, node-tap behind the name."""
    if told.point.duration is not None:
        return told.point.duration
    spent = _json.number((facts or _yaml.read(told.yaml)).get("duration_ms"))
    return None if spent is None or spent < 0 else spent / 1000


def _status(point: Point, facts: dict[str, Any]) -> Status:
    if point.directive == "skip":
        return Status.SKIPPED
    if point.ok:
        return Status.PASSED
    if point.directive == "todo":
        return Status.SKIPPED
    kind = _type(facts)
    thrown = kind and not OF_ASSERTIONS.search(kind)
    return Status.BROKEN if thrown or facts.get("failureType") in BROKEN else Status.FAILED


def _type(facts: dict[str, Any]) -> str:
    """The exception's type, as far as one is told of."""
    thrown = _json.mapping(facts.get("details")).get("Error thrown in test:")  # AVA's word
    if isinstance(thrown, str) and (found := _THROWN.match(thrown)):
        return found[1]
    if facts.get("operator") in ("error", "fail") and (stack := facts.get("stack")):
        found = _THROWN.match(_json.text(stack))  # tape's: with `equal` it is tape's own error
        return found[1] if found and found[1] != "Error" else ""
    told = (_json.text(facts.get(key)) for key in ("name", "type"))
    return next((each for each in told if _TYPE.fullmatch(each)), "")


def _reason(point: Point, status: Status) -> Error | None:
    return Error(message=point.reason) if status is Status.SKIPPED and point.reason else None


def _error(told: Told, facts: dict[str, Any], status: Status) -> Error | None:
    """`message`, or what was expected and got; all that was said of it is the trace."""
    comments = "\n".join(_yaml.dedented(told.comments)).strip()
    message = (_said(facts) or comments).strip()
    if status is Status.SKIPPED:
        message = told.point.reason or message
    everything = "\n".join(_yaml.dedented(told.yaml)).rstrip()
    trace = "\n\n".join(filter(None, (everything, comments)))
    error = Error(_type(facts), message, trace if trace != message else "")
    return error if error != Error() else None


def _said(facts: dict[str, Any]) -> str:
    """What YAML says went wrong, each tool in its own words."""
    details = _json.flat(facts.get("details"))  # AVA's
    if details:
        return "\n".join(f"{key}\n{told}" for key, told in details.items())
    said = (_json.lines(facts.get(key)) for key in ("message", "error"))
    thrown = _THROWN.match(_json.text(facts.get("stack")))
    first = _json.text(facts.get("stack")).partition("\n")[0].partition(": ")[2] if thrown else ""
    return (
        next(filter(None, said), "") or _compared(facts) or _json.text(facts.get("diff")) or first
    )


def _compared(facts: dict[str, Any]) -> str:
    data = {**_json.mapping(facts.get("data")), **facts}
    pairs = (("expected", EXPECTED), ("actual", ACTUAL))
    found = (
        f"{word}: {_json.compact(data[key])}"
        for word, keys in pairs
        for key in [next((key for key in keys if key in data), "")]
        if key
    )
    return "\n".join(found)


def _metadata(point: Point, facts: dict[str, Any]) -> dict[str, str] | None:
    file, line = _place(facts)
    found = {
        "todo": point.reason or "yes" if point.directive == "todo" else "",
        "file": within_project(file),
        "line": line,
        "severity": _json.text(facts.get("severity")),
    }
    return {key: value for key, value in found.items() if value} or None


def _place(facts: dict[str, Any]) -> tuple[str, str]:
    """The file and the line that a test, or its failure, stands in."""
    at = facts.get("at", facts.get("location"))
    if isinstance(at, str) and (place := _PLACE.match(at)):
        return place[1], place[2]
    named = {**facts, **_json.mapping(at)}
    file, line = (
        next((told for key in keys if (told := _json.text(named.get(key)))), "")
        for keys in (("file", "fileName"), ("line", "lineNumber"))
    )
    return file, line if file else ""


def _files(facts: object, depth: int = 8) -> Iterator[Attachment]:
    """The files that YAML tells of in tap4j's way, by where they lie or with their content."""
    for entry in _json.mapping(facts).values():
        name = _json.text(_json.mapping(entry).get("File-Name"))
        if name:
            yield _file(name, entry)
        elif depth:
            yield from _files(entry, depth - 1)


def _file(name: str, entry: dict[str, Any]) -> Attachment:
    media_type = _json.text(entry.get("File-Type"))
    try:
        content = b64decode(re.sub(r"\s+", "", _json.text(entry.get("File-Content"))))
    except (Base64Error, ValueError):
        content = b""
    if content:
        return Attachment(name, media_type=media_type, content=content)
    place = _json.text(entry.get("File-Location", entry.get("Location"))) or name
    return Attachment(name, path=attachment(place).path, media_type=media_type)
