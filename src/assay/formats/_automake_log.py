"""Automake's test-suite.log: the counts, and of each test that did not pass what it printed.

A test of the TAP driver prints how each of its tests ended; these are what the counts count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats._text import lines
from assay.model import Error, Result, Status

STATUSES = {
    "PASS": Status.PASSED,
    "XFAIL": Status.PASSED,  # it failed as it was expected to; Automake is content with that
    "SKIP": Status.SKIPPED,
    "FAIL": Status.FAILED,
    "XPASS": Status.FAILED,
    "ERROR": Status.BROKEN,
}
"""Automake's words (its manual, “Scripts-based Testsuites”)."""

WORD = "(PASS|FAIL|SKIP|XFAIL|XPASS|ERROR)"

TITLE = re.compile(r" {3}(\S.*): \S+\.log")
RULE = re.compile(r"=+")
COUNT = re.compile(rf"# {WORD}: +(\d{{1,9}})")
SECTION = re.compile(rf"{WORD}: (\S.*?)(?: \(exit: (\d+)\))?")
EXIT = re.compile(rf"{WORD} (\S+) \(exit status: (\d+)\)")
PART = re.compile(rf"{WORD}: \S+ (\d+)(?: - | )?(.*)")
PRINTED = re.compile(rf"{WORD}: (\S+)(?: (\d+)(?: - | )?(.*))?")
SUMMARY = re.compile(r"Testsuite summary for (.+)")
DIRECTIVE = re.compile(r"\s*# ?(SKIP|TODO)\b:?\s*(.*)", re.IGNORECASE)

MOST_OUTPUT = 1 << 20
"""Characters of one test's output; the rest is left out."""

MOST_UNNAMED = 100_000
"""Tests without a name that a log may count."""


@dataclass(slots=True)
class Section:
    """What the log tells of one test."""

    word: str
    title: str  # the test's file without its ending, below the Makefile's folder
    exit_code: str = ""
    output: list[str] = field(default_factory=list)
    parts: list[Result] = field(default_factory=list)  # of the TAP driver
    words: list[str] = field(default_factory=list)  # how they ended
    size: int = 0

    def say(self, line: str) -> None:
        if ended := EXIT.fullmatch(line):
            self.exit_code = ended[3]
            return
        if part := PART.fullmatch(line):
            self.words.append(part[1])
            self.parts.append(_part(self.title, *part.groups()))
        self.size += len(line) + 1
        if self.size <= MOST_OUTPUT:
            self.output.append(line)


@dataclass(slots=True)
class Log:
    """What is read of a log so far."""

    package: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)


def sections(chunks: Iterable[bytes], log: Log, folder: str = "") -> Iterator[Section]:
    """The tests that the log tells of, as soon as each is whole; fills `log` on the way.

    `folder` is put before their titles: that of the log, with a slash at its end.
    """
    section: Section | None = None
    before = ""
    for line in lines(chunks):
        begins = SECTION.fullmatch(before) if _underlines(line, before) else None
        if begins:
            if section:
                yield _ended(section, log)
            section = Section(begins[1], folder + begins[2], begins[3] or "")
            before = ""
            continue
        _take(before, section, log)
        before = line
    _take(before, section, log)
    if section:
        yield _ended(section, log)


def _underlines(line: str, before: str) -> bool:
    return len(line) == len(before) > 0 and RULE.fullmatch(line) is not None


def _take(line: str, section: Section | None, log: Log) -> None:
    if section:
        section.say(line)
    elif title := TITLE.fullmatch(line):
        log.package = title[1]
    elif count := COUNT.fullmatch(line):
        log.counts[count[1]] = log.counts.get(count[1], 0) + int(count[2])


def _ended(section: Section, log: Log) -> Section:
    for word in section.words or [section.word]:
        log.named[word] = log.named.get(word, 0) + 1
    return section


def unnamed(log: Log) -> Iterator[Result]:
    """The tests that the log counts and does not name: those that passed, as a rule."""
    left = MOST_UNNAMED
    for word, status in STATUSES.items():
        missing = min(log.counts.get(word, 0) - log.named.get(word, 0), left)
        for number in range(1, missing + 1):
            yield Result((), f"({word}, not named in the log) {number}", status)
        left -= max(missing, 0)


def results(section: Section) -> list[Result]:
    """A section's test, or those that it has reported."""
    if section.parts:
        return section.parts
    return [result(section.title, section.word, section)]


def result(title: str, word: str, section: Section | None) -> Result:
    """A test that ended so, with what the log tells of it."""
    *folder, name = title.rsplit("/", 1)
    status = STATUSES.get(word, Status.UNKNOWN)
    code = section.exit_code if section else ""
    said = f"Exit status {code}" if code else ""
    return Result(
        tuple(folder),
        name or "(unnamed)",
        status,
        error=error_of(word, said),
        stdout="\n".join(section.output).strip("\n") if section else "",
        metadata={"expected failure": "true"} if word == "XFAIL" else None,
    )


def error_of(word: str, said: str) -> Error | None:
    """Why a test did not pass, as far as Automake knows."""
    kind = "XPASS" if word == "XPASS" else ""
    passed = STATUSES.get(word) is Status.PASSED
    return Error(kind, said) if (kind or said) and not passed else None


def printed(chunks: Iterable[bytes], log: Log) -> Iterator[Result]:
    """The tests that `make check` prints a line for; fills `log` on the way."""
    for line in lines(chunks):
        if summary := SUMMARY.fullmatch(line):
            log.package = summary[1]
        elif told := PRINTED.fullmatch(line):
            log.named[told[1]] = log.named.get(told[1], 0) + 1
            whole = told[3] is None
            yield (
                result(told[2], told[1], None)
                if whole
                else _part(told[2], told[1], *told.groups()[2:])
            )


def _part(title: str, word: str, number: str, said: str) -> Result:
    """One of the tests that the TAP driver saw: `FAIL: scales.tap 2 - weighs pears`."""
    directive = DIRECTIVE.search(said)
    name = said[: directive.start()] if directive else said
    reason = directive[2] if directive else ""
    status = STATUSES[word]
    return Result(
        tuple(title.rsplit("/", 1)),
        name.strip() or number,
        status,
        error=error_of(word, reason),
        metadata={"expected failure": reason or "true"} if word == "XFAIL" else None,
    )
