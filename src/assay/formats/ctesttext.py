"""What CTest prints: a line when a test starts, a line when it ends, and its output around them.

With `-V` each line of output has the number of its test before it; with `--output-on-failure` it
follows the line that tells of the failure. A test that is repeated starts again at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._retries import Retries, attempt_of
from assay.formats._text import lines
from assay.formats._time import moment, seconds
from assay.formats.format import Format, Head
from assay.model import FAILURES, Attempt, Error, Item, Notice, Result, Run, Status, expand

START = re.compile(r"[ \t]*Start +(\d{1,9}): (.+)")
"""`      Start  2: fails`"""

END = re.compile(
    r"(?:[ \t]*\d+/\d+ +|[ \t]+)Test +#(\d{1,9}): (\S.*?) \.\.+ *(Passed\b|\*\*\*)(.*)"
)
"""` 2/12 Test  #2: fails ....***Failed    0.02 sec`; without the count if it is run again"""

OUTPUT = re.compile(r"(\d{1,9}): ?(.*)")
"""`2: what it printed`, with `-V`"""

OWN = re.compile(
    r"test \d+$|(?:Test command|Working Directory|Test timeout computed to be): |Environment vari"
)
"""What CTest itself says among those, and at the beginning of a test."""

TOTAL = re.compile(r"Total Test time \(real\) = +(\d+(?:\.\d+)?) sec")
TAG = re.compile(r"\s*(?:Create new|Use \w+) tag: (\d{8})-(\d\d)(\d\d) - (\w+)")
SUMMARY = re.compile(r"\d+% tests passed|The following tests passed:|Test project |Total Test time")
ABOUT = {"Site": "site", "Build name": "build name"}

TELLING = re.compile(
    rf"^(?:{END.pattern}|Test project .+\n(?:.*\n){{0,40}}?{START.pattern})", re.MULTILINE
)

STATUSES = {
    "Passed": Status.PASSED,
    "Skipped": Status.SKIPPED,
    "Not Run (Disabled)": Status.SKIPPED,
    "Not Run": Status.BROKEN,  # it could not be started; CTest counts it as failed
    "Timeout": Status.BROKEN,
    "Exception": Status.BROKEN,
    "Exit code": Status.BROKEN,  # Windows' codes of a crash: 0xc0000005
    "Failed": Status.FAILED,
}
"""How the outcome begins (cmCTestRunTest), the longer word before the shorter."""

MOST_OUTPUT = 1 << 20
"""Characters of one test's output; the rest is left out."""

MOST_RUNNING = 10_000
"""Tests that run at a time, by number; more of them are none."""

LEFT_OUT = "\n(the rest is left out)"


@dataclass(slots=True)
class _Test:
    """A test that runs, or has ended and may be run again."""

    name: str
    output: list[str] = field(default_factory=list)
    size: int = 0
    command: str = ""
    outcome: str = ""
    duration: float | None = None
    attempts: list[Attempt] = field(default_factory=list)

    def say(self, line: str) -> None:
        if self.size <= MOST_OUTPUT:
            self.output.append(line if self.size + len(line) <= MOST_OUTPUT else LEFT_OUT)
        self.size += len(line) + 1


@dataclass(slots=True)
class _Log:
    running: dict[str, _Test] = field(default_factory=dict)  # by number
    ended: tuple[str, _Test] | None = None
    last: _Test | None = None  # whose output a line is that says nothing of its test
    open_reason: bool = False  # the outcome goes on in the next line
    duration: float | None = None
    facts: dict[str, str] = field(default_factory=dict)
    date: str = ""
    found: bool = False

    def read(self, line: str) -> Iterator[Result]:
        """Take a line; the test it shows to be over for good."""
        if self.open_reason and self.ended:
            self._go_on(self.ended[1], line)
        elif start := START.fullmatch(line):
            yield from self._start(start[1], start[2])
        elif end := END.fullmatch(line):
            yield from self.settle()
            self._end(end)
        elif SUMMARY.match(line):
            yield from self.settle()
            self.last = None
            self._note(line)
        elif (told := OUTPUT.fullmatch(line)) and told[1] in self.running:
            self._say(self.running[told[1]], told[2])
        elif self.last and not OWN.match(line):
            self.last.say(line)
        else:
            self._note(line)

    def settle(self) -> Iterator[Result]:
        """The test that has ended last: it will not be run again."""
        if self.ended:
            self.found = True
            yield _result(self.ended[1])
        self.ended = None

    def _start(self, number: str, name: str) -> Iterator[Result]:
        attempts: list[Attempt] = []
        if self.ended and self.ended[0] == number:
            before = self.ended[1]
            attempts = [*before.attempts, attempt_of(_result(before))]
            self.ended = None
        yield from self.settle()
        test = self.last = _Test(name, attempts=attempts)
        if len(self.running) < MOST_RUNNING:
            self.running[number] = test

    def _end(self, end: re.Match[str]) -> None:
        test = self.running.pop(end[1], None) or _Test(end[2])
        test.name = end[2]
        self.ended = (end[1], test)
        self.last = test
        _close(test, end[4] if end[3] == "***" else end[3] + end[4])
        self.open_reason = test.duration is None and "Regex=[" in test.outcome

    def _go_on(self, test: _Test, line: str) -> None:
        """An expression that was looked for may hold ends of lines."""
        _close(test, f"{test.outcome}\n{line}")
        self.open_reason = test.duration is None and test.outcome.count("\n") < 10

    def _say(self, test: _Test, line: str) -> None:
        if line.startswith("Test command: "):
            test.command = line.removeprefix("Test command: ")
        elif not OWN.match(line):
            test.say(line)

    def _note(self, line: str) -> None:
        if total := TOTAL.match(line):
            self.duration = (self.duration or 0) + (_json.number(total[1]) or 0)
        elif tag := TAG.match(line):
            self.date = f"{tag[1]}T{tag[2]}:{tag[3]}"
            self.facts["build"] = f"{tag[1]}-{tag[2]}{tag[3]}-{tag[4]}"
        else:
            key, _, said = line.strip().partition(": ")
            if key in ABOUT and not self.found:
                self.facts.setdefault(ABOUT[key], said)


def _close(test: _Test, said: str) -> None:
    """Take the outcome apart: `Failed  Why    0.02 sec`."""
    said = said.strip()
    told, _, time = said.removesuffix(" sec").rstrip().rpartition(" ")
    known = seconds(time) if said.endswith(" sec") else None
    test.outcome, test.duration = (said, None) if known is None else (told.strip(), known)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each test as a result when it is over, last the run.

    Raises Malformed where no line tells how a test ended.
    """
    log, retries = _Log(), Retries()
    for line in lines(chunks):
        for result in log.read(line):
            yield from expand(retries.add(result))
    for result in log.settle():
        yield from expand(retries.add(result))
    yield from expand(retries.release())
    if not log.found:
        raise Malformed("CTest prints a line for each test; there is none here")
    for test in log.running.values():
        yield Notice(f"“{test.name}” had started and has no end here; it is left out")
    build = log.facts.pop("build", "")
    yield Run(moment(log.date), log.duration, build=build, metadata=log.facts or None)


def _result(test: _Test) -> Result:
    word, status = _status(test.outcome)
    reason = test.outcome.removeprefix(word).strip(" :\n")
    said = next((line for line in reversed(test.output) if line.strip()), "")
    flaky = status is Status.PASSED and any(each.status in FAILURES for each in test.attempts)
    return Result(
        (),
        test.name,
        status,
        test.duration,
        error=None if status is Status.PASSED else _error(word, status, reason, said),
        stdout="\n".join(test.output).strip("\n"),
        attempts=tuple(test.attempts),
        flaky=flaky,
        metadata={"command": test.command} if test.command else None,
    )


def _status(outcome: str) -> tuple[str, Status]:
    known = ((word, status) for word, status in STATUSES.items() if outcome.startswith(word))
    return next(known, (outcome, Status.UNKNOWN))


def _error(word: str, status: Status, reason: str, said: str) -> Error:
    if word == "Timeout":
        return Error(word, "Ran out of time")
    if word == "Not Run":
        return Error("", said or word)
    if status is Status.BROKEN and reason:
        return Error(reason, "The program crashed")
    return Error("", reason or word)


def sniff(head: Head) -> bool:
    """Also where a test's own output in it is another format's."""
    return head.kind == "text" and TELLING.search(head.text) is not None


FORMAT = Format(
    name="ctesttext",
    title="CTest's console output",
    sniff=sniff,
    parse=parse,
    aliases=("ctest-text", "ctest-console", "ctest-log"),
    made_by="CTest (`ctest`, also with `-V`, `--output-on-failure`, `-j`, `--repeat`)",
    how="ctest --output-on-failure | tee ctest.log",
    file="ctest.log",
    notes=(
        "Each test is a result, by its name; what it printed is its output, where CTest shows it.",
        "Failed is failed; Timeout and Exception are broken, and so is Not Run, which CTest counts "
        "among the failed ones. Skipped and Not Run (Disabled) are skipped.",
        "A test that is repeated (`--repeat until-pass:3`) is one result with its earlier tries, "
        "flaky if it passed in the end; so is one that `--rerun-failed` ran again in the same log.",
        "CTest's XML says more: folders, labels, exit codes, measurements.",
    ),
)
