"""Apple's property lists in XML, streamed: the dictionaries of some arrays, one at a time.

A property list is one value with everything in it. Those dictionaries that are items of an array
named by the format come as soon as they are whole, and are not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assay.errors import TooLarge
from assay.formats import _json
from assay.formats._xml import Element, Scope, elements
from assay.model import Notice

SCOPES = frozenset({"plist", "dict", "array"})
SCALARS = {"true": True, "false": False}
MAX_HELD = 500_000
"""Values of the dictionaries that are not whole yet."""


@dataclass(slots=True)
class Dictionary:
    """A dictionary: the key of the array that it stands in, what it holds, and those around it."""

    key: str
    values: dict[str, Any]
    above: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class _Open:
    """A dictionary or an array that has not ended."""

    key: str = ""  # under which it stands
    values: dict[str, Any] = field(default_factory=dict)
    items: list[Any] | None = None  # of an array
    above: tuple[dict[str, Any], ...] = ()  # the dictionaries that are given out by themselves
    given: bool = False  # is it one of these?
    next_key: str = ""
    held: int = 0  # values when it began


@dataclass(slots=True)
class _Reader:
    arrays: frozenset[str]
    held: int = 0

    def open(self, scope: Scope) -> _Open:
        if scope.outer is None:
            root = scope.state = _Open()
            return root
        outer: _Open = scope.outer.state or self.open(scope.outer)
        key = outer.key if outer.items is not None else outer.next_key
        new = scope.state = _Open(key, above=outer.above, held=self.held)
        if scope.tag == "array":
            new.items = []
            self.put(outer, new.items)
        else:
            new.given = (outer.items is not None and key in self.arrays) or scope.level == 2
            if new.given:
                new.above = (*outer.above, new.values)
            else:
                self.put(outer, new.values)
        return new

    def put(self, into: _Open, value: Any) -> None:
        self.held += 1
        if self.held > MAX_HELD:
            raise TooLarge(f"A dictionary with more than {MAX_HELD:,} values")
        if into.items is not None:
            into.items.append(value)
        else:
            into.values[into.next_key] = value

    def take(self, into: _Open, record: Element) -> None:
        if record.tag == "key":
            into.next_key = record.text or ""
        else:
            self.put(into, _value(record))


def dictionaries(chunks: Iterable[bytes], arrays: frozenset[str]) -> Iterator[Dictionary | Notice]:
    """The dictionaries that stand in the `arrays` of these keys, inner ones first, then the
    outermost (its key is empty), each without those that were given before.

    `above` holds the ones around it, outermost first, as far as they have been read.
    """
    reader = _Reader(arrays)
    for part in elements(chunks, SCOPES, frozenset({"key"})):
        if isinstance(part, Notice):
            yield part
            continue
        found: _Open = part.scope.state or reader.open(part.scope)
        for record in part.records:
            reader.take(found, record)
        if part.ended and found.given:
            reader.held = found.held
            yield Dictionary(found.key, found.values, found.above[:-1])


def _value(record: Element) -> Any:
    text = (record.text or "").strip()
    if record.tag in SCALARS:
        return SCALARS[record.tag]
    if record.tag in ("integer", "real"):
        return _json.number(text)
    return text
