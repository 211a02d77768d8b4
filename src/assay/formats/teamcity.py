"""TeamCity's service messages: what PHPUnit, pytest, Jest, Catch2 and many more print for it.

A test is told of by several messages, which may stand between those of others: what belongs
together has the same `flowId` and name. Suites are nested by the order of their messages in a flow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._facts import attachment
from assay.formats._retries import Retries
from assay.formats._teamcity_messages import VALUE, Message, messages
from assay.formats._teamcity_test import MAX_OUTPUT, Test, failure, result
from assay.formats._time import moment
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import (
    Attachment,
    Container,
    Error,
    Item,
    Measurement,
    PackedItem,
    Result,
    Run,
    Status,
    Step,
    expand,
)

MILLISECONDS = 1000
MAX_OPEN = 10_000
"""Tests, and likewise flows, that may be open at once."""

STEPS = {
    "Success": Status.PASSED,
    "Failure": Status.FAILED,
    "Error": Status.BROKEN,
    "Skip": Status.SKIPPED,
}
"""`subTestResult`, by teamcity-messages for Python."""

EXPECTED = ("Expected failure: ", "@pytest.mark.xfail")
"""What teamcity-messages for Python says of a test that is known to fail, and does."""

FILES = frozenset({"artifact", "image", "video"})
"""The types of metadata that name a file among the build's artifacts."""

_CLASS = re.compile(r"((?:[^\W\d]\w*[.\\]){1,40})([^\W\d]\w*(?: ?[(\[].*)?)", re.DOTALL)
"""`package.Class.method(arguments)`: how TeamCity itself takes a test's name apart."""

_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]")
_PHP = re.compile(r"php_qn://(.+?)::")


@dataclass(slots=True)
class _Build:
    """What is known of the build so far, and what is `ready` to be given."""

    suites: dict[str, list[str]] = field(default_factory=dict)  # by flow
    tests: dict[tuple[str, str], Test] = field(default_factory=dict)  # by flow and name
    retries: Retries = field(default_factory=Retries)
    ready: list[PackedItem] = field(default_factory=list)
    began: datetime | None = None
    ended: datetime | None = None
    number: str = ""
    problems: int = 0
    found: bool = False

    def take(self, message: Message | str) -> None:
        if isinstance(message, str):
            self._printed(message)
            return
        if when := moment(message.values.get("timestamp")):
            self.began, self.ended = self.began or when, when
        if known := MESSAGES.get(message.name):
            known(self, message)

    def key(self, message: Message) -> tuple[str, str]:
        """The flow and the name of the test that the message is about."""
        name = message.values.get("name") or ""
        key = message.flow, name
        if not name:
            key = next((each for each in reversed(self.tests) if each[0] == message.flow), key)
        return key

    def open(self, message: Message) -> Test | None:
        return self.tests.get(self.key(message))

    def test(self, message: Message) -> Test:
        """The test that the message is about: a new one where none was started."""
        key = self.key(message)
        if key not in self.tests:
            self.found = True
            if len(self.tests) >= MAX_OPEN:
                self.finish(next(iter(self.tests)), "It was never finished")
            self.tests[key] = self._begun(message, key[1] or "Test")
        return self.tests[key]

    def _begun(self, message: Message, name: str) -> Test:
        said = message.values
        path = tuple(self.suites.get(message.flow, ()))
        if parts := _CLASS.fullmatch(name):
            above = parts[1].rstrip(".\\")
            path, name = (path if path[-1:] == (above,) else (*path, above)), parts[2]
        if (own := said.get("metainfo", "")).startswith(name.partition("(")[0] + "["):
            name = own  # pytest's, which is the same in its other reports
        captured = said.get("captureStandardOutput") != "false"
        test = Test(path, name, moment(said.get("timestamp")), captured)
        if file := _file(said.get("locationHint", "")):
            test.metadata["file"] = file
        return test

    def finish(self, key: tuple[str, str], unfinished: str = "") -> None:
        test = self.tests.pop(key, None)
        if test is None:
            return
        if unfinished and test.status is Status.PASSED:
            test.status, test.error = Status.BROKEN, Error(message=unfinished)
        self.ready += self.retries.add(result(test))

    def end(self) -> None:
        for key in list(self.tests):
            self.finish(key, "It was started and never finished")
        self.ready += self.retries.release()

    def _printed(self, line: str) -> None:
        """A line of output belongs to the test that runs, if there is but one."""
        if len(self.tests) == 1 and line.strip():
            test = next(iter(self.tests.values()))
            if test.captured:
                test.say("out", line + "\n")


def _file(hint: str) -> str:
    """The file that a `locationHint` tells of: PHPUnit's, or an address of one."""
    if found := _PHP.match(hint):
        return within_project(found[1])
    return within_project(hint) if hint.startswith("file:") else ""


def _flow_started(build: _Build, message: Message) -> None:
    above = build.suites.get(message.values.get("parent", ""), [])
    if len(build.suites) < MAX_OPEN:
        build.suites[message.flow] = [*above]


def _flow_finished(build: _Build, message: Message) -> None:
    for key in [key for key in build.tests if key[0] == message.flow]:
        build.finish(key, "Its flow ended before it did")
    build.suites.pop(message.flow, None)


def _suite_started(build: _Build, message: Message) -> None:
    if message.flow not in build.suites and len(build.suites) >= MAX_OPEN:
        return
    suites = build.suites.setdefault(message.flow, [])
    suites.append(_title(message))
    if file := _file(message.values.get("locationHint", "")):
        path = tuple(suites)
        build.ready.append(Container(path, classification="Suite", metadata={"file": file}))


def _title(message: Message) -> str:
    """A suite's name, or its path within the project where it is a folder or a file."""
    name = message.values.get("name") or "Suite"
    return within_project(name) if _ABSOLUTE.match(name) else name


def _suite_finished(build: _Build, message: Message) -> None:
    suites = build.suites.get(message.flow, [])
    name = _title(message)
    if name in suites:
        while suites.pop() != name:
            pass
    if not suites:
        build.suites.pop(message.flow, None)


def _test_started(build: _Build, message: Message) -> None:
    build.test(message)


def _test_finished(build: _Build, message: Message) -> None:
    if test := build.open(message):
        _timed(test, message)
        build.finish(build.key(message))


def _timed(test: Test, message: Message) -> None:
    spent = _json.number(message.values.get("duration"))
    ended = moment(message.values.get("timestamp"))
    if spent is not None and spent >= 0:
        test.seconds = spent / MILLISECONDS
    elif test.seconds is None and test.started and ended and ended >= test.started:
        test.seconds = (ended - test.started).total_seconds()


def _test_failed(build: _Build, message: Message) -> None:
    """A test may fail several times; the first time tells why."""
    test = build.test(message)
    status, error = failure(message.values)
    if test.status is Status.PASSED or test.error is None:
        test.status, test.error = status, error
        return
    said = "\n".join(filter(None, (error.message, error.trace)))
    trace = "\n\n".join(filter(None, (test.error.trace, said)))
    test.error = Error(test.error.type, test.error.message, trace[:MAX_OUTPUT])


def _test_ignored(build: _Build, message: Message) -> None:
    started = build.open(message)
    test = build.test(message)
    test.status = Status.SKIPPED
    said, details = (message.values.get(key, "").strip() for key in ("message", "details"))
    test.error = Error(message=said, trace=details) if said or details else None
    if said.startswith(EXPECTED):
        test.metadata["expected"] = "failure"
    if started is None:  # it need not be finished then
        build.finish(build.key(message))


def _output(stream: str) -> Callable[[_Build, Message], None]:
    def say(build: _Build, message: Message) -> None:
        if test := build.open(message):
            test.say(stream, message.values.get("out", ""))

    return say


def _metadata(build: _Build, message: Message) -> None:
    """A number that was measured, a file of the build, a link or a text."""
    test = build.open(_about_test(message))
    if test is None:
        return
    said = message.values
    kind, name, value = (said.get(key, "") for key in ("type", "name", "value"))
    if kind == "number" and (number := _json.number(value)) is not None:
        build.ready.append(Measurement(test.path, test.name, name or "value", number))
    elif kind in FILES:
        file = attachment(value)
        test.attachments.append(Attachment(name or file.name, path=file.path))
    elif value:
        test.metadata[name or kind or "note"] = value


def _about_test(message: Message) -> Message:
    """The message as one about its test, where `name` is something else's."""
    return message._replace(values={**message.values, "name": message.values.get("testName", "")})


def _block(build: _Build, message: Message) -> None:
    """A subtest of Python's is a step."""
    outcome = STEPS.get(message.values.get("subTestResult", ""))
    test = build.open(_about_test(message))
    if outcome and test:
        test.steps.append(Step(message.values.get("name", ""), outcome))


def _problem(build: _Build, message: Message) -> None:
    """What fails a build without any test."""
    build.problems += 1
    name = "(build problem)" if build.problems == 1 else f"(build problem {build.problems})"
    said = message.values.get("description", message.values.get(VALUE, ""))
    build.ready.append(Result((), name, Status.BROKEN, error=Error(message=said)))
    build.found = True


def _statistic(build: _Build, message: Message) -> None:
    key, value = message.values.get("key", ""), _json.number(message.values.get("value"))
    if key and value is not None:
        build.ready.append(Measurement((), "Build", key, value))


def _number(build: _Build, message: Message) -> None:
    build.number = message.values.get(VALUE, "")


MESSAGES: dict[str, Callable[[_Build, Message], None]] = {
    "flowStarted": _flow_started,
    "flowFinished": _flow_finished,
    "testSuiteStarted": _suite_started,
    "testSuiteFinished": _suite_finished,
    "testStarted": _test_started,
    "testFinished": _test_finished,
    "testFailed": _test_failed,
    "testIgnored": _test_ignored,
    "testStdOut": _output("out"),
    "testStdErr": _output("err"),
    "testMetadata": _metadata,
    "blockOpened": _block,
    "buildProblem": _problem,
    "buildStatisticValue": _statistic,
    "buildNumber": _number,
}


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield Results, Containers and Measurements, and last the Run; durations are milliseconds.

    The same test again after it failed is another try of it, as TeamCity has it with
    `testRetrySupport`. Raises Malformed where no message tells of a test.
    """
    build = _Build()
    for message in messages(chunks):
        build.take(message)
        if build.ready:
            yield from expand(build.ready)
            build.ready.clear()
    build.end()
    yield from expand(build.ready)
    if not build.found and not build.began:
        raise Malformed('TeamCity\'s messages begin with "##teamcity["; none tells of a test here')
    length = (build.ended - build.began).total_seconds() if build.began and build.ended else None
    if build.began or build.number:
        yield Run(date=build.began, duration=length, build=build.number)


_SIGN = re.compile(r"##teamcity\[\s*(?:test|flow)[A-Z]")


def _sniff(head: Head) -> bool:
    return head.kind == "text" and _SIGN.search(head.text) is not None


FORMAT = Format(
    name="teamcity",
    title="TeamCity service messages",
    sniff=_sniff,
    parse=parse,
    aliases=("teamcity-messages", "tc"),
    made_by=(
        "PHPUnit, pytest and unittest with teamcity-messages, Jest, Mocha, Catch2, Ginkgo, dotnet "
        "test and others, in any build's log"
    ),
    how="vendor/bin/phpunit --teamcity > teamcity.txt",
    file="teamcity.txt",
    notes=(
        "Suites are containers, nested by the order of their messages within a flow; of a name "
        "such as `shop.CartTest.adds_up` what stands before the test is one, too.",
        "A test with `testFailed` is failed, or broken where the message or the details name an "
        "exception that is no assertion; `testIgnored` is skipped. A test that is never finished "
        "is broken.",
        "`expected` and `actual` of a comparison are part of the message.",
        "The same test again after a failure is another try; it is flaky if it passed at last.",
        "`testMetadata` of the type `number` is a measurement; artifacts, images and videos are "
        "attachments, if they are sent along; texts and links are facts.",
        "`testStdOut`, `testStdErr` and what else is printed while a single test runs (unless "
        "`captureStandardOutput` is off) are the test's output; subtests of Python's unittest "
        "are steps.",
        "A `buildProblem` is a broken result; `buildStatisticValue` a measurement; `buildNumber` "
        "the report's build.",
    ),
)
