"""What QtTest says of one test function, or one row of its data, as a result.

Its XML and its text tell the same incidents in the same order: messages, expected failures, then
how it ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.model import Error, Measurement, Result, Status

ENDS = {
    "pass": Status.PASSED,
    "xfail": Status.PASSED,  # failed where QEXPECT_FAIL said so; a pass follows
    "fail": Status.FAILED,
    "xpass": Status.FAILED,
    "skip": Status.SKIPPED,
    "bpass": Status.SKIPPED,  # blacklisted tests count neither as passed nor as failed
    "bfail": Status.SKIPPED,
    "bxpass": Status.SKIPPED,
    "bxfail": Status.SKIPPED,
}
"""The types of incidents (qabstracttestlogger_p.h); all others are messages."""

MOST_ENDS = 1_000
"""Incidents of one test; the next begins a new one."""

MOST_SAID = 1 << 20
"""Characters of one test's messages; the rest is left out."""

WORST = (Status.FAILED, Status.SKIPPED, Status.PASSED)

BROKEN = (
    "Caught unhandled exception",
    "Caught exception",
    "Received a fatal error",
    "Received signal",
    "Test function timed out",
)
"""How QtTest begins to tell of a failure that no check of the test found."""

BLACKLISTED = {"bpass": "passed", "bfail": "failed", "bxpass": "failed", "bxfail": "passed"}

METRICS = {
    "WalltimeMilliseconds": ("wall time", 0.001, "s"),
    "walltime": ("wall time", 0.001, "s"),  # Qt 4
    "msecs": ("wall time", 0.001, "s"),
    "WalltimeNanoseconds": ("wall time", 1e-9, "s"),
    "nsecs": ("wall time", 1e-9, "s"),
    "BytesAllocated": ("bytes allocated", 1, "B"),
    "bytes": ("bytes allocated", 1, "B"),
    "FramesPerSecond": ("frames per second", 1, "1/s"),
    "frames per second": ("frames per second", 1, "1/s"),
    "BitsPerSecond": ("bits per second", 1, "bit/s"),
    "bits per second": ("bits per second", 1, "bit/s"),
    "BytesPerSecond": ("bytes per second", 1, "B/s"),
    "bytes per second": ("bytes per second", 1, "B/s"),
    "CPUTicks": ("CPU ticks", 1, ""),
    "InstructionReads": ("instruction reads", 1, ""),
    "Events": ("events", 1, ""),
}
"""What a benchmark measures, as the XML and the text call it: name, factor to SI, unit."""


@dataclass(frozen=True, slots=True)
class Incident:
    """A message, or how a test ended; `kind` is the XML's word for it."""

    function: str
    tag: str
    kind: str
    said: str = ""
    file: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A number that was measured for each iteration, and what QtTest calls it."""

    function: str
    tag: str
    metric: str
    value: float


@dataclass(slots=True)
class Cases:
    """Gathers the incidents of one function and row, and gives the result when the next begins."""

    path: tuple[str, ...]
    key: tuple[str, str] | None = None
    said: list[Incident] = field(default_factory=list)
    ends: list[Incident] = field(default_factory=list)
    early: list[Incident] = field(default_factory=list)  # messages before it is told of what test
    size: int = 0

    def add(self, incident: Incident) -> Iterator[Result]:
        """Take an incident; the result of the test before, if another one begins with it."""
        key = (incident.function, incident.tag)
        if incident.kind not in ENDS:
            self._hear(incident, key)
            return
        if key != self.key or len(self.ends) >= MOST_ENDS:
            yield from self.release()
            self.key, self.said = key, self.early
            self.early = []
        self.ends.append(incident)

    def _hear(self, message: Incident, key: tuple[str, str]) -> None:
        self.size += len(message.said) + 1
        if self.size <= MOST_SAID:
            (self.said if key == self.key else self.early).append(message)

    def measure(self, found: Benchmark) -> Measurement:
        name, factor, unit = METRICS.get(found.metric, (found.metric, 1, ""))
        value = found.value * factor
        return Measurement(self.path, name_of(found.function, found.tag), name, value, unit)

    def release(self, duration: float | None = None) -> Iterator[Result]:
        """The test that has been told of last."""
        if self.key is not None:
            yield _result(self.path, self.key, self.ends, self.said, duration)
        self.key, self.ends, self.said = None, [], []
        self.size = sum(len(each.said) for each in self.early)


def name_of(function: str, tag: str) -> str:
    """A test's name as QtTest prints it."""
    return f"{function}({tag})" if tag else function


def _result(
    path: tuple[str, ...],
    key: tuple[str, str],
    ends: list[Incident],
    said: list[Incident],
    duration: float | None,
) -> Result:
    statuses = {ENDS[end.kind] for end in ends}
    status = next(each for each in WORST if each in statuses)
    reasons = [end for end in ends if ENDS[end.kind] is status and end.kind != "pass"]
    error = None if status is Status.PASSED else _error(reasons)
    if status is Status.FAILED and any(end.said.startswith(BROKEN) for end in reasons):
        status = Status.BROKEN
    return Result(
        path,
        name_of(*key),
        status,
        duration,
        error=error,
        stdout="\n".join(f"{each.kind.upper()}: {each.said}" for each in said),
        parameters={"data tag": key[1]} if key[1] else None,
        metadata=dict(_metadata(ends, reasons)) or None,
    )


def _error(reasons: list[Incident]) -> Error:
    first, *more = reasons
    kind = "XPASS" if first.kind in ("xpass", "bxpass") else ""
    said = first.said or ("Blacklisted" if first.kind in BLACKLISTED else "")
    return Error(kind, said, "\n\n".join(each.said for each in more))


def _metadata(ends: Iterable[Incident], reasons: list[Incident]) -> Iterator[tuple[str, str]]:
    place = next((each for each in reasons if each.file), None)
    if place:
        yield "source", f"{place.file}:{place.line}"
    for end in ends:
        if end.kind in BLACKLISTED:
            yield "blacklisted", BLACKLISTED[end.kind]
        if end.kind in ("xfail", "bxfail"):
            yield "expected failure", end.said
