"""Calliope JSON, in and out: a report as a tree of containers with results in them.

Calliope's own fields are `title`, `classification`, `description`, `status`, `exception_name`,
`exception_description`, `exception_backtrace`, `assets` and `json_data`. What it has no field for
(steps, attempts, output, tags …) stands beside them under plain names, so that a report written
here is read back as it was. `write` is the other half of `parse`.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from assay.errors import Malformed, TooLarge
from assay.formats import _json
from assay.formats._calliope_writer import counted, write
from assay.formats.format import Format, Head
from assay.model import (
    Attachment,
    Attempt,
    Container,
    Error,
    Item,
    Measurement,
    Notice,
    Result,
    Run,
    Status,
    Step,
)

__all__ = ["FORMAT", "counted", "parse", "write"]

STATUSES = {status.value: status for status in Status}

MAX_DEPTH = 100
"""Containers within each other."""

REPORT_KEYS = frozenset(
    {
        *("containers", "count_total", "cached_total", "import_id", "import_status"),
        *("origin", "profile_id", "test_suite_id"),
    }
)
"""Keys of a report by two of which one is known."""

NAMES = ("name", "filename", "original_filename", "file_name")
PATHS = ("path", "url")
"""What an asset may call its name and its place: Calliope.pro documents that it has both, not how
they are written; those beside ours are a guess."""

METADATA = ("os", "platform")
"""Old fields of a report, replaced by tags."""


class Node(msgspec.Struct, frozen=True):
    """A container as it is written; what it holds stays bytes until its turn."""

    title: Any = None
    classification: Any = None
    description: Any = None
    duration: Any = None
    cached_duration: Any = None
    stdout: Any = None
    stderr: Any = None
    assets: Any = None
    json_data: Any = None
    measurements: Any = None
    results: list[msgspec.Raw] | None = None
    containers: list[msgspec.Raw] | None = None


_NODE = msgspec.json.Decoder(Node)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield what the containers hold in their order, and last the Run.

    A container comes before what is in it, its measurements and results before the containers in
    it; one without a title adds no level to their path. Durations are seconds. Raises Malformed
    where the document is no JSON object.
    """
    report: dict[str, Any] = {}
    for value in _json.values(chunks, ("containers", "results")):
        if isinstance(value, Notice):
            yield value
        elif not value.key:
            raise Malformed("A Calliope report is an object", value.where)
        elif value.key in READERS:
            yield from _read(value)
        else:
            report[value.key] = _json.decode(value.raw, value.where)
    run = _run(report)
    if run != Run():
        yield run


def _read(value: _json.Value) -> Iterator[Item]:
    try:
        yield from READERS[value.key](value.raw, (), value.where)
    except Malformed as error:
        if isinstance(error, TooLarge):
            raise
        yield Notice(f"A part was left out. {error.message}", error.where)


def _container(
    raw: bytes | msgspec.Raw, above: tuple[str, ...], where: str, depth: int = 1
) -> Iterator[Item]:
    if depth > MAX_DEPTH:
        raise TooLarge(f"Containers lie more than {MAX_DEPTH} deep in each other", where)
    node = _json.shaped(raw, _NODE, where)
    path = above if node.title is None else (*above, _json.text(node.title))
    container = _described(node, path)
    if container != Container(path):
        yield container
    for found in _json.objects(node.measurements):
        yield from _measurement(found, path)
    for number, result in enumerate(node.results or ()):
        yield from _result(result, path, f"{where}.results[{number}]")
    for number, inner in enumerate(node.containers or ()):
        yield from _container(inner, path, f"{where}.containers[{number}]", depth + 1)


def _described(node: Node, path: tuple[str, ...]) -> Container:
    return Container(
        path,
        classification=_json.text(node.classification),
        description=_json.text(node.description),
        duration=_json.number(_first(node.duration, node.cached_duration)),
        stdout=_json.text(node.stdout),
        stderr=_json.text(node.stderr),
        attachments=_attachments(node.assets),
        metadata=_json.flat(node.json_data) or None,
    )


def _result(raw: bytes | msgspec.Raw, path: tuple[str, ...], where: str) -> Iterator[Item]:
    found = _json.decode(raw, where)
    if not isinstance(found, dict):
        yield Notice("A result was expected here", where)
        return
    yield Result(
        path=path,
        name=_json.text(found.get("title")),
        status=_status(found),
        duration=_json.number(_first(found.get("duration"), found.get("cached_duration"))),
        started=_json.moment(found.get("started_at")),
        error=_error(found),
        stdout=_json.text(found.get("stdout")),
        stderr=_json.text(found.get("stderr")),
        description=_json.text(found.get("description")),
        steps=_steps(found.get("steps")),
        attachments=_attachments(found.get("assets")),
        attempts=tuple(map(_attempt, _json.objects(found.get("attempts")))),
        flaky=found.get("flaky") is True,
        tags=_texts(found.get("tags")),
        parameters=_json.flat(found.get("parameters")) or None,
        metadata=_json.flat(found.get("json_data")) or None,
    )


Reader = Callable[[bytes | msgspec.Raw, tuple[str, ...], str], Iterator[Item]]
READERS: dict[str, Reader] = {"containers[]": _container, "results[]": _result}
"""What is read item by item; all else describes the report."""


def _measurement(found: dict[str, Any], path: tuple[str, ...]) -> Iterator[Measurement]:
    value = _json.number(found.get("value"))
    if value is not None:
        name, metric, unit = (_json.text(found.get(key)) for key in ("title", "metric", "unit"))
        yield Measurement(path, name, metric, value, unit)


def _status(found: dict[str, Any]) -> Status:
    return STATUSES.get(_json.text(found.get("status")).lower(), Status.UNKNOWN)


def _error(found: dict[str, Any]) -> Error | None:
    keys = ("exception_name", "exception_description", "exception_backtrace")
    kind, message, trace = (_json.lines(found.get(key)) for key in keys)
    return Error(kind, message, trace) if kind or message or trace else None


def _attempt(found: dict[str, Any]) -> Attempt:
    return Attempt(
        status=_status(found),
        duration=_json.number(found.get("duration")),
        started=_json.moment(found.get("started_at")),
        error=_error(found),
        stdout=_json.text(found.get("stdout")),
        stderr=_json.text(found.get("stderr")),
    )


def _steps(found: object) -> tuple[Step, ...]:
    return tuple(
        Step(
            name=_json.text(step.get("title")),
            status=_status(step),
            duration=_json.number(step.get("duration")),
            error=_error(step),
            output=_json.text(step.get("output")),
            attachments=_attachments(step.get("assets")),
            steps=_steps(step.get("steps")),
        )
        for step in _json.objects(found)
    )


def _attachments(found: object) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=_text_of(asset, NAMES),
            path=_text_of(asset, PATHS),
            media_type=_json.text(asset.get("media_type")),
            content=_content(asset.get("content")),
        )
        for asset in _json.objects(found)
    )


def _text_of(found: Mapping[str, Any], keys: Iterable[str]) -> str:
    return next((text for key in keys if (text := _json.text(found.get(key)))), "")


def _content(encoded: object) -> bytes | None:
    try:
        return b64decode(encoded, validate=True) if isinstance(encoded, str) else None
    except (Base64Error, ValueError):
        return None


def _run(report: Mapping[str, Any]) -> Run:
    old = {key: found for key in METADATA if (found := _json.text(report.get(key)))}
    return Run(
        date=_json.moment(_first(report.get("date"), report.get("created_at"))),
        duration=_json.number(_first(report.get("duration"), report.get("cached_duration"))),
        branch=_json.text(report.get("branch")),
        commit=_json.text(report.get("commit")),
        build=_json.text(report.get("build")),
        tags=_texts(report.get("tags")),
        metadata={**old, **_json.flat(report.get("json_data"))} or None,
        attachments=_attachments(report.get("assets")),
    )


def _first(*values: object) -> object:
    return next((value for value in values if value is not None), None)


def _texts(found: object) -> tuple[str, ...]:
    return tuple(map(_json.text, found)) if isinstance(found, list) else ()


def _sniff(head: Head) -> bool:
    return head.kind == "object" and len(head.keys & REPORT_KEYS) >= 2


FORMAT = Format(
    name="calliope",
    title="Calliope JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("calliope_json", "calliope-json"),
    made_by="Calliope.pro and Assay, by “Export” on a report's page",
    how="assay export 1 --as calliope -o calliope_report.json",
    file="calliope_report.json",
    notes=(
        "A container stays a container, with `classification`, `description`, `assets` and "
        "`json_data`, and a result a result.",
        "`exception_name`, `exception_description` and `exception_backtrace` are the error's "
        "type, message and trace. A status that is none of the five is unknown.",
        "What Calliope has no field for (steps, attempts, output, tags, parameters) stands "
        "beside its own under plain names, so that an export comes back whole.",
        "`date` is the report's date. `os` and `platform`, which Calliope.pro gave up, are "
        "metadata.",
    ),
)
