"""Check's XML: the framework for C. Its root has JUnit's name, in a namespace of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from assay.formats._failures import Failure, error_of
from assay.formats._time import moment, seconds
from assay.formats._xml import Element, Part, elements
from assay.formats.format import Format, Head
from assay.model import Item, Notice, Result, Run, Status

SCOPES = frozenset({"testsuites", "suite"})
TESTS = frozenset({"test"})

STATUSES = {
    "success": Status.PASSED,
    "failure": Status.FAILED,
    "error": Status.BROKEN,  # a signal, a timeout, an early exit
}


@dataclass(slots=True)
class _Report:
    title: str = ""  # of the suite
    last: Result | None = None
    date: datetime | None = None
    duration: float | None = None
    metadata: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results, and last the run. A path is the suite's title and the test case."""
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield from _last(report)
    yield Run(report.date, report.duration)


def _part(part: Part, report: _Report) -> Iterator[Result]:
    for record in part.records:
        if record.tag == "test":
            yield from _test(report, record)
        elif record.tag == "title":
            report.title = (record.text or "").strip()
        elif record.tag == "datetime":
            report.date = report.date or moment(record.text)
        elif record.tag == "duration":
            report.duration = seconds(record.text)
    if part.ended:
        report.title = ""


def _test(report: _Report, test: Element) -> Iterator[Result]:
    """The one before it: only now is known whether that was the first round of a loop."""
    result = _result(report, test)
    round_ = _text(test, "iteration")
    last = report.last
    if round_ in ("", "0") or last is None or last.path != result.path:
        yield from _last(report)
        report.last = result
        return
    if last.name == result.name:
        last = _numbered(last, "0")
    yield last
    report.last = _numbered(result, round_)


def _last(report: _Report) -> Iterator[Result]:
    if report.last:
        yield report.last
    report.last = None


def _numbered(result: Result, round_: str) -> Result:
    return msgspec.structs.replace(
        result, name=f"{result.name} [{round_}]", parameters={"iteration": round_}
    )


def _result(report: _Report, test: Element) -> Result:
    status = STATUSES.get(test.get("result", ""), Status.UNKNOWN)
    place, message = _text(test, "fn"), _text(test, "message")
    file, colon, line = place.rpartition(":")
    where = {"file": file if colon else place, "line": line if colon else ""}
    return Result(
        path=tuple(filter(None, (report.title, _text(test, "description")))),
        name=_text(test, "id") or "(unnamed)",
        status=status,
        duration=seconds(_text(test, "duration")),  # -1 is none
        error=None if status is Status.PASSED else error_of([Failure(place, message)]),
        metadata={key: value for key, value in where.items() if value} or None,
    )


def _text(test: Element, tag: str) -> str:
    return (test.findtext(tag) or "").strip()


def _sniff(head: Head) -> bool:
    return head.root == "testsuites" and "check.sourceforge" in head.namespace


FORMAT = Format(
    name="check",
    title="Check XML",
    sniff=_sniff,
    parse=parse,
    aliases=("check-xml", "check_xml", "libcheck"),
    made_by="Check, the unit test framework for C (0.9 and later)",
    how="CK_XML_LOG_FILE_NAME=check.xml ./cart_test",
    file="check.xml",
    notes=(
        "A test function is a result below its suite and its test case.",
        "A failed assertion makes a test failed; a signal, a timeout or an early exit broken.",
        "Each round of a loop test is a result with its number in its name and as a parameter.",
        "The line that is kept is that of the last check that Check came by.",
    ),
)
