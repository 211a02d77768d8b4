"""Subunit's events, whichever version they are written in: packets (2) or lines (1).

See the README of python-subunit for both. What stands between packets, or is no line of the
protocol, is the output of a program and left out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assay.formats._text import as_written, plain
from assay.formats._time import moment

MAX_PACKET = 4 << 20
"""Bytes: lengths are written in at most 22 bits."""

MAX_LINE = 1 << 20
MAX_PART = 64 << 20
"""Bytes of one file in version 1, whose chunks have no limit."""

SIGNATURE = 0xB3
VERSION = 0x2000
TEST_ID, ROUTE, TIMESTAMP = 0x0800, 0x0400, 0x0200
TAGS, FILE, MIME, EOF = 0x0080, 0x0040, 0x0020, 0x0010

STATUSES = ("", "exists", "inprogress", "success", "uxsuccess", "skip", "fail", "xfail")
"""By the lowest three bits of a packet's flags."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

WORDS = {
    "success": "success",
    "successful": "success",
    "failure": "fail",
    "error": "error",
    "skip": "skip",
    "xfail": "xfail",
    "uxsuccess": "uxsuccess",
}
"""Version 1's; only it tells errors from failures."""

_STARTS = re.compile(r"(?:testing|test): ?(\S.*)$")
_ENDS = re.compile(r"(successful|success|failure|error|skip|xfail|uxsuccess):? (\S.*)$")
FORMS = {" [": "text", " [ multipart": "parts"}
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})\r?\n")


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a test, or a piece of one of its files came."""

    test: str = ""
    status: str = ""
    when: datetime | None = None
    tags: tuple[str, ...] = ()
    file: str = ""
    media_type: str = ""
    content: bytes = b""
    route: str = ""


class BrokenError(Exception):
    """The stream cannot be followed beyond here; says why."""


class _Bytes:
    """What comes in chunks, taken by length or by line."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = iter(chunks)
        self.data = b""
        self.at = 0

    def more(self, size: int) -> bool:
        """Have at least so many bytes ahead; False where the stream ends before."""
        parts, ahead = [self.data[self.at :]], len(self.data) - self.at
        while ahead < size and (chunk := next(self.chunks, None)) is not None:
            parts.append(chunk)
            ahead += len(chunk)
        if len(parts) > 1:
            self.data, self.at = b"".join(parts), 0
        return ahead >= size

    def peek(self, size: int) -> bytes:
        if len(self.data) - self.at < size:
            self.more(size)
        return self.data[self.at : self.at + size]

    def take(self, size: int) -> bytes:
        found = self.peek(size)
        self.at += len(found)
        return found

    def line(self) -> bytes:
        """The next line with its end, or as much of it as a line may be long."""
        size, ended = 256, False
        while (end := self.data.find(b"\n", self.at, self.at + MAX_LINE)) < 0:
            ahead = len(self.data) - self.at
            if ahead >= MAX_LINE or ended:
                return self.take(MAX_LINE)
            size = min(MAX_LINE, 2 * max(size, ahead))
            ended = not self.more(size)
        return self.take(end + 1 - self.at)


def is_packet(data: bytes) -> bool:
    """Whether a packet begins there; of one that is whole, the checksum is looked at, too."""
    if len(data) < 4 or data[0] != SIGNATURE or data[1] & 0xF0 != VERSION >> 8:
        return False
    length = _number(data, 3)[0]
    if length < 8:
        return False
    return len(data) < length or _is_sound(data[:length])


def _is_sound(packet: bytes) -> bool:
    return zlib.crc32(packet[:-4]) == int.from_bytes(packet[-4:])


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, whose first two bits say its length, and where it ends."""
    if at >= len(data):
        raise BrokenError("A number is missing")
    size = (data[at] >> 6) + 1
    whole = int.from_bytes(data[at : at + size]) & ((1 << (8 * size - 2)) - 1)
    return whole, at + size


def packets(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The events of version 2. Raises BrokenError where a packet is not whole or not sound."""
    source = _Bytes(chunks)
    while head := source.peek(6):
        if not (len(head) == 6 and head[0] == SIGNATURE):
            skipped = source.data.find(bytes((SIGNATURE,)), source.at + 1)
            source.at = len(source.data) if skipped < 0 else skipped
            if len(head) < 6 and head[0] == SIGNATURE:
                raise BrokenError("The stream ends in the middle of a packet")
            continue
        length = _number(head, 3)[0]
        packet = source.peek(length)
        if len(packet) < length:
            raise BrokenError("The stream ends in the middle of a packet")
        if length < 8 or not _is_sound(packet):
            raise BrokenError("A packet's checksum is wrong")
        source.at += length
        yield _event(packet[:-4])


def _event(packet: bytes) -> Event:
    flags = int.from_bytes(packet[1:3])
    at = _number(packet, 3)[1]
    found: dict[str, str] = {}
    when, tags, content = None, [], b""
    if flags & TIMESTAMP:
        nanoseconds, end = _number(packet, at + 4)
        when = EPOCH + timedelta(
            seconds=int.from_bytes(packet[at : at + 4]), microseconds=nanoseconds // 1000
        )
        at = end
    if flags & TEST_ID:
        found["test"], at = _string(packet, at)
    if flags & TAGS:
        count, at = _number(packet, at)
        for _ in range(min(count, len(packet))):
            tag, at = _string(packet, at)
            tags.append(tag)
    if flags & MIME:
        found["media_type"], at = _string(packet, at)
    if flags & FILE:
        found["file"], at = _string(packet, at)
        length, at = _number(packet, at)
        content, at = packet[at : at + length], at + length
    if flags & ROUTE:
        found["route"], at = _string(packet, at)
    return Event(when=when, tags=tuple(tags), content=content, status=STATUSES[flags & 7], **found)


def _string(packet: bytes, at: int) -> tuple[str, int]:
    length, at = _number(packet, at)
    return plain(packet[at : at + length].decode("utf-8", "replace")), at + length


def lines(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The events of version 1; a test's files come before what became of it."""
    source = _Bytes(as_written(chunks))
    now: datetime | None = None
    running, common, own = "", dict[str, None](), dict[str, None]()
    while line := source.line().decode("utf-8", "replace"):
        line = plain(line.rstrip("\r\n"))
        if line.startswith("time: "):
            now = moment(line[6:]) or now
        elif line.startswith("tags: "):
            _retag(own if running else common, line[6:])
        elif starts := _STARTS.match(line):
            running, own = starts[1], dict(common)
            yield Event(running, "inprogress", now, tuple(own))
        elif running and (ends := _ENDS.match(line)) and (told := _told(ends[2], running)):
            status = WORDS[ends[1]]
            yield from _details(source, running, status, told)
            yield Event(running, status, now, tuple(own))
            running = ""


def _told(said: str, running: str) -> str:
    """In which form the details of the test that runs follow; "" where it is another's name."""
    if said == running:
        return "none"
    return FORMS.get(said.removeprefix(running), "") if said.startswith(running) else ""


def _retag(tags: dict[str, None], said: str) -> None:
    for tag in said.split():
        if tag.startswith("-"):
            tags.pop(tag[1:], None)
        else:
            tags[tag] = None


def _details(source: _Bytes, test: str, status: str, form: str) -> Iterator[Event]:
    """What stands in brackets behind an outcome: text, or files in chunks."""
    if form == "parts":
        yield from _parts(source, test)
    if form != "text":
        return
    text: list[bytes] = []
    size = 0
    while (line := source.line()) and line.rstrip(b"\r\n") != b"]":
        size += len(line)
        if size <= MAX_PART:
            text.append(line[1:] if line.startswith(b" ]") else line)
    name = "reason" if status == "skip" else "traceback"
    yield Event(test, file=name, media_type="text/plain", content=b"".join(text))


def _parts(source: _Bytes, test: str) -> Iterator[Event]:
    while (line := source.line()) and line.rstrip(b"\r\n") != b"]":
        if not line.lower().startswith(b"content-type:"):
            continue
        media_type = line.partition(b":")[2].strip().decode("utf-8", "replace")
        name = source.line().strip().decode("utf-8", "replace")
        while chunk := _CHUNK.fullmatch(source.line()):
            length = int(chunk[1], 16)
            if not length:
                break
            content = source.take(min(length, MAX_PART))
            yield Event(test, file=name, media_type=media_type, content=content)
