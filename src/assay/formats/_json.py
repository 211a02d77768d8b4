"""The hardened JSON reader: values of a document one at a time, in bounded memory.

A value is found by its brackets at the speed of a scan and handed out as bytes; the format decodes
it by itself, so that only one test (or feature) at a time stands in memory as objects. Bytes that
JSON forbids and tools write all the same (control characters, broken UTF-8, NaN) are repaired
value by value, so that a clean document never pays for them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from assay.errors import Malformed, TooLarge
from assay.formats._json_scan import BrokenError, end_of
from assay.formats._text import as_utf8, uncoloured
from assay.model import Notice

READ_BYTES = 262_144
"""How much is gathered before a value that did not fit is looked for again."""

MAX_OPENED = 60
"""Arrays within each other that are streamed. Real suites have 10."""

_SPACE = re.compile(rb"[ \t\r\n]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_QUOTE, _COMMA, _COLON = b'",:'
_JOINT = re.compile(rb'\}\s*+,\s*+\{\s*+(?:"[^"\\]*+")?+')
"""Between two objects of an array, and the first key of the second."""

_TRIES = 4
"""Places at which a run of items is tried to end, before they are read one by one."""

LARGEST = 1e100
"""What is beyond is no number: of others, sums and products are finite."""

_END = -1
_LAST_SPACE = 0x20

_ANY: msgspec.json.Decoder[Any] = msgspec.json.Decoder()

T = TypeVar("T")

NONE: Mapping[str, Any] = MappingProxyType({})


class Value(msgspec.Struct, frozen=True, gc=False):
    """A value of the document: `key` is its place (`results.tool`, or `results.tests[]` for an
    item of a streamed array), `where` the same with the item's number, from 0."""

    key: str
    where: str
    raw: bytes


class Several(Value, frozen=True, gc=False):
    """Items of a streamed array that follow one another, decoded: `where` is the array's place,
    `first` the number of the first. They have no bytes."""

    first: int = 0
    items: list[Any] = []


Together = Mapping[str, msgspec.json.Decoder[Any]]
"""Decoders of whole lists, by the key of an item."""


class More(Notice, frozen=True, eq=False):
    """What is said of a document that others follow, with the bytes behind it: a Notice to all who
    don't ask for those."""

    rest: Iterable[bytes] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Notice):
            return NotImplemented
        return (self.message, self.where) == (other.message, other.where)

    __hash__ = None  # type: ignore[assignment]


def values(
    chunks: Iterable[bytes],
    streamed: Collection[str] = ("",),
    recursive: Mapping[str, str] = NONE,
    together: Together = NONE,
) -> Iterator[Value | Notice]:
    """Yield the document's values, those of the arrays named in `streamed` item by item.

    An array is named by the keys above it, joined by dots; "" is the document itself, and
    `suites[].specs` an array within each item of another. Objects on the way to a streamed array
    are opened; all else comes whole. `recursive` says which array is read (and named) as which
    other: `{"suites[].suites": "suites"}`. Items that `together` has a decoder for may come as
    `Several`, where they are as it expects; that takes a sixth of the time. A document that ends or
    breaks in the middle gives what is whole, then a Notice. Raises Malformed where nothing can be
    read, TooLarge where it is nested too deeply.
    """
    reader = _Reader(chunks, frozenset(streamed), recursive, together)
    whole = yield from _until_broken(reader, reader.value("", ""))
    if whole and reader.peek() != _END:
        yield More(
            "There is more after the end of the document; it was left out", rest=reader.rest()
        )


def sequence(chunks: Iterable[bytes]) -> Iterator[Value | Notice]:
    """Yield the documents that follow one another, as in JSON lines, or the items of an array.

    Nothing need stand between them: some ways to send a file lose its line breaks. Otherwise as
    `values`.
    """
    reader = _Reader(chunks, frozenset(("",)))
    number = 0
    while (yield from _until_broken(reader, reader.value("", f"[{number}]"))):
        number += 1
        while reader.peek() == _COMMA:
            reader.position += 1
        if reader.peek() == _END:
            return


def _until_broken(reader: _Reader, found: Iterator[Value]) -> Generator[Value | Notice, None, bool]:
    """Yield these up to where the document breaks, and then say so. True where it does not."""
    try:
        yield from found
    except BrokenError as broken:
        if not reader.found:
            raise Malformed(broken.message, broken.where) from None
        yield Notice(f"{broken.message}. What comes before was read", broken.where, lost=True)
        return False
    return True


class _Reader:
    def __init__(
        self,
        chunks: Iterable[bytes],
        streamed: frozenset[str],
        recursive: Mapping[str, str] = NONE,
        together: Together = NONE,
    ) -> None:
        self.source = iter(as_utf8(chunks))
        self.opened = {name[:end] for name in streamed for end in _dots(name)}
        self.streamed = streamed | {name[:-2] for name in self.opened if name.endswith("[]")}
        self.recursive = recursive
        self.together = together
        self.joint = b""
        self.one_by_one = 0  # where to look for a run again
        self.data = b""
        self.position = 0
        self.ended = False
        self.found = False

    def value(self, key: str, where: str) -> Iterator[Value]:
        first = self.peek()
        if first == _END:
            raise BrokenError("The document ends before it says anything", where)
        if first == ord("[") and key in self.streamed:
            yield from self.items(key, where)
        elif first == ord("{") and key in self.opened:
            yield from self.members(key, where)
        else:
            yield self.whole(key, where)

    def whole(self, key: str, where: str) -> Value:
        raw = self.take(where)
        self.found = True
        if key in self.together and (joint := _JOINT.match(self.data, self.position - 1)):
            self.joint = joint[0]
        return Value(key, where, uncoloured(raw))

    def items(self, key: str, where: str) -> Iterator[Value]:
        self.position += 1
        number, key = 0, f"{key}[]"
        is_opened = key in self.opened
        if is_opened and where.count("[") > MAX_OPENED:
            raise TooLarge("Arrays and objects are nested too deeply", where)
        while (first := self.peek()) != ord("]"):
            if first == _COMMA:
                self.position += 1
                continue
            if is_opened and first == ord("{"):
                yield from self.members(key, f"{where}[{number}]")
            elif key in self.together and (run := self.run(self.together[key])):
                yield Several(key, where, b"", number, run)
                number += len(run) - 1
            else:
                yield self.whole(key, f"{where}[{number}]")
            number += 1
        self.position += 1
        self.found = True

    def run(self, decoder: msgspec.json.Decoder[list[Any]]) -> list[Any]:
        """The objects from here on that are whole in what has been read, and step behind them;
        none where they are not as the decoder expects or cannot be told apart.

        A run is looked for from its end: what stood between the last two objects is found there,
        too, and what is before it must be a list of whole values, which only decoding can tell.
        """
        if not self.joint or self.position < self.one_by_one:
            return []
        start, end = self.position, min(len(self.data), self.position + READ_BYTES)
        self.one_by_one = end
        for _ in range(_TRIES):
            end = self.data.rfind(self.joint, start, end)
            if end < 0:
                break
            with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                found = _clean(self.data[start : end + 1], decoder)
                self.position, self.one_by_one = end + 1, 0
                return found
        return []

    def members(self, key: str, where: str) -> Iterator[Value]:
        self.position += 1
        above, place = (f"{key}.", f"{where}.") if where else ("", "")
        while (first := self.peek()) != ord("}"):
            if first == _COMMA:
                self.position += 1
                continue
            name = self.name(where)
            inner = above + name
            yield from self.value(self.recursive.get(inner, inner), place + name)
        self.position += 1
        self.found = True

    def name(self, where: str) -> str:
        if self.peek() not in (_QUOTE, _END):
            raise BrokenError("A key in quotation marks was expected", where)
        name = text(decode(self.take(where), where))
        if self.peek() != _COLON:
            raise BrokenError(f'A ":" was expected after the key "{name[:80]}"', where)
        self.position += 1
        return name

    def peek(self) -> int:
        """The next byte that is no space, or -1 at the end."""
        if self.position < len(self.data) and self.data[self.position] > _LAST_SPACE:
            return self.data[self.position]
        while True:
            self.position = _SPACE.match(self.data, self.position).end()  # type: ignore[union-attr]
            if self.position < len(self.data):
                return self.data[self.position]
            if not self.fill(READ_BYTES):
                return _END

    def rest(self) -> Iterator[bytes]:
        """What has not been read yet."""
        yield self.data[self.position :]
        yield from self.source

    def take(self, where: str) -> bytes:
        """One whole value, and step behind it."""
        if self.peek() == _END:
            raise BrokenError("The document ends in the middle", where)
        while not (end := end_of(self.data, self.position, self.ended, where)):
            if not self.fill(max(READ_BYTES, 2 * (len(self.data) - self.position))):
                raise BrokenError("The document ends in the middle", where)
        raw = self.data[self.position : end]
        self.position = end
        return raw

    def fill(self, size: int) -> bool:
        """Read on until `size` bytes lie ahead or the document ends; False if it had ended."""
        if self.ended:
            return False
        parts = [self.data[self.position :]]
        ahead = len(parts[0])
        for chunk in self.source:
            parts.append(chunk)
            ahead += len(chunk)
            if ahead >= size:
                break
        else:
            self.ended = True
        self.one_by_one = max(0, self.one_by_one - self.position)
        self.data, self.position = b"".join(parts), 0
        return True


def _clean(items: bytes, decoder: msgspec.json.Decoder[list[Any]]) -> list[Any]:
    """The items of an array; raises for those that are to be looked at one by one."""
    if b"\\u00" in items:
        raise msgspec.DecodeError("perhaps a colour, see `uncoloured`")
    return decoder.decode(b"[%b]" % items)


def _dots(name: str) -> Iterator[int]:
    """Where the names of the objects above `name` end, itself left out."""
    if name:
        yield 0
    yield from (at for at, letter in enumerate(name) if letter == ".")


def decode(raw: bytes | msgspec.Raw, where: str = "") -> Any:
    """The value as Python has it, repaired where it must be. Raises Malformed."""
    return shaped(raw, _ANY, where)


def shaped(raw: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[T], where: str = "") -> T:
    """The value in a shape of its own. Raises Malformed, also where it has another shape."""
    try:
        return decoder.decode(raw)
    except RecursionError:
        raise TooLarge("Arrays and objects are nested too deeply", where) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        repaired = repair(bytes(raw), where)
    try:
        return decoder.decode(repaired)
    except msgspec.DecodeError as error:
        raise Malformed(f"This is not what was expected: {error}", where) from None


def repair(raw: bytes, where: str = "") -> bytes:
    """The same value as clean JSON. Raises Malformed."""
    try:
        found = json.loads(
            raw.decode("utf-8", "replace"),
            strict=False,
            parse_float=number,
            parse_constant=lambda _: None,
        )
    except RecursionError:
        raise TooLarge("Arrays and objects are nested too deeply", where) from None
    except ValueError as error:
        raise Malformed(f"This is not JSON: {error}", where) from None
    return _SURROGATE.sub("\ufffd", json.dumps(found, ensure_ascii=False)).encode()


def text(value: object) -> str:
    """A string as it is, a number or truth value as JSON writes it, anything else as ""."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def lines(value: object) -> str:
    """A text that some tools write as a list of lines."""
    return "\n".join(map(text, value)) if isinstance(value, list) else text(value)


def number(value: object) -> float | None:
    """A number within `LARGEST`, also one in quotation marks; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) <= LARGEST else None


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of an array; whatever else is in it, or instead of it, is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def mapping(value: object) -> dict[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def moment(value: object, per_second: float = 1000) -> datetime | None:
    """A time: ISO 8601 (without a zone: UTC), or a number of 1/`per_second` s since 1970."""
    if value is None:
        return None
    count = number(value)
    try:
        if count is not None:
            return datetime.fromtimestamp(count / per_second, UTC) if count > 0 else None
        found = datetime.fromisoformat(text(value).strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def flat(value: object) -> dict[str, str]:
    """An object's entries as texts, nested ones as JSON, empty ones left out."""
    pairs = ((text(key), compact(entry)) for key, entry in mapping(value).items())
    return {key: entry for key, entry in pairs if entry}


def compact(value: object) -> str:
    """A text as it is, an array or object as JSON; empty ones as ""."""
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode() if value else ""
    return text(value)
