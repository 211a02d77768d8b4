"""Parasoft C++test's report (Jtest's and dotTEST's have the same shape).

The tests that were executed come first, without a word on why they failed; that is among the
*violations* which follow. A violation may also be an *outcome*: a value that the tool recorded for
somebody to verify, which fails nothing. Older reports have no list of tests: of those only the
tests that a violation names can be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from assay.formats._failures import Failure, error_of, place_of
from assay.formats._time import seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status

ROOT = "ResultsSession"
SCOPES = frozenset(
    {ROOT, "ExecutedTestsDetails", "Total", "Project", "TestSuite", "Exec", "ExecViols"}
)
TESTS = frozenset({"Test", "ExecViol", "Summary"})
TITLED = frozenset({"Project", "TestSuite"})

OUTCOME, ASSERTION = "Outcome", "Assertion failed"
"""Kinds of violations (`clName`); any other is an exception, a signal or a timeout."""

OUTCOME_CATEGORY = "6"

CLOCK = "%m/%d/%y %H:%M:%S"
DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{2} \d{1,2}:\d{2}:\d{2}")

MAX_HELD = 5_000
"""Failed tests to hold back for their violations; further ones do without."""


@dataclass(slots=True)
class _Failed:
    """A failed test, and its violations so far."""

    result: Result
    failures: list[Failure] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    author: str = ""


@dataclass(slots=True)
class _Report:
    date: datetime | None = None
    duration: float | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    executed: bool = False  # is there a list of tests
    tests: dict[str, _Failed] = field(default_factory=dict)  # by id
    counted: int = 0  # by the summary


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results, failed ones last, then the run.

    A path is the project's name, then the suites'.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield from map(_result, report.tests.values())
    if not report.executed and report.counted > len(report.tests):
        yield Notice(
            f"Of {report.counted} tests only {len(report.tests)} are named in the report: it has "
            "no list of the tests that were executed"
        )
    yield Run(report.date, report.duration, metadata=report.metadata or None)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    path: tuple[str, ...] = part.scope.state or _open(part.scope, report)
    for record in part.records:
        if record.tag == "Test":
            report.executed = True
            yield from _test(record, path, report)
        elif record.tag == "ExecViol":
            _violation(record, report)
        elif record.tag == "TestConfig" and record.get("name"):
            report.metadata["configuration"] = record.attrib["name"]
        elif record.tag == "Summary":
            for project in record.iterfind("Projects/Project"):
                report.counted += int(seconds(project.get("testCases")) or 0)


def _open(scope: Scope, report: _Report) -> tuple[str, ...]:
    outer: tuple[str, ...] = ()
    if scope.outer:
        outer = scope.outer.state or _open(scope.outer, report)
    given = scope.attributes
    name = given.get("name", "") if scope.tag in TITLED else ""
    scope.state = (*outer, name) if name else outer
    if scope.tag == ROOT:
        tool = f"{given.get('toolName', '')} {given.get('toolVer', '')}".strip()
        report.metadata |= {"tool": tool} if tool else {}
        report.date = _moment(given.get("time", ""))
    elif scope.tag == "Exec":
        report.duration = seconds(given.get("time"))
    found: tuple[str, ...] = scope.state
    return found


def _moment(text: str) -> datetime | None:
    """`12/27/11 10:45:42`, the month first as Americans have it."""
    try:
        return datetime.strptime(text, CLOCK).replace(tzinfo=UTC) if DATE.fullmatch(text) else None
    except ValueError:
        return None


def _test(test: Element, path: tuple[str, ...], report: _Report) -> Iterator[Result]:
    whole = test.get("name") or "(unnamed)"
    suite, _, name = whole.rpartition("::")
    if suite and suite != (path or ("",))[-1]:
        name = whole
    passed, failed = (test.get(key, "0") not in ("", "0") for key in ("pass", "fail"))
    status = Status.FAILED if failed else Status.PASSED if passed else Status.UNKNOWN
    result = Result(path, name, status, seconds(test.get("time")))
    number = test.get("id", "")
    if failed and number and number not in report.tests and len(report.tests) < MAX_HELD:
        report.tests[number] = _Failed(result)
    else:
        yield result


def _violation(violation: Element, report: _Report) -> None:
    test = report.tests.get(violation.get("testId", ""))
    if test is None:
        test = None if report.executed else _named(violation, report)
    if test is None or violation.get("cat") == OUTCOME_CATEGORY:
        return
    for part in violation.iterfind("Thr/ThrPart"):
        kind = part.get("clName", "")
        if kind != OUTCOME:
            test.kinds.add(kind)
            test.author = test.author or violation.get("auth", "")
            test.failures.append(_failure(violation, part))


def _named(violation: Element, report: _Report) -> _Failed | None:
    """A test that only its violations tell of. It has passed if all of them are outcomes."""
    number = violation.get("testId") or violation.get("testName") or ""
    if number in report.tests or len(report.tests) >= MAX_HELD or not number:
        return report.tests.get(number)
    suite, _, name = violation.get("testName", "").rpartition("::")
    path = (suite,) if suite else ()
    found = _Failed(Result(path, name or "(unnamed)", Status.PASSED))
    report.tests[number] = found
    return found


def _failure(violation: Element, part: Element) -> Failure:
    """What is said, and the calls that led to it."""
    said = [part.get("detMsg") or part.get("prnMsg") or part.get("clName") or ""]
    if expected := violation.get("expectVal"):
        said.append(f"expected {expected}, was {violation.get('actVal', '')}")
    calls = [place_of(call.get("fileName"), call.get("ln")) for call in part.iterfind("Trace")]
    said += [f"  at {call}" for call in calls[1:] if call]
    place = place_of(violation.get("locFile"), violation.get("ln"))
    return Failure(calls[0] if calls else place, "\n".join(said))


def _result(test: _Failed) -> Result:
    if not test.failures:
        return test.result
    error = error_of(test.failures)
    message = error.message.partition("\n  at ")[0] if error else ""
    trace = error.trace if error else ""
    thrown = ASSERTION not in test.kinds
    kind = min(test.kinds) if thrown else ""
    return msgspec.structs.replace(
        test.result,
        status=Status.BROKEN if thrown else Status.FAILED,
        error=Error(kind, message, trace),
        metadata={"author": test.author} if test.author else None,
    )


def _sniff(head: Head) -> bool:
    return head.root == ROOT and "toolName" in dict(head.attributes)


FORMAT = Format(
    name="cpptest",
    title="Parasoft C++test XML",
    sniff=_sniff,
    parse=parse,
    aliases=("cpptest-xml", "cpptest_xml", "c++test", "parasoft"),
    made_by="Parasoft C++test (7 to 9)",
    how='cpptestcli -config "builtin://Run Unit Tests" -report report',
    file="report.xml",
    notes=(
        "A test is a result below its project and its suites.",
        "A test that failed an assertion is failed, one that exceptions alone ended broken; what "
        "is said of it, with the calls that led there, is taken from the violations.",
        "Outcomes that wait to be verified fail nothing and are left out, and so are findings of "
        "static analysis and coverage.",
        "A report without the list of executed tests tells only of those that a violation names: "
        "they have passed if outcomes are all they have.",
        "The date is read with the month first.",
    ),
)
