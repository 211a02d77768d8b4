"""Results of the Linux Test Project: kirk's (or runltp-ng's) JSON, and the log of runltp.

A test of LTP prints a line for each check, and ends with a code that says which kinds there were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._shapes import Shape, read
from assay.formats._text import lines
from assay.formats._time import moment
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status, Step

STATUSES = {
    "pass": Status.PASSED,
    "fail": Status.FAILED,
    "brok": Status.BROKEN,  # the test could not do its work
    "conf": Status.SKIPPED,  # not for this system
    "warn": Status.UNKNOWN,  # nothing failed, and something was odd
}
"""kirk's words; the log's are the same in capitals."""

CHECKS = {
    "TPASS": Status.PASSED,
    "TFAIL": Status.FAILED,
    "TBROK": Status.BROKEN,
    "TCONF": Status.SKIPPED,
    "TWARN": Status.UNKNOWN,
}

CHECK = re.compile(
    r"(?:(\S{1,200}:\d{1,9}): |\S{1,200} +\d{1,9} +)?(T(?:PASS|FAIL|BROK|CONF|WARN))\s*: ?(.*)"
)
"""`weighs.c:21: TFAIL: 3 kg is light`; older tests: `weighs    1  TFAIL  :  …`"""

NO_SUCH_PROGRAM = (126, 127)
SIGNALLED = 128
"""Codes of a shell: a program that could not be run, and from here on one that a signal ended."""

MOST_CHECKS = 1_000
"""Checks of one test to keep as steps."""

HEADER = re.compile(r"^Testcase +Result +Exit Value *$", re.MULTILINE)
ROW = re.compile(r"(\S+) +(PASS|FAIL|CONF|BROK|WARN) +(-?\d{1,9}) *")
START = re.compile(r"Test Start Time: (.+)")
FACT = re.compile(r"(Kernel Version|Machine Architecture): +(\S.*)")
NAMES = {"Kernel Version": "kernel", "Machine Architecture": "arch"}

OF_THE_RUN = ("distribution", "distribution_version", "kernel", "arch", "cpu", "RAM", "swap")


class Test(Shape, frozen=True):
    command: str | None = None
    arguments: list[str] | None = None
    log: str | None = None
    retval: list[str] | None = None
    duration: float | None = None


class Entry(Shape, frozen=True):
    test_fqn: str | None = None
    status: str | None = None
    test: Test | None = None


_ENTRY = msgspec.json.Decoder(Entry)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each test as a result with its checks as steps, then the run.

    Raises Malformed for what tells of no test.
    """
    head, whole = peek(chunks)
    return _read_log(whole) if head.kind == "text" else _read_json(whole)


# JSON


def _read_json(chunks: Iterable[bytes]) -> Iterator[Item]:
    facts: dict[str, str] = {}
    duration: float | None = None
    found = False
    for value in _json.values(chunks, ("results",)):
        if isinstance(value, Notice):
            yield value
        elif value.key == "results[]":
            entry = read(value.raw, _ENTRY, value.where)
            if entry and entry.test_fqn:
                found = True
                yield _result(entry, entry.test_fqn)
        elif value.key == "environment":
            known = _json.flat(_json.decode(value.raw, value.where))
            facts = {key: known[key] for key in OF_THE_RUN if known.get(key)}
        elif value.key == "stats":
            stats = _json.mapping(_json.decode(value.raw, value.where))
            duration = _json.number(stats.get("runtime"))
    if not found:
        raise Malformed('kirk\'s report has "results" with a "test_fqn" each; there is none here')
    yield Run(duration=duration, metadata=facts or None)


def _result(entry: Entry, name: str) -> Result:
    test = entry.test or Test()
    code = _json.number((test.retval or [""])[0])
    status = _status(entry.status or "", code)
    checks = list(_checks(test.log or ""))
    command = " ".join(filter(None, (test.command, *(test.arguments or ()))))
    facts = {"command": command, "exit code": "" if code is None else f"{code:g}"}
    return Result(
        (),
        name,
        status,
        test.duration,
        error=_error(status, code, checks),
        stdout=test.log or "",
        steps=tuple(Step(said, CHECKS[word]) for _, word, said in checks),
        metadata={key: said for key, said in facts.items() if said} | _source(checks),
    )


def _status(word: str, code: float | None) -> Status:
    """What could not be started, and what a signal ended, is no failed check."""
    status = STATUSES.get(word.lower(), Status.UNKNOWN)
    killed = code is not None and (code in NO_SUCH_PROGRAM or code >= SIGNALLED or code < 0)
    return Status.BROKEN if killed and status is Status.FAILED else status


_Check = tuple[str, str, str]  # place, word, what is said


def _checks(log: str) -> Iterator[_Check]:
    left = MOST_CHECKS
    for line in log.splitlines():
        if left and (check := CHECK.fullmatch(line)):
            left -= 1
            yield check[1] or "", check[2], check[3].strip()


def _odd(checks: list[_Check]) -> list[_Check]:
    """Those that did not pass, the worst first."""
    order = ("TFAIL", "TBROK", "TCONF", "TWARN")
    odd = [check for check in checks if check[1] in order]
    return sorted(odd, key=lambda check: order.index(check[1]))


def _error(status: Status, code: float | None, checks: list[_Check]) -> Error | None:
    if status is Status.PASSED:
        return None
    if odd := _odd(checks):
        (_, word, said), *more = odd
        return Error(word, said, "\n".join(f"{word}: {said}" for _, word, said in more))
    return Error("", "" if code is None else f"Exit code {code:g}")


def _source(checks: list[_Check]) -> dict[str, str]:
    place = next((place for place, _, _ in _odd(checks) if place), "")
    return {"source": place} if place else {}


# The log


def _read_log(chunks: Iterable[bytes]) -> Iterator[Item]:
    date = ""
    facts: dict[str, str] = {}
    begun = False
    for line in lines(chunks):
        if HEADER.match(line):
            begun = True
        elif begun and (row := ROW.fullmatch(line)):
            yield _row(row[1], row[2], int(row[3]))
        elif start := START.fullmatch(line):
            date = date or start[1]
        elif fact := FACT.fullmatch(line):
            facts[NAMES[fact[1]]] = fact[2].strip()
    if not begun:
        raise Malformed("runltp's log has the line “Testcase Result Exit Value”; it is not here")
    yield Run(moment(date), metadata=facts or None)


def _row(name: str, word: str, code: int) -> Result:
    status = _status(word, code)
    return Result(
        (),
        name,
        status,
        error=None if status is Status.PASSED else Error("", f"Exit code {code}"),
        metadata={"exit code": str(code)},
    )


def _sniff(head: Head) -> bool:
    if head.kind == "object":
        return "results" in head.keys and "test_fqn" in head.nested
    return head.kind == "text" and HEADER.search(head.text) is not None


FORMAT = Format(
    name="ltp",
    title="Linux Test Project",
    sniff=_sniff,
    parse=parse,
    aliases=("kirk", "runltp", "runltp-ng", "ltp-json"),
    made_by="kirk and runltp-ng, the runners of the Linux Test Project; also the log of runltp",
    how="kirk --run-suite syscalls --json-report ltp.json",
    file="ltp.json",
    notes=(
        "Each test is a result; its checks (TPASS, TFAIL …) are steps, the worst of them the "
        "reason, with its place.",
        "fail is failed; brok, a signal and a program that is not there are broken; conf is "
        "skipped; warn is unknown, as nothing failed and something was odd.",
        "Command and exit code are metadata; distribution, kernel and machine are the run's.",
        "runltp's log (`-l`) tells names, outcomes and exit codes.",
    ),
)
