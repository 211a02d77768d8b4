"""What `go test -json` writes: an event a line, by cmd/test2json."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._gobuild import Builds
from assay.formats._gopackage import BUILD, ENDS, UNNAMED, Package, by_folder
from assay.formats._goreruns import Reruns
from assay.formats._jsonlines import batches
from assay.formats._shapes import Shape
from assay.formats.format import Format, Head
from assay.model import FAILURES, Item, Notice, Result, Run

BUILDING = ("build-output", "build-fail")
KNOWING = ("attr", "artifacts")
ACTIONS = {"start", "run", "pause", "cont", "output", *ENDS, *BUILDING, *KNOWING}
_ACTION = rf'"Action"\s*:\s*"(?:{"|".join(sorted(ACTIONS, key=len, reverse=True))})"'
FIRST = re.compile(rf"\{{[^{{}}]{{0,2000}}?{_ACTION}")
LINE = re.compile(rf'^\{{(?:"(?:Time|ImportPath)":"[^"\n]*",)?{_ACTION}', re.MULTILINE)
"""An event, at the beginning of a line; what the compiler printed may stand above."""

BEGINS = (b'{"Time', b'{"Action', b'{"ImportPath', b'{"Package')


class Event(Shape, frozen=True):
    action: str | None = msgspec.field(default=None, name="Action")
    package: str | None = msgspec.field(default=None, name="Package")
    test: str | None = msgspec.field(default=None, name="Test")
    output: str | None = msgspec.field(default=None, name="Output")
    elapsed: float | None = msgspec.field(default=None, name="Elapsed")
    time: str | None = msgspec.field(default=None, name="Time")
    kind: str | None = msgspec.field(default=None, name="OutputType")  # since Go 1.27
    imported: str | None = msgspec.field(default=None, name="ImportPath")
    build: str | None = msgspec.field(default=None, name="FailedBuild")
    key: str | None = msgspec.field(default=None, name="Key")
    value: str | None = msgspec.field(default=None, name="Value")
    path: str | None = msgspec.field(default=None, name="Path")


_EVENT = msgspec.json.Decoder(Event)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each test's Result as it ends, each package's Container, Measurements, and last the
    tests that failed, which might have been run again, and the Run.

    Durations are seconds in the document. Raises Malformed where no line is an event.
    """
    reading = _Reading()
    for events in batches(chunks, _EVENT, BEGINS):
        reading.begin(events)
        for event in events:
            if type(event) is not Event:
                yield from reading.take_other(event)
            elif event.action == "output":
                reading.found = True
                reading.opened(event.package).print(
                    event.test or "", event.output or "", event.kind or ""
                )
            else:
                yield from reading.take(event)
                reading.last = event.time or reading.last
    if not reading.found:
        raise Malformed('go test -json writes objects with an "Action", a line each; there is none')
    yield from reading.rest()


@dataclass(slots=True)
class _Reading:
    """What is open while the document is read."""

    packages: dict[str, Package] = field(default_factory=dict)
    runs: Counter[str] = field(default_factory=Counter)
    reruns: Reruns = field(default_factory=Reruns)
    builds: Builds = field(default_factory=Builds)
    first: str = ""
    last: str = ""
    found: bool = False

    def opened(self, name: str | None) -> Package:
        name = name or UNNAMED
        package = self.packages.get(name)
        if package is None:
            package = self.packages[name] = Package(name, (name,))
            self.runs[name] += 1
        return package

    def begin(self, events: Sequence[Event | Notice | str]) -> None:
        """Look for the first time that is told."""
        if not self.first:
            times = (event.time for event in events if isinstance(event, Event))
            self.first = next(filter(None, times), "")

    def take(self, event: Event) -> Iterator[Item]:
        action, name = event.action, event.test
        self.found = self.found or action in ACTIONS
        if action == "run" and name:
            self.opened(event.package).begin(name, _moment(event.time))
        elif action in ENDS and name:
            yield from self._end(event, name, action)
        elif action in ENDS:
            yield from self._close(event.package or UNNAMED, action, event)
        elif action == "start":
            yield from self._start(event.package or UNNAMED)
        elif action in ("pause", "cont"):
            self._pause(event, action == "pause")
        elif action in BUILDING:
            self._build(event, action)
        elif action in KNOWING:
            self._know(event)

    def _end(self, event: Event, name: str, action: str) -> Iterator[Item]:
        package = self.opened(event.package)
        for result in package.end(name, action, _seconds(event.elapsed)):
            if result.status in FAILURES or self.reruns.held:
                yield from self._judged(result, package)
            else:
                yield result

    def _judged(self, item: Item, package: Package) -> Iterator[Item]:
        """A result, unless it has to wait for what comes after it."""
        if isinstance(item, Result):
            yield from self.reruns.add(item, self.runs[package.name])
        else:
            yield item

    def _start(self, name: str) -> Iterator[Item]:
        if name in self.packages:
            yield from self._close(name, "", Event())
        self.opened(name)

    def _close(self, name: str, action: str, event: Event) -> Iterator[Item]:
        package = self.opened(name)
        del self.packages[name]
        build = self.builds.of(event.build or "")
        if event.build:
            self.builds.failed[event.build] = ""
        if package.not_built:
            self.builds.failed[name] = ""
            build = build or self.builds.of(name)
        for item in package.close(action, _seconds(event.elapsed), build):
            yield from self._judged(item, package)

    def _pause(self, event: Event, paused: bool) -> None:
        test = self.opened(event.package).running.get(event.test or "")
        if test:
            test.paused = paused

    def _build(self, event: Event, action: str) -> None:
        name = event.imported or ""
        if action == "build-output":
            self.builds.add(name, event.output or "")
        else:
            self.builds.failed.setdefault(name, BUILD)

    def _know(self, event: Event) -> None:
        package = self.opened(event.package)
        test = package.running.get(event.test or "")
        key, value = event.key or "artifacts", event.value or event.path or ""
        if test is None:
            package.about[key] = value
        else:
            test.facts = {**(test.facts or {}), key: value}

    def take_other(self, line: Event | Notice | str) -> Iterator[Notice]:
        """Take what the compiler printed among the events, until Go 1.24."""
        if isinstance(line, Notice):
            yield line
        elif isinstance(line, str):
            self.builds.take(line)

    def rest(self) -> Iterator[Item]:
        """What the end of the document brings about."""
        for name, package in list(self.packages.items()):
            if package.running and not package.failed and not package.crash:
                yield Notice("The report ends before the package's tests do", name)
            yield from self._close(name, "", Event())
        yield from self.builds.rest()
        yield from self.reruns.release()
        yield _run(self.first, self.last)


def _run(first: str, last: str) -> Run:
    begun, ended = _json.moment(first), _json.moment(last)
    length = (ended - begun).total_seconds() if begun and ended and ended >= begun else None
    return Run(date=begun, duration=length)


def _moment(time: str | None) -> datetime | None:
    """A time as Go writes it, without a second look where it is one."""
    try:
        return datetime.fromisoformat(time or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return _json.moment(time)


def _seconds(elapsed: float | None) -> float | None:
    return elapsed if elapsed is not None and 0 <= elapsed < inf else None


def _sniff(head: Head) -> bool:
    if head.kind == "object":
        return "Action" in head.keys and FIRST.search(head.text) is not None
    return head.kind == "text" and LINE.search(head.text) is not None


FORMAT = Format(
    name="gojson",
    title="Go test JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("go", "gotest", "go-json", "go-test-json", "gotestsum", "test2json"),
    made_by="Go (go test -json, go tool test2json) and gotestsum",
    how="go test -json ./... > go-test.json",
    file="go-test.json",
    notes=(
        "A package is a container, with its time, its coverage and what it printed; a test is a "
        "result, and so is each of its subtests, below it: counted as Go and gotestsum do.",
        "The error is what the last line with a file and a number says (`t.Error`, `t.Fatal`, "
        "testify); all the test printed is kept with it.",
        "A test that panics or runs out of time is broken. What had not ended then is of unknown "
        "outcome; what was running at a timeout is broken, too.",
        "A package that fails though none of its tests does is one broken result `TestMain`; one "
        "that is not built is `[build failed]`, with what the compiler said.",
        "Tests that fail and are run again by `gotestsum --rerun-fails` are one result with "
        "attempts; the repetitions of `-count` are results of their own.",
        "Benchmarks are results with measurements in seconds and bytes, the median where there "
        "are several; coverage is a measurement of its package.",
        "`t.Attr` becomes a fact of the test. Lines that are no events are left out, but for the "
        "compiler's.",
    ),
    smart=by_folder,
)
