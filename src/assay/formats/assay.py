"""Assay's own JSON: the model as it is, an object a line, so that anything can write a report.

A program that has no report yet prints one line a test; one that knows steps, attempts, files or
figures says them. docs/format.md tells how, docs/assay.schema.json says it to machines. Whatever
Assay reads can be written so without a loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from assay.errors import Malformed
from assay.formats import _json
from assay.formats.format import Format, Head
from assay.model import (
    FAILURES,
    Attempt,
    Container,
    Item,
    Measurement,
    Notice,
    Result,
    Run,
    Status,
)

VERSION = 1
"""Of the format; it grows by fields, and only a change of their meaning makes it another."""

KINDS: dict[str, type[Item]] = {
    "run": Run,
    "result": Result,
    "container": Container,
    "measurement": Measurement,
}
"""What a line may be about: the value of its `type`."""

ARRAYS = {"results": "result", "containers": "container", "measurements": "measurement"}
"""The arrays of a document that is one object, and what their items are about."""

_DECODERS = {kind: msgspec.json.Decoder(shape) for kind, shape in KINDS.items()}

T = TypeVar("T", Result, Attempt)


class _Kind(msgspec.Struct):
    type: str = "result"


_KIND = msgspec.json.Decoder(_Kind)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield what the lines, or the arrays of the one object, are about, in their order; the Run of
    the one object last.

    A line that does not keep to the schema is left out, and a Notice says why. Raises Malformed
    where nothing can be read, and for a version that is newer than `VERSION`.
    """
    first: dict[str, Any] = {}
    for value in _json.values(chunks, streamed=ARRAYS):
        if isinstance(value, _json.More):
            yield from _begun(first)
            first = {}
            yield from _lines(value.rest)
        elif isinstance(value, Notice):
            yield value
        elif kind := ARRAYS.get(value.key.removesuffix("[]")):
            yield _read(value, kind)
        else:
            first[value.key] = _json.decode(value.raw, value.where)
    yield from _begun(first)


def _begun(first: dict[str, Any]) -> Iterator[Item]:
    """What the first object says, but for its arrays: of the run, if it says nothing else."""
    version = first.pop("assay", VERSION)
    if not isinstance(version, int) or version > VERSION:
        raise Malformed(f"This is version {version} of Assay's format, and {VERSION} is known here")
    kind = first.pop("type", "run")
    if first:
        yield _read(_json.Value("", "the first object", msgspec.json.encode(first)), kind)


def _lines(chunks: Iterable[bytes]) -> Iterator[Item]:
    for value in _json.sequence(chunks):
        yield value if isinstance(value, Notice) else _read(value)


def _read(value: _json.Value, kind: object = None) -> Item:
    try:
        kind = str(kind or _KIND.decode(value.raw).type)
        if kind not in KINDS:
            known = ", ".join(KINDS)
            return Notice(f"The type “{kind[:80]}” is none of {known}; left out", value.where)
        item = _DECODERS[kind].decode(value.raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Notice(f"It does not keep to the schema, and was left out: {error}", value.where)
    if isinstance(item, Result):
        return _finished(item)
    return _timed_run(item) if isinstance(item, Run) else item


def _finished(result: Result) -> Result:
    """The result with its times in UTC; flaky where it passed after a failure."""
    attempts = tuple(map(_timed, result.attempts))
    tried = result.status is Status.PASSED and any(each.status in FAILURES for each in attempts)
    return replace(_timed(result), attempts=attempts, flaky=result.flaky or tried)


def _timed(told: T) -> T:
    """With a time zone, as whoever says none means UTC; without a duration that cannot be."""
    if told.started is not None:
        told = replace(told, started=_aware(told.started))
    if told.duration is not None and told.duration < 0:
        told = replace(told, duration=None)
    return told


def _timed_run(run: Run) -> Run:
    return run if run.date is None else replace(run, date=_aware(run.date))


def _aware(time: datetime) -> datetime | None:
    """The time in UTC; None where that is before the year 1 or after 9999."""
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        return None


def write(items: Iterable[Item], run: Run) -> Iterator[bytes]:
    """A report as lines, the run first; what `parse` gives of them is the same."""
    encode = msgspec.json.encode
    yield b'{"assay":%d,"type":"run"%s\n' % (VERSION, _rest(encode(run)))
    for item in items:
        kind = next((kind for kind, shape in KINDS.items() if type(item) is shape), "")
        if kind:
            yield b'{"type":"%s"%s\n' % (kind.encode(), _rest(encode(item)))


def _rest(encoded: bytes) -> bytes:
    return encoded[1:] if encoded == b"{}" else b"," + encoded[1:]


def schema() -> dict[str, Any]:
    """The JSON Schema of a line, and of the one object (JSON Schema 2020-12)."""
    (_, *_), parts = msgspec.json.schema_components(KINDS.values(), ref_template="#/$defs/{name}")
    for kind, shape in KINDS.items():
        parts[shape.__name__]["properties"] = {
            "type": {"const": kind},
            **parts[shape.__name__]["properties"],
        }
    run = parts["Run"]["properties"]
    run["assay"] = {"const": VERSION, "description": "The format's version, in the first object."}
    arrays = {
        name: {"type": "array", "items": {"$ref": f"#/$defs/{KINDS[kind].__name__}"}}
        for name, kind in ARRAYS.items()
    }
    parts["Document"] = {
        "type": "object",
        "description": "A report in one object; as lines, each is one of the others.",
        "required": ["assay", "results"],
        "properties": {**{name: run[name] for name in run if name != "type"}, **arrays},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Assay JSON",
        "description": "One line of a report in Assay's format, or a report in one object.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in ("Document", *_names())],
        "$defs": dict(sorted(parts.items())),
    }


def _names() -> list[str]:
    return [shape.__name__ for shape in KINDS.values()]


def _sniff(head: Head) -> bool:
    return head.kind == "object" and "assay" in head.keys and bool(head.keys & {"type", *ARRAYS})


FORMAT = Format(
    name="assay",
    title="Assay JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("assay-json", "assay-ndjson", "assayjson"),
    made_by="anything that prints a line a test; `assay export` and the menu of a report",
    how="""printf '%s\\n' '{"assay":1,"type":"run"}' \\
  '{"type":"result","path":["deploy"],"name":"migrates","status":"passed"}' > report.ndjson""",
    file="report.ndjson",
    notes=(
        "The first object has `assay`, the version, which is 1. A line is of the `type` `run`, "
        "`result`, `container` or `measurement`; in one object, `results`, `containers` and "
        "`measurements` are arrays of them.",
        "A result needs `path` (the titles of the containers above it), `name` and `status`: "
        "`passed`, `failed`, `broken`, `skipped` or `unknown`.",
        "Durations are seconds, times RFC 3339. `attempts` are the earlier tries, oldest first; "
        "what passes after one that failed is flaky.",
        "An attachment has `content` in Base64, or a `path` under which it is sent beside the "
        "report.",
        "A line that does not keep to the schema is left out, and the import's log says why.",
    ),
)
