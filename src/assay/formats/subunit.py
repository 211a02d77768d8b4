"""Subunit, versions 1 and 2: what stestr, testrepository and others record as tests run.

A test's events come as they happen, those of several tests between one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from assay.errors import Malformed
from assay.formats._embedded import extension_of
from assay.formats._retries import Retries
from assay.formats._subunit_events import BrokenError, Event, is_packet, lines, packets
from assay.formats._text import plain
from assay.formats._trace import split_type
from assay.formats._traceback import ASSERTION, raised
from assay.formats.format import Format, Head
from assay.model import (
    Attachment,
    Error,
    Item,
    Notice,
    PackedItem,
    Result,
    Run,
    Status,
    expand,
)

STATUSES = {
    "success": Status.PASSED,
    "xfail": Status.PASSED,
    "uxsuccess": Status.FAILED,
    "skip": Status.SKIPPED,
    "fail": Status.FAILED,
    "error": Status.BROKEN,
}
"""An expected failure passes, an unexpected success fails, as unittest and stestr have it."""

SAID = {"xfail": "failure", "uxsuccess": "failure"}

MAX_FILES = 32 << 20
"""Bytes of one test's files, and of the run's; what is beyond them is left out."""

MAX_OPEN = 10_000
"""Tests that run at once."""

OUTPUT = re.compile(r"(?:stdout|stderr|pythonlogging)\b")
TRACEBACK = re.compile(r"traceback(?:-\d+)?$")
REASON = re.compile(r"reason(?:-\d+)?$")
"""What files of a test are called that are no attachments; the second one has a number."""

_ID = re.compile(r"((?:\w+\.)+)(\w+(?:[^\w.].*)?)", re.DOTALL)
_FIXTURE = re.compile(r"(\w+) \(([\w.]+)\)")
"""`setUpClass (package.module.Class)`"""

_WORKER = re.compile(r"worker-\d+")


@dataclass(slots=True)
class _Test:
    started: datetime | None
    tags: dict[str, None] = field(default_factory=dict)
    files: dict[str, list[bytes]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    size: int = 0

    def keep(self, event: Event) -> None:
        self.size += len(event.content)
        if event.file and self.size <= MAX_FILES:
            self.files.setdefault(event.file, []).append(event.content)
            self.types.setdefault(event.file, event.media_type)

    def text(self, names: re.Pattern[str]) -> str:
        """What the files that are called so say."""
        found = (
            b"".join(content).decode("utf-8", "replace")
            for name, content in self.files.items()
            if names.match(name)
        )
        return "\n".join(plain(line) for text in found for line in text.split("\n"))


@dataclass(slots=True)
class _Stream:
    tests: dict[tuple[str, str], _Test] = field(default_factory=dict)  # by route and id
    retries: Retries = field(default_factory=Retries)
    own: _Test = field(default_factory=lambda: _Test(None))
    ready: list[PackedItem] = field(default_factory=list)
    began: datetime | None = None
    ended: datetime | None = None
    found: bool = False

    def take(self, event: Event) -> None:
        self.found = True
        if event.when:
            self.began, self.ended = self.began or event.when, event.when
        if not event.test:
            self.own.keep(event)
            return
        key = event.route, event.test
        if event.status == "exists":
            return
        test = self.tests.get(key) or self._open(key, event)
        test.keep(event)
        test.tags.update(dict.fromkeys(event.tags))
        if event.status in STATUSES:
            del self.tests[key]
            self.ready += self.retries.add(_result(event.test, test, event.status, event.when))

    def _open(self, key: tuple[str, str], event: Event) -> _Test:
        if len(self.tests) >= MAX_OPEN:
            self._give_up(next(iter(self.tests)))
        self.tests[key] = _Test(event.when if event.status == "inprogress" else None)
        return self.tests[key]

    def _give_up(self, key: tuple[str, str]) -> None:
        self.ready += self.retries.add(_result(key[1], self.tests.pop(key), "", None))

    def end(self) -> None:
        for key in list(self.tests):
            self._give_up(key)
        self.ready += self.retries.release()
        if self.began or self.own.files:
            length = (self.ended - self.began).total_seconds() if self.began and self.ended else 0
            files = tuple(_attachments(self.own, self.own.files))
            self.ready.append(Run(date=self.began, duration=max(length, 0.0), attachments=files))


def _result(test_id: str, test: _Test, word: str, ended: datetime | None) -> Result:
    path, name = _named(test_id)
    trace, reason = test.text(TRACEBACK).strip("\n"), test.text(REASON).strip()
    error = _error(trace, reason, word)
    status = STATUSES.get(word, Status.BROKEN)
    if word == "fail" and error.type and not ASSERTION.search(error.type):
        status = Status.BROKEN
    output = test.text(OUTPUT)
    if word == "xfail":
        output = "\n".join(filter(None, (output, trace or reason)))
    shown = status is not Status.PASSED and error != Error()
    others = [each for each in test.files if not _is_read(each)]
    return Result(
        path=path,
        name=name,
        status=status,
        duration=_seconds(test.started, ended),
        started=test.started,
        error=error if shown else None,
        stdout=output,
        attachments=tuple(_attachments(test, others)),
        tags=tuple(tag for tag in test.tags if not _WORKER.fullmatch(tag)),
        metadata=_metadata(test, word),
    )


def _is_read(file: str) -> bool:
    return any(names.match(file) for names in (OUTPUT, TRACEBACK, REASON))


def _named(test_id: str) -> tuple[tuple[str, ...], str]:
    """The class, or module, that a test is in and its own name; see PEP 3155."""
    if fixture := _FIXTURE.fullmatch(test_id):
        return (fixture[2],), fixture[1]
    parts = _ID.fullmatch(test_id)
    return ((parts[1].rstrip("."),), parts[2]) if parts else ((), test_id)


def _error(trace: str, reason: str, word: str) -> Error:
    """The exception that a traceback ends with, or the reason that was given."""
    if word == "":
        return Error(message="It was started and never finished", trace=trace)
    if word == "uxsuccess":
        return Error(message=reason or "It was expected to fail, and passed", trace=trace)
    if error := raised(trace):
        return error
    kind, told = split_type(reason or trace)
    return Error(kind, told, trace if trace != told else "")


def _seconds(started: datetime | None, ended: datetime | None) -> float | None:
    if started is None or ended is None or ended < started:
        return None
    return (ended - started).total_seconds()


def _attachments(test: _Test, names: Iterable[str]) -> Iterator[Attachment]:
    for name in names:
        media_type = test.types.get(name, "").partition(";")[0].strip()
        content = b"".join(test.files[name])
        if content:
            full = name if "." in name else name + extension_of(media_type)
            yield Attachment(full, media_type=media_type, content=content)


def _metadata(test: _Test, word: str) -> dict[str, str] | None:
    worker = next(filter(_WORKER.fullmatch, test.tags), "")
    found = {"worker": worker, "expected": SAID.get(word, "")}
    return {key: value for key, value in found.items() if value} or None


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield Results and last the Run; raises Malformed where there is no event."""
    source = iter(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= 4:
            break
    version_2 = head[:1] == b"\xb3"
    events = (packets if version_2 else lines)(chain((head,), source))
    stream = _Stream()
    try:
        for event in events:
            stream.take(event)
            if stream.ready:
                yield from expand(stream.ready)
                stream.ready.clear()
    except BrokenError as broken:
        if not stream.found:
            raise Malformed(str(broken)) from None
        yield Notice(f"{broken}. What comes before was read", lost=True)
    if not stream.found:
        raise Malformed("Subunit tells of tests by packets or by lines; there are none here")
    stream.end()
    yield from expand(stream.ready)


_SIGNS = re.compile(
    r"^(?:time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*\n(?:tags: .*\n)?)?test(?:ing)?: ?(\S.*)\n"
    r"(?:time: .*\n|tags: .*\n){0,9}"
    r"(?:success|successful|failure|error|skip|xfail|uxsuccess): \1(?: \[.*)?$",
    re.MULTILINE,
)
"""A test of version 1, from its beginning to what became of it."""


def _sniff(head: Head) -> bool:
    if is_packet(head.raw):
        return True
    return head.kind == "text" and _SIGNS.search(head.text) is not None


FORMAT = Format(
    name="subunit",
    title="Subunit",
    sniff=_sniff,
    parse=parse,
    aliases=("subunit1", "subunit2", "subunit-v2", "stestr"),
    made_by="stestr, testrepository, testtools, Samba and others, in versions 1 (text) and 2",
    how="stestr last --subunit > report.subunit",
    file="report.subunit",
    notes=(
        "A test is a result; what stands before the last dot of its id, its class, is its "
        "container.",
        "`fail` is failed, or broken where the traceback ends with an exception that is no "
        "assertion; a test that never ended is broken.",
        "An expected failure is passed and an unexpected success failed; `expected` among the "
        "facts tells of both.",
        "`traceback` and `reason` are the error, `stdout`, `stderr` and `pythonlogging` the "
        "output; other files are attachments under their name and type.",
        "A test that is run again after a failure is one result with its tries.",
        "Tags are tags; the number of the worker is a fact. Tests that are merely listed "
        "(`exists`) are left out.",
    ),
)
