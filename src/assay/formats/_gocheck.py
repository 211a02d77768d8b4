"""What gocheck (gopkg.in/check.v1) prints within the one Go test that runs its suites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assay.formats import _json
from assay.model import Error, Result, Status

VERDICT = re.compile(
    r"(START|PASS|FAIL|SKIP|PANIC|MISS|FAIL EXPECTED): "
    r"([^\s:]+\.go):(\d+): (\w+)\.(\w+)(?: \((.*)\))?(?:\t(-?[\d.]+)s)?$"
)
STATUS = {
    "PASS": Status.PASSED,
    "FAIL": Status.FAILED,
    "FAIL EXPECTED": Status.PASSED,
    "SKIP": Status.SKIPPED,
    "PANIC": Status.BROKEN,
    "MISS": Status.SKIPPED,
}
FIXTURES = frozenset({"SetUpSuite", "SetUpTest", "TearDownTest", "TearDownSuite"})
"""They are told of as tests are; what they are worth telling is their failures."""

RULE = re.compile(r"-{70}$|={70}$")
TOTAL = re.compile(r"(?:OK|OOPS): \d+ passed")
PANIC = re.compile(r"\.\.\. Panic: (.*?)(?: \(PC=0x[0-9A-F]+\))?$")
MISSED = "It was not run: what sets its suite up failed"

LONGEST = 1 << 20
"""Characters of a test's log."""


@dataclass(slots=True)
class Checks:
    """The suites of one package. A test's log stands between its `START` and its verdict (with
    -check.vv) or behind its verdict."""

    open: re.Match[str] | None = None  # a verdict that may have its log behind it
    started: bool = False
    log: list[str] = field(default_factory=list)
    size: int = 0
    seen: bool = False

    def take(self, line: str, path: tuple[str, ...]) -> Iterator[Result] | None:
        """The results that are whole now; None where the line is none of gocheck's."""
        if verdict := VERDICT.match(line):
            self.seen = True
            return self._verdict(verdict, path)
        if not self.seen:
            return None
        if RULE.match(line) or TOTAL.match(line):
            return self.end(path)
        if self.open is None and not self.started:
            return None if line.strip() else iter(())
        self.size += len(line)
        if self.size < LONGEST:
            self.log.append(line)
        return iter(())

    def _verdict(self, verdict: re.Match[str], path: tuple[str, ...]) -> Iterator[Result]:
        if verdict[1] == "START":
            yield from self.end(path)
            self.started = True
        elif self.started:
            yield from _results(verdict, self.log, path)
            self._clear()
        else:
            yield from self.end(path)
            self.open = verdict

    def end(self, path: tuple[str, ...]) -> Iterator[Result]:
        """What was open."""
        if self.open is not None:
            yield from _results(self.open, self.log, path)
        self._clear()

    def _clear(self) -> None:
        self.open, self.started, self.log, self.size = None, False, [], 0


def _results(verdict: re.Match[str], log: list[str], path: tuple[str, ...]) -> Iterator[Result]:
    word, file, line, suite, name, why, took = verdict.groups()
    if name in FIXTURES and word not in ("FAIL", "PANIC"):
        return
    said = "\n".join(log).strip("\n")
    about = {"file": file, "line": line}
    if word == "FAIL EXPECTED":
        about["expected failure"] = why or "yes"
    yield Result(
        path=(*path, suite),
        name=name,
        status=STATUS[word],
        duration=None if took is None else max(0.0, _json.number(took) or 0.0),
        error=_error(word, said, why or ""),
        stdout=said if word in ("PASS", "FAIL EXPECTED", "SKIP") else "",
        metadata=about,
    )


def _error(word: str, said: str, why: str) -> Error | None:
    if word == "MISS":
        return Error(message=MISSED)
    if word == "SKIP":
        return Error(message=why) if why else None
    if word == "PANIC":
        found = next(filter(None, map(PANIC.match, said.split("\n"))), None)
        return Error("panic", found[1] if found else "", said)
    return Error("", _message(said), said) if word == "FAIL" else None


def _message(said: str) -> str:
    """The check that failed and what it compared, of the last of them."""
    lines = said.split("\n")
    told = [line.removeprefix("... ").strip() for line in lines if line.startswith("... ")]
    check = [line.strip() for line in lines if line.startswith("    ")]
    return "\n".join([*check[:1], *told]) or said.strip()[:4_000]
