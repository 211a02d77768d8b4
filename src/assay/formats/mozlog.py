"""mozlog's structured logs, which Mozilla's harnesses write: a JSON object a line for all that
happens to a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._facts import attachment
from assay.formats._retries import Retries
from assay.formats._wpt import Test, result
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, PackedItem, Result, Run, Status, expand

MAX_OPEN = 10_000
MAX_OUTPUT = 1 << 20
"""Tests that run at once, and characters of the output of one."""

FACTS = ("product", "os", "os_version", "version", "processor", "bits", "debug", "buildapp")
KEYS = frozenset({"action", "time", "source"})
Event = dict[str, Any]


@dataclass(slots=True)
class _Log:
    tests: dict[str, Test] = field(default_factory=dict)
    retries: Retries = field(default_factory=Retries)
    ready: list[PackedItem] = field(default_factory=list)
    began: datetime | None = None
    ended: datetime | None = None
    info: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    crashes: int = 0  # that belong to no test
    found: bool = False

    def take(self, event: Event) -> None:
        action = _json.text(event.get("action"))
        if known := ACTIONS.get(action):
            self.found = True
            if when := _json.moment(event.get("time")):
                self.began, self.ended = self.began or when, when
            known(self, event)

    def test(self, event: Event) -> Test:
        """The test that the event is about: a new one where none was started."""
        name = _json.text(event.get("test")) or "Test"
        if subsuite := _json.text(event.get("subsuite")):
            name = f"{subsuite}:{name}"
        if name not in self.tests:
            if len(self.tests) >= MAX_OPEN:
                self.finish(next(iter(self.tests)))
            self.tests[name] = Test(name, started=_json.moment(event.get("time")))
        return self.tests[name]

    def finish(self, name: str) -> None:
        test = self.tests.pop(name)
        if not test.word:
            test.word, test.expected = "CRASH", test.expected or "OK"
            test.message = test.message or "It was started and never ended"
        self.ready += self.retries.add(result(test))

    def end(self) -> None:
        for name in list(self.tests):
            self.finish(name)
        self.ready += self.retries.release()
        length = (self.ended - self.began).total_seconds() if self.began and self.ended else None
        facts = {key: told for key in FACTS if (told := _json.text(self.info.get(key)))}
        if self.name:
            facts["suite"] = self.name
        commit = _json.text(self.info.get("revision"))
        self.ready.append(Run(self.began, length, commit=commit, metadata=facts or None))


def _suite_start(log: _Log, event: Event) -> None:
    log.info = _json.mapping(event.get("run_info")) or log.info
    log.name = _json.text(event.get("name")) or log.name


def _test_start(log: _Log, event: Event) -> None:
    test = log.test(event)
    if path := _json.text(event.get("path")):
        test.metadata["file"] = path


def _told(event: Event, test: Test) -> Test:
    """The test with what the event says became of it."""
    test.word, test.expected, test.stack = (
        _json.text(event.get(key)) for key in ("status", "expected", "stack")
    )
    known = event.get("known_intermittent")
    test.intermittent = tuple(map(_json.text, known)) if isinstance(known, list) else ()
    test.message = _json.text(event.get("message")) or test.message
    return test


def _test_status(log: _Log, event: Event) -> None:
    log.test(event).add(_told(event, Test(_json.text(event.get("subtest")) or "Subtest")))


def _test_end(log: _Log, event: Event) -> None:
    test = log.test(event)
    stack = test.stack
    _told(event, test).stack = _json.text(event.get("stack")) or stack
    ended = _json.moment(event.get("time"))
    if test.started and ended and ended >= test.started:
        test.seconds = (ended - test.started).total_seconds()
    log.finish(test.name)


def _crash(log: _Log, event: Event) -> None:
    """A process crashed: of a test, if it says so, or else a broken result of its own."""
    said = {key: _json.text(event.get(key)) for key in ("signature", "stackwalk_stdout", "reason")}
    files = [
        attachment(path)
        for key in ("minidump_path", "minidump_extra")
        if (path := _json.text(event.get(key)))
    ]
    if event.get("test"):
        test = log.test(event)
        test.message = f"Crash: {said['signature'] or said['reason']}".rstrip(": ")
        test.stack = said["stackwalk_stdout"]
        test.attachments += files
        return
    error = Error("Crash", said["signature"] or said["reason"], said["stackwalk_stdout"])
    log.crashes += 1
    name = "(crash)" if log.crashes == 1 else f"(crash {log.crashes})"
    log.ready.append(Result((), name, Status.BROKEN, error=error, attachments=tuple(files)))


def _output(log: _Log, event: Event) -> None:
    """What is logged or printed while a single test runs is its output."""
    if len(log.tests) != 1:
        return
    test = next(iter(log.tests.values()))
    said = _json.text(event.get("data", event.get("message")))
    test.size += len(said)
    if said and test.size <= MAX_OUTPUT:
        test.output.append(said)


def _nothing(log: _Log, event: Event) -> None:
    """Tells when it happened, and that this is mozlog's."""


ACTIONS: dict[str, Callable[[_Log, Event], None]] = {
    "suite_start": _suite_start,
    "suite_end": _nothing,
    "test_start": _test_start,
    "test_status": _test_status,
    "test_end": _test_end,
    "crash": _crash,
    "process_output": _output,
    "log": _output,
}


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield Results, and last the Run; times are milliseconds. Raises Malformed where there is no
    action of mozlog's."""
    log = _Log()
    for value in _json.sequence(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        try:
            event = _json.decode(value.raw, value.where)
        except Malformed as error:
            yield Notice(f"A line was left out. {error.message}", error.where)
            continue
        log.take(_json.mapping(event))
        yield from expand(log.ready)
        log.ready.clear()
    if not log.found:
        raise Malformed('mozlog writes objects with an "action" such as "test_end"; none is here')
    log.end()
    yield from expand(log.ready)


def _sniff(head: Head) -> bool:
    return head.kind == "object" and head.keys >= KEYS and bool(head.keys & {"thread", "pid"})


FORMAT = Format(
    name="mozlog",
    title="mozlog structured log",
    sniff=_sniff,
    parse=parse,
    aliases=("mozlog-raw", "structured-log"),
    made_by="mozlog: mochitest, xpcshell, Marionette, wptrunner, rustdoc's GUI tests and others",
    how="./mach wpt --log-raw raw.log dom    # or any harness with mozlog's --log-raw",
    file="raw.log",
    notes=(
        "A test is a result, its folders are containers, its subtests are steps. One that ended "
        "well is failed if a subtest did not end as was expected.",
        "What was expected counts: an expected failure is passed, an unexpected pass failed, a "
        "status that is known to be intermittent passed; `status`, `expected` and `known "
        "intermittent` among the facts tell of it.",
        "`ERROR`, `TIMEOUT`, `CRASH` and `ASSERT` are broken, and so is a test that never ended. "
        "A crash that belongs to no test is a broken result of its own.",
        "A test that is run again after a failure is one result with its tries.",
        "What is logged while a single test runs is its output; minidumps are attachments, if "
        "they are sent along.",
    ),
)
