"""Rust's libtest JSON (`--format json`), and cargo-nextest's, which is made after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import replace

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._goreruns import Reruns
from assay.formats._jsonlines import batches
from assay.formats._rust import NEXTEST, binary, failure, placed
from assay.formats._shapes import Shape
from assay.formats.format import Format, Head
from assay.model import Attempt, Container, Error, Item, Measurement, Notice, Result, Run, Status

NANOSECONDS = 1e9
MEGABYTES = 1e6

EVENT = re.compile(
    r'^\{ ?"type": ?"(?:suite|test|bench|report)", ?"(?:event|name|total_time)": ?', re.MULTILINE
)
BEGINS = (b'{ "type', b'{"type')
TYPES = frozenset({"suite", "test", "bench", "report"})

STATUS = {
    "ok": Status.PASSED,
    "failed": Status.FAILED,
    "ignored": Status.SKIPPED,
    "allowed_failure": Status.PASSED,
}
"""The events that end a test. `timeout` says only that it takes long; it goes on."""

TIMEOUT = "time limit exceeded"
"""The `reason` of a test that --ensure-time, or nextest, ended."""

LOST = "It began, and the report ends before it does"
MAX_ATTEMPTS = 100


class Event(Shape, frozen=True):
    type: str | None = None
    event: str | None = None
    name: str | None = None
    exec_time: float | str | None = None
    stdout: str | None = None
    stderr: str | None = None
    message: str | None = None
    reason: str | None = None
    median: float | None = None
    deviation: float | None = None
    mib_per_second: float | None = None
    total_time: float | None = None
    nextest: Any = None


_EVENT = msgspec.json.Decoder(Event)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each test's and benchmark's Result, Containers of binaries that are named, the Run.

    Durations are seconds in the document. Raises Malformed where no line is an event.
    """
    reading = _Reading()
    for events in batches(chunks, _EVENT, BEGINS):
        for event in events:
            if isinstance(event, str):
                reading.binary = binary(event) or reading.binary
            elif isinstance(event, Notice):
                yield event
            elif event.type in TYPES:
                reading.found = True
                yield from reading.take(event)
    if not reading.found:
        raise Malformed('libtest writes objects with a "type" and an "event"; there is none')
    yield from reading.rest()


@dataclass(slots=True)
class _Reading:
    """What is open while the document is read. A binary has a name where cargo's own lines stand
    among the events; nextest has it in each test's name."""

    binary: str = ""
    begun: dict[str, tuple[str, int]] = field(default_factory=dict)
    reruns: Reruns = field(default_factory=Reruns)
    time: float = 0.0
    found: bool = False

    def take(self, event: Event) -> Iterator[Item]:
        name = event.name or ""
        if event.type == "suite":
            yield from self._suite(event)
        elif event.type == "bench" and name:
            self._end(name)
            yield from _measured(event, *self._place(name)[:2])
        elif event.type == "test" and event.event == "started":
            self.begun[name] = (self.binary, self.begun.get(name, ("", 0))[1] + 1)
        elif event.type == "test" and event.event in STATUS and name:
            self._end(name)
            yield from self._test(event, name)

    def _end(self, name: str) -> None:
        found = NEXTEST.match(name)
        name = name if name in self.begun or not found else f"{found[1]}${found[2]}"
        place, count = self.begun.get(name, ("", 0))
        if count > 1:
            self.begun[name] = (place, count - 1)
        else:
            self.begun.pop(name, None)

    def _place(self, name: str) -> tuple[tuple[str, ...], str, int]:
        """A test's path and name, and which try it is."""
        nextest = NEXTEST.match(name)
        if nextest:
            modules, own = placed(nextest[2])
            return (nextest[1], *modules), own, int(nextest[4] or 1)
        modules, own = placed(name)
        return ((self.binary, *modules) if self.binary else modules), own, 1

    def _test(self, event: Event, name: str) -> Iterator[Item]:
        path, own, number = self._place(name)
        result = _result(event, path, own)
        if not NEXTEST.match(name):
            yield result
            return
        if number > 1 and (path, own) not in self.reruns.held:
            tries = (Attempt(Status.FAILED),) * min(number - 1, MAX_ATTEMPTS)
            result = replace(result, attempts=tries, flaky=result.status is Status.PASSED)
        yield from self.reruns.add(result, number)

    def _suite(self, event: Event) -> Iterator[Item]:
        took = _seconds(event.exec_time)
        if event.event == "started":
            return
        self.time += took or 0
        known = _json.mapping(event.nextest)
        crate, file = (_json.text(known.get(key)) for key in ("crate", "test_binary"))
        kind = _json.text(known.get("kind"))
        name = f"{crate}::{file}" if crate else self.binary
        if name:
            about = {"kind": kind} if kind else None
            yield Container((name,), "Binary", duration=took, metadata=about)
        self.binary = ""

    def rest(self) -> Iterator[Item]:
        """The tests that began and did not end, those that failed, and the run."""
        if self.begun:
            yield Notice("The report ends before its tests do")
        for name, (place, _) in self.begun.items():
            self.binary = place
            path, own, _ = self._place(name)
            status = Status.BROKEN if len(self.begun) == 1 else Status.UNKNOWN
            yield Result(path, own, status, error=Error(message=LOST))
        yield from self.reruns.release()
        yield Run(duration=self.time or None)


def _result(event: Event, path: tuple[str, ...], name: str) -> Result:
    status = STATUS[event.event or ""]
    output, error = event.stdout or "", None
    about: dict[str, str] = {}
    if status is Status.FAILED:
        full = NEXTEST.sub(r"\2", event.name or "")
        status, error, about = failure(full, output)
        status, error = _said(event, status, error)
    elif status is Status.SKIPPED and event.message:
        error = Error(message=event.message)
    elif event.event == "allowed_failure":
        about = {"expected failure": "yes"}
    return Result(
        path=path,
        name=name,
        status=status,
        duration=_seconds(event.exec_time),
        error=error,
        stdout=output,
        stderr=event.stderr or "",
        metadata=about or None,
    )


def _said(event: Event, status: Status, error: Error) -> tuple[Status, Error]:
    """With what libtest itself says: that it took too long, or did not panic as it should."""
    if event.reason == TIMEOUT:
        return Status.BROKEN, Error("timeout", event.reason, error.trace or error.message)
    if event.message:
        return Status.FAILED, Error(error.type, event.message, error.trace or error.message)
    return status, error


def _measured(event: Event, path: tuple[str, ...], name: str) -> Iterator[Item]:
    figures = (
        ("median", event.median, NANOSECONDS, "s"),
        ("deviation", event.deviation, NANOSECONDS, "s"),
        ("throughput", event.mib_per_second, 1 / MEGABYTES, "B/s"),  # they are megabytes, in fact
    )
    took = None if event.median is None else event.median / NANOSECONDS
    yield Result(path, name, Status.PASSED, took, tags=("benchmark",))
    for metric, value, by, unit in figures:
        if value is not None:
            yield Measurement(path, name, metric, value / by, unit)


def _seconds(time: float | str | None) -> float | None:
    """A number, or as the first versions wrote it: `0.001s`."""
    found = _json.number(time.removesuffix("s") if isinstance(time, str) else time)
    return found if found is not None and found >= 0 else None


def _sniff(head: Head) -> bool:
    return head.kind in ("object", "text") and EVENT.search(head.text) is not None


FORMAT = Format(
    name="libtest",
    title="Rust libtest JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("libtest-json", "cargo", "cargo-test-json", "nextest", "rust"),
    made_by="Rust (cargo test, cargo bench) and cargo-nextest",
    how="cargo test -- -Z unstable-options --format json --report-time > libtest.json",
    file="libtest.json",
    notes=(
        "A test's modules are its containers, the file those of a test in the documentation. The "
        "binary is one above them in nextest's files, and where cargo's own lines (`Running …`) "
        "stand among the events: `2>&1` keeps them.",
        "A panic is a failed test, or a broken one where Rust itself panics (`unwrap`, an index, "
        "an overflow); so is a test that returns an error or runs out of time.",
        "The panic's message, place and backtrace are the error; all the test printed is kept.",
        "nextest writes only the last try of a test, with its number (`#3`): the tries before it "
        "are attempts that failed, and it is flaky if it passed.",
        "Benchmarks are results with measurements: median, deviation and throughput.",
        "A test that began and did not end is broken if it was alone, else of unknown outcome.",
    ),
)
