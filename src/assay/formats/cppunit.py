"""CppUnit's XML: failed tests, then those that passed, with a number each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats._dotnet import text_of
from assay.formats._failures import Failure, error_of, place_of
from assay.formats._time import seconds
from assay.formats._xml import Element, Part, elements
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status

LISTS = {
    "FailedTests": Status.FAILED,
    "SuccessfulTests": Status.PASSED,
    "SkippedTests": Status.SKIPPED,  # not CppUnit's own, but written by tools that follow it
}
SCOPES = frozenset({"TestRun", *LISTS})
TESTS = frozenset({"Test", "FailedTest"})

KINDS = {"Assertion": Status.FAILED, "Error": Status.BROKEN}

ITS_OWN = re.compile(r"<(?:Failed)?Test id=|<TestRun>\s*<FailedTests")

THROWN = re.compile(r"uncaught exception of type (\S+)")


@dataclass(slots=True)
class _Test:
    """A test that failed, perhaps more than once: in itself, then as it was torn down."""

    element: Element
    number: str
    failures: list[Failure] = field(default_factory=list)


@dataclass(slots=True)
class _Report:
    failed: _Test | None = None
    duration: float | None = None


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results, the failed ones first, as they stand in the document; then the run.

    A path is the test's class, in one piece.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield from _failed(report)
    yield Run(duration=report.duration)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    for record in part.records:
        if record.tag == "FailedTest":
            yield from _add(report, record)
        elif record.tag == "Test":
            yield from _failed(report)
            yield _result(record, LISTS.get(part.scope.tag, Status.UNKNOWN))
        elif record.tag == "Statistics":
            report.duration = seconds(record.findtext("TotalElapsedTime"))


def _add(report: _Report, record: Element) -> Iterator[Result]:
    number = record.get("id", "")
    if report.failed is None or not number or report.failed.number != number:
        yield from _failed(report)
        report.failed = _Test(record, number)
    file, line = (record.findtext(f"Location/{tag}") for tag in ("File", "Line"))
    message = text_of(record.find("Message")).strip()
    report.failed.failures.append(Failure(place_of(file, line), message))


def _failed(report: _Report) -> Iterator[Result]:
    """The failed test that was held for what else may be said of it."""
    if test := report.failed:
        report.failed = None
        kind = (test.element.findtext("FailureType") or "").strip()
        thrown = THROWN.search(test.failures[0].message)
        error = error_of(test.failures, thrown[1] if thrown else "")
        yield _result(test.element, KINDS.get(kind, Status.FAILED), error)


def _result(test: Element, status: Status, error: Error | None = None) -> Result:
    classname, _, name = text_of(test.find("Name")).strip().rpartition("::")
    where = {"file": test.findtext("Location/File"), "line": test.findtext("Location/Line")}
    return Result(
        path=(classname,) if classname else (),
        name=name or "(unnamed)",
        status=status,
        duration=seconds(test.findtext("Time")),
        error=error,
        metadata={key: text.strip() for key, text in where.items() if text} or None,
    )


def _sniff(head: Head) -> bool:
    """By its numbers, or the list it begins with: AUnit's XML has no numbers, and begins with its
    statistics."""
    return head.root == "TestRun" and bool(ITS_OWN.search(head.text))


FORMAT = Format(
    name="cppunit",
    title="CppUnit XML",
    sniff=_sniff,
    parse=parse,
    aliases=("cppunit-xml", "cppunit_xml"),
    made_by="CppUnit with its XmlOutputter",
    how="./cart_test cppunit.xml",
    file="cppunit.xml",
    notes=(
        "A test is a result below its class, which is in one piece.",
        "An assertion makes a test failed, any other exception broken; its type is told if "
        "CppUnit tells it.",
        "A test that fails twice (as it was torn down, too) is one result with both failures.",
        "Times, a list of skipped tests and the time of all, which extensions write, are read.",
    ),
)
