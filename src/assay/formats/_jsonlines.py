"""Lines of JSON among which there may be others: events that a tool writes while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from assay.errors import Malformed, TooLarge
from assay.formats._shapes import read
from assay.formats._text import as_utf8, uncoloured
from assay.model import Notice

S = TypeVar("S", bound=msgspec.Struct)


def batches(
    chunks: Iterable[bytes], decoder: msgspec.json.Decoder[S], begins: tuple[bytes, ...]
) -> Iterator[Sequence[S | Notice | str]]:
    """The document's lines, some at a time: objects in the decoder's shape, other lines as they
    are, and a Notice for one that begins as the tool's own do and is no object."""
    begun: list[bytes] = []
    for chunk in as_utf8(chunks):
        *whole, last = chunk.rsplit(b"\n", 1)
        if not whole:
            begun.append(last)
            continue
        block, begun = b"".join((*begun, *whole)), [last]
        yield _decoded(uncoloured(block), decoder, begins)
    if rest := b"".join(begun):
        yield _decoded(uncoloured(rest), decoder, begins)


def _decoded(
    block: bytes, decoder: msgspec.json.Decoder[S], begins: tuple[bytes, ...]
) -> Sequence[S | Notice | str]:
    """All at once where all are objects, as is usual."""
    try:
        return decoder.decode_lines(block)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return [_line(line.strip(b"\r"), decoder, begins) for line in block.split(b"\n")]


def _line(
    line: bytes, decoder: msgspec.json.Decoder[S], begins: tuple[bytes, ...]
) -> S | Notice | str:
    text = line.lstrip()
    if not text.startswith(b"{"):
        return line.decode("utf-8", "replace")
    try:
        found = read(text, decoder)
    except (Malformed, TooLarge) as error:
        if any(text.startswith(begin) or begin.startswith(text) for begin in begins):
            return Notice(f"A line was left out. {error.message}")
        found = None
    return line.decode("utf-8", "replace") if found is None else found
