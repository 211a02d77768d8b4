"""The lines that XCTest, Swift Testing and xcodebuild print, of which tests can be told.

XCTest's differ by platform (`-[Module.Class method]` on Apple's, `Class.method` elsewhere) and by
whether tests run in parallel (`on 'iPhone 15'`).
"""

from __future__ import annotations

import re
from typing import Final

from assay.model import Status

_ID: Final = (
    r"'?(?:-\[(?P<above>[^\s\]]+) (?P<name>[^\]]+)\]|(?P<above2>[\w.]+)[./](?P<name2>\w[^'\s]*))'?"
)
STARTED: Final = re.compile(
    rf"Test [Cc]ase {_ID} started(?: on '[^']*')?(?: \(Iteration (?P<number>\d{{1,9}}) of \d+\))?"
    r"(?: at .*|\.)?$"
)
ENDED: Final = re.compile(
    rf"Test [Cc]ase {_ID} (?P<word>passed|failed|skipped)(?: on '(?P<device>[^']*)')?"
    r" \((?P<seconds>[\d.,]+) seconds\)\.?$"
)
MEASURED: Final = re.compile(
    r"(?:.*: )?Test [Cc]ase '[^']*' measured \[(?P<metric>[^\],]+), (?P<unit>[^\]]+)\] "
    r"average: (?P<average>[\d.]+)"
)
SUITE: Final = re.compile(
    r"Test Suite '(?P<title>[^']*)' (?P<word>started|passed|failed|finished|skipped)"
    r"(?: at (?P<when>[-\d]+ [\d:.]+?(?: ?[+-]\d{4})?))?\.?$"
)
EXECUTED: Final = re.compile(r"\s*Executed \d+ tests?, with .* in [\d.]+ \((?P<seconds>[\d.]+)\)")
ISSUE: Final = re.compile(rf"(?P<file>\S.*?):(?P<line>\d+): (?:error: )?{_ID} : (?P<said>.*)$")
SKIPPED: Final = re.compile(r"Test skipped(?: - |: )?(.*)$")
CRASHED: Final = re.compile(
    rf"Restarting after (?P<reason>unexpected exit, crash, or test timeout)(?: in {_ID}(?:\(\))?)?;"
)
COMPILER: Final = re.compile(
    r"(?P<file>/[^:]+|[\w./+-]+\.\w+):(?P<line>\d+)(?::\d+)?: error: (.+)$"
)

MARK = r"(?:[^\x00-\x7f]{1,2}|\[[a-z]+\]) +"
"""Swift Testing's sign before a line: an SF Symbol, or elsewhere ◇ ✔ ✘ ➜ ↳."""

_TEST: Final = r"Test (?P<test>\"[^\"]*\"|[^\s(]+\([^)]*\)|\S+)"
SWIFT_STARTED: Final = re.compile(rf"{MARK}{_TEST} started\.$")
SWIFT_ENDED: Final = re.compile(
    rf"{MARK}{_TEST}(?: with \d+ test cases?)? (?P<word>passed|failed) after (?P<seconds>[\d.]+)"
    r" seconds(?P<issues> with .*)?\.$"
)
SWIFT_SKIPPED: Final = re.compile(rf"{MARK}{_TEST} skipped(?:: \"?(?P<reason>.*?)\"?|\.)$")
SWIFT_ISSUE: Final = re.compile(
    rf"{MARK}{_TEST} recorded an? (?P<known>known )?issue(?: with \d+ arguments? (?P<given>.*?))?"
    r"(?: at (?P<file>[^\s:]+):(?P<line>\d+)(?::\d+)?)?: (?P<said>.*)$"
)
SWIFT_RUN: Final = re.compile(
    rf"{MARK}Test run with .* (?:passed|failed) after (?P<seconds>[\d.]+) seconds"
)
SWIFT_RUN_STARTED: Final = re.compile(rf"{MARK}Test run started\.$")
SWIFT_COMMENT: Final = re.compile(rf"{MARK}(?P<said>.+)$")

BUILD: Final = re.compile(
    r"^(?:=== (?:BUILD|CLEAN|ANALYZE) TARGET .+ OF PROJECT .+ ==="
    r"|\*\* (?:TEST|BUILD|CLEAN) \w+.* \*\*"
    r"|Build settings from command line:|Command line invocation:\n +\S*/xcodebuild\b.*"
    r"|Test Suite '[^']*' started(?: at [-\d]+ [\d:.]+.*)?"
    r"|Test [Cc]ase '[^']*' (?:started|passed|failed).*"
    rf"|{MARK}Test run started\.)$",
    re.MULTILINE,
)

STATUSES: Final = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "skipped": Status.SKIPPED,
}

THROWN: Final = re.compile(
    r'(?:failed(?::| -) caught )?(?:error: )?"?(NS\w*Exception)\b'
    r'|failed: caught error: |.*threw error "'
)
"""What XCTest says of an exception or of an error that nobody expected."""


def test_of(found: re.Match[str]) -> tuple[str, str]:
    """The class and the method."""
    above = found["above"] or found["above2"] or ""
    return above, (found["name"] or found["name2"] or "").strip("'")
