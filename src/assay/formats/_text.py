"""Bytes of any encoding, as clean UTF-8, whole or line by line.

Whatever a tool wrote (UTF-16 from a Windows shell, Latin-1, GBK, bytes that are no text at all),
what comes out is valid UTF-8 without the characters that XML 1.0 forbids (§2.2): NULs, terminal
colours' escapes and the like. JSON has no more use for those than XML has.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

FORBIDDEN = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
"""The control characters that XML 1.0 has no place for, as single bytes of UTF-8."""

UNPRINTED = dict.fromkeys(FORBIDDEN)

NONCHARACTERS = re.compile("[\ufffe\uffff]")
"""Forbidden too, and longer than a byte."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

UNMARKED = (
    (re.compile(rb"[^\0]\0\0\0", re.DOTALL), "utf-32-le"),
    (re.compile(rb"\0\0\0[^\0]", re.DOTALL), "utf-32-be"),
    (re.compile(rb"[<{\[\s]\0[^\0]\0", re.DOTALL), "utf-16-le"),
    (re.compile(rb"\0[<{\[\s]\0[^\0]", re.DOTALL), "utf-16-be"),
)
"""How a document whose first character is ASCII begins (XML 1.0, appendix F; RFC 4627 §3)."""

DECLARED = re.compile(rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")

TEXT_CODECS = re.compile(
    "ascii|utf-8|iso8859-|cp[0-9]|gb|big5|euc_|shift_jis|johab|koi8|mac-|hz$|iso2022|tis-620|ptcp|kz"
)
"""Python's names of the codecs that a document may declare; others (zlib, idna …) are no text."""

WITHIN_ASCII = re.compile("ascii|utf-8|iso8859-|cp125|koi8|gb|euc_|big5")
"""Those in which bytes below 128 are ASCII and, alone, nothing else."""

COLOURS = re.compile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[@-Z\\\\-_])")
"""What a program writes to colour a terminal or to move its cursor (ECMA-48 §5.4)."""

_ESCAPES = re.compile(
    rb"(?<!\\)((?:\\\\)*)\\u00(?:00|1[bB](?:\[[0-9;?]*[A-Za-z])?)",
)
"""NULs and the terminal's colours, as JSON escapes them."""

_HALVES = re.compile("[\ud800-\udfff]")

LONGEST = 1 << 20
"""Characters of a line; one that is longer is cut, and goes on as the next."""

PLAIN = (b"{", b"[")
"""What begins so, without a NUL in its first four bytes, has neither a mark nor a declaration."""

ENOUGH = 512
"""Bytes that tell the encoding: a mark, or an XML declaration."""


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of what a program printed, without their ends, colours and control characters.

    However the input is cut, they are the same.
    """
    encoding, whole = _begun(chunks)
    rest = ""
    for text in codecs.iterdecode(whole, encoding, "replace"):
        *ended, rest = (rest + text).split("\n")
        for line in ended:
            yield from map(plain, _cut(line))
        *full, rest = _cut(rest)
        yield from map(plain, full)
    if rest:
        yield plain(rest)


def _cut(line: str) -> list[str]:
    if len(line) <= LONGEST:
        return [line]
    return [line[start : start + LONGEST] for start in range(0, len(line), LONGEST)]


def plain(text: str) -> str:
    """What is to be read of what a program printed: no colours, no control characters."""
    return _shown(text.rstrip("\r"))


def _shown(text: str) -> str:
    return text if text.isprintable() else COLOURS.sub("", text).translate(UNPRINTED)


def unescaped(text: str) -> str:
    """A text in which a tool's escapes stood, clean as it would be without: UTF-16's halves are
    joined or U+FFFD, there are no colours and no control characters."""
    if _HALVES.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _shown(text)


def uncoloured(raw: bytes) -> bytes:
    """The same JSON without NULs and the terminal's colours."""
    return _ESCAPES.sub(rb"\1", raw) if b"\\u00" in raw else raw


def as_utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same text in clean UTF-8, in pieces; what cannot be decoded becomes U+FFFD.

    However the input is cut, the pieces join to the same bytes. A byte order mark is dropped. An
    XML declaration stays as it was, though the encoding it names is no longer the document's.
    """
    encoding, whole = _begun(chunks)
    return _decode(whole, encoding)


def whole_as_utf8(whole: bytes) -> bytes:
    """The same as `as_utf8`, of all bytes at once."""
    if whole.isascii() and encoding_of(whole) == (b"", "utf-8"):
        return whole.translate(None, FORBIDDEN)
    return b"".join(as_utf8((whole,)))


def as_written(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes as they are, of a document that counts them or has files within, unless a shell
    has made UTF-16 or the like of it; then it is UTF-8."""
    rest = iter(chunks)
    head = b""
    for chunk in rest:
        head += chunk
        if len(head) >= ENOUGH:
            break
    mark, encoding = encoding_of(head)
    return (
        chain((head[len(mark) :],), rest) if encoding == "utf-8" else as_utf8(chain((head,), rest))
    )


def _begun(chunks: Iterable[bytes]) -> tuple[str, Iterator[bytes]]:
    """The text's encoding, and its bytes behind the mark that tells it."""
    rest = iter(chunks)
    head = b""
    for chunk in rest:
        head += chunk
        if len(head) >= ENOUGH:
            break
    mark, encoding = encoding_of(head)
    return encoding, chain((head[len(mark) :],), rest)


def encoding_of(head: bytes) -> tuple[bytes, str]:
    """The byte order mark that `head` begins with (or nothing), and the name of its codec.

    A declaration that is unknown or cannot be true (UTF-16 in plain ASCII) counts for nothing:
    such documents are UTF-8 that a tool has passed on without looking.
    """
    if head.startswith(PLAIN) and b"\0" not in head[:4]:
        return b"", "utf-8"
    for mark, name in MARKS:
        if head.startswith(mark):
            return mark, name
    for pattern, name in UNMARKED:
        if pattern.match(head):
            return b"", name
    declared = DECLARED.match(head)
    return b"", _codec(declared[1].decode("ascii")) if declared else "utf-8"


def _codec(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return "utf-8"
    if name == "iso8859-1":  # what says Latin-1 and uses 0x80 to 0x9F means Windows (WHATWG)
        return "cp1252"
    return name if TEXT_CODECS.match(name) else "utf-8"


def _decode(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    direct = WITHIN_ASCII.match(encoding) is not None
    for chunk in chunks:
        if direct and chunk.isascii() and not decoder.getstate()[0]:
            yield chunk.translate(None, FORBIDDEN)
        elif text := decoder.decode(chunk):
            yield _encode(text)
    if text := decoder.decode(b"", final=True):
        yield _encode(text)


def _encode(text: str) -> bytes:
    kept = text if text.isascii() else NONCHARACTERS.sub("", text)
    return kept.encode("utf-8", "replace").translate(None, FORBIDDEN)
