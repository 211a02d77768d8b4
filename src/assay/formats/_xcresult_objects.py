"""The objects in an `.xcresult` bundle: typed, by length, as Xcode stores them since version 11.

`[` begins an object and `]` ends it. Its type comes first, defined (`T[K2:_nV6:String]`) or named
again (`S6:String`), then its keys (`K4:name`), each with an object, or of a scalar `_v` with a text
(`V3:abc`). An array's type is followed by its items. Lengths count bytes.
"""

from __future__ import annotations

import re
from typing import Any

from assay.errors import Malformed, TooLarge
from assay.formats._text import plain

BEGINS = b"[T[K2:_nV"
DEEPEST = 300

_NAME = re.compile(rb"\[T\[K2:_nV(\d{1,4}):([A-Za-z]+)")
_LENGTH = re.compile(rb"(\d{1,10}):")


def type_of(data: bytes) -> str:
    """The name of the object's type, "" where this is no such object."""
    found = _NAME.match(data)
    return found[2][: int(found[1])].decode("ascii") if found else ""


def read(data: bytes) -> Any:
    """The object as dicts, lists and texts; raises Malformed where it cannot be followed."""
    reader = _Reader(data)
    try:
        return reader.value(0)
    except (IndexError, ValueError):
        raise Malformed("The object ends in the middle", f"byte {reader.at}") from None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def value(self, depth: int) -> Any:
        """An object: a scalar as its text, an array as a list, any other one as a dict."""
        if depth > DEEPEST:
            raise TooLarge("Objects are nested too deeply", f"byte {self.at}")
        self._expect(b"[")
        kind = self._kind(depth)
        if kind == "Array":
            items: list[Any] = []
            while not self._ends():
                items.append(self.value(depth + 1))
            return items
        found: dict[str, Any] = {}
        while not self._ends():
            self._expect(b"K")
            key = self._text()
            found[key] = self._text_or_value(depth)
        return found.get("_v", found)

    def _text_or_value(self, depth: int) -> Any:
        if self.data[self.at : self.at + 1] == b"V":
            self.at += 1
            return self._text()
        return self.value(depth + 1)

    def _kind(self, depth: int) -> str:
        """The type's name; what it is derived from is of no use here."""
        mark = self.data[self.at : self.at + 1]
        self.at += 1
        if mark == b"S":
            return self._text()
        if mark != b"T":
            raise Malformed("A type was expected", f"byte {self.at}")
        return self._defined(depth)

    def _defined(self, depth: int) -> str:
        if depth > DEEPEST:
            raise TooLarge("Types are nested too deeply", f"byte {self.at}")
        self._expect(b"[")
        name = ""
        while not self._ends():
            self._expect(b"K")
            key = self._text()
            if self.data[self.at : self.at + 1] == b"V":
                self.at += 1
                name = self._text() if key == "_n" else (self._text() and name)
            else:
                self._defined(depth + 1)
        return name

    def _ends(self) -> bool:
        if self.data[self.at] == ord("]"):
            self.at += 1
            return True
        return False

    def _expect(self, mark: bytes) -> None:
        if self.data[self.at : self.at + 1] != mark:
            raise Malformed(f'"{mark.decode()}" was expected', f"byte {self.at}")
        self.at += 1

    def _text(self) -> str:
        length = _LENGTH.match(self.data, self.at)
        if length is None:
            raise Malformed("A length was expected", f"byte {self.at}")
        start, end = length.end(), length.end() + int(length[1])
        if end > len(self.data):
            raise Malformed("A text ends in the middle", f"byte {self.at}")
        self.at = end
        return "\n".join(map(plain, self.data[start:end].decode("utf-8", "replace").split("\n")))
