"""Where a JSON value ends, in bytes of which the rest may not have come yet."""

from __future__ import annotations

import re

import msgspec

from assay.errors import TooLarge

MAX_DEPTH = 900
"""Arrays and objects within each other, about what msgspec follows. Real reports have 15."""

TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]]', re.DOTALL)
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
SCALAR = re.compile(rb'[^\s,\]}\[{"]+')
OPEN, CLOSE = frozenset(b"{["), frozenset(b"}]")
QUOTE = ord('"')
SKIM = msgspec.json.Decoder(type=msgspec.Raw).decode


class BrokenError(Exception):
    """The document cannot be followed beyond here."""

    def __init__(self, message: str, where: str) -> None:
        self.message = message
        self.where = where or "the beginning"


def end_of(data: bytes, start: int, ended: bool, where: str) -> int:
    """Where the value that begins at `start` ends; 0 if that cannot be seen yet (or ever).

    msgspec skips a value without making objects and tells where something else begins: that
    something must be in sight, since `12` may go on. What it refuses is measured by brackets.
    """
    try:
        SKIM(memoryview(data)[start:])
    except RecursionError:
        raise TooLarge("Arrays and objects are nested too deeply", where) from None
    except msgspec.DecodeError as error:
        message = str(error)
        if "trailing characters" in message:
            return start + int(message[message.rindex(" ") + 1 : -1]) - 1
        if "truncated" in message and not ended:
            return 0
        return _end_by_brackets(data, start, ended, where)
    return len(data) if ended else 0


def _end_by_brackets(data: bytes, start: int, ended: bool, where: str) -> int:
    if data[start] not in OPEN:
        return _end_of_scalar(data, start, ended, where)
    depth = 0
    for token in TOKEN.finditer(data, start):
        byte = data[token.start()]
        if byte in OPEN:
            depth += 1
            if depth > MAX_DEPTH:
                raise TooLarge("Arrays and objects are nested too deeply", where)
        elif byte in CLOSE:
            depth -= 1
            if depth == 0:
                return token.end()
        elif token.end() == token.start() + 1:  # a string that does not end
            return 0
    return 0


def _end_of_scalar(data: bytes, start: int, ended: bool, where: str) -> int:
    pattern = STRING if data[start] == QUOTE else SCALAR
    found = pattern.match(data, start)
    if found and (found.end() < len(data) or ended):
        return found.end()
    if found or pattern is STRING:
        return 0
    raise BrokenError(f'A value was expected, not "{chr(data[start])}"', where)
