"""Character references that stand for no character: `&#27;`, and halves of a UTF-16 pair.

Tools that print colours or emoji write them, and XML's rules end the document there. They are
dropped, pairs of halves are joined. (In a CDATA section they are plain text, and go all the same:
what a terminal would not show is not missed.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

FORBIDDEN = re.compile(
    rb"&#(?:0{0,9}(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])"
    rb"|x0{0,9}(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[eEfF]));"
)
"""The characters that `_text` drops where they stand as themselves (XML 1.0 §2.2)."""

HALVES = re.compile(
    rb"&#(?:(5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3])"
    rb"|x([dD][89a-fA-F][0-9a-fA-F]{2}));"
    rb"(?:&#(?:(5632\d|563[3-9]\d|56[4-9]\d\d|57[0-2]\d\d|573[0-3]\d|5734[0-3])"
    rb"|x([dD][c-fC-F][0-9a-fA-F]{2}));)?"
)
"""U+D800 to U+DFFF, and one from U+DC00 on after it."""

LONGEST = 40
"""Bytes at the end of a chunk in which the beginning of such a reference or pair may stand."""


def without_forbidden_references(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same document without them, whatever chunks it is cut into."""
    held = b""
    for chunk in chunks:
        text = held + chunk if held else chunk
        cut = text.find(b"&", max(0, len(text) - LONGEST))
        text, held = (text, b"") if cut < 0 else (text[:cut], text[cut:])
        yield _mend(text)
    yield _mend(held)


def _mend(text: bytes) -> bytes:
    if b"&" not in text or b"&#" not in text:  # a single byte is looked for at several GB/s
        return text
    return HALVES.sub(_character, FORBIDDEN.sub(b"", text))


def _character(halves: re.Match[bytes]) -> bytes:
    """The character that two halves make; nothing for a half alone."""
    high, low = _code(halves[1], halves[2]), _code(halves[3], halves[4])
    if not low or high >= 0xDC00:
        return b""
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).encode()


def _code(decimal: bytes | None, hexadecimal: bytes | None) -> int:
    return int(decimal) if decimal else int(hexadecimal or b"0", 16)
