"""What a report format is: a name, a look at the head, and a parser from bytes to the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from msgspec import Struct

from assay.model import Item, PackedItem

HEAD_BYTES = 65_536
"""How much of a document `sniff` may look at."""


class Head(Struct, frozen=True, gc=False):
    """The beginning of a document, looked at once for all formats.

    `root` is the local name of an XML document's first element and `attributes` its attributes,
    `children` the local names of the elements that begin directly below it within the head;
    `namespace` is the root's (or empty). For JSON `kind` tells what the first value is and `keys`
    holds the first object's keys as far as they can be seen (of the first item, in an array).
    `text` is the decoded head, for formats that are neither (of plain text without its colours, see
    `_text.plain`), and `raw` its bytes, for those that are binary.
    """

    kind: str  # "xml" | "object" | "array" | "text" | "binary" | "empty"
    text: str
    root: str = ""
    namespace: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    nested: frozenset[str] = frozenset()  # keys one object deeper, e.g. of object["results"]
    raw: bytes = b""


class Piece(Struct, frozen=True):
    """One of the files that are a report together: its name as delivered, and its bytes."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """One report format, whole.

    `sniff` says whether the document that begins with this head is one; no two formats may claim
    the same document. `parse` streams: it takes the document in chunks of any size and yields
    results as soon as they are whole, in bounded memory. It raises `Malformed` only when nothing
    can be made of the document; what is whole in a truncated one is yielded, then a `Notice`.
    `packed` is for a format of which reports are huge: it yields the same with `Passes` in place
    of runs of plain results.
    `gather` is for a tool that writes a report as many files, such as one a test: it takes all
    documents of a delivery that `sniff` claims, and the files of it that are called as one of
    `beside` (base names in lower case), in any order, and reads them as one report. `parse` reads
    one of them alone. Pieces are lazy, and may be read at any time and more than once.
    `yields_to` names formats with which a tool says the same again: where a document of one of them
    lies in the same folder of a delivery, or in one above, this one is kept as an attachment.
    `bundle` finds the names of files that are part of such a report whatever is in them: they are
    pieces for `gather`, also those that `sniff` does not claim, and never other formats' reports.
    `reads` names formats whose documents this one reads, too, where it is named.
    `smart` says where a container stands in a tidied tree (the option of that name): it takes a
    path and returns the path to use instead.
    `made_by`, `how` (a command), `file` (the usual name) and `notes` (what becomes what, a sentence
    each) are shown to people, with `examples/<name>.*`, a small file made by the tool itself.
    """

    name: str
    title: str
    sniff: Callable[[Head], bool]
    parse: Callable[[Iterable[bytes]], Iterator[Item]]
    aliases: tuple[str, ...] = ()
    made_by: str = ""
    how: str = ""
    file: str = ""
    notes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    smart: Callable[[tuple[str, ...]], tuple[str, ...]] | None = None
    gather: Callable[[Iterable[Piece]], Iterator[Item]] | None = None
    beside: frozenset[str] = frozenset()
    yields_to: tuple[str, ...] = ()
    bundle: re.Pattern[str] | None = None
    packed: Callable[[Iterable[bytes]], Iterator[PackedItem]] | None = None
