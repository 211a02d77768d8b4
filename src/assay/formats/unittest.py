"""What Python's unittest prints with -v, and Django's test runner with it.

First comes a line a test, with what it printed in between, then the tracebacks of those that did
not pass, each below its test's name: a result is whole when all has been read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed
from assay.formats import _text
from assay.formats._trace import split_type
from assay.formats._traceback import raised
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status, Step

OUTCOMES = {
    "ok": Status.PASSED,
    "FAIL": Status.FAILED,
    "ERROR": Status.BROKEN,
    "skipped": Status.SKIPPED,
    "SKIP": Status.SKIPPED,  # nose's
    "expected failure": Status.PASSED,
    "unexpected success": Status.FAILED,
    "UNEXPECTED SUCCESS": Status.FAILED,
}
"""As unittest counts them: what fails as expected fails no run, what passes unexpectedly does."""

MAX_HELD = 50_000
"""Tests to hold until their tracebacks are read; beyond them the first ones are let go."""

MAX_TEXT = 1 << 20
"""Characters of one test's output, or of one traceback."""

_DOTTED = r"[\w.<>]+"
_NAME = rf"[^\W\d][\w.]* \({_DOTTED}\)"
_OUTCOME = r"ok|FAIL|ERROR|(?:skipped|SKIP):? ?.*|expected failure|unexpected success"
_TEST = re.compile(rf"( *)([^\W\d][\w.]*) \(({_DOTTED})\)(?: ([\[(].*?[\])]))?(?: \.\.\. ?(.*))?$")
_ENDS = re.compile(rf"(?:{_OUTCOME})$")
_DESCRIBED = re.compile(r"(.*) \.\.\. ?(.*)$")
_GLUED = re.compile(r"(.*)(ok|FAIL|ERROR)$")
_NEXT = re.compile(rf"(?<![\w.])(?={_NAME}(?: \.\.\. |$))")
_SECTION = re.compile(
    rf"(FAIL|ERROR|UNEXPECTED SUCCESS): ([^\W\d][\w.]*) \(({_DOTTED})\)(?: ([\[(].*[\])]))?$"
)
_RAN = re.compile(r"Ran (\d+) tests? in (\d{1,12}(?:\.\d+)?)s$")
_TOOK = re.compile(rf"(\d{{1,12}}\.\d+)s +([^\W\d][\w.]*) \(({_DOTTED})\)$")
_OUTPUT = re.compile(r"^(Stdout|Stderr):\n", re.MULTILINE)
DOUBLE, SINGLE = "=" * 70, "-" * 70

NOT_LOADED = ("unittest.loader._FailedTest", "unittest.loader.ModuleImportFailure")
"""The classes of what stands for a module that could not be imported, the latter before 3.5."""


@dataclass(slots=True)
class _Test:
    path: tuple[str, ...]
    name: str
    status: Status | None = None
    word: str = ""
    reason: str = ""
    description: str = ""
    seconds: float | None = None
    printed: list[str] = field(default_factory=list)
    sections: list[tuple[str, str, str]] = field(default_factory=list)  # word, subtest, text

    def ends(self, outcome: str) -> None:
        word = "skipped" if outcome.startswith(("skipped", "SKIP")) else outcome
        self.status, self.word = OUTCOMES[word], word
        self.reason = _unquoted(outcome[len(word) :].lstrip(": ")) if word == "skipped" else ""


def _unquoted(reason: str) -> str:
    """A reason as it was before Python printed it as a literal."""
    if len(reason) > 1 and reason[0] == reason[-1] and reason[0] in "'\"":
        return re.sub(r"\\(['\"\\])", r"\1", reason[1:-1]).replace("\\n", "\n")
    return reason


@dataclass(slots=True)
class _Reader:
    tests: dict[tuple[tuple[str, ...], str], _Test] = field(default_factory=dict)
    running: _Test | None = None
    about: _Test | None = None  # whose section this is
    head: tuple[str, str] = ("", "")  # of the section: its word and its subtest
    section: list[str] | None = None
    size: int = 0
    after_line: str = ""  # the line of dashes or the like that came last
    found: bool = False

    def take(self, line: str) -> Iterator[Item]:
        after, self.after_line = self.after_line, line if line in (DOUBLE, SINGLE) else ""
        if after == DOUBLE and (section := _SECTION.match(line)):
            self._begin(section)
        elif after == SINGLE and (ran := _RAN.match(line)):
            self.end_section()
            yield from self.release()
            yield Run(duration=float(ran[2]))
        elif took := _TOOK.match(line):
            self._test(took[2], took[3]).seconds = float(took[1])
        elif self.section is not None:
            self._more(line)
        else:
            yield from self._line(line)

    def _line(self, line: str) -> Iterator[Item]:
        """A line of the first part: a test, its description, its output or what became of it."""
        if test := _TEST.match(line):
            if self.running and test[1] and test[4]:  # a subtest, which its section tells of again
                return
            yield from self._start(test)
        elif self.running is None:
            return
        elif _ENDS.match(line):
            self._stop(line)
        elif not self.running.printed and (said := _DESCRIBED.match(line)):
            self.running.description = self.running.description or said[1].strip()
            yield from self._rest(said[2])
        elif line or self.running.printed:
            self.running.printed.append(line[:MAX_TEXT])
            self.size += len(line)
            if self.size > MAX_TEXT:
                self.running.printed.clear()
                self.size = 0

    def _start(self, test: re.Match[str]) -> Iterator[Item]:
        self._stop("")
        self.running = self._test(test[2], test[3], test[4] or "")
        self.found = True
        if len(self.tests) > MAX_HELD:
            first = next(iter(self.tests))
            yield _result(self.tests.pop(first))
        yield from self._rest(test[5])

    def _rest(self, rest: str | None) -> Iterator[Item]:
        """What stands behind "...": what became of the test, output, or another test."""
        if not rest:
            return
        assert self.running
        if _ENDS.match(rest):
            self._stop(rest)
        elif (again := _NEXT.search(rest)) and (test := _TEST.match(rest[again.start() :])):
            self.running.printed += [rest[: again.start()]] if again.start() else []
            yield from self._start(test)
        else:
            self.running.printed.append(rest)

    def _stop(self, outcome: str) -> None:
        """The test that runs has ended; how, may stand behind what it printed last."""
        test, self.running, self.size = self.running, None, 0
        if test is None:
            return
        if not outcome and test.printed and (glued := _GLUED.match(test.printed[-1])):
            test.printed[-1], outcome = glued[1], glued[2]
        if outcome:
            test.ends(outcome)

    def _test(self, name: str, dotted: str, parameters: str = "") -> _Test:
        """The test of that name in the class, or with the class and the name, in brackets."""
        above = dotted.removesuffix(f".{name}")
        path = () if above in NOT_LOADED else (above,)
        key = path, f"{name} {parameters}".rstrip()
        return self.tests.setdefault(key, _Test(*key))

    def _begin(self, section: re.Match[str]) -> None:
        self.end_section()
        self._stop("")
        self.about = self._test(section[2], section[3])
        self.head, self.section, self.size = (section[1], section[4] or ""), [], 0
        self.found = True

    def _more(self, line: str) -> None:
        assert self.section is not None
        self.size += len(line) + 1
        if self.size <= MAX_TEXT:
            self.section.append(line)

    def end_section(self) -> None:
        if self.about and self.section is not None:
            while self.section and self.section[-1] in ("", DOUBLE, SINGLE):
                self.section.pop()
            begin = self.section.index(SINGLE) + 1 if SINGLE in self.section else 0
            self.about.sections.append((*self.head, "\n".join(self.section[begin:])))
        self.about, self.section, self.size = None, None, 0

    def release(self) -> Iterator[Item]:
        self._stop("")
        yield from map(_result, self.tests.values())
        self.tests.clear()


def _result(test: _Test) -> Result:
    status, error, output = test.status, None, {"Stdout": "", "Stderr": ""}
    if test.sections:
        words = [word for word, _, _ in test.sections]
        status = Status.BROKEN if "ERROR" in words else Status.FAILED
        error = _error(test, output)
    elif status is Status.SKIPPED and test.reason:
        error = Error(message=test.reason)
    elif test.word == "unexpected success":
        error = Error(message="It was expected to fail, and passed")
    printed = "\n".join(test.printed).strip("\n")
    return Result(
        path=test.path,
        name=test.name,
        status=Status.UNKNOWN if status is None else status,
        duration=test.seconds,
        error=error,
        stdout="\n".join(filter(None, (printed, output["Stdout"]))),
        stderr=output["Stderr"],
        description=test.description,
        steps=tuple(_subtests(test)),
        metadata={"expected": "failure"} if test.word.startswith(("exp", "unexp")) else None,
    )


def _error(test: _Test, output: dict[str, str]) -> Error | None:
    """What the first section says; the traces of all of them. Fills `output` with what `-b` held
    back."""
    traces = []
    for _, subtest, text in test.sections:
        trace, *streams = _OUTPUT.split(text)
        for stream, said in zip(streams[::2], streams[1::2], strict=True):
            output[stream] = output[stream] or said.strip("\n")
        title = f"{subtest}\n" if subtest else ""
        traces.append(title + trace.strip("\n"))
    first = _read(traces[0].removeprefix(f"{test.sections[0][1]}\n"))
    if test.sections[0][0] == "UNEXPECTED SUCCESS":
        return Error(message="It was expected to fail, and passed")
    return Error(first.type, first.message, "\n\n".join(filter(None, traces)))


def _read(trace: str) -> Error:
    if error := raised(trace):
        return error
    kind, told = split_type(trace)
    return Error(kind, told)


def _subtests(test: _Test) -> Iterator[Step]:
    for word, subtest, text in test.sections:
        if subtest:
            yield Step(subtest, OUTCOMES[word], error=_read(_OUTPUT.split(text)[0].strip("\n")))


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield Results, and a Run where the tests' end is told; raises Malformed where no test is."""
    reader = _Reader()
    ended = False
    for line in _text.lines(chunks):
        for item in reader.take(line):
            ended = ended or isinstance(item, Run)
            yield item
    reader.end_section()
    yield from reader.release()
    if not reader.found:
        raise Malformed("unittest names each test in a line of its own; run it with -v")
    if not ended:
        yield Notice('It ends before unittest says how many tests "Ran"')


_SIGN = re.compile(
    rf"^{_NAME}(?: [\[(].*[\])])?(?:\n.{{1,500}})? \.\.\. (?:{_OUTCOME})$", re.MULTILINE
)


def _sniff(head: Head) -> bool:
    return head.kind == "text" and _SIGN.search(head.text) is not None


FORMAT = Format(
    name="unittest",
    title="Python unittest",
    sniff=_sniff,
    parse=parse,
    aliases=("pyunit", "django", "unittest-text"),
    made_by="Python's unittest with -v, and Django's test runner, as they print it",
    how="python -m unittest -v 2> unittest.txt    # or: manage.py test -v 2 2> unittest.txt",
    file="unittest.txt",
    notes=(
        "A test is a result, its class the container; a docstring's first line its description. "
        "A module that cannot be imported, or a class that cannot be set up, is a broken result.",
        "`FAIL` is failed, `ERROR` broken. An expected failure is passed and an unexpected success "
        "failed, as unittest itself has it; `expected` among the facts tells of both.",
        "Subtests that failed are steps of their test, each with its error.",
        "The traceback below a test's name is its error; with `-b`, what it printed is its output.",
        "unittest tells how long a test took only with `--durations 0` (Python 3.12).",
        "Without `-v` it does not say which tests there were: such a text is not read.",
    ),
)
