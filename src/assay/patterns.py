"""File patterns as Ant, Maven and Jenkins have them, which is how test tools are told their files.

`?` is one character and `*` any number of them, never across a `/`; `**` as a whole segment is any
number of folders; a pattern that ends in `/` means everything below; several stand with commas
between them (Ant manual, "Patterns"). Matching takes at most length times length steps, whatever
the pattern: those who write patterns are not those who wait.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Piece = TypeVar("Piece")

ANY_FOLDERS = "**"


def matches(pattern: str, name: str) -> bool:
    """Whether a file's name, with its folders, is one that any of the patterns means.

    Both are relative to one root: a `/` or `./` in front says nothing. `\\` is a `/`. Letters count
    as they are written. A blank pattern means nothing.
    """
    segments = _segments(name)
    return any(_fits(each, segments) for each in map(_segments, pattern.split(",")) if each)


def _segments(name: str) -> list[str]:
    """The folders and the file; `**` for what a `/` at the end leaves open."""
    slashed = name.strip().replace("\\", "/")
    found = [each for each in slashed.split("/") if each not in ("", ".")]
    return [*found, ANY_FOLDERS] if found and slashed.endswith("/") else found


def _fits(pattern: Sequence[str], name: Sequence[str]) -> bool:
    return _covers(pattern, name, ANY_FOLDERS, _same_segment)


def _same_segment(pattern: str, segment: str) -> bool:
    return _covers(pattern, segment, "*", _same_character)


def _same_character(pattern: str, character: str) -> bool:
    return pattern in ("?", character)


def _covers(
    pattern: Sequence[Piece],
    text: Sequence[Piece],
    star: Piece,
    same: Callable[[Piece, Piece], bool],
) -> bool:
    """Whether the pattern, in which `star` is any number of pieces, covers the whole text. When it
    does not fit, only the last star takes one piece more: earlier ones have no better choice."""
    at = here = 0
    resume, taken = -1, 0
    while here < len(text):
        if at < len(pattern) and pattern[at] == star:
            resume, taken = at + 1, here
            at += 1
        elif at < len(pattern) and same(pattern[at], text[here]):
            at, here = at + 1, here + 1
        elif resume >= 0:
            taken += 1
            at, here = resume, taken
        else:
            return False
    return all(piece == star for piece in pattern[at:])
