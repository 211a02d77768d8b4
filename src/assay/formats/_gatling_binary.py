"""Gatling's simulation.log as it is since version 3.12: records of bytes instead of lines.

Numbers are big-endian. A text is its length, its bytes and a byte that tells whether they are
Latin-1 or UTF-16, as Java keeps them; most are preceded by a number: a new one gives the text that
follows its number, the negative of an old one stands for the text that had it. After the source of
Gatling's LogFileDataWriter.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed

BEGINS = re.compile(rb"\0\0\0\0[\x03-\x28]\d+\.\d+[^\0\n]{0,36}\0")
"""The record of the run: its kind, and the version of Gatling as the first text."""

RUN, REQUEST, USER, GROUP, ERROR = range(5)

LONGEST_TEXT = 1 << 20
MOST_TEXTS = 100_000
MOST_OF_A_KIND = 10_000
LONGEST_KEPT = 500

CODERS = ("latin-1", "utf-16-le")


@dataclass(frozen=True, slots=True)
class Begun:
    version: str
    simulation: str
    start: float
    description: str
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A request, user, group or error. `seconds` is None where it has no end."""

    kind: int
    groups: tuple[str, ...] = ()
    name: str = ""
    at: float = 0.0
    seconds: float | None = None
    good: bool = True
    message: str = ""


def read(chunks: Iterable[bytes]) -> Iterator[Begun | Record]:
    """Yield the run, then its records; ends quietly where the last one is cut.

    Raises Malformed where a record is none of Gatling's.
    """
    source = _Source(iter(chunks))
    try:
        if source.byte() != RUN:
            raise Malformed("Gatling's log begins with a record of the run")
        run = _begun(source)
        yield run
        while True:
            yield _record(source, run)
    except EOFError:
        return


@dataclass(slots=True)
class _Source:
    chunks: Iterator[bytes]
    data: bytes = b""
    place: int = 0
    texts: dict[int, str] = field(default_factory=dict)

    def take(self, count: int) -> bytes:
        while len(self.data) - self.place < count:
            more = next(self.chunks, None)
            if more is None:
                raise EOFError
            self.data, self.place = self.data[self.place :] + more, 0
        self.place += count
        return self.data[self.place - count : self.place]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        found: int = struct.unpack(">i", self.take(4))[0]
        return found

    def count(self, most: int = MOST_OF_A_KIND) -> int:
        found = self.number()
        if not 0 <= found <= most:
            raise Malformed("A length in Gatling's log is impossible")
        return found

    def text(self) -> str:
        length = self.count(LONGEST_TEXT)
        if not length:
            return ""
        value, coder = self.take(length), self.byte()
        return value.decode(CODERS[coder == 1], "replace")[:LONGEST_KEPT]

    def known_text(self) -> str:
        number = self.number()
        if number < 0:
            return self.texts.get(-number, "")
        if len(self.texts) >= MOST_TEXTS:
            raise Malformed(f"More than {MOST_TEXTS:,} different texts in Gatling's log")
        self.texts[number] = self.text()
        return self.texts[number]


def _begun(source: _Source) -> Begun:
    version, simulation = source.text(), source.text()
    start: int = struct.unpack(">q", source.take(8))[0]
    description = source.text()
    scenarios = tuple(source.text() for _ in range(source.count()))
    for _ in range(source.count()):
        source.take(source.count(LONGEST_TEXT))  # an assertion, as Scala's BooPickle writes it
    return Begun(version, simulation, start / 1000, description, scenarios)


def _record(source: _Source, run: Begun) -> Record:
    kind = source.byte()
    if kind not in READERS:
        raise Malformed(f"A record of kind {kind} is none of Gatling's")
    return READERS[kind](source, run.start)


def _request(source: _Source, start: float) -> Record:
    groups = tuple(source.known_text() for _ in range(source.count()))
    name = source.known_text()
    began, ended, good = source.number(), source.number(), source.byte() == 1
    seconds = (ended - began) / 1000 if ended >= began else None
    message = source.known_text()
    return Record(REQUEST, groups, name, start + began / 1000, seconds, good, message)


def _user(source: _Source, start: float) -> Record:
    source.number()
    begins = source.byte() == 1
    return Record(USER, at=start + source.number() / 1000, good=begins)


def _group(source: _Source, start: float) -> Record:
    groups = tuple(source.known_text() for _ in range(source.count()))
    began, ended, _, good = source.number(), source.number(), source.number(), source.byte() == 1
    return Record(GROUP, groups, "", start + began / 1000, (ended - began) / 1000, good)


def _error(source: _Source, start: float) -> Record:
    message = source.known_text()
    return Record(ERROR, at=start + source.number() / 1000, good=False, message=message)


READERS = {REQUEST: _request, USER: _user, GROUP: _group, ERROR: _error}
