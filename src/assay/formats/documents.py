"""Where the reports are in a file: behind what else was printed, and one behind another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from assay.errors import AssayError
from assay.formats._json import More
from assay.formats._text import as_utf8
from assay.formats.detect import look, peek
from assay.formats.format import Format, Head
from assay.model import Notice, PackedItem

BEGINNING = re.compile(rb"^[ \t]*+(?=<\?xml\s|<[A-Za-z]|[\[{])", re.MULTILINE)
"""Where a report may begin in what a program has printed: at the beginning of a line."""

MOST_BEGINNINGS = 100
"""Of them to look at: lines of a log that begin with a bracket are no news."""

Choose = Callable[[Head], Format]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report begins in a file: its format, and how much of other output stands before it,
    in bytes of UTF-8 and in lines."""

    format: Format
    offset: int = 0
    lines: int = 0


def within(head: Head, choose: Choose) -> Place | None:
    """The report that stands behind other output, in a text that is none itself.

    It begins in the first line with which an XML or JSON document of one known format begins.
    """
    if head.kind != "text":
        return None
    printed = b"".join(as_utf8((head.raw,)))
    for found in islice(BEGINNING.finditer(printed), MOST_BEGINNINGS):
        place = found.start()
        with suppress(AssayError):
            return Place(choose(look(printed[place:])), place, printed.count(b"\n", 0, place))
    return None


def read(place: Place, chunks: Iterable[bytes]) -> Iterator[PackedItem]:
    """The items of the report that begins there, and of those of its format that follow it.

    Raises what the format's parser raises of the first.
    """
    if place.offset:
        yield Notice(f"{place.lines:,} lines of other output before the report were left out")
        chunks = _behind(as_utf8(chunks), place.offset)
    yield from documents(place.format, chunks)


def documents(known: Format, chunks: Iterable[bytes]) -> Iterator[PackedItem]:
    """The items of the documents of this format that stand one behind another."""
    parse = known.packed or known.parse
    rest: Iterable[bytes] | None = chunks
    while rest is not None:
        document, rest = rest, None
        for item in parse(document):
            if isinstance(item, More):
                head, behind = peek(item.rest)
                if known.sniff(head):
                    rest = behind
                    continue
            yield item


def _behind(chunks: Iterable[bytes], place: int) -> Iterator[bytes]:
    for chunk in chunks:
        if len(chunk) > place:
            yield chunk[place:]
        place = max(0, place - len(chunk))
