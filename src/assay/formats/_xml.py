"""The hardened XML reader: the elements a format wants, streamed, from documents not to be trusted.

A format names the elements that hold others (*scopes*: suites) and gets everything directly within
one (*records*: test cases, properties, output) as soon as it is whole, as a small tree. Only the
open scopes, the records of one piece of input and the one that is still growing are in memory.

Expat's callbacks go straight to ElementTree's builder, both in C, and `Harvest` looks at what has
grown once a piece: no Python runs per element. On 100,000 test cases that costs 1.3 times what lxml
takes to build the tree; `Runs` halves it where most records are plain.

Bounded are nesting, tags, texts, names, and the size of a record. Forgiven are documents cut short,
further documents after the first, and references to characters that XML forbids.
"""

from __future__ import annotations

import pyexpat
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, TreeBuilder

from assay.errors import Malformed, TooLarge
from assay.formats._expat import AFTER_THE_END, hardened, mute
from assay.formats._harvest import MAX_DEPTH, Harvest, Part, Scope, too_deep
from assay.formats._references import without_forbidden_references
from assay.formats._runs import RUN, Plain, Runs, columns_of
from assay.formats._text import as_utf8
from assay.model import Notice

__all__ = [
    "MAX_DEPTH",
    "RUN",
    "Element",
    "Part",
    "Plain",
    "Scope",
    "columns_of",
    "elements",
    "too_deep",
]

PIECE = 65_536
"""Bytes given to expat at a time, however the input came."""

MAX_TAG = 4 << 20
"""Bytes of one tag with its attributes, or of one comment."""

MAX_TEXT = 16 << 20
"""Bytes of one record after which the rest of its text is left out."""

MAX_ELEMENTS = 500_000
"""Elements in one record."""

MAX_NAMES = 100_000
"""Different names of elements and attributes in one document."""

MAX_DOCUMENTS = 1_000
"""Documents one after the other in one file."""


def elements(
    chunks: Iterable[bytes],
    scopes: frozenset[str],
    wanted: frozenset[str],
    plain: Plain | None = None,
    several: bool = False,
) -> Iterator[Part | Notice]:
    """The records of a document, part by part, and what is odd about it.

    Raises `Malformed` when the root is none of `scopes`, when entities are declared, and when the
    document ends early or breaks XML's rules before one record with a `wanted` tag was whole (after
    that it is a `Notice`); `TooLarge` beyond a limit. However the input is cut, the same comes out.
    Records that are `plain` may come together, as one with the tag `RUN` (see `columns_of`). That
    there are `several` documents is only odd where a tool does not write them so.
    """
    reader = _Reader(scopes, wanted | {RUN}, plain, several)
    for piece in without_forbidden_references(_even(as_utf8(chunks))):
        yield from reader.read(piece)
        if reader.broken:
            return
    yield from reader.finish()


def _even(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of `PIECE`, so that nothing depends on how they came."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        whole = len(held) - len(held) % PIECE
        for start in range(0, whole, PIECE):
            yield bytes(held[start : start + PIECE])
        del held[:whole]
    if held:
        yield bytes(held)


@dataclass(slots=True)
class _Growth:
    """The element that may still be open, and about how many bytes have gone into it."""

    element: Element
    size: int = 0
    count_at: int = 1 << 20


@dataclass(slots=True)
class _Reader:
    scopes: frozenset[str]
    wanted: frozenset[str]
    plain: Plain | None
    several: bool
    builder: TreeBuilder = field(default_factory=TreeBuilder)
    names: dict[str, str] = field(default_factory=dict)  # of elements and attributes, by expat
    harvest: Harvest = field(init=False)
    parser: pyexpat.XMLParserType = field(init=False)
    growth: _Growth = field(init=False)
    runs: Runs | None = field(init=False)
    waiting: list[bytes] = field(default_factory=list)
    documents: int = 0
    lines: int = 0  # before the current document
    given: int = 0  # bytes, to the current parser
    last: bytes = b""  # what the parser got last
    at: int = 0  # where in the current piece what it gets now begins
    pending: int = 0  # bytes of an unfinished tag that expat holds
    found: bool = False  # a wanted record
    broken: bool = False

    def __post_init__(self) -> None:
        top = self.builder.start("", {})
        self.harvest = Harvest(top, self.scopes)
        self.growth = _Growth(top)
        self._begin()

    def read(self, piece: bytes) -> Iterator[Part | Notice]:
        """Take a piece; what it made whole."""
        self.waiting.append(piece)
        # Expat scans an unfinished tag again from its beginning: give it twice as much each time.
        if self.pending < PIECE or len(self.waiting) * PIECE >= self.pending:
            yield from self._feed()

    def finish(self) -> Iterator[Part | Notice]:
        """The file is over; what is left."""
        yield from self._feed()
        if self.broken or (self.documents > 1 and not self.given):
            return
        try:
            self.parser.Parse(b"", True)
        except pyexpat.ExpatError as error:
            yield from self._stop(error)
        else:
            yield from self._see(self.harvest.take_rest())

    # A document, and the next

    def _begin(self) -> None:
        self.documents += 1
        if self.documents > MAX_DOCUMENTS:
            raise TooLarge(f"More than {MAX_DOCUMENTS} documents in one file", self._where(1))
        self.names.clear()
        self.given, self.last, self.pending = 0, b"", 0
        self.runs = Runs(self.plain, self.scopes, self.builder) if self.plain else None
        self.parser = hardened(self.runs or self.builder, self.names, self._accept)
        if self.runs:
            self.runs.watch(self.parser)

    def _accept(self, root: str) -> None:
        if self.documents == 1 and root not in self.scopes:
            expected = " or ".join(f"<{tag}>" for tag in sorted(self.scopes))
            raise Malformed(f"The document's root is <{root}>, expected was {expected}")

    def _feed(self) -> Iterator[Part | Notice]:
        piece = b"".join(self.waiting)
        self.waiting.clear()
        while piece and not self.broken:
            piece = yield from self._parse(piece if self.given else self._skip(piece))

    def _skip(self, piece: bytes) -> bytes:
        """Without what stands before a document: space, or anything if it is not the first."""
        start = piece.find(b"<") if self.documents > 1 else len(piece) - len(piece.lstrip())
        skipped = piece if start < 0 else piece[:start]
        self.lines += skipped.count(b"\n")
        return piece[len(skipped) :]

    def _parse(self, piece: bytes) -> Generator[Part | Notice, None, bytes]:
        """Yields what became whole; returns what belongs to a further document."""
        position = 0
        try:
            while position < len(piece):
                position = self._give(piece, position)
        except pyexpat.ExpatError as error:
            if error.code == AFTER_THE_END:
                yield from self._see(self.harvest.take_rest())
                return (yield from self._another(piece))
            yield from self._stop(error)
            return b""
        self._measure()
        yield from self._see(self.harvest.take())
        yield from self._weigh(len(piece))
        return b""

    def _give(self, piece: bytes, position: int) -> int:
        """Read a run of plain records, and let expat read on to where the next may begin."""
        end = len(piece)
        if self.runs and not self.runs.pays():
            self.runs.give_up(self.parser)
            self.runs = None
        if self.runs:
            start = position
            if self.runs.is_between(self.parser, self.given, self.last):
                position = self.runs.take(piece, start)
                self.lines += piece.count(b"\n", start, position)
            end = self.runs.next_mark(piece, position)
        self.at = position
        part = piece[position:end]
        self.parser.Parse(part, False)
        self.given += len(part)
        self.last = part
        return end

    def _another(self, piece: bytes) -> Generator[Notice, None, bytes]:
        start = self.parser.ErrorByteIndex - self.given
        line = self.parser.ErrorLineNumber
        if self.documents == 1 and not self.several:
            yield Notice(
                "The document has ended here; further documents in the file are read too, "
                "anything else is left out",
                self._where(line),
            )
        self.lines += line - 1
        rest = self.last[start:] + piece[self.at :] if start < 0 else piece[self.at + start :]
        self._begin()
        return rest

    def _stop(self, error: pyexpat.ExpatError) -> Iterator[Part | Notice]:
        """Give what is whole, and say that the rest is missing."""
        self.broken = True
        unfinished = self._unfinished()
        yield from self._see(self.harvest.take_rest(unfinished))
        why = pyexpat.ErrorString(error.code)
        path = "/".join(element.tag for element in unfinished[:MAX_DEPTH])
        where = f"{self._where(error.lineno)}, column {error.offset + 1}" + (
            path and f", in {path}"
        )
        if not self.found:
            raise Malformed(f"Not well-formed XML: {why}", where)
        said = f"The document is damaged or cut short here, the rest is lost: {why}"
        yield Notice(said, where, lost=True)

    def _unfinished(self) -> list[Element]:
        """The elements that are open, outermost first. Nothing can be built afterwards."""
        probe = self.builder.start("", {})  # lands in the innermost
        path = [self.harvest.top]
        while path[-1][-1] is not probe:
            path.append(path[-1][-1])
        del path[-1][-1]
        return path[1:]

    def _see(self, parts: Iterator[Part]) -> Iterator[Part]:
        for part in parts:
            if not self.found:
                self.found = any(record.tag in self.wanted for record in part.records)
            yield part

    def _where(self, line: int) -> str:
        return f"line {self.lines + line}"

    # Limits

    def _measure(self) -> None:
        self.pending = self.given - self.parser.CurrentByteIndex
        where = self._where(self.parser.CurrentLineNumber)
        if self.pending > MAX_TAG:
            raise TooLarge(f"A tag of more than {MAX_TAG >> 20} MB", where)
        if len(self.names) > MAX_NAMES:
            raise TooLarge(f"More than {MAX_NAMES:,} different names of elements", where)

    def _weigh(self, more: int) -> Iterator[Notice]:
        """Bound the element that is growing."""
        growth, element = self.growth, self.harvest.growing
        if element is not growth.element:
            self.growth = _Growth(element)
            return
        before, growth.size = growth.size, growth.size + more
        if before <= MAX_TEXT < growth.size:
            mute(self.parser, self.builder, element, element.tag in self.scopes)
            yield Notice(
                f"<{element.tag}> has more than {MAX_TEXT >> 20} MB, the rest of its text is lost",
                self._where(self.parser.CurrentLineNumber),
            )
        if growth.size > growth.count_at:
            growth.count_at *= 2
            self._count(element)

    def _count(self, element: Element) -> None:
        if sum(1 for _ in element.iter()) > MAX_ELEMENTS:
            where = self._where(self.parser.CurrentLineNumber)
            raise TooLarge(f"More than {MAX_ELEMENTS:,} elements in one <{element.tag}>", where)
