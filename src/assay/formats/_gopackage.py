"""The run of a Go package's tests, as cmd/test2json tells of it: tests begin, print and end.

A test with subtests is a result, too, as Go counts it; it ends after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from assay.formats import _json
from assay.formats._gobench import CONFIGURATION, Benchmarks
from assay.formats._gofailure import FRAME, Told, crash, of_subtests, reason, status_of, told
from assay.model import Container, Error, Item, Measurement, Result, Status

STATUS = {"pass": Status.PASSED, "fail": Status.FAILED, "skip": Status.SKIPPED}
"""cmd/test2json's actions that end a test. `bench` ends a benchmark that logged something."""

ENDS = frozenset({*STATUS, "bench"})

UNNAMED = "go test"
"""The container of tests whose package is not named: `go tool test2json` without -p."""

WHOLE = "TestMain"
"""The name, as gotestsum gives it, of what failed in a package when no test of it did."""

NOT_BUILT = re.compile(r"FAIL\s+\S+ (\[(?:build|setup) failed\])")
BUILD = "[build failed]"

LINE_OF_PACKAGE = re.compile(r"(ok|FAIL|\?)\s+(\S+)(?:\s+(.*))?$")
COVERAGE = re.compile(r"coverage: (\d+(?:\.\d+)?)% of statements")
SILENT = ("PASS\n", "FAIL\n", "PASS\r\n", "FAIL\r\n")
NOT_A_TEST_S = ("FAIL\t", "ok  \t", "coverage: ", "Benchmark")
"""How what a package prints begins, though it may come under the name of the last test."""

RUNNING = re.compile(r"^\trunning tests:\n\t\t(\S+) \(", re.MULTILINE)
"""What a timeout says of the tests it ends; without -v they are not told of otherwise."""

KEPT = 1 << 20
"""Characters of a test's output; of more, the middle is left out."""

DEEPEST = 40
"""Tests below each other, and slashes of a name to look at."""

MAX_NAMED = 5
"""Subtests that failed, to name in their parent's message."""

ENDED = "It had not ended when the package's run did"
LOST = "The report ends before this test does"


@dataclass(slots=True)
class Output:
    """What is printed; of very much, its beginning and its end."""

    pieces: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text)
        if self.size > 2 * KEPT:
            whole = "".join(self.pieces)
            left_out = "\n… the middle is left out …\n"
            self.pieces = [whole[: KEPT // 2], left_out, whole[-KEPT // 2 :]]
            self.size = sum(map(len, self.pieces))

    def __str__(self) -> str:
        return "".join(self.pieces)


@dataclass(slots=True)
class Test:
    """A test that runs."""

    path: tuple[str, ...]
    name: str
    started: datetime | None
    paused: bool = False
    output: Output | None = None
    errors: Output | None = None  # those lines of it that Go marks as errors
    failed: list[str] = field(default_factory=list)  # names of subtests
    failures: int = 0
    facts: dict[str, str] | None = None

    def print(self, text: str, kind: str = "") -> None:
        if self.output is None:
            self.output = Output()
        self.output.add(text)
        if kind.startswith("error"):
            self.errors = self.errors or Output()
            self.errors.add(text)


@dataclass(slots=True)
class Package:
    """One run of one package. `name` may become known only at its end."""

    name: str
    path: tuple[str, ...]
    running: dict[str, Test] = field(default_factory=dict)
    output: Output = field(default_factory=Output)
    benchmarks: Benchmarks = field(default_factory=Benchmarks)
    about: dict[str, str] = field(default_factory=dict)
    failures: int = 0
    not_built: str = ""
    crash: Error | None = None
    failed: bool = False  # so its own line says
    silent: list[Result] = field(default_factory=list)  # failed, and said nothing

    def begin(self, name: str, at: datetime | None) -> None:
        path, own = self._place(name)
        self.running[name] = Test(path, own, at)

    def _place(self, name: str) -> tuple[tuple[str, ...], str]:
        """The test's containers, of which the inmost is the test it is a subtest of, and its name
        there. A subtest's own name may have slashes."""
        end = name.rfind("/")
        for _ in range(DEEPEST):
            if end <= 0:
                break
            above = self.running.get(name[:end])
            if above and len(above.path) < DEEPEST:
                return (*above.path, above.name), name[end + 1 :]
            end = name.rfind("/", 0, end)
        parent, slash, own = name.partition("/")
        return ((*self.path, parent), own) if slash and own else (self.path, name)

    def print(self, name: str, text: str, kind: str = "") -> None:
        """Take what a test, or the package, prints."""
        test = self.running.get(name) if name else None
        if kind == "frame" or (
            text.lstrip(" \t").startswith(("=== ", "--- ")) and FRAME.match(text)
        ):
            if test is None and LINE_OF_PACKAGE.match(text):
                self._print_of_package(text)
        elif test is None or self.benchmarks.begun or text.startswith(NOT_A_TEST_S):
            self._print_of_package(text)
        else:
            test.print(text, kind)

    def _print_of_package(self, text: str) -> None:
        if text in SILENT or self.benchmarks.take(text):
            return
        if coverage := COVERAGE.search(text):
            self.about["coverage"] = coverage[1]
        if text.startswith("coverage: "):
            return
        if configured := CONFIGURATION.match(text.rstrip()):
            if configured[1] != "pkg":
                self.about[configured[1]] = configured[2]
        elif line := LINE_OF_PACKAGE.match(text.rstrip()):
            self._summary(line[1], line[3] or "", text)
        else:
            self.output.add(text)

    def _summary(self, verdict: str, rest: str, text: str) -> None:
        self.failed = verdict == "FAIL"
        if not_built := NOT_BUILT.match(text):
            self.not_built = not_built[1]
        if "(cached)" in rest:
            self.about["cached"] = "true"
        if "[no test" in rest:
            self.about["tests"] = "none"

    def end(self, name: str, action: str, took: float | None) -> Sequence[Result]:
        """The result of a test, and of those that waited for it. None of a benchmark, which has
        its own lines."""
        test = self.running.pop(name, None)
        if test is None:
            path, own = self._place(name)
            test = Test(path, own, None)
        if action == "bench":
            return ()
        if action == "fail":
            return self._failed(name, test, took)
        if action == "skip" or test.output or test.facts:
            return (_ended(test, STATUS[action], took),)
        return (Result(test.path, test.name, Status.PASSED, took, test.started),)

    def _failed(self, name: str, test: Test, took: float | None) -> list[Result]:
        output = str(test.output or "")
        ended = crash(output)
        self.crash = self.crash or ended
        found = _told(test, output, self.crash)
        self._count_failure(name, test)
        result = _result(test, status_of(found.error if found else None), took, found)
        if found is None and len(test.path) > len(self.path):
            self.silent.append(result)
            return []
        return [*self._with_silent(ended, (*test.path, test.name)), result]

    def _with_silent(self, ended: Error | None, above: tuple[str, ...]) -> list[Result]:
        """The subtests that failed without a word. Since Go 1.20 it is the test above that prints
        the panic that one of them met."""
        found = [each for each in self.silent if each.path[: len(above)] == above]
        if not found:
            return []
        self.silent = [each for each in self.silent if each not in found]
        if ended:
            found = [replace(each, status=status_of(ended), error=ended) for each in found]
        return found

    def _count_failure(self, name: str, test: Test) -> None:
        self.failures += 1
        above = self.running.get(name.removesuffix(test.name).rstrip("/"))
        if above is not None:
            above.failures += 1
            if len(above.failed) < MAX_NAMED:
                above.failed.append(test.name)

    def close(self, action: str, took: float | None, build: str = "") -> Iterator[Item]:
        """What is left when the package's run has ended, as `action` says, or the report has
        (""). `build` is what the compiler said."""
        failed = action == "fail" or (not action and self.failed)
        yield from self._unfinished(lost=not action and not self.failed)
        yield from self.silent
        if failed and not self.failures:
            yield self._whole(took, build)
        yield from self.benchmarks.items(self.path)
        if (coverage := _json.number(self.about.get("coverage"))) is not None:
            yield Measurement(self.path, "coverage", "coverage", coverage, "%")
        yield Container(
            self.path,
            classification="Package",
            duration=took,
            stdout=str(self.output),
            metadata=self.about or None,
        )

    def _unfinished(self, lost: bool) -> Iterator[Result]:
        """Of the tests that began and did not end: those that crashed are broken, and those above
        them; how the others would have ended is unknown."""
        for name in self.running:
            self.crash = self.crash or crash(str(self.running[name].output or ""))
        for name, test in sorted(self.running.items(), key=lambda each: -len(each[0])):
            output = str(test.output or "")
            if name.startswith("Benchmark") and not crash(output):
                continue
            found = self._fate(test, output, lost)
            status = Status.UNKNOWN if found.error.type == "" else status_of(found.error)
            if status is not Status.UNKNOWN:
                self._count_failure(name, test)
            yield _result(test, status, None, found)

    def _fate(self, test: Test, output: str, lost: bool) -> Told:
        if found := crash(output):
            return Told(found)
        crashed = self.crash
        if crashed and (test.failures or (crashed.type == "timeout" and not test.paused)):
            return Told(Error(crashed.type, crashed.message))
        if lost and not crashed:
            return Told(Error(message=LOST))
        return Told(Error(message=f"{ENDED}: {crashed.message}" if crashed else ENDED))

    def _whole(self, took: float | None, build: str) -> Result:
        """Of a package that failed, though no test of it did."""
        output = str(self.output)
        if self.not_built or build:
            said = _first_error(build or output) or "It could not be built"
            error = Error("build failed", said, (build or output).strip("\n"))
            return Result(self.path, self.not_built or BUILD, Status.BROKEN, took, error=error)
        found = told(output) or Told(Error(message="The package failed, though no test of it did"))
        ran = RUNNING.search(output) if found.error.type == "timeout" else None
        path, name = self._place(ran[1]) if ran else (self.path, WHOLE)
        return Result(path, name, Status.BROKEN, took, error=found.error, stdout=output)


def _told(test: Test, output: str, crashed: Error | None) -> Told | None:
    """Of a test that says nothing itself when those below it failed: what became of those."""
    marked = str(test.errors) if test.errors else ""
    if test.failures and crashed and not crash(output):
        return Told(Error(crashed.type, crashed.message))
    if test.failures and not marked and not crashed:
        return Told(of_subtests(test.failed, test.failures))
    return told(output, marked)


def _ended(test: Test, status: Status, took: float | None) -> Result:
    why = reason(str(test.output or "")) if status is Status.SKIPPED else None
    return _result(test, status, took, Told(why) if why else None)


def _result(test: Test, status: Status, took: float | None, found: Told | None) -> Result:
    facts = dict(test.facts or {})
    if found and found.file:
        facts |= {"file": found.file, "line": found.line}
    return Result(
        path=test.path,
        name=test.name,
        status=status,
        duration=took,
        started=test.started,
        error=found.error if found else None,
        stdout=str(test.output or ""),
        metadata=facts or None,
    )


def _first_error(said: str) -> str:
    """What a compiler says first, below its `# package` line."""
    lines = (line.strip() for line in said.split("\n"))
    return next((line for line in lines if line and not line.startswith("# ")), "")


FORGES = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "golang.org", "gitea.com")


def by_folder(path: tuple[str, ...]) -> tuple[str, ...]:
    """A container for the module, as far as a package's name tells it, and for each folder below:
    what the option `smart` does to packages."""
    package, *tests = path
    parts = package.strip("/").split("/")
    root = 3 if parts[0] in FORGES else 2 if "." in parts[0] else 1
    return ("/".join(parts[:root]), *parts[root:], *tests) if all(parts) else path
