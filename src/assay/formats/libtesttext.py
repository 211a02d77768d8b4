"""What `cargo test` and `cargo bench` print: libtest's text, and Criterion.rs's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._criterion import Criterion
from assay.formats._gopackage import Output
from assay.formats._rust import KIND, PANIC, binary, failure, placed
from assay.formats._text import lines
from assay.formats.format import Format, Head
from assay.formats.libtest import EVENT
from assay.model import Container, Error, Item, Measurement, Result, Run, Status

BEGIN = re.compile(r"running (\d+) tests?$")
END = re.compile(
    r"test result: (ok|FAILED)\. \d+ passed; \d+ failed; .*?(?:finished in (\d+(?:\.\d+)?)s)?$"
)
TEST = re.compile(r"test (\S.*?) \.\.\. ?(.*)$")
VERDICT = re.compile(
    r"(ok|FAILED|ignored|failed \(allowed\))(?:, (.*?)| \(time limit exceeded\))?"
    r"(?: <(\d+(?:\.\d+)?)s>)?$"
)
STATUS = {
    "ok": Status.PASSED,
    "FAILED": Status.FAILED,
    "ignored": Status.SKIPPED,
    "failed (allowed)": Status.PASSED,
}
BENCH = re.compile(
    r"bench: +([\d,.]+) (ns|µs|μs|us|ms|s)/iter \(\+/- ([\d,.]+)\)(?: = ([\d,]+) MB/s)?$"
)
UNITS = {"ns": 1e9, "µs": 1e6, "μs": 1e6, "us": 1e6, "ms": 1e3, "s": 1.0}

SECTION = re.compile(r"(failures|successes):$")
OUTPUT = re.compile(r"---- (\S.*) (stdout|stderr) ----$")
CRASH = re.compile(r"\s*process didn't exit successfully: ")
SIGNAL = re.compile(r"\((?:signal|exit)[^()\n]{0,200}\)")
CARGO = re.compile(r"\s*(?:error: |Finished |Compiling |warning: )|Caused by:$")
CRASHED = "[crash]"
"""The name of what ends a binary outside of a test that is known."""

TELLING = re.compile(
    rf"^(?:{END.pattern}|running \d+ tests?\n(?=(?:.*\n){{0,50}}?test \S.* \.\.\. )"
    r"|(?:\S.*?|[ \t]*)[ \t]time:[ \t]+\[[\d.]+ \S{1,2} [\d.]+ \S{1,2} [\d.]+ \S{1,2}\]$)",
    re.MULTILINE,
)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each binary's Results and Measurements, and its Container; last the Run.

    Durations are seconds. Raises Malformed where there is no line by libtest or Criterion.
    """
    reading = _Reading()
    for line in lines(chunks):
        yield from reading.take(line)
    yield from reading.close(None)
    if not reading.found:
        raise Malformed("cargo test prints “running 5 tests”; there is no such line here")
    yield Run(duration=reading.time or None)


@dataclass(slots=True)
class _Test:
    name: str  # as libtest writes it everywhere: without its kind
    verdict: str
    why: str = ""
    took: float | None = None
    output: Output = field(default_factory=Output)


@dataclass(slots=True)
class _Reading:
    """The binary whose lines are being read; its tests wait for what they printed, which comes at
    the end, unless --nocapture shows it at once."""

    binary: str = ""
    tests: dict[str, list[_Test]] = field(default_factory=dict)
    open: str = ""  # the test whose verdict is yet to come
    printing: Output | None = None
    last: str = ""
    criterion: Criterion = field(default_factory=Criterion)
    panic: Output | None = None  # outside of any test
    running: bool = False
    found: bool = False
    time: float = 0.0

    def take(self, line: str) -> Iterator[Item]:
        if name := binary(line):
            yield from self.close(None)
            self.binary = name
        elif BEGIN.match(line):
            if self.running:
                yield from self.close(None)
            self.found = self.running = True
        elif end := END.match(line):
            self.found = True
            yield from self.close(end[2])
        elif CRASH.match(line):
            how = SIGNAL.search(line)
            yield from self._crash(how[0] if how else "")
        elif self.running:
            yield from self._inside(line)
        else:
            yield from self._outside(line)

    def _inside(self, line: str) -> Iterator[Item]:
        """A line of libtest's, or one that a test prints."""
        test = TEST.match(line)
        if test and (VERDICT.match(test[2]) or BENCH.match(test[2]) or self.printing is None):
            yield from self._test(KIND.sub("", test[1].rstrip()), test[2])
        elif self.open and (verdict := VERDICT.match(line)):
            self._judge(self.open, verdict)
        elif SECTION.match(line) and not self.open:
            self.printing = None
        elif (shown := OUTPUT.match(line)) and shown[1] in self.tests:
            self.printing = self.tests[shown[1]][-1].output
        elif self.printing is not None:
            self.printing.add(f"{line}\n")
            self.last = line

    def _test(self, name: str, said: str) -> Iterator[Item]:
        self._give_up()
        if verdict := VERDICT.match(said):
            self._judge(name, verdict)
        elif bench := BENCH.match(said):
            yield from _measured(bench, *self._place(name))
        else:
            test = _Test(name, "")
            self.tests.setdefault(name, []).append(test)
            self.open, self.printing = name, test.output
            if said:
                test.output.add(f"{said}\n")

    def _judge(self, name: str, verdict: re.Match[str]) -> None:
        took = _json.number(verdict[3])
        if name == self.open:
            test = self.tests[name][-1]
            test.verdict, test.why, test.took = verdict[1], verdict[2] or "", took
        else:
            found = _Test(name, verdict[1], verdict[2] or "", took)
            self.tests.setdefault(name, []).append(found)
        self.open, self.printing = "", None

    def _give_up(self) -> None:
        """On a verdict that stands alone in its line: it may be glued to what the test printed."""
        if self.open:
            word = next((word for word in ("ok", "FAILED") if self.last.endswith(word)), "")
            self.tests[self.open][-1].verdict = word
        self.open, self.printing, self.last = "", None, ""

    def _outside(self, line: str) -> Iterator[Item]:
        """A line of Criterion's, or of a panic."""
        benchmarks = self.criterion.take(line, self._path())
        if benchmarks is not None:
            self.found = True
            yield from benchmarks
        elif self.panic is not None and not CARGO.match(line):
            self.panic.add(f"{line}\n")
        elif PANIC.match(line) and self.binary:
            self.panic = Output()
            self.panic.add(f"{line}\n")

    def _crash(self, how: str) -> Iterator[Item]:
        """The binary ended by itself: in the test that ran, as far as one can tell."""
        if not self.running and self.panic is None:
            return
        error = Error("crash", f"The test binary ended {how}".strip())
        if self.open:
            test = self.tests[self.open].pop()
            error = Error("crash", error.message, str(test.output))
            path, name = self._place(self.open)
            yield Result(path, name, Status.BROKEN, error=error, stdout=str(test.output))
            self.open = ""
        elif self.panic is None:
            yield Result(self._path(), CRASHED, Status.BROKEN, error=error)
        yield from self.close(None)

    def _path(self) -> tuple[str, ...]:
        return (self.binary,) if self.binary else ()

    def _place(self, name: str) -> tuple[tuple[str, ...], str]:
        modules, own = placed(name)
        return (*self._path(), *modules), own

    def close(self, took: str | None) -> Iterator[Item]:
        """The binary's tests, now that they have what they printed."""
        yield from self.criterion.end(self._path())
        self._give_up()
        for test in (each for same in self.tests.values() for each in same):
            yield _result(test, *self._place(test.name))
        if self.panic is not None:
            _, error, about = failure("main", str(self.panic))
            yield Result(self._path(), CRASHED, Status.BROKEN, error=error, metadata=about or None)
        seconds = _json.number(took)
        self.time += seconds or 0
        if self.running and self.binary:
            yield Container(self._path(), "Binary", duration=seconds)
        self.tests, self.running, self.panic = {}, False, None


def _result(test: _Test, path: tuple[str, ...], name: str) -> Result:
    status = STATUS.get(test.verdict, Status.UNKNOWN)
    output = str(test.output).strip("\n")
    error: Error | None = None
    about: dict[str, str] = {}
    if status is Status.FAILED:
        status, error, about = failure(test.name, output)
    elif status is Status.SKIPPED and test.why:
        error = Error(message=test.why)
    elif status is Status.UNKNOWN:
        error = Error(message="The output does not tell how it ended")
    elif test.verdict == "failed (allowed)":
        about = {"expected failure": "yes"}
    return Result(
        path, name, status, test.took, error=error, stdout=output, metadata=about or None
    )  # fmt: skip


def _measured(bench: re.Match[str], path: tuple[str, ...], name: str) -> Iterator[Item]:
    median, deviation = (_number(bench[n]) / UNITS[bench[2]] for n in (1, 3))
    yield Result(path, name, Status.PASSED, median, tags=("benchmark",))
    yield Measurement(path, name, "median", median, "s")
    yield Measurement(path, name, "deviation", deviation, "s")
    if bench[4]:
        yield Measurement(path, name, "throughput", _number(bench[4]) * 1e6, "B/s")


def _number(text: str) -> float:
    return _json.number(text.replace(",", "")) or 0.0


def _sniff(head: Head) -> bool:
    return (
        head.kind == "text"
        and TELLING.search(head.text) is not None
        and EVENT.search(head.text) is None
    )


FORMAT = Format(
    name="libtesttext",
    title="Rust's cargo test output",
    sniff=_sniff,
    parse=parse,
    aliases=("libtest-text", "cargo-test", "cargo-bench", "criterion"),
    made_by="Rust (cargo test, cargo bench) and Criterion.rs",
    how="cargo test --no-fail-fast 2>&1 | tee cargo-test.txt",
    file="cargo-test.txt",
    notes=(
        "A binary is a container, as cargo names it (`2>&1` keeps that): `tests/till.rs (till)`, "
        "`Doc-tests shop`; in it modules are, and for the documentation its file.",
        "What a test printed is kept with it, also with `--nocapture` and `--show-output`.",
        "A panic is a failed test, or a broken one where Rust itself panics (`unwrap`, an index, "
        "an overflow); so is a test that returns an error.",
        f"A binary that crashes is a broken result `{CRASHED}`, unless the test is known.",
        "Benchmarks are results with measurements in seconds: median and deviation of `#[bench]`, "
        "estimate and its bounds of Criterion, whose verdict on the change is a fact.",
    ),
)
