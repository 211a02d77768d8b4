"""TeamCity's service messages, found in whatever a build printed, with their escapes undone.

See "Service Messages" in TeamCity's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assay.formats import _text

_BEGINS = re.compile(r"##teamcity\[\s*([A-Za-z][\w-]*+)")
_VALUE = r"'((?:[^'|]++|\|.)*+)'"
_ATTRIBUTE = re.compile(rf"\s+([\w.-]+)\s*=\s*{_VALUE}")
_SINGLE = re.compile(rf"\s+{_VALUE}")
_ESCAPED = re.compile(r"\|(0x[0-9a-fA-F]{4}|.)", re.DOTALL)
ESCAPES = {"n": "\n", "r": "\r", "x": "\u0085", "l": "\u2028", "p": "\u2029"}

VALUE = ""
"""The key of a value that has no name: `##teamcity[buildNumber '7']`."""


class Message(NamedTuple):
    name: str
    values: dict[str, str]

    @property
    def flow(self) -> str:
        return self.values.get("flowId", "")


def messages(chunks: Iterable[bytes]) -> Iterator[Message | str]:
    """The messages, and between them what else is printed, a line (or what is left of it) each."""
    for line in _text.lines(chunks):
        at = 0
        for begins in _BEGINS.finditer(line):
            if begins.start() < at:
                continue
            if rest := line[at : begins.start()].rstrip():
                yield rest
            values, at = _values(line, begins.end())
            yield Message(begins[1], values)
        if at < len(line) or not line:
            yield line[at:]


def _values(line: str, at: int) -> tuple[dict[str, str], int]:
    """What a message says, and where it ends."""
    found: dict[str, str] = {}
    if single := _SINGLE.match(line, at):
        found[VALUE], at = unescaped(single[1]), single.end()
    while attribute := _ATTRIBUTE.match(line, at):
        found[attribute[1]], at = unescaped(attribute[2]), attribute.end()
    end = line.find("]", at)
    return found, end + 1 if end >= 0 else len(line)


def unescaped(value: str) -> str:
    return _text.unescaped(_ESCAPED.sub(_character, value)) if "|" in value else value


def _character(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) > 1:
        return chr(int(code, 16))
    return ESCAPES.get(code, code)
