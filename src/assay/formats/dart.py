"""Dart's JSON reporter (`dart test --reporter json`, `flutter test --machine`): an event a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from assay.errors import Malformed
from assay.formats._gopackage import Output
from assay.formats._jsonlines import batches
from assay.formats._shapes import Shape
from assay.formats._trace import split_type
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import Attempt, Container, Error, Item, Notice, Result, Run, Status

MILLISECONDS = 1000
BEGINS = tuple(
    f'{{"{key}":'.encode()
    for key in ("protocolVersion", "suite", "test", "testID", "group", "count", "success", "type")
)
START = re.compile(r'^\{"protocolVersion":"[^"\n]*","runnerVersion":', re.MULTILINE)
KEYS = frozenset({"protocolVersion", "runnerVersion"})

STATUS = {"success": Status.PASSED, "failure": Status.FAILED, "error": Status.BROKEN}

RETRY = "Retry: "
"""How what the runner prints before it tries a test again begins."""

FLUTTER = "Test failed. See exception logs above."
CAUGHT = re.compile(
    r"The following ([^\n]{1,200}?) was thrown[^\n]*:\n(.*?)"
    r"(?:\n\n|\nWhen the exception was thrown|\Z)",
    re.DOTALL,
)
"""What Flutter prints where its error says only to see above."""

LOADING = "loading "
PLATFORM = "vm"
"""Where tests run unless told otherwise; of any other the suite says so."""

LOST = "It began, and the report ends before it does"


class Suite(Shape, frozen=True):
    id: int | None = None
    platform: str | None = None
    path: str | None = None


class Group(Shape, frozen=True):
    id: int | None = None
    name: str | None = None


class Metadata(Shape, frozen=True):
    skip: bool | None = None
    skip_reason: str | None = msgspec.field(default=None, name="skipReason")


class Test(Shape, frozen=True):
    id: int | None = None
    name: str | None = None
    suite: int | None = msgspec.field(default=None, name="suiteID")
    groups: list[int] | None = msgspec.field(default=None, name="groupIDs")
    metadata: Metadata | None = None
    line: int | None = None
    root_line: int | None = None


class Event(Shape, frozen=True):
    type: str | None = None
    time: float | None = None
    suite: Suite | None = None
    group: Group | None = None
    test: Test | None = None
    id: int | None = msgspec.field(default=None, name="testID")
    result: str | None = None
    skipped: bool | None = None
    hidden: bool | None = None
    message: str | None = None
    kind: str | None = msgspec.field(default=None, name="messageType")
    error: str | None = None
    trace: str | None = msgspec.field(default=None, name="stackTrace")
    failure: bool | None = msgspec.field(default=None, name="isFailure")
    success: bool | None = None
    runner: str | None = msgspec.field(default=None, name="runnerVersion")


_EVENT = msgspec.json.Decoder(Event)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each test's Result as it ends, and last the suites' Containers and the Run.

    Times are milliseconds since the start. Raises Malformed where no line is an event.
    """
    reading = _Reading()
    for events in batches(chunks, _EVENT, BEGINS):
        for event in events:
            if isinstance(event, Event):
                yield from reading.take(event)
            elif isinstance(event, Notice):
                yield event
    if not reading.found:
        raise Malformed('Dart\'s reporter begins with an object with "protocolVersion"; none here')
    yield from reading.rest()


@dataclass(slots=True)
class _Open:
    """A test that runs."""

    test: Test
    began: float | None
    output: Output = field(default_factory=Output)
    errors: list[Event] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    reason: str = ""


@dataclass(slots=True)
class _Reading:
    suites: dict[int | None, str] = field(default_factory=dict)  # titles
    outputs: dict[int | None, Output] = field(default_factory=dict)  # by suite, of no test
    groups: dict[int, str] = field(default_factory=dict)  # names, with those above
    tests: dict[int | None, _Open] = field(default_factory=dict)
    runner: str = ""
    ended: float | None = None
    found: bool = False

    def take(self, event: Event) -> Iterator[Item]:
        kind = event.type
        self.found = self.found or kind in ("start", "suite", "group", "testStart", "testDone")
        if kind == "start":
            self.runner = event.runner or ""
        elif kind == "suite" and event.suite:
            self.suites[event.suite.id] = _title(event.suite)
        elif kind == "group" and event.group and event.group.id is not None:
            self.groups[event.group.id] = event.group.name or ""
        elif kind == "testStart" and event.test:
            self.tests[event.test.id] = _Open(event.test, event.time)
        elif kind == "print" and (test := self.tests.get(event.id)):
            _print(test, event)
        elif kind == "error" and (test := self.tests.get(event.id)):
            test.errors.append(event)
        elif kind == "testDone" and (test := self.tests.pop(event.id, None)):
            yield from self._done(test, event)
        elif kind == "done":
            self.ended = event.time

    def _done(self, test: _Open, event: Event) -> Iterator[Item]:
        """A test's result. What loads a suite or sets it up is hidden unless it fails."""
        if event.hidden:
            if test.output.size:
                self.outputs.setdefault(test.test.suite, Output()).add(str(test.output))
            return
        status = STATUS.get(event.result or "", Status.UNKNOWN)
        if event.skipped:
            status = Status.SKIPPED
        took = None
        if event.time is not None and test.began is not None and event.time >= test.began:
            took = (event.time - test.began) / MILLISECONDS
        yield self._result(test, status, took)

    def _result(self, test: _Open, status: Status, took: float | None) -> Result:
        path, name = self._place(test.test)
        line = test.test.root_line or test.test.line
        attempts = tuple(test.attempts)
        return Result(
            path=path,
            name=name,
            status=status,
            duration=took,
            error=_error(test, status),
            stdout=str(test.output),
            attempts=attempts,
            flaky=status is Status.PASSED and bool(attempts),
            metadata={"line": str(line)} if line else None,
        )

    def _place(self, test: Test) -> tuple[tuple[str, ...], str]:
        """The suite, the groups' own names and the test's: Dart has those above in each name."""
        suite = self.suites.get(test.suite, "")
        name = test.name or "Test"
        if name.startswith(LOADING):
            return ((suite,) if suite else ()), f"{LOADING}{suite}" if suite else name
        path, above = [suite] if suite else [], ""
        for full in (self.groups.get(each, "") for each in test.groups or ()):
            if own := full.removeprefix(above).strip():
                path.append(own)
            above = full or above
        return tuple(path), name.removeprefix(above).strip() or name

    def rest(self) -> Iterator[Item]:
        """What did not end, the suites that printed, and the run."""
        if self.ended is None:
            yield Notice("The report ends before the run does")
        for test in self.tests.values():
            test.errors.append(Event(error=LOST))
            yield self._result(test, Status.UNKNOWN, None)
        for suite, output in self.outputs.items():
            if title := self.suites.get(suite, ""):
                yield Container((title,), "Suite", stdout=str(output))
        length = None if self.ended is None else self.ended / MILLISECONDS
        yield Run(duration=length, metadata={"runner": self.runner} if self.runner else None)


def _title(suite: Suite) -> str:
    path = within_project(suite.path or "") or "Suite"
    platform = suite.platform or PLATFORM
    return path if platform == PLATFORM else f"{path} [{platform}]"


def _print(test: _Open, event: Event) -> None:
    message = event.message or ""
    if event.kind == "skip":
        test.reason = message.removeprefix("Skip: ")
    elif message.startswith(RETRY):
        failed = all(each.failure for each in test.errors)
        status = Status.FAILED if failed else Status.BROKEN
        output = str(test.output)
        test.attempts.append(Attempt(status, error=_thrown(test.errors, output), stdout=output))
        test.errors, test.output = [], Output()
    else:
        test.output.add(f"{message}\n")


def _error(test: _Open, status: Status) -> Error | None:
    if status is Status.SKIPPED:
        known = test.test.metadata
        reason = (known and known.skip_reason) or test.reason
        return Error(message=reason) if reason else None
    return _thrown(test.errors, str(test.output))


def _thrown(errors: list[Event], output: str) -> Error | None:
    """The first error, with those that came after it in the trace."""
    if not errors:
        return None
    first = errors[0]
    told = (first.error or "").strip("\n")
    kind, message = ("TestFailure", told) if first.failure else split_type(told)
    if told.startswith(FLUTTER) and (caught := CAUGHT.search(output)):
        kind, message = caught[1], caught[2].strip("\n")
    later = [f"{each.error or ''}\n{each.trace or ''}".strip("\n") for each in errors[1:]]
    return Error(kind, message, "\n\n".join(filter(None, [(first.trace or "").rstrip(), *later])))


def _sniff(head: Head) -> bool:
    if head.kind == "object":
        return head.keys >= KEYS
    return head.kind in ("text", "array") and START.search(head.text) is not None


FORMAT = Format(
    name="dart",
    title="Dart test JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("dart-json", "flutter", "flutter-json"),
    made_by="Dart's test runner (dart test) and Flutter (flutter test)",
    how="dart test --file-reporter json:dart.json",
    file="dart.json",
    notes=(
        "A suite's file is a container, with its platform if that is not the VM, and so is each "
        "group; a test has its own name, without those of its groups.",
        "A failed expectation is a failed test, any other error a broken one. Flutter reports "
        "both as errors, and what was expected is taken from what it printed.",
        "What the runner hides (loading, setting up and tearing down) is a result only where it "
        "fails; what is printed then is the suite's output.",
        "Each try that the runner says it repeats (`Retry:`) is an attempt.",
        "A skipped test has its reason; what a test prints is its output.",
    ),
)
