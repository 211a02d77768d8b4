"""What xcodebuild and `swift test` print of XCTest, of Swift Testing and of what cannot be built.

Lines between a test's first and its last are its output. A test that has no last line has crashed:
xcodebuild then starts the others again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from assay.errors import Malformed
from assay.formats import _text
from assay.formats import _xcode_lines as grammar
from assay.formats._retries import Retries, attempt_of
from assay.formats._time import moment, seconds
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import (
    FAILURES,
    Error,
    Item,
    Measurement,
    PackedItem,
    Result,
    Run,
    Status,
    expand,
)

MAX_OUTPUT = 1 << 20
MAX_ISSUES = 1_000
MAX_OPEN = 10_000
"""Characters of a test's output, issues of a test, and tests that run at once."""

OF_THE_BUILD = "(build)"
"""The name of the result that stands for what cannot be compiled."""

BUNDLES = re.compile(r"(?:.*/)?(?!(?:debug|release)\.)([^/]+)\.(?:xctest|octest)(?:\(Tests\))?$")
"""But those of `swift test`, which are called after how they were built."""

FATAL = re.compile(r"(?:.*: )?Fatal error(?:: (.+))?$|.*\b(Exited with signal code \d+)")
_WORDS = re.compile(r"Test |rror: |Restarting | seconds| : |\u21b3 ")
"""One of which every line has that means anything."""


@dataclass(slots=True)
class _Test:
    path: tuple[str, ...]
    name: str
    iteration: int = 1
    output: list[str] = field(default_factory=list)
    size: int = 0
    issues: list[Error] = field(default_factory=list)
    reason: str = ""
    place: tuple[str, str] = ("", "")
    known: bool = False

    def say(self, line: str) -> None:
        self.size += len(line)
        if self.size <= MAX_OUTPUT:
            self.output.append(line)


@dataclass(slots=True)
class _Log:
    bundle: str = ""
    tests: dict[tuple[str, str], _Test] = field(default_factory=dict)
    last: Result | None = None  # held, as its next iteration may follow
    retries: Retries = field(default_factory=Retries)
    ready: list[PackedItem] = field(default_factory=list)
    errors: list[tuple[str, str, str]] = field(default_factory=list)  # the compiler's
    began: datetime | None = None
    took: float | None = None
    found: bool = False
    tested: bool = False

    def take(self, line: str) -> None:
        if _WORDS.search(line) is None or not self._means(line):
            self._printed(line)

    def _means(self, line: str) -> bool:
        """Take the line if it means anything."""
        return (line.startswith(("Test ", "\tTest ")) and self._of_xctest(line)) or (
            self._of_swift(line) if line[:1] > "\x7f" or line[:1] == "[" else self._about(line)
        )

    def _of_xctest(self, line: str) -> bool:
        if started := grammar.STARTED.match(line):
            self._start(*grammar.test_of(started), int(started["number"] or 1))
        elif ended := grammar.ENDED.match(line):
            key = grammar.test_of(ended)
            if key not in self.tests:
                self._start(*key, 1)
            self._finish(key, grammar.STATUSES[ended["word"]], seconds(ended["seconds"]))
        elif suite := grammar.SUITE.match(line):
            self._suite(suite)
        else:
            return False
        return True

    def _about(self, line: str) -> bool:
        if measured := grammar.MEASURED.match(line):
            self._measured(measured)
        elif issue := grammar.ISSUE.match(line):
            return self._issue(issue)
        elif crashed := grammar.CRASHED.match(line):
            self._crashed(crashed)
        elif executed := grammar.EXECUTED.match(line):
            self.took = seconds(executed["seconds"])
        elif error := grammar.COMPILER.match(line):
            if not self.tests and len(self.errors) < MAX_ISSUES:
                self.errors.append((within_project(error["file"]), error["line"], error[3]))
        else:
            return False
        return True

    def _of_swift(self, line: str) -> bool:
        if run := grammar.SWIFT_RUN.match(line):
            self.took = (self.took or 0) + (seconds(run["seconds"]) or 0)
        elif issue := grammar.SWIFT_ISSUE.match(line):
            self._swift_issue(issue)
        elif ended := grammar.SWIFT_ENDED.match(line):
            self._swift_ended(ended)
        elif skipped := grammar.SWIFT_SKIPPED.match(line):
            key = "", skipped["test"].strip('"')
            self._start(*key, 1)
            self.tests[key].reason = skipped["reason"] or ""
            self._finish(key, Status.SKIPPED, None)
        elif started := grammar.SWIFT_STARTED.match(line):
            if started["test"] != "run":
                self._start("", started["test"].strip('"'), 1)
        elif line.startswith("↳") and (said := grammar.SWIFT_COMMENT.match(line)):
            self._comment(said["said"])
        else:
            return False
        return True

    def _printed(self, line: str) -> None:
        if len(self.tests) == 1 and line.strip():
            next(iter(self.tests.values())).say(line)

    def _suite(self, suite: re.Match[str]) -> None:
        self.found = True
        if self.began is None and suite["when"]:
            self.began = moment(re.sub(r" ?([+-]\d{4})$", r"\1", suite["when"]))
        if bundle := BUNDLES.match(suite["title"]):
            self.bundle = bundle[1] if suite["word"] == "started" else ""

    def _start(self, above: str, name: str, iteration: int) -> None:
        self.found = self.tested = True
        if above and self.tests and (above, name) in self.tests:
            self._finish((above, name), Status.BROKEN, None)
        if len(self.tests) >= MAX_OPEN:
            self._finish(next(iter(self.tests)), Status.BROKEN, None)
        path = tuple(filter(None, (self.bundle, above.removeprefix(f"{self.bundle}."))))
        self.tests[above, name] = _Test(path if above else (), name.removesuffix("()"), iteration)

    def _issue(self, issue: re.Match[str]) -> bool:
        test = self.tests.get(grammar.test_of(issue))
        if test is None:
            return False
        if skipped := grammar.SKIPPED.match(issue["said"]):
            test.reason = skipped[1]
        elif len(test.issues) < MAX_ISSUES:
            self._keep(test, issue, issue["said"])
        return True

    def _keep(self, test: _Test, issue: re.Match[str], said: str) -> None:
        thrown = grammar.THROWN.match(said)
        kind = (thrown[1] or "Error") if thrown else ""
        file, line = within_project(issue["file"] or ""), issue["line"] or ""
        test.place = test.place if test.place[0] else (file, line)
        trace = f"{file}:{line}: {said}" if file and file != "<unknown>" else said
        test.issues.append(Error(kind, said, trace))

    def _swift_issue(self, issue: re.Match[str]) -> None:
        test = self.tests.get(("", issue["test"].strip('"')))
        if test is None or len(test.issues) >= MAX_ISSUES:
            return
        if issue["known"]:
            test.known = True
            test.say(issue["said"])
            return
        given = f" [{issue['given']}]" if issue["given"] else ""
        said = issue["said"]
        kind = "Error" if said.startswith("Caught error: ") else ""
        self._keep(test, issue, said + given)
        last = test.issues[-1]
        test.issues[-1] = Error(kind, last.message, last.trace)

    def _comment(self, said: str) -> None:
        """A comment on the issue that came last."""
        for test in reversed(self.tests.values()):
            if test.issues:
                last = test.issues[-1]
                told = f"{last.message}\n{said}"
                test.issues[-1] = Error(last.type, told, f"{last.trace}\n{said}")
                return

    def _swift_ended(self, ended: re.Match[str]) -> None:
        key = "", ended["test"].strip('"')
        if key not in self.tests:
            return
        self._finish(key, grammar.STATUSES[ended["word"]], seconds(ended["seconds"]))

    def _measured(self, measured: re.Match[str]) -> None:
        test = next(reversed(self.tests.values()), None)
        average = seconds(measured["average"])
        if test is None or average is None:
            return
        unit = "s" if measured["unit"] in ("seconds", "s") else measured["unit"]
        self.ready.append(Measurement(test.path, test.name, measured["metric"], average, unit))

    def _crashed(self, crashed: re.Match[str]) -> None:
        key = grammar.test_of(crashed)
        for open_key in [key] if key in self.tests else list(self.tests):
            self._finish(open_key, Status.BROKEN, None)

    def _finish(self, key: tuple[str, str], status: Status, took: float | None) -> None:
        test = self.tests.pop(key)
        result = _result(test, status, took)
        if self.last and test.iteration > 1 and _same(self.last, result):
            result = _iterated(self.last, result)
        else:
            self._let_go()
        self.last = result

    def _let_go(self) -> None:
        if self.last:
            self.ready += self.retries.add(self.last)
        self.last = None

    def end(self) -> None:
        for key in list(self.tests):
            self._finish(key, Status.BROKEN, None)
        self._let_go()
        self.ready += self.retries.release()
        if self.errors and not self.tested:
            file, line, said = self.errors[0]
            everything = "\n".join(": ".join(each) for each in self.errors)
            error = Error("CompileError", said, everything)
            place = {"file": file, "line": line}
            self.ready.append(Result((), OF_THE_BUILD, Status.BROKEN, error=error, metadata=place))


def _same(one: Result, other: Result) -> bool:
    return (one.path, one.name) == (other.path, other.name)


def _iterated(earlier: Result, last: Result) -> Result:
    """The last iteration, with those before it as its attempts."""
    attempts = (*earlier.attempts, attempt_of(earlier))
    failed = any(each.status in FAILURES for each in attempts)
    return replace(last, attempts=attempts, flaky=failed and last.status is Status.PASSED)


def _result(test: _Test, status: Status, took: float | None) -> Result:
    error = None
    if status in FAILURES:
        error = _error(test, status)
        status = Status.BROKEN if error and error.type else status
    elif status is Status.SKIPPED and test.reason:
        error = Error(message=test.reason)
    file, line = test.place
    metadata = {"file": file, "line": line} if file and file != "<unknown>" else {}
    return Result(
        path=test.path,
        name=test.name,
        status=status,
        duration=took,
        error=error,
        stdout="\n".join(test.output),
        metadata=metadata | ({"expected": "failure"} if test.known else {}) or None,
    )


def _error(test: _Test, status: Status) -> Error | None:
    """Its issues, or that it never ended; None of a test that failed without a word."""
    if not test.issues and status is Status.FAILED:
        return None
    if not test.issues:
        fatal = next(filter(None, map(FATAL.match, reversed(test.output))), None)
        told = fatal and (fatal[1] or fatal[2])
        return Error("Crash", told or "It was started and never finished")
    first = test.issues[0]
    kind = next((each.type for each in test.issues if each.type), "")
    return Error(kind, first.message, "\n".join(filter(None, (e.trace for e in test.issues))))


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield Results and Measurements, and last the Run; raises Malformed where nothing is told of
    a test or a build."""
    log = _Log()
    known = False
    for line in _text.lines(chunks):
        known = known or grammar.BUILD.search(line) is not None
        log.take(line)
        if log.ready:
            yield from expand(log.ready)
            log.ready.clear()
    log.end()
    yield from expand(log.ready)
    if not (known or log.found or log.errors):
        raise Malformed('xcodebuild\'s tests begin with "Test Suite" or "Test Case"; none is here')
    if log.began or log.took is not None:
        yield Run(date=log.began, duration=log.took)


def _sniff(head: Head) -> bool:
    return head.kind == "text" and grammar.BUILD.search(head.text) is not None


FORMAT = Format(
    name="xcodebuild",
    title="xcodebuild and swift test logs",
    sniff=_sniff,
    parse=parse,
    aliases=("xcodebuild-log", "xctest-log", "swifttest"),
    made_by="xcodebuild and `swift test`: XCTest and Swift Testing, as they print it",
    how="xcodebuild test -scheme Shop 2>&1 > xcodebuild.log    # or: swift test > swift.log 2>&1",
    file="xcodebuild.log",
    notes=(
        "A test case is a result, its bundle and its class the containers. Swift Testing does not "
        "print a test's suite: its tests stand alone.",
        "A test that recorded issues is failed, one that threw, crashed or never ended is broken; "
        "all its issues are the trace, the first one's file and line are facts.",
        "Iterations of a test, and a test that is run again after a failure, are one result with "
        "its tries. A known issue does not fail a test; `expected` among the facts tells of it.",
        "What is printed while a single test runs is its output; `measure` gives measurements.",
        "Where nothing could be compiled, the compiler's errors are a broken result, `(build)`.",
    ),
)
