"""Boost.Test's XML: its log, its report, or both in one file.

The log has what happened, the report how each test ended. Of a log alone a test's end is inferred;
where a report follows (as a document of its own, or within the log if both went to one stream), it
has the last word: a failure may have been expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from assay.formats._dotnet import text_of
from assay.formats._failures import Failure, error_of, place_of
from assay.formats._time import seconds
from assay.formats._trace import split_type
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status, Step

ROOTS = frozenset({"TestLog", "TestResult"})
SCOPES = ROOTS | {"TestSuite"}
RECORDS = frozenset({"TestCase", "Error", "FatalError", "Exception"})

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "aborted": Status.BROKEN,
    "timed-out": Status.BROKEN,
    "skipped": Status.SKIPPED,
}
"""What a report says of a test case. `aborted` is one that ended early, be it of a BOOST_REQUIRE:
what a log says of that counts."""

ASSERTIONS = frozenset({"Error", "FatalError"})
FAILURES = ASSERTIONS | {"Exception"}
PASSED = re.compile(r"check .* passed\s*|PASS\s*", re.DOTALL)
NUMBERED = re.compile(r"_\d+")
"""A data-driven test's case; its values stand in the context of what it says: `n = 1; m = 2; `"""

MAX_KNOWN = 200_000
"""Names of tests to remember that were let go before; a report's further ones are results."""

PER_SECOND = 1_000_000
MAX_HELD = 5_000
"""Results to hold back for what a report may say of them."""

MAX_TEXT = 16 << 20
"""Characters of their errors and output, likewise."""

OUTSIDE = "(outside any test case)"


@dataclass(slots=True)
class _Report:
    """What is known, and results of the log that a report may change yet."""

    held: dict[tuple[str, ...], list[Result]] = field(default_factory=dict)
    count: int = 0
    size: int = 0
    gone: dict[tuple[str, ...], int] = field(default_factory=dict)  # let go before a report came
    loose: list[Failure] = field(default_factory=list)  # of a log that names no test cases
    thrown: int = 0  # of them
    cases: bool = False  # has a report named any
    totals: bool = False
    module: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield test cases as results, and last the run; times are microseconds in the document.

    A path is the suites' names, the module's (or “Master Test Suite”) first.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, RECORDS, several=True):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield from _let_go(report)
    yield from _loose(report)
    yield Run(metadata=report.metadata or None)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    path: tuple[str, ...] = part.scope.state or _open(part.scope, report)
    for record in part.records:
        if record.tag == "BuildInfo":
            report.metadata |= record.attrib
        elif record.tag in FAILURES:
            report.loose.append(_failure(record))
            report.thrown += record.tag == "Exception"
        elif record.tag == "TestCase" and _is_of_a_report(part.scope):
            yield from _reported(report, record, path)
        elif record.tag == "TestCase":
            yield from _logged(report, record, path)
    if part.ended and part.scope.attributes.get("skipped") == "yes":
        reason = part.scope.attributes.get("reason", "")
        yield Container(path, "test suite", metadata={"skipped": reason or "yes"})


def _open(scope: Scope, report: _Report) -> tuple[str, ...]:
    outer: tuple[str, ...] = ()
    if scope.outer:
        outer = scope.outer.state or _open(scope.outer, report)
    name = scope.attributes.get("name", "") if scope.tag == "TestSuite" else ""
    path = scope.state = (*outer, name) if name else outer
    if len(path) == 1:
        report.module = path
    report.totals = report.totals or "test_cases_passed" in scope.attributes
    return path


def _is_of_a_report(scope: Scope | None) -> bool:
    while scope:
        if scope.tag == "TestResult":
            return True
        scope = scope.outer
    return False


# The log


def _logged(report: _Report, case: Element, path: tuple[str, ...]) -> Iterator[Item]:
    """The cases that were run by this one, as some are, then itself."""
    name = case.get("name") or "(unnamed)"
    for child in case:
        if child.tag in ("TestSuite", "TestCase"):
            yield from _within(report, child, (*path, name))
    result = _result(case, path, name)
    report.held.setdefault((*path, name), []).append(result)
    report.count += 1
    report.size += len(result.stdout) + (len(result.error.trace) if result.error else 0)
    if report.count >= MAX_HELD or report.size > MAX_TEXT:
        yield from _let_go(report, remember=True)


def _within(report: _Report, element: Element, path: tuple[str, ...]) -> Iterator[Item]:
    if element.tag == "TestCase":
        yield from _logged(report, element, path)
        return
    for child in element:
        yield from _within(report, child, (*path, element.get("name", "")))


def _result(case: Element, path: tuple[str, ...], name: str) -> Result:
    failures = [child for child in case if child.tag in FAILURES]
    status = _status(case, failures)
    time = seconds(case.findtext("TestingTime"))
    return Result(
        path=path,
        name=name,
        status=status,
        duration=None if time is None else time / PER_SECOND,
        error=_error(case, failures),
        stdout=_output(case),
        steps=tuple(_warnings(case)),
        parameters=_parameters(case, name),
        metadata={key: case.attrib[key] for key in ("file", "line") if case.get(key)} or None,
    )


def _status(case: Element, failures: list[Element]) -> Status:
    """Broken where nothing but exceptions and signals ended it."""
    if case.get("skipped") == "yes":
        return Status.SKIPPED
    if not failures:
        return Status.PASSED
    failed = any(each.tag in ASSERTIONS for each in failures)
    return Status.FAILED if failed else Status.BROKEN


def _error(case: Element, failures: list[Element]) -> Error | None:
    if case.get("skipped") == "yes":
        return Error(message=case.get("reason", "")) if case.get("reason") else None
    found = error_of([_failure(each) for each in failures])
    if found is None or failures[0].tag != "Exception":
        return found
    kind, message = split_type(found.message)
    return Error(kind, message, found.trace)


def _failure(element: Element) -> Failure:
    """What failed, and in which context; of an exception also the last place that was passed."""
    place = place_of(element.get("file"), element.get("line"))
    said = [_own_text(element), *(text_of(frame).strip() for frame in element.iter("Frame"))]
    last = element.find("LastCheckpoint")
    if last is not None:
        passed = f"{place_of(last.get('file'), last.get('line'))} {text_of(last).strip()}"
        said.append(f"last checkpoint: {passed.strip()}")
    return Failure(place, "\n".join(filter(None, said)))


def _own_text(element: Element) -> str:
    return "".join((element.text or "", *(child.tail or "" for child in element))).strip()


def _output(case: Element) -> str:
    """What it printed into the log, its messages, and what is said of checks that passed."""
    said = [case.text or ""]
    for child in case:
        if child.tag in ("Message", "Info"):
            said.append("" if PASSED.fullmatch(_own_text(child)) else _own_text(child))
        said.append(child.tail or "")
    return "\n".join(text.strip() for text in said if text.strip())


def _warnings(case: Element) -> Iterator[Step]:
    for warning in case.iterfind("Warning"):
        first, _, rest = _own_text(warning).partition("\n")
        output = _own_text(warning) if rest else ""
        yield Step(f"Warning: {first.strip()}", Status.PASSED, output=output)


def _parameters(case: Element, name: str) -> dict[str, str] | None:
    if not NUMBERED.fullmatch(name):
        return None
    values = (each.partition(" = ") for each in text_of(case.find(".//Frame")).split("; "))
    return {key.strip(): value for key, equals, value in values if equals} or None


# The report


def _reported(report: _Report, case: Element, path: tuple[str, ...]) -> Iterator[Item]:
    report.cases = True
    name = case.get("name") or "(unnamed)"
    status = STATUSES.get(case.get("result", ""), Status.UNKNOWN)
    key = (*path, name)
    if known := report.held.get(key):
        report.count -= 1
        yield _with_the_last_word(known.pop(0), status)
    elif report.gone.get(key):
        report.gone[key] -= 1
    else:
        yield Result(path, name, status)


def _with_the_last_word(result: Result, status: Status) -> Result:
    if status in (Status.BROKEN, Status.UNKNOWN) and result.error:
        return result
    if status is not Status.PASSED or not result.error:
        return msgspec.structs.replace(result, status=status)
    told = (result.metadata or {}) | {"expected failure": result.error.message}
    return msgspec.structs.replace(result, status=status, error=None, metadata=told)


def _let_go(report: _Report, remember: bool = False) -> Iterator[Result]:
    for key, results in report.held.items():
        yield from results
        if remember and len(report.gone) < MAX_KNOWN:
            report.gone[key] = report.gone.get(key, 0) + len(results)
    report.held = {}
    report.count = report.size = 0


def _loose(report: _Report) -> Iterator[Item]:
    """Failures of which the log does not name the test: below the log level `test_suite`."""
    error = error_of(report.loose)
    if error and report.cases:
        yield Container(report.module, "test module", stdout=error.trace)
    elif error:
        status = Status.BROKEN if report.thrown == len(report.loose) else Status.FAILED
        yield Result(report.module, OUTSIDE, status, error=error)
    elif report.totals and not report.cases:
        yield Notice("The report only counts its tests; --report_level=detailed names them")


def _sniff(head: Head) -> bool:
    if head.kind != "xml" or head.root not in ROOTS:
        return False
    return head.root == "TestLog" or "assertions_passed=" in head.text


FORMAT = Format(
    name="boost",
    title="Boost.Test XML",
    sniff=_sniff,
    parse=parse,
    aliases=("boosttest", "boost-test", "boost_test", "boost.test"),
    made_by="Boost.Test (1.33 and later)",
    how="./cart_test --log_format=XML --log_level=test_suite --log_sink=boost.xml",
    file="boost.xml",
    notes=(
        "A test case is a result below its suites; a data-driven test has one a sample, with the "
        "sample's values as parameters where the log tells them.",
        "A test case with `<Error>` or `<FatalError>` is failed, one with exceptions or signals "
        "alone broken; the first is its message with its context, all of them are the trace.",
        "The log and the report (`--report_level=detailed`) may be in one file; then the report "
        "says how a test ended: one whose failures were expected has passed, and says so among "
        "its facts.",
        "A test case that is disabled, or depends on one that failed, is skipped, with the reason.",
        "A warning is a step, messages are output; checks that passed are left out.",
        "A log below the level `test_suite` does not name its tests: all it tells is one result, "
        "or the module's output where a report names them.",
    ),
)
