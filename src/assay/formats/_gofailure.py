"""What a Go test that failed says of it, out of what it printed.

Go has no message and no stack of a failure: a test prints lines, those of `t.Error` and of `t.Log`
alike with the file and line they come from, and the runtime prints panics and races among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assay.model import Error, Status

FRAME = re.compile(
    r"\s*(?:=== (?:RUN|PAUSE|CONT|NAME|FUZZ|ATTR|ARTIFACTS)\b|--- (?:PASS|FAIL|SKIP|BENCH): )"
)
"""What the `testing` package prints around tests, by its own cmd/test2json."""

PANIC = re.compile(r"^(panic|fatal error|unexpected fault address|SIGQUIT): ?(.*)$", re.MULTILINE)
RECOVERED = re.compile(r" \[recovered[^\]]*\]$")
TIMEOUT = "test timed out after"
RACE = re.compile(r"^WARNING: DATA RACE$", re.MULTILINE)
RACE_FOUND = "race detected during execution of test"

PLACE = re.compile(r"^([ \t]*)([\w.+@~-]+\.(?:go|s|c|qtpl|templ)):(\d+): ?(.*)$")
"""`    cart_test.go:11: got 3`, as t.Log and t.Error print it"""

TESTIFY = re.compile(r"^\s*Error:\s*(.*)$")
TESTIFY_ENDS = re.compile(r"^\s*(?:Test|Messages|Error Trace):\s")
TESTIFY_MESSAGE = re.compile(r"^\s*Messages:\s*(.*)$")
TESTIFY_PLACE = re.compile(r"^\s*Error Trace:\s*(?:.*[/\\])?([^/\\\s:]+):(\d+)")

SHOWN = 4_000
"""Characters of a message where nothing tells where the message ends."""


@dataclass(frozen=True, slots=True)
class Told:
    """An error, and where in the sources it was met."""

    error: Error
    file: str = ""
    line: str = ""


def told(output: str, marked: str = "") -> Told | None:
    """What the output says of a failure; `marked` are those of its lines that Go itself (since
    1.27) tells apart as errors. None where there is nothing but frames."""
    if found := crash(output):
        return Told(found)
    block = _last_block(marked or output)
    if RACE.search(output) or RACE_FOUND in output:
        return Told(Error("DATA RACE", RACE_FOUND, output.strip("\n")))
    if block is None:
        text = output.strip("\n")
        said = _testify(text.split("\n")) or text[:SHOWN]
        return Told(Error(message=said, trace="" if said == text else text)) if text else None
    file, line, lines = block
    trace = "\n".join([f"{file}:{line}: {lines[0]}", *lines[1:]])
    if testify := _testify(lines):
        place = next(filter(None, map(TESTIFY_PLACE.match, lines)), None)
        return Told(Error("", testify, trace), *(place.groups() if place else (file, line)))
    return Told(Error("", _undented(lines), trace), file, line)


def crash(output: str) -> Error | None:
    """The panic, or the end by a timeout or a signal, that the output tells of."""
    found = PANIC.search(output)
    if not found:
        return None
    said = RECOVERED.sub("", found[2].strip()) or found[1]
    kind = "timeout" if said.startswith(TIMEOUT) else found[1]
    return Error(kind, said, output[found.start() :].strip("\n"))


def status_of(error: Error | None) -> Status:
    """Failed, or broken where the test crashed or was ended."""
    ends = ("panic", "timeout", "fatal error", "unexpected fault address", "SIGQUIT")
    return Status.BROKEN if error and error.type in ends else Status.FAILED


def reason(output: str) -> Error | None:
    """Why a test was skipped."""
    block = _last_block(output)
    said = _undented(block[2]) if block else output.strip()[:SHOWN]
    return Error(message=said) if said else None


def of_subtests(names: list[str], count: int) -> Error:
    """Of a test that failed because some below it did."""
    shown = ", ".join(names) + (", …" if count > len(names) else "")
    return Error(message=f"{count} subtest{'s' if count > 1 else ''} failed: {shown}")


Block = tuple[str, str, list[str]]


def _last_block(output: str) -> Block | None:
    """The file, the line and what was said there, of the last line that names a place."""
    found: Block | None = None
    indent = -1
    for line in output.split("\n"):
        if place := PLACE.match(line):
            found, indent = (place[2], place[3], [place[4]]), len(place[1])
        elif found and indent >= 0 and (not line.strip() or _indent(line) > indent):
            found[2].append(line)
        else:
            indent = -1
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _undented(lines: Iterable[str]) -> str:
    return "\n".join(line.strip() for line in lines).strip()


def _testify(lines: list[str]) -> str:
    """The error of testify's block, which has labels before and columns within."""
    said: list[str] = []
    inside = False
    for line in lines:
        if start := TESTIFY.match(line):
            said, inside = [start[1].strip()], True
        elif TESTIFY_ENDS.match(line):
            inside = False
            if message := TESTIFY_MESSAGE.match(line):
                said.append(message[1].strip())
        elif inside:
            said.append(line.strip())
    return "\n".join(said).strip()
