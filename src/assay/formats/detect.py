"""Which format a document is in, from its head alone.

A format never sees bytes here: the head is looked at once, and each format's `sniff` judges what
was seen. Formats are told apart by root elements and keys, never by a file's name.
"""

from __future__ import annotations

import pyexpat
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import cast

import msgspec

from assay.errors import Ambiguous, UnknownFormat
from assay.formats._text import encoding_of, lines, whole_as_utf8
from assay.formats.format import HEAD_BYTES, Format, Head

TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]', re.DOTALL)
"""Of JSON only what shows its keys: strings (are they keys?) and brackets."""

JSON = re.compile(
    r'\{\s*(?:["}]|$)|\[\s*(?:["{\[\]]|$|-?\d[\d.eE+-]*\s*[,\]]|(?:true|false|null)\b)'
)
"""How a document begins that may be JSON; "[==========] Running 5 tests" is none."""

SUBUNIT = re.compile(rb"\xb3[\x20-\x2f]")
"""How a packet of Subunit begins, which may be without a NUL for long; and no UTF-8 does."""

MARKS_AND_SPACE = b"\xef\xbb\xbf\xff\xfe \t\r\n"
"""All that an empty file may hold."""

BINARIES = {
    b"\0\1\0\0Standard Jet DB": "a database of Microsoft Access (of LoadRunner's sessions send "
    "RunReport.xml instead)",
    b"\0\1\0\0Standard ACE DB": "a database of Microsoft Access",
    b"SQLite format 3\0": "a database of SQLite",
    b"%PDF-": "a PDF",
}
"""Files that are sent now and then and that nobody reads, by how they begin."""

MOST_JUDGED = 1_000
"""Sets of keys to remember."""

SMALL = 16_384
"""Characters of a document that is decoded to see its keys."""

_OBJECT = msgspec.json.Decoder(dict[str, object])

DEEPEST = 50
"""Levels of JSON to follow; keys of interest lie on the first two."""


def look(head: bytes) -> Head:
    """What the first bytes of a document show; never raises. See `Head`."""
    raw = head[:HEAD_BYTES]
    text = whole_as_utf8(raw).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if not text:
        return Head("binary" if head.strip(MARKS_AND_SPACE) else "empty", text, raw=raw)
    if text[0] == "<":
        return _look_at_xml(text)
    if JSON.match(text) and not head.startswith(b"\x1b"):
        return _look_at_json(text)
    if SUBUNIT.match(head) or (b"\0" in head[:1024] and not _is_wide(head)):
        return Head("binary", text, raw=raw)
    return Head("text", "\n".join(lines((raw,))).lstrip(), raw=raw)


def peek(chunks: Iterable[bytes]) -> tuple[Head, Iterator[bytes]]:
    """The head of a document that comes in chunks, and the document with its head still on."""
    rest = iter(chunks)
    first: list[bytes] = []
    seen = 0
    for chunk in rest:
        first.append(chunk)
        seen += len(chunk)
        if seen >= HEAD_BYTES:
            break
    return look(b"".join(first)), chain(first, rest)


def choose(
    formats: Sequence[Format], head: Head, name: str = "", judgement: Judgement | None = None
) -> Format:
    """The one of `formats` that claims this head, or whose bundle a file of this name is part of.

    Raises `UnknownFormat`, which says what was seen, or `Ambiguous`.
    """
    if name and (whole := next((f for f in formats if f.bundle and f.bundle.search(name)), None)):
        return whole
    claims = (judgement or Judgement(formats)).claims(head)
    if len(claims) > 1:
        raise Ambiguous([known.name for known in claims])
    if not claims:
        raise UnknownFormat(
            f"No known format: {_seen(head)}. /formats lists the {len(formats)} that Assay reads."
        )
    return claims[0]


def named(formats: Sequence[Format], name: str) -> Format:
    """The format of that name or alias, in whatever case; raises `UnknownFormat`."""
    wanted = name.strip().lower()
    for known in formats:
        if wanted == known.name or wanted in known.aliases:
            return known
    names = ", ".join(known.name for known in formats)
    raise UnknownFormat(f"There is no format named “{name}”. Those there are: {names}.")


def _seen(head: Head) -> str:
    if head.kind == "xml":
        return f"an XML document whose root is <{head.root}>" if head.root else "XML without a root"
    if head.kind in ("object", "array"):
        keys = ", ".join(sorted(head.keys)[:8]) or "none"
        return f"a JSON {head.kind} with the keys: {keys}"
    begun = head.text.partition("\n")[0][:60]
    text = f"text that begins with “{begun}”"
    if head.kind == "binary" and (kind := next(filter(head.raw.startswith, BINARIES), None)):
        return BINARIES[kind]
    return {"empty": "the file is empty", "binary": "the file is binary"}.get(head.kind, text)


def _is_wide(head: bytes) -> bool:
    return encoding_of(head)[1].startswith(("utf-16", "utf-32"))


class _Watched:
    """A head of JSON that notes whether anybody looks at its text. All but its keys is the same of
    any two such heads."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self.read = False

    def __getattr__(self, name: str) -> object:
        self.read = self.read or name in ("text", "raw")
        return getattr(self._head, name)


@dataclass(frozen=True, slots=True)
class _Judged:
    """Which formats claim all JSON of some keys, and which of them judge by its text, too."""

    claims: tuple[Format, ...]
    readers: tuple[Format, ...]


class Judgement:
    """What formats say of JSON documents that have the same keys.

    A report of a file a test has twenty thousand documents with but a handful of sets of keys. A
    `sniff` that looked at nothing else says the same of all of them, and is not asked again: a
    hundred of them take as long as it takes to read the file.
    """

    def __init__(self, formats: Sequence[Format]) -> None:
        self._formats = formats
        self._known: dict[tuple[str, frozenset[str], frozenset[str]], _Judged] = {}

    def claims(self, head: Head) -> list[Format]:
        """Those that claim it, in their order."""
        if head.kind not in ("object", "array"):
            return [known for known in self._formats if known.sniff(head)]
        keys = (head.kind, head.keys, head.nested)
        judged = self._known.get(keys)
        if judged is None:
            judged = self._judge(head)
            if len(self._known) < MOST_JUDGED:
                self._known[keys] = judged
        claims = [*judged.claims, *(each for each in judged.readers if each.sniff(head))]
        return sorted(claims, key=self._formats.index) if len(claims) > 1 else claims

    def _judge(self, head: Head) -> _Judged:
        claims, readers = [], []
        for known in self._formats:
            watched = _Watched(head)
            claimed = known.sniff(cast("Head", watched))
            if watched.read:
                readers.append(known)
            elif claimed:
                claims.append(known)
        return _Judged(tuple(claims), tuple(readers))


@dataclass(slots=True)
class _Glance:
    """What expat reports of a head before its end, or its first fault, stops it."""

    root: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    depth: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.depth == 0:
            self.root, self.attributes = tag, attributes
        elif self.depth == 1:
            self.children.add(tag.rpartition(":")[2])
        self.depth += 1

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def doctype(self, name: str, *_: object) -> None:
        self.root = name  # by XML 1.0 §2.8 the root's name, should an entity stop us before it

    def refuse(self, *_: object) -> None:
        raise _EnoughError


class _EnoughError(Exception):
    """Ends a glance: what follows is not to be read here."""


def _look_at_xml(text: str) -> Head:
    glance = _Glance()
    parser = pyexpat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = glance.doctype
    parser.EntityDeclHandler = glance.refuse
    parser.StartElementHandler = glance.start
    parser.EndElementHandler = glance.end
    with suppress(pyexpat.ExpatError, _EnoughError):
        parser.Parse(text.encode(), False)
    prefix, _, root = glance.root.rpartition(":")
    return Head(
        kind="xml",
        text=text,
        root=root,
        namespace=glance.attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", ""),
        attributes=tuple(glance.attributes.items()),
        children=frozenset(glance.children),
    )


def _look_at_json(text: str) -> Head:
    keys: set[str] = set()
    nested: set[str] = set()
    if text[0] == "{" and (found := _small(text)) is not None:
        keys.update(found)
        _add_inner(found.values(), nested)
    else:
        for objects, key in _keys(text):
            (keys if objects == 1 else nested).add(key)
    kind = "object" if text[0] == "{" else "array"
    return Head(kind, text, keys=frozenset(keys), nested=frozenset(nested))


def _small(text: str) -> dict[str, object] | None:
    """A small object whose keys need not be looked for, as they are soon decoded: that takes a
    tenth of the time. None of what is none, or has keys that may read otherwise."""
    if len(text) > SMALL or "\\" in text:
        return None
    try:
        return _OBJECT.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def _add_inner(values: Iterable[object], keys: set[str], depth: int = 1) -> None:
    """Add the keys of the objects among these values, and in lists among them."""
    for value in values:
        if type(value) is dict:
            keys.update(value)
        elif type(value) is list and depth < DEEPEST:
            _add_inner(value, keys, depth + 1)


def _keys(text: str) -> Iterator[tuple[int, str]]:
    """(number of objects around it, key) for the keys in the first object and one object deeper."""
    open_brackets: list[str] = []
    for token in TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            open_brackets.append(mark)
        elif mark in "}]":
            open_brackets.pop()
            if open_brackets.count("{") == 0 and mark == "}":
                return
        elif token[2] and (objects := open_brackets.count("{")) <= 2:
            yield objects, token[1]
        if not 0 < len(open_brackets) <= DEEPEST:
            return
