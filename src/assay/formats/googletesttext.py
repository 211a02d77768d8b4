"""What GoogleTest prints on a terminal or into a log.

A test that was begun and has no end made the program crash, or was stopped: it is broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed
from assay.formats._failures import Failure, error_of
from assay.formats._googletest import status_of, worded
from assay.formats._harness import of_a_harness
from assay.formats._retries import Retries
from assay.formats._text import lines
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status, expand

MILLISECONDS = 1000
MOST_TEXT = 1 << 20
"""Characters of one test's output; further ones are left out."""

RUNNING = re.compile(r"\[==========\] Running (\d{1,9}) tests? from \d+ test (?:suite|case)s?\.")
RAN = re.compile(r"\[==========\] \d+ tests? from .{1,60} ran\.(?: \((\d{1,12}) ms total\))?")
SUITE = re.compile(r"\[----------\] \d+ tests? from ([^\s,(]+)(?:, where TypeParam = (.+))?$")
SUITE_ENDS = re.compile(r"\[----------\] \d+ tests? from ([^\s,(]+) \((\d{1,12}) ms total\)")
BEGINS = re.compile(r"\[ RUN      \] (\S.*)")
DISABLED = re.compile(r"\[ DISABLED \] (\S.*)")
ENDS = re.compile(r"\[(.{10})\] ([^\s,]+)(?:, where (.*?))?(?: \((\d{1,12}) ms\))?")

AROUND_TESTS = re.compile(r"\[  FAILED  \] (\S+): SetUp\w+ or TearDown\w+")
"""In the list at the end: what failed before the suite's first test or after its last."""

FAILS = re.compile(
    r"(unknown file|.{1,1000}?(?::\d{1,9}|\(\d{1,9}\))): (?:(?:Failure|Skipped)$|error: (.*))"
)
"""`cart.cc:17: Failure`, and `cart.cc(17): error: …` of Microsoft's compiler."""

GIVEN = re.compile(r"(TypeParam|GetParam\(\)) = (.+?)(?= and GetParam\(\) = |$)")
PARAMETERS = {"TypeParam": "type_param", "GetParam()": "value_param"}
"""What GoogleTest prints, and what it writes into its other reports."""

REPEATING = "Repeating all tests (iteration "
STOPPED = "It has no end: the program crashed or was stopped while it ran"

WORDS = {"       OK ": Status.PASSED, "  FAILED  ": Status.FAILED, "  SKIPPED ": Status.SKIPPED}


@dataclass(slots=True)
class _Test:
    """What is being run: a test, or between tests what is printed there."""

    name: str = ""
    lines: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, line: str) -> None:
        self.size += len(line) + 1
        if self.size <= MOST_TEXT:
            self.lines.append(line)

    def end(self, line: str) -> re.Match[str] | None:
        """How it ended, if the line says so: it may begin with what was printed last."""
        if not self.name:
            return None
        place = max(line.rfind(f"[{word}] {self.name}") for word in WORDS)
        found = ENDS.fullmatch(line, place) if place >= 0 else None
        return found if found and found[2] == self.name else None


@dataclass(slots=True)
class _Report:
    """What is known while the lines pass by."""

    test: _Test = field(default_factory=_Test)
    recognised: bool = False
    announced: int = 0
    ended: int = 0
    duration: float | None = None
    types: dict[str, str] = field(default_factory=dict)  # by suite
    around: dict[str, _Test] = field(default_factory=dict)  # by suite, what failed outside tests
    suite: str = ""
    repeats: dict[str, Retries] | None = None  # by suite, where all tests are repeated


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result a test and a Container a suite, and last the Run.

    What stands between and around them is left out. Several programs' output may follow one
    another. Raises Malformed where there is nothing of GoogleTest's.
    """
    report = _Report()
    for line in lines(chunks):
        yield from _line(report, line)
    yield from _stopped(report)
    for retries in (report.repeats or {}).values():
        yield from expand(retries.release())
    if not report.recognised:
        raise Malformed("GoogleTest's output has lines that begin with “[ RUN      ]”; none here")
    yield Run(duration=report.duration)
    if report.announced > report.ended:
        yield Notice(f"Of {report.announced} tests {report.ended} ended before the output does")


def _line(report: _Report, line: str) -> Iterator[Item]:
    if ends := report.test.end(line):
        if ends.start():
            report.test.add(line[: ends.start()])
        yield from _ended(report, ends)
    elif line.startswith("["):
        yield from _marked(report, line)
    elif not report.test.name and line.startswith(REPEATING):
        report.repeats = report.repeats or {}
    else:
        report.test.add(line)


def _marked(report: _Report, line: str) -> Iterator[Item]:
    """A line that may be one of GoogleTest's own."""
    if begins := BEGINS.fullmatch(line):
        yield from _stopped(report)
        _keep_what_is_around(report)
        report.recognised = True
        report.test = _Test(begins[1])
    elif report.test.name and not RUNNING.match(line):
        report.test.add(line)
    elif disabled := DISABLED.fullmatch(line):
        yield _result(report, _Test(disabled[1]), Status.SKIPPED)
    elif suite := SUITE.match(line):
        _keep_what_is_around(report)
        report.suite = suite[1]
        report.types = {suite[1]: suite[2]} if suite[2] else {}
    elif ends := SUITE_ENDS.match(line):
        _keep_what_is_around(report)
        yield Container((ends[1],), "test suite", duration=int(ends[2]) / MILLISECONDS)
    elif around := AROUND_TESTS.match(line):
        yield _around(report, around[1])
    elif running := RUNNING.match(line):
        yield from _stopped(report)
        report.recognised = True
        report.announced += int(running[1])
    elif (ran := RAN.match(line)) and ran[1]:
        report.duration = (report.duration or 0) + int(ran[1]) / MILLISECONDS


def _keep_what_is_around(report: _Report) -> None:
    """What is printed before a suite's first test, or after its last, may be failures."""
    if report.test.lines and report.suite:
        report.around.setdefault(report.suite, report.test)
    report.test = _Test()


def _ended(report: _Report, ends: re.Match[str]) -> Iterator[Item]:
    test, report.test = report.test, _Test()
    report.ended += 1
    result = _result(report, test, WORDS[ends[1]], ends)
    if report.repeats is None:
        yield result
    else:
        retries = report.repeats.setdefault(result.path[0], Retries())
        yield from expand(retries.add(result))


def _stopped(report: _Report) -> Iterator[Result]:
    """The test that has begun and did not end, if there is one."""
    if report.test.name:
        test, report.test = report.test, _Test()
        suite, name = _named(test.name)
        error = Error(message=STOPPED)
        yield Result((suite,), name, Status.BROKEN, error=error, stdout=_joined(test.lines))


def _result(
    report: _Report, test: _Test, status: Status, ends: re.Match[str] | None = None
) -> Result:
    suite, name = _named(test.name)
    printed, failures = test.lines, list[Failure]()
    if status is not Status.PASSED:
        printed, failures = _split(test.lines)
    if status is Status.FAILED and failures:
        status = status_of(failures)
    if status is Status.SKIPPED:
        failures = [each for each in failures if each.message]
    return Result(
        path=(suite,),
        name=name,
        status=status,
        duration=int(ends[4]) / MILLISECONDS if ends and ends[4] else None,
        error=error_of(failures),
        stdout=_joined(printed),
        parameters=_given(report, suite, (ends and ends[3]) or "") or None,
    )


def _named(test: str) -> tuple[str, str]:
    suite, _, name = test.partition(".")
    return suite, name or suite


def _given(report: _Report, suite: str, where: str) -> dict[str, str]:
    """The parameters: a type is told of each suite, a value only where its test failed."""
    kind = report.types.get(suite)
    given = {"type_param": kind} if kind else {}
    return given | {PARAMETERS[key]: value for key, value in GIVEN.findall(where)}


def _split(printed: list[str]) -> tuple[list[str], list[Failure]]:
    """The lines before the first failure, and the failures. Where one ends is not marked: what is
    printed between two belongs to the first."""
    found = [(place, match) for place, line in enumerate(printed) if (match := FAILS.match(line))]
    starts = [place for place, _ in found] + [len(printed)]
    failures = [
        Failure(match[1], worded("\n".join([match[2] or "", *printed[place + 1 : end]])))
        for (place, match), end in zip(found, starts[1:], strict=True)
    ]
    return printed[: starts[0]], failures


def _joined(printed: list[str]) -> str:
    return "\n".join(printed).strip("\n")


def _around(report: _Report, suite: str) -> Result:
    printed, failures = _split(report.around.pop(suite, _Test()).lines)
    return Result(
        (suite,),
        "SetUpTestSuite or TearDownTestSuite",
        Status.BROKEN,
        error=error_of(failures),
        stdout=_joined(printed),
    )


def _sniff(head: Head) -> bool:
    if head.kind != "text" or of_a_harness(head):
        return False
    return any(RUNNING.match(line) for line in head.text.splitlines())


FORMAT = Format(
    name="googletesttext",
    title="GoogleTest text",
    sniff=_sniff,
    parse=parse,
    aliases=("googletest-text", "googletest_text", "gtest-text", "gtest_text", "gtesttext"),
    made_by="GoogleTest, on the terminal",
    how="./cart_test > googletest.txt",
    file="googletest.txt",
    notes=(
        "A test suite is a container, a test is a result; the value and the type of a "
        "parameterised test are parameters, where they are printed.",
        "A test with failures is failed, or broken if exceptions are all it has; the first is its "
        "message, all of them, with their places, its trace.",
        "What a test prints before its first failure is its output.",
        "Skipped tests are skipped, with the reason, and so are those named `DISABLED_`.",
        "A test that has begun and does not end is broken: the program crashed or was stopped.",
        "A failure in a suite's set-up or tear-down is a broken result of its own.",
        "With `--gtest_repeat`, a test that failed and then ends otherwise is one result with "
        "its attempts; the output of several programs may follow one another in a file.",
    ),
)
