"""The YAML that test tools print: mappings, lists, texts; what is no such YAML becomes text.

TAP's diagnostics are the whole use of it (TAP 14, "YAML Diagnostics"). Anchors, tags and types are
not resolved: a value is a text, a list or a mapping. Nothing is ever refused.
"""

from __future__ import annotations

import re
from typing import Any

from assay.errors import Malformed, TooLarge
from assay.formats import _json
from assay.formats._text import uncoloured, unescaped

DEEPEST = 40

_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'\[{:][^:]*)\s*:(?:\s+(.*))?$""")
_BLOCK = re.compile(r"([|>])[-+0-9]*\s*(?:#.*)?$")
_ITEM = re.compile(r"-(?:\s+(.*))?$")
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "", "e": ""}


def read(lines: list[str]) -> dict[str, Any]:
    """The mapping that these lines are; an empty one where they are none."""
    found, _ = _value(lines, 0, DEEPEST)
    return found if isinstance(found, dict) else {}


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def dedented(lines: list[str]) -> list[str]:
    """The lines without the spaces that all of them begin with."""
    margin = min((indent_of(line) for line in lines if line.strip()), default=0)
    return [line[margin:] for line in lines]


def _value(lines: list[str], at: int, depth: int) -> tuple[Any, int]:
    """The value that begins there, by how far it is indented, and the line behind it."""
    at = _behind_blanks(lines, at)
    if at >= len(lines):
        return "", at
    margin, first = indent_of(lines[at]), lines[at].strip()
    if depth and _ITEM.match(first):
        return _list(lines, at, margin, depth)
    if depth and _KEY.match(first) and first[0] not in "{[":
        return _mapping(lines, at, margin, depth)
    end = _end_of(lines, at, margin)
    return scalar(" ".join(line.strip() for line in lines[at:end])), end


def _mapping(lines: list[str], at: int, margin: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while at < len(lines) and indent_of(lines[at]) == margin:
        key = _KEY.match(lines[at].strip())
        if key is None:
            at += 1
        else:
            told, at = _told(lines, at, margin, key[2] or "", depth)
            found[str(scalar(key[1].rstrip()))] = told
        at = _behind_blanks(lines, at)
    return found, at


def _list(lines: list[str], at: int, margin: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while at < len(lines) and indent_of(lines[at]) == margin:
        item = _ITEM.match(lines[at].strip())
        if item is None:
            break
        told, at = _told(lines, at, margin, item[1] or "", depth)
        found.append(told)
        at = _behind_blanks(lines, at)
    return found, at


def _told(lines: list[str], at: int, margin: int, first: str, depth: int) -> tuple[Any, int]:
    """What stands behind a key or a dash, and in the lines below that are indented further."""
    below = at + 1
    end = _end_of(lines, below, margin + 1) if below < len(lines) else below
    if block := _BLOCK.match(first):
        text = dedented(lines[below:end])
        return (_folded(text) if block[1] == ">" else "\n".join(text)).rstrip("\n"), end
    if first:
        return scalar(" ".join([first, *(line.strip() for line in lines[below:end])]).strip()), end
    next_one = _behind_blanks(lines, below)
    dashes = next_one < len(lines) and lines[next_one].startswith(" " * margin + "- ")
    if next_one >= end and not dashes:
        return "", end
    return _value(lines, next_one, depth - 1)


def _folded(lines: list[str]) -> str:
    return re.sub(r"(?<!\n)\n(?!\n)", " ", "\n".join(lines))


def _end_of(lines: list[str], at: int, margin: int) -> int:
    """The first line from there on that is indented less, blank ones aside."""
    while at < len(lines) and (not lines[at].strip() or indent_of(lines[at]) >= margin):
        at += 1
    return at


def _behind_blanks(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def scalar(text: str) -> Any:
    """A text without its quotes, or what JSON says where it is JSON's array or object."""
    if text[:1] in ("{", "["):
        try:
            return _json.decode(uncoloured(text.encode()))
        except (Malformed, TooLarge):
            return text
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return unescaped(_ESCAPE.sub(_character, text[1:-1]))
    return "" if text in ("~", "null") else text


def _character(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else ESCAPES.get(code, code)
