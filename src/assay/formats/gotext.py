"""What `go test` prints, with and without -v, with benchmarks and with gocheck's suites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._gobench import CONFIGURATION
from assay.formats._gobench import LINE as BENCHMARK
from assay.formats._gobuild import Builds
from assay.formats._gocheck import VERDICT, Checks
from assay.formats._gopackage import UNNAMED, Package, by_folder
from assay.formats._goreruns import Reruns
from assay.formats._text import lines
from assay.formats.format import Format, Head
from assay.formats.gojson import LINE as EVENT
from assay.model import Item, Result

BEGIN = re.compile(r"=== (RUN|PAUSE|CONT|NAME|FUZZ):?\s+(\S+)$")
FACT = re.compile(r"=== ATTR\s+(\S+) (\S+) (.*)$")
END = re.compile(r"([ \t]*)--- (PASS|FAIL|SKIP|BENCH): (\S+)(?: \(([^()]*)\))?$")
LENGTH = re.compile(r"(\d+(?:\.\d+)?)(ns|µs|us|ms|s| seconds)?$")
SECONDS = {"ns": 1e9, "µs": 1e6, "us": 1e6, "ms": 1e3, "s": 1, " seconds": 1, None: 1}
"""By how much to divide; the first versions wrote durations as they are, or `seconds`."""

PACKAGE = re.compile(
    r"(ok|FAIL|\?)[ \t]+((?!\d+[ \t])\S+)[ \t]+"
    r"(?:(-?\d+\.\d+)s|\(cached\)|\[no test files\]|\[(?:build|setup) failed\])(?:[ \t]|$)"
)
EXIT = re.compile(r"exit status \d+$|PASS$|FAIL$")
WORDS = {"ok": "pass", "FAIL": "fail", "?": "skip"}

INDENT = 4
"""Spaces before what a subtest prints, for each test it is below."""

TELLING = re.compile(
    rf"^(?:=== RUN:?[ \t]+(?:Test|Example|Fuzz|Benchmark)\S*$"
    rf"|[ \t]*--- (?:PASS|FAIL|SKIP|BENCH): \S+ \([\d.-]+[^()\n]*\)$"
    rf"|{PACKAGE.pattern}|{VERDICT.pattern}|Benchmark\S*[ \t]+\d+[ \t]+[\d.]+ [^\s/]+/op\b)",
    re.MULTILINE,
)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each package's Results, Measurements and Container when its last line names it.

    Durations are seconds. Raises Malformed where there is no line by `go test`.
    """
    reading = _Reading()
    for line in lines(chunks):
        yield from reading.take(line)
    if not reading.found:
        raise Malformed(
            "go test prints a line for each test that fails and each package; here is none"
        )
    yield from reading.rest()


@dataclass(slots=True)
class _Reading:
    """The package whose lines are being read. Its name is in its last line."""

    package: Package = field(default_factory=lambda: Package("", ("",)))
    checks: Checks = field(default_factory=Checks)
    items: list[Item] = field(default_factory=list)
    ended: list[tuple[str, str, float | None]] = field(default_factory=list)  # may print yet
    current: str = ""
    name: str = ""  # of the package, as benchmarks tell it beforehand
    builds: Builds = field(default_factory=Builds)
    reruns: Reruns = field(default_factory=Reruns)
    run: int = 0
    found: bool = False

    def take(self, line: str) -> Iterator[Item]:
        package = PACKAGE.match(line)
        if package or BEGIN.match(line) or FACT.match(line) or END.match(line):
            self.found = True
            self.builds.open = ""
        if package:
            yield from self._close(package)
        elif begun := BEGIN.match(line):
            self._begin(begun[1], begun[2])
        elif ended := END.match(line):
            self._end(ended)
        elif fact := FACT.match(line):
            self._know(*fact.groups())
        else:
            self._print(line)

    def _begin(self, word: str, name: str) -> None:
        self._flush(0)
        if word == "RUN":
            self.package.begin(name, None)
        elif test := self.package.running.get(name):
            test.paused = word == "PAUSE"
        self.current = name

    def _know(self, name: str, key: str, value: str) -> None:
        if test := self.package.running.get(name):
            test.facts = {**(test.facts or {}), key: value}

    def _end(self, ended: re.Match[str]) -> None:
        """A test has ended; what it printed may still follow, and its subtests' ends do."""
        depth = len(ended[1].expandtabs(INDENT)) // INDENT
        self._flush(depth)
        name = ended[3]
        if name not in self.package.running:
            self.package.begin(name, None)
        self.ended.append((name, ended[2].lower(), _seconds(ended[4] or "")))
        self.current = name

    def _flush(self, depth: int) -> None:
        """Those that ended so deep, or deeper, print no more."""
        while len(self.ended) > depth:
            name, word, took = self.ended.pop()
            self.items += self.checks.end(self.package.path)
            if self.checks.seen and "/" not in name:
                self.package.running.pop(name, None)  # it only runs the suites
                self.checks = Checks()
            else:
                self.items += self.package.end(name, word, took)
        if depth == 0:
            self.current = ""

    def _print(self, line: str) -> None:
        checked = self.checks.take(line, self.package.path)
        if checked is not None:
            self.found = True
            self._check(list(checked))
        elif not self.package.running and not self.ended and self.builds.take(line):
            self.found = self.found or bool(self.builds.failed)
        elif EXIT.match(line):
            self._flush(0)
            self.package.failed = self.package.failed or line == "FAIL"
        else:
            self._print_of(self._author(line), line)

    def _check(self, results: list[Result]) -> None:
        self.items += results
        self.package.failures += sum(each.error is not None for each in results)

    def _author(self, line: str) -> str:
        """The test that prints the line, by its indentation as far as it tells."""
        depth = (len(line) - len(line.lstrip(" "))) // INDENT
        if self.ended and 0 < depth <= len(self.ended):
            return self.ended[depth - 1][0]
        return self.current

    def _print_of(self, name: str, line: str) -> None:
        configured = CONFIGURATION.match(line)
        if configured and configured[1] == "pkg":
            self.name = configured[2].strip()
        self.found = self.found or BENCHMARK.match(line) is not None
        self.package.print(name, f"{line}\n")

    def _close(self, last: re.Match[str]) -> Iterator[Item]:
        word, name = last[1], last[2]
        if self.builds.take(last.string):
            return
        self._flush(0)
        took = _seconds(last[3] or "")
        if word == "?" and (self.package.running or self.items):
            yield from Package(name, (name,), about={"tests": "none"}).close("skip", None)
            return
        self.package.print("", last.string)
        yield from self._all(name, WORDS[word], took)

    def _all(self, name: str, action: str, took: float | None) -> Iterator[Item]:
        """All of the package, under its name."""
        self.items += self.checks.end(self.package.path)
        self.items += self.package.close(action, took)
        self.run += 1
        for item in self.items:
            named = _under(name, item)
            if isinstance(named, Result):
                yield from self.reruns.add(named, self.run)
            else:
                yield named
        self.package, self.checks = Package("", ("",)), Checks()
        self.items, self.current, self.name = [], "", ""

    def rest(self) -> Iterator[Item]:
        """What was not summed up by a package's last line, and the tests that failed."""
        self._flush(0)
        package = self.package
        if self.items or package.running or package.benchmarks.found or self.checks.seen:
            yield from self._all(self.name or UNNAMED, "fail" if package.failed else "", None)
        yield from self.builds.rest()
        yield from self.reruns.release()


def _under(name: str, item: Item) -> Item:
    path = getattr(item, "path", ("",))
    return replace(item, path=(name, *path[1:]))


def _seconds(text: str) -> float | None:
    found = LENGTH.match(text)
    number = _json.number(found[1]) if found else None
    return number / SECONDS[found[2]] if found and number is not None else None


def _sniff(head: Head) -> bool:
    return (
        head.kind == "text"
        and TELLING.search(head.text) is not None
        and EVENT.search(head.text) is None
    )


FORMAT = Format(
    name="gotext",
    title="Go test's output",
    sniff=_sniff,
    parse=parse,
    aliases=("go-text", "go-test", "go-test-text", "go-bench", "gocheck"),
    made_by="Go (go test, with -v or -bench), also with gocheck's suites",
    how="go test -v ./... 2>&1 | tee go-test.txt",
    file="go-test.txt",
    notes=(
        "A package is a container; a test is a result, and so is each of its subtests, below it. "
        "Without `-v` Go tells only of the tests that fail and of each package.",
        "What a test printed and what its error says is read as in `gojson`, and so are panics, "
        "timeouts, races, packages that fail by themselves or are not built.",
        "Benchmarks are results with measurements in seconds and bytes, the median where there "
        "are several.",
        "Of gocheck's output (`-check.v`, `-check.vv`) each test is a result below its suite, "
        "instead of the one Go test that runs them; a panic is broken, a missed test skipped.",
        "A test that failed and is found again in a later run of its package is one result with "
        "attempts.",
    ),
    smart=by_folder,
)
