"""NUnit's results: `<test-run>` of version 3 and 4, `<test-results>` of version 2.

A case is a test, with the suites around it (assembly, namespaces, fixture, a method with several
sets of arguments) as its containers. What is wrong with a suite itself, such as a tear-down that
threw, is a result of its own where none of its tests tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.formats._dotnet import file_name, text_of
from assay.formats._nunit_case import (
    OF_ITS_CHILDREN,
    Properties,
    begun,
    files_of,
    read_case,
    status_of,
    told,
)
from assay.formats._time import moment, seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import FAILURES, Container, Error, Item, Notice, Result, Run, Status

RUNS = frozenset({"test-run", "test-results"})
SCOPES = RUNS | {"test-suite", "results"}
CASES = frozenset({"test-case"})

OF_THE_SUITE = "(suite)"
OF_THE_TEARDOWN = "(one-time tear-down)"
"""The names of the results that a suite's own failure makes."""

UNNAMED_BY_CASES = frozenset(
    {"ParameterizedTest", "ParameterizedMethod", "GenericMethod", "Theory"}
    | {"ParameterizedFixture", "GenericFixture"}
)
"""Types of suites that are around several forms of one thing, whose full names leave them out."""

FILES = frozenset({"Assembly", "Project", "Test Project"})
"""Types of suites that are called as a file is, some with its folder."""

OPERATORS = {"and": " and ", "or": " or "}

OF_THE_RUN = ("engine-version", "clr-version", "nunit-version")
"""Attributes of the run, or of its environment, besides those of the machine."""

PRIVATE = frozenset({"user", "user-domain", "cwd"})
"""What of the environment says more of a person than of the run."""


@dataclass(slots=True)
class _Suite:
    """What is known of a suite before its end."""

    titles: tuple[str, ...] = ()
    dotted: str = ""  # its full name, as those of its cases begin
    tags: tuple[str, ...] = ()  # also of the suites around it
    reason: str = ""  # for which it was left out, or one around it
    said: Properties = field(default_factory=Properties)
    elements: dict[str, Element] = field(default_factory=dict)  # failure, reason, output …
    failed: bool = False  # has a test of it


@dataclass(slots=True)
class _Report:
    date: datetime | None = None
    duration: float | None = None
    metadata: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield cases as results, then what is known of each suite as it ends, then the run.

    A path is the names of the suites, an assembly's without its folder. A case's name is without
    the full name of its class, which NUnit 2 puts before it.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, CASES):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield Run(report.date, report.duration, metadata=report.metadata or None)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    suite: _Suite = part.scope.state or _open(part.scope, report)
    for record in part.records:
        if record.tag == "test-case":
            yield _case(suite, record)
        else:
            _beside_cases(suite, record, report)
    if part.ended and part.scope.tag == "test-suite":
        yield from _close(part.scope, suite)


# The run and its suites


def _open(scope: Scope, report: _Report) -> _Suite:
    outer = _Suite()
    if scope.outer:
        outer = scope.outer.state or _open(scope.outer, report)
    if scope.tag == "results":  # of the suite that it stands in
        scope.state = outer
        return outer
    if scope.tag in RUNS:
        _read_run(scope.attributes, report)
        scope.state = outer
        return outer
    suite = scope.state = _suite(outer, scope.attributes)
    if report.date is None:
        report.date = begun(Element(scope.tag, scope.attributes))
    return suite


def _suite(outer: _Suite, given: dict[str, str]) -> _Suite:
    name = (given.get("name") or given.get("fullname") or "").strip()
    if is_file(name) or given.get("type") in FILES:
        name = file_name(name)
    if outer.dotted and name.startswith(outer.dotted + "."):  # NUnit 2.2 has it whole
        name = name[len(outer.dotted) + 1 :]
    full = f"{outer.dotted}.{name}" if outer.dotted else name
    if is_file(name):
        full = ""
    elif given.get("type") in UNNAMED_BY_CASES:
        full = outer.dotted
    again = is_file(name) and outer.titles[-1:] == (name,)
    titles = outer.titles if again or not name else (*outer.titles, name)
    return _Suite(titles, full, outer.tags, outer.reason)


def is_file(name: str) -> bool:
    """Is it an assembly, or a project of several?"""
    return name.lower().endswith((".dll", ".exe", ".nunit", ".csproj", ".sln"))


def _read_run(given: dict[str, str], report: _Report) -> None:
    time = given.get("start-time") or given.get("time") or ""
    day = given.get("run-date") or given.get("date") or ""
    found = moment(f"{day}T{time}" if day else time.replace("T ", "T"))
    report.date = report.date or found
    report.duration = seconds(given.get("duration"))
    for key in OF_THE_RUN:
        if value := given.get(key):
            report.metadata.setdefault(key, value)


def _beside_cases(suite: _Suite, record: Element, report: _Report) -> None:
    tag = record.tag
    if tag in ("properties", "categories"):
        suite.said.add(record)
        suite.tags = tuple(dict.fromkeys((*suite.tags, *suite.said.tags)))
    elif tag in ("environment", "culture-info"):
        for key, value in record.attrib.items():
            if value and key not in PRIVATE:
                report.metadata.setdefault(key, value)
    elif tag == "command-line":
        report.metadata.setdefault(tag, text_of(record).strip())
    elif tag == "filter":
        if said := _filter(record, " and "):
            report.metadata.setdefault(tag, said)
    else:
        suite.elements[tag] = record
        if tag == "reason":
            suite.reason = _own_reason(record) or suite.reason


def _own_reason(element: Element) -> str:
    said = text_of(element.find("message")).strip()
    return "" if OF_ITS_CHILDREN.match(said) else said


def _filter(element: Element, operator: str) -> str:
    """As it is written for the console: `cat == Fast and not (method == Adds)`."""
    terms = []
    for child in element:
        if child.tag in OPERATORS or child.tag == "not":
            inner = _filter(child, OPERATORS.get(child.tag, " and "))
            terms.append(f"not ({inner})" if child.tag == "not" else f"({inner})")
        else:
            name = child.get("name")
            terms.append(f"{name or child.tag} == {text_of(child).strip()}")
    said = operator.join(terms)
    return said[1:-1] if len(terms) == 1 and said.startswith("(") else said


def _close(scope: Scope, suite: _Suite) -> Iterator[Item]:
    """The suite's own failure, if none of its tests tells of it, and the suite."""
    within = Element(scope.tag, scope.attributes)
    within.extend(suite.elements.values())
    error = _own_error(within)
    if own := _own_failure(suite, within, error):
        suite.failed, error = True, None
        yield own
    outer: _Suite = scope.outer.state if scope.outer else _Suite()
    outer.failed |= suite.failed
    if suite.titles != outer.titles:
        yield _container(suite, within, error)


def _container(suite: _Suite, within: Element, error: Error | None) -> Container:
    told_error = (error.type, error.message, error.trace) if error else ()
    return Container(
        suite.titles,
        within.get("type") or within.get("classname") or "suite",
        suite.said.description or within.get("description", ""),
        seconds(within.get("duration") or within.get("time")),
        text_of(within.find("output")),
        "\n".join(filter(None, told_error)),
        tuple(files_of(within)),
        _facts(suite, within) or None,
    )


def _own_error(suite: Element) -> Error | None:
    """What a suite says that is wrong with itself, not with the tests in it."""
    error = told(suite.find("failure")) or told(suite.find("reason"))
    invalid = suite.get("label") in ("Invalid", "NotRunnable")
    if error is None or not (status_of(suite) in FAILURES or invalid):
        return None
    of_its_children = suite.get("site") == "Child" or OF_ITS_CHILDREN.match(error.message)
    return None if of_its_children else error


def _own_failure(suite: _Suite, within: Element, error: Error | None) -> Item | None:
    """A result for what no test tells of: a tear-down that threw after the tests had passed."""
    if error is None:  # NUnit 2 keeps silent about a tear-down that threw
        unsaid = status_of(within) in FAILURES and not suite.failed
        name = within.get("name", "")
        return Notice(f"Suite “{name}” failed, and none of its tests did") if unsaid else None
    torn_down = within.get("site") == "TearDown" or error.message.startswith("TearDown")
    if suite.failed and not torn_down:
        return None
    name = OF_THE_TEARDOWN if torn_down else OF_THE_SUITE
    return Result(suite.titles, name, Status.BROKEN, error=error)


def _facts(suite: _Suite, within: Element) -> dict[str, str]:
    """What else is told of a suite: what is not usual, its settings and its properties."""
    found = {key: within.get(key, "") for key in ("runstate", "label")}
    if found["runstate"] == "Runnable":
        del found["runstate"]
    if is_file(within.get("name", "")):
        found["fullname"] = within.get("fullname", "")
    found["categories"] = ", ".join(suite.said.tags)
    for setting in within.iterfind("settings//*"):  # an item of a setting has a key
        found[setting.get("name") or setting.get("key") or ""] = setting.get("value", "")
    found |= suite.said.metadata
    return {key: value for key, value in found.items() if key and value}


# Cases


def _case(suite: _Suite, case: Element) -> Result:
    name = case.get("name") or case.get("fullname") or "(unnamed)"
    if suite.dotted:  # NUnit 2 has the class before it
        name = name.removeprefix(suite.dotted + ".") or name
    result = read_case(suite.titles, name, case, suite.tags, suite.reason)
    suite.failed |= result.status in FAILURES
    return result


def sniff(head: Head) -> bool:
    """By its root, which is nobody else's."""
    return head.root in RUNS


FORMAT = Format(
    name="nunit",
    title="NUnit XML",
    sniff=sniff,
    parse=parse,
    aliases=("nunit-xml", "nunit_xml", "nunitxml", "nunit3", "nunit3-xml", "nunit2", "nunit2-xml"),
    made_by="NUnit's console (versions 2 to 4), `dotnet test` with NunitXml.TestLogger, Unity",
    how='dotnet test --logger "nunit;LogFilePath=TestResult.xml"',
    file="TestResult.xml",
    notes=(
        "A test case is a test, a set of arguments is a test of its own.",
        "Assembly, namespaces, fixture and method with arguments are the containers above it.",
        "A failure labelled Error, Invalid or Cancelled is broken, any other failed; a warning "
        "passes; ignored, explicit and not runnable are skipped; inconclusive is unknown.",
        "Categories are tags, also those of the suites around a test; the description is the "
        "description; other properties are metadata.",
        "Each of several assertions that failed or warned is a step.",
        "A tear-down of a fixture that threw is a broken result of its own, for no test tells of "
        "it; so is an assembly that could not be loaded.",
        "The machine, the runtime, the command line and the filter are metadata of the report; "
        "settings and run parameters are those of the assembly.",
    ),
)
