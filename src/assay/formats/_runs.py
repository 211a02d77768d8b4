"""Runs of records that are a single tag each, read at once.

Nine of ten test cases are `<testcase classname="…" name="…" time="0.1"/>`, one after another. Such
a run is told by one regular expression and never shown to expat, which saves a third of all that
parsing costs. It is only looked for where expat stands between two records, in what is neither a
comment nor CDATA, and takes nothing in which XML's rules for attributes would change a character:
the same comes out as by expat's way.
"""

from __future__ import annotations

import pyexpat
import re
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder

RUN = "\0run"
"""The tag of the record that stands for a run; no element of a document can be called so."""

ATTRIBUTE = r'\s++([A-Za-z_][\w.-]*+)="[^"<&\t\r\n]*+"'
VALUE = r'[^"<&\t\r\n]*+'

SPACE = re.compile(rb"\s*+")

PATIENCE = 64
"""Times to look for a run before asking whether it pays."""


class Plain(NamedTuple):
    """Which records may come in runs: their tag, and exactly these attributes in any order."""

    tag: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What a run looks like whose attributes come in one order."""

    run: re.Pattern[bytes]
    places: tuple[int, ...]  # of the wanted names among a record's attributes


def columns_of(record: Element) -> list[list[str]]:
    """For each of `Plain.names`, in their order, its values in a run's records."""
    found: Any = record.attrib
    columns: list[list[str]] = found["columns"]
    return columns


class Runs:
    """Looks for runs in one document. `start` and `end` are expat's way to the builder, which it
    follows to know where expat stands."""

    def __init__(self, plain: Plain, scopes: frozenset[str], builder: TreeBuilder) -> None:
        self.plain = plain
        self.scopes = scopes
        self.builder = builder
        self.data = builder.data
        self.mark = b"<" + plain.tag.encode()
        self.alike = re.compile(_alike(plain.tag).encode())
        self.pattern: _Pattern | None = None
        self.in_cdata = False
        self.depth = 0
        self.scope_depth = 0
        self.tries = 0
        self.rows = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        self.depth += 1
        if tag in self.scopes:
            self.scope_depth += 1
        return self.builder.start(tag, attributes)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        if tag in self.scopes:
            self.scope_depth -= 1
        return self.builder.end(tag)

    def pays(self) -> bool:
        """Are runs as frequent as to be worth looking for?"""
        return self.tries < PATIENCE or self.rows * 2 > self.tries

    def watch(self, parser: pyexpat.XMLParserType) -> None:
        """Follow where CDATA begins and ends."""
        parser.StartCdataSectionHandler = lambda: setattr(self, "in_cdata", True)
        parser.EndCdataSectionHandler = lambda: setattr(self, "in_cdata", False)

    def give_up(self, parser: pyexpat.XMLParserType) -> None:
        """Follow no longer, so that it costs nothing."""
        parser.StartCdataSectionHandler = parser.EndCdataSectionHandler = None
        if parser.StartElementHandler == self.start:  # and not one that does more
            parser.StartElementHandler = self.builder.start
            parser.EndElementHandler = self.builder.end

    def is_between(self, parser: pyexpat.XMLParserType, given: int, last: bytes) -> bool:
        """Does expat, after the `last` of the bytes it was given, stand between two records?"""
        if self.depth != self.scope_depth or not self.depth or self.in_cdata:
            return False
        token = parser.CurrentByteIndex - given + len(last)  # where the latest one begins in `last`
        if token < 0:
            return False
        begun = last[token : token + 2]
        if begun[:1] != b"<":
            return True
        return begun[1:] not in (b"!", b"?", b"") and last[-1:] == b">"

    def take(self, piece: bytes, position: int) -> int:
        """Give the builder the run that begins there, as one record; the place where it ends."""
        self.tries += 1
        found = self.pattern.run.match(piece, position) if self.pattern else None
        if found is None:
            if not self._learn(piece, position) or self.pattern is None:
                return position
            found = self.pattern.run.match(piece, position)
        if found is None or self.pattern is None:
            return position
        # The pattern allows quotes around values only: every second piece between them is one.
        values = piece[position : found.end()].decode().split('"')[1::2]
        width = len(self.plain.names)
        columns = [values[place::width] for place in self.pattern.places]
        self.rows += len(columns[0])
        attributes: Any = {"columns": columns}
        self.builder.start(RUN, attributes)
        self.builder.end(RUN)
        return found.end()

    def next_mark(self, piece: bytes, position: int) -> int:
        """Where the next record after this one may begin, or the end."""
        found = piece.find(self.mark, _behind_space(piece, position) + 1)
        return found if found >= 0 else len(piece)

    def _learn(self, piece: bytes, position: int) -> bool:
        """Take the order of attributes from the record there, if it is a plain one."""
        found = self.alike.match(piece, position)
        if found is None:
            return False
        order = tuple(name.decode() for name in re.findall(ATTRIBUTE.encode(), found[0]))
        if sorted(order) != sorted(self.plain.names):
            return False
        self.pattern = _pattern(self.plain, order)
        return True


def _behind_space(piece: bytes, position: int) -> int:
    found = SPACE.match(piece, position)
    return found.end() if found else position


def _alike(tag: str) -> str:
    return rf"\s*+<{tag}(?:{ATTRIBUTE}){{1,8}}+\s*+(?:/>|>\s*+</{tag}>)"


def _pattern(plain: Plain, order: tuple[str, ...]) -> _Pattern:
    attributes = "".join(rf'\s++{name}="{VALUE}"' for name in order)
    run = rf"(?>\s*+<{plain.tag}{attributes}\s*+(?:/>|>\s*+</{plain.tag}>))++"
    return _Pattern(re.compile(run.encode()), tuple(order.index(name) for name in plain.names))
