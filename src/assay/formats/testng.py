"""TestNG's testng-results.xml.

A test method called with one set of parameters is a test. Methods that configure (before and after
a class, a method …) are none: a failed one is a step, and the reason, of the tests skipped for it.
An assertion's exception makes a test `failed`, any other `broken`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from assay.formats._facts import named_files
from assay.formats._retries import MAX_HELD, join
from assay.formats._time import moment, seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status, Step

SCOPES = frozenset({"testng-results", "suite", "test", "class"})
METHODS = frozenset({"test-method"})

STATUSES = {
    "PASS": Status.PASSED,
    "FAIL": Status.FAILED,
    "SKIP": Status.SKIPPED,
    "SUCCESS_PERCENTAGE_FAILURE": Status.PASSED,
}

ASSERTION = re.compile(r"Assertion|ComparisonFailure|MultipleFailures|SoftAssert")
"""In the names of the exceptions of TestNG, JUnit, AssertJ, Hamcrest, opentest4j and Truth."""

MADE_UP = frozenset(
    {"", "Surefire suite", "Surefire test", "Failsafe suite", "Failsafe test"}
    | {"Command line suite", "Command line test", "Default Suite", "Default suite", "Default test"}
    | {"Gradle suite", "Gradle test"}
)
"""What suites and tests are called that nobody named."""

IDENTITY = re.compile(r"@[0-9a-f]{4,16}\b")
"""Where Java says which object it is, in a parameter: another one in the next run."""

LONGEST_VALUE = 80
"""Characters of a parameter in a test's name."""


Groups = dict[tuple[str, str], list[str]]
"""The groups of a suite's methods, by class and name."""


@dataclass(slots=True)
class _Class:
    """The tests of a class until it ends, by name, since their retries follow them."""

    titles: tuple[str, ...]
    name: str = ""
    groups: Groups = field(default_factory=dict)
    tests: dict[str, list[Result]] = field(default_factory=dict)
    failed_configuration: list[Step] = field(default_factory=list)
    held: int = 0


@dataclass(slots=True)
class _Report:
    date: datetime | None = None
    duration: float = 0
    output: list[str] = field(default_factory=list)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield results as their class ends, then the run's output and dates.

    A path is the suite's, the test's and the class' name, without those nobody gave. A test's name
    has its parameters: `addsUp(2, 3)`.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, METHODS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    if report.output:
        yield Container((), stdout="\n".join(report.output))
    yield Run(report.date, report.duration or None)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    scope = part.scope
    group: _Class = scope.state or _open(scope)
    for record in part.records:
        if record.tag == "reporter-output":
            report.output += _lines(record)
        elif record.tag == "groups":
            _read_groups(group.groups, record)
        elif record.tag == "test-method":
            yield from _method(group, record)
    if not part.ended:
        return
    yield from _release(group)
    if scope.tag == "suite":
        started = moment(scope.attributes.get("started-at"))
        report.date = min(filter(None, (report.date, started)), default=None)
        report.duration += _milliseconds(scope.attributes.get("duration-ms")) or 0


def _open(scope: Scope) -> _Class:
    outer: _Class = (scope.outer.state or _open(scope.outer)) if scope.outer else _Class(())
    name = scope.attributes.get("name", "").strip()
    titles = outer.titles if name in MADE_UP else (*outer.titles, name)
    groups: Groups = {} if scope.tag == "suite" else outer.groups
    group = scope.state = _Class(titles, name, groups)
    return group


def _read_groups(groups: Groups, record: Element) -> None:
    for group in record.iterfind("group"):
        for method in group.iterfind("method"):
            known = groups.setdefault((method.get("class", ""), method.get("name", "")), [])
            if (name := group.get("name", "")) and name not in known:
                known.append(name)


def _method(group: _Class, method: Element) -> Iterator[Result]:
    result = _result(group, method)
    if method.get("is-config") == "true":
        if result.status in (Status.FAILED, Status.BROKEN):
            step = Step(result.name, result.status, result.duration, result.error, result.stdout)
            group.failed_configuration.append(step)
        return
    if result.status is Status.SKIPPED and not result.error and group.failed_configuration:
        result = _result(group, method, tuple(group.failed_configuration))
    group.tests.setdefault(result.name, []).append(result)
    group.held += 1
    if group.held > MAX_HELD:
        yield from _release(group)


def _release(group: _Class) -> Iterator[Result]:
    for tests in group.tests.values():
        yield from _tries(tests)
    group.tests.clear()
    group.held = 0


def _tries(tests: list[Result]) -> Iterator[Result]:
    """One name's results, a retried one joined with what it was retried for.

    TestNG writes a try that is going to be repeated as skipped, with the exception; some versions
    mark it as `retried` too.
    """
    tries: list[Result] = []
    for result in tests:
        tries.append(result)
        if not _is_retried(result):
            yield _joined(tries)
            tries = []
    if any(_is_marked(result) for result in tries):
        yield _joined([*tries[:-1], _as_failure(tries[-1])])
    else:
        yield from tries


def _is_retried(result: Result) -> bool:
    told = result.error and result.error.trace
    return _is_marked(result) or (result.status is Status.SKIPPED and bool(told))


def _is_marked(result: Result) -> bool:
    return (result.metadata or {}).get("retried") == "true"


def _joined(tries: list[Result]) -> Result:
    *earlier, last = tries
    return join([*map(_as_failure, earlier), last]) if earlier else last


def _as_failure(result: Result) -> Result:
    return msgspec.structs.replace(result, status=_kind(result.error))


def _kind(error: Error | None) -> Status:
    return Status.FAILED if error is None or ASSERTION.search(error.type) else Status.BROKEN


# One method


def _result(group: _Class, method: Element, steps: tuple[Step, ...] = ()) -> Result:
    parameters = {
        str(place): _text(parameter.find("value"))
        for place, parameter in enumerate(method.findall("params/param"))
    }
    status = STATUSES.get(method.get("status", ""), Status.UNKNOWN)
    stdout = "\n".join(_lines(method.find("reporter-output")))
    exception = method.find("exception")
    error = _error(exception) if exception is not None else None
    if status is not Status.PASSED:
        error = error or _why(steps)
    return Result(
        path=group.titles,
        name=_name(method.get("name") or "(unnamed)", parameters.values()),
        status=_kind(error) if status is Status.FAILED else status,
        duration=_milliseconds(method.get("duration-ms")),
        started=moment(method.get("started-at")),
        error=error if status is not Status.PASSED else None,  # an expected one tells nothing
        stdout=stdout,
        description=method.get("description", ""),
        steps=steps,
        attachments=tuple(named_files(stdout)),
        tags=tuple(group.groups.get((group.name, method.get("name", "")), ())),
        parameters=parameters or None,
        metadata=_attributes(method) or None,
    )


def _why(steps: tuple[Step, ...]) -> Error | None:
    """Of the configuration that failed before a test, the first."""
    for step in steps:
        told = step.error or Error()
        return Error(told.type, f"{step.name}: {told.message}".rstrip(": "), told.trace)
    return None


def _name(method: str, values: Iterable[str]) -> str:
    shown = [IDENTITY.sub("", value)[:LONGEST_VALUE] for value in values]
    return f"{method}({', '.join(shown)})" if shown else method


def _attributes(method: Element) -> dict[str, str]:
    found = {
        name: _text(attribute)
        for attribute in method.findall("attributes/attribute")
        if (name := attribute.get("name"))
    }
    for key in ("retried", "data-provider", "depends-on-methods", "depends-on-groups"):
        if value := method.get(key):
            found[key] = value
    return found


def _error(exception: Element) -> Error:
    trace = _text(exception.find("full-stacktrace")) or _text(exception.find("short-stacktrace"))
    message = _text(exception.find("message"))
    return Error(exception.get("class", ""), message or trace.partition("\n")[0], trace)


def _lines(output: Element | None) -> list[str]:
    return [_text(line) for line in output.iter("line")] if output is not None else []


def _text(element: Element | None) -> str:
    """TestNG indents the CDATA sections that it writes texts in."""
    return (element.text or "").strip() if element is not None else ""


def _milliseconds(text: str | None) -> float | None:
    found = seconds(text)
    return found / 1000 if found is not None else None


def sniff(head: Head) -> bool:
    """By its root, which is nobody else's."""
    return head.root == "testng-results"


FORMAT = Format(
    name="testng",
    title="TestNG",
    sniff=sniff,
    parse=parse,
    aliases=("testng-xml", "testng_xml", "testng-results"),
    made_by="TestNG, also run by Maven or Gradle",
    how="java org.testng.TestNG testng.xml",
    file="test-output/testng-results.xml",
    notes=(
        "A `<test-method>` called with one set of parameters is a test, named with them: "
        "`addsUp(2, 3)`. Suite, test and class are its containers, without names that nobody "
        "gave.",
        "`FAIL` with an assertion's exception makes it failed, with any other broken; `SKIP` "
        "skipped.",
        "A try that was repeated is written as skipped with an exception: it becomes an attempt.",
        "Methods that configure are no tests. A failed one is a step, and the reason, of the "
        "tests that were skipped for it.",
        "The groups that a method is in are its tags.",
        "`<reporter-output>` is output; `started-at` of the suite is the report's date.",
    ),
)
