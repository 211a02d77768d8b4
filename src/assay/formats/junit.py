"""JUnit XML, in the dialects of the tools that write it.

There is no one schema. What is common to all is Ant's of 2002 (`testsuite`, `testcase`, `failure`,
`error`, `skipped`, `system-out`); Surefire adds reruns, GoogleTest and CTest a `status`, Testmo and
Jenkins' plug-in names of attachments within the output.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from assay.formats._containers import containers, suite_name
from assay.formats._facts import attachment, named_files
from assay.formats._junit_writer import write
from assay.formats._retries import Retries
from assay.formats._testcase import VERDICTS, failure_of, properties_of, read_case, text_of
from assay.formats._time import moment, seconds
from assay.formats._xml import RUN, Element, Part, Plain, Scope, columns_of, elements
from assay.formats.format import Format, Head
from assay.model import (
    Attachment,
    Container,
    Item,
    Notice,
    PackedItem,
    Passes,
    Result,
    Run,
    expand,
)

__all__ = ["FORMAT", "packed", "parse", "sniff", "write"]

SUITES = frozenset({"testsuites", "testsuite"})
CASES = frozenset({"testcase"})
PLAIN = Plain("testcase", ("classname", "name", "time"))

OF_THE_SUITE = "(suite)"
"""The name of the result that an error outside any test case makes if no case has failed: a suite
that did not start. Where one has, the error only says so again (prove: "Dubious, …")."""

UNNAMED = "(unnamed)"


@dataclass(slots=True)
class _Suite:
    """What is known of a suite while its cases pass by."""

    titles: tuple[str, ...]
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of classes
    retries: Retries = field(default_factory=Retries)
    cases: int = 0
    errors: list[Element] = field(default_factory=list)  # outside any case
    output: dict[str, list[str]] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(slots=True)
class _Report:
    """What is known of the whole document."""

    date: datetime | None = None
    duration: float | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield results and suites as they come, then the run and what was odd. See `packed`."""
    return expand(packed(chunks))


def packed(chunks: Iterable[bytes]) -> Iterator[PackedItem]:
    """The same, with runs of plain passes together.

    A path is the names of the suites around a case, then its class (see `containers`); the name of
    `<testsuites>` is the run's, and stays out of it.
    """
    report = _Report()
    for part in elements(chunks, SUITES, CASES, PLAIN):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield Run(report.date, report.duration, metadata=report.metadata or None)
    if report.joined:
        yield Notice(
            f"Tests that stand more than once in their suite, and failed each time but the last, "
            f"are taken for attempts of one: {len(report.joined)}, e.g. “{report.joined[0]}”"
        )


def _part(part: Part, report: _Report) -> Iterator[PackedItem]:
    suite: _Suite = part.scope.state or _open(part.scope, report)
    yield from _records(suite, part.records)
    if part.ended:
        yield from suite.retries.release()
        report.joined += suite.retries.joined
        yield from _close(part.scope, suite, report)


def _records(suite: _Suite, records: list[Element]) -> Iterator[PackedItem]:
    for record in records:
        if record.tag == RUN:
            yield from _plain(suite, columns_of(record))
        else:
            yield from _record(suite, record)


def _by_class(
    classes: list[str], names: list[str], times: list[str]
) -> Iterator[tuple[str, list[str], list[str]]]:
    """(class, names, times) of cases of one class that follow one another; often all do."""
    if classes.count(classes[0]) == len(classes):
        yield classes[0], names, times
        return
    start = 0
    for classname, group in groupby(classes):
        end = start + len(list(group))
        yield classname, names[start:end], times[start:end]
        start = end


def _plain(suite: _Suite, columns: list[list[str]]) -> Iterator[PackedItem]:
    """Passed cases with nothing within, class by class: the most of what an import reads."""
    for classname, names, times in _by_class(*columns):
        if classname in names or "" in names:
            yield from _plain_one_by_one(suite, classname, names, times)
            continue
        path = suite.paths.get(classname) or _path(suite, classname, names[0])
        yield from suite.retries.add_passes(Passes(path, names, _durations(times)))


def _plain_one_by_one(
    suite: _Suite, classname: str, names: Iterable[str], times: Iterable[str]
) -> Iterator[PackedItem]:
    """Where the path depends on the name, see `containers`."""
    for name, time in zip(names, times, strict=True):
        path = suite.paths.get(classname) if classname != name else None
        path = path or _path(suite, classname, name)
        passes = Passes(path, [name or UNNAMED], _durations([time]))
        yield from suite.retries.add_passes(passes)


def _durations(times: Sequence[str]) -> list[float]:
    """Seconds, NaN where they are none."""
    try:
        found = list(map(float, times))
    except ValueError:
        found = [math.nan]
    if min(found) >= 0 and max(found) < math.inf and sum(found) < math.inf:
        return found
    known = map(seconds, times)
    return [math.nan if each is None or not 0 <= each < math.inf else each for each in known]


def _record(suite: _Suite, record: Element) -> Iterator[PackedItem]:
    if record.tag != "testcase":
        _beside_cases(suite, record)
        return
    name = record.get("name") or UNNAMED
    classname = record.get("classname") or record.get("class") or ""
    path = suite.paths.get(classname) if classname != name else None
    yield from suite.retries.add(read_case(path or _path(suite, classname, name), name, record))


def _path(suite: _Suite, classname: str, name: str) -> tuple[str, ...]:
    suite.cases += 1
    path = containers(suite.titles, classname, name)
    if classname != name:
        suite.paths[classname] = path
    return path


# Suites


def _open(scope: Scope, report: _Report) -> _Suite:
    outer: tuple[str, ...] = ()
    if scope.outer:
        outer = (scope.outer.state or _open(scope.outer, report)).titles
    name = scope.attributes.get("name", "")
    title = suite_name(name) if scope.tag == "testsuite" else ""
    suite = scope.state = _Suite((*outer, title) if title else outer)
    if scope.outer is None:
        report.duration = seconds(scope.attributes.get("time") or scope.attributes.get("duration"))
        report.metadata |= {"name": name} if name and not title else {}
    if host := scope.attributes.get("hostname"):
        report.metadata.setdefault("hostname", host)
    date = moment(scope.attributes.get("timestamp"))
    if date and (report.date is None or date < report.date):
        report.date = date
    return suite


def _beside_cases(suite: _Suite, record: Element) -> None:
    """What a suite holds besides cases: output, properties, and errors of its own."""
    if record.tag in ("system-out", "system-err"):
        suite.output.setdefault(record.tag, []).append(text_of(record))
    elif record.tag == "properties":
        for name, value in properties_of(record):
            if name.startswith("attachment"):
                suite.attachments.append(attachment(value))
            else:
                suite.properties[name] = value
    elif record.tag in ("error", "failure"):
        suite.errors.append(record)


def _close(scope: Scope, suite: _Suite, report: _Report) -> Iterator[Item]:
    stdout, stderr = ("\n".join(suite.output.get(f"system-{end}", ())) for end in ("out", "err"))
    attachments = (*suite.attachments, *named_files(stdout, stderr))
    if suite.errors and not suite.retries.failed:
        suite.cases += 1
        status, error = VERDICTS[suite.errors[0].tag], failure_of(suite.errors)
        yield Result(suite.titles, OF_THE_SUITE, status, error=error)
    if scope.outer:
        scope.outer.state.cases += suite.cases
    if not suite.cases and (said := _failures_said(scope)):
        yield Notice(f"Suite “{scope.attributes.get('name', '')}” has {said}, but no test case")
    if scope.tag == "testsuites" or not suite.titles:
        report.metadata |= suite.properties
        suite.properties = {}
    if stdout or stderr or attachments or suite.properties:
        yield Container(
            suite.titles,
            classification="suite",
            duration=seconds(scope.attributes.get("time")),
            stdout=stdout,
            stderr=stderr,
            attachments=attachments,
            metadata=suite.properties or None,
        )


def _failures_said(scope: Scope) -> str:
    """Of its failures and errors, as its attributes count them."""
    counts = ((key, seconds(scope.attributes.get(key))) for key in ("failures", "errors"))
    return " and ".join(f"{count:.0f} {key}" for key, count in counts if count)


def sniff(head: Head) -> bool:
    """A root of suites, unless it is Check's own format, whose root has the same name."""
    return head.kind == "xml" and head.root in SUITES and "check.sourceforge" not in head.namespace


FORMAT = Format(
    name="junit",
    title="JUnit XML",
    yields_to=("testng",),
    sniff=sniff,
    parse=parse,
    aliases=("junit-xml", "junit_xml", "junitxml", "surefire", "surefire-xml"),
    made_by="pytest, JUnit, Maven, Gradle, Jest, Playwright, PHPUnit, GoogleTest and many others",
    how="pytest --junit-xml=report.xml",
    file="report.xml",
    notes=(
        "A `<testcase>` is a test. The suites around it and its class are the containers "
        "above it; a class is not said twice where a suite is named after it.",
        "`<failure>` makes it failed, `<error>` broken, `<skipped>` skipped; of several, the "
        "first in this order. Without one it passed.",
        "`<rerunFailure>`, `<flakyFailure>` and their kin are earlier attempts; so is a test "
        "that stands in its suite several times and failed each time but the last.",
        "`<system-out>` and `<system-err>` are its output. A line `[[ATTACHMENT|path]]` in it "
        "names a file that is sent along; a property `attachment` does the same.",
        "Properties are metadata, but for `step[passed]`, `tag`, `tags` and `description`, "
        "which are what they say.",
        "The report's date is the earliest `timestamp` of a suite.",
    ),
    packed=packed,
)
