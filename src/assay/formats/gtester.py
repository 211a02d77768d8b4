"""The XML of gtester, which ran the tests of GLib before they were ported to TAP.

A failure ends a GLib test program. With `-k` gtester starts it again for the tests that are left,
and the program writes that it skips those it has run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats._dotnet import text_of
from assay.formats._time import seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Error, Item, Measurement, Notice, Result, Run, Status

SCOPES = frozenset({"gtester", "testbinary"})
TESTS = frozenset({"testcase"})

SKIPPED, INCOMPLETE = "1", "3"
"""What an exit status says beyond success and failure (GTestResult in glib/gtestutils.h)."""

ASSERTED = re.compile(r"(?:[\w-]+:)?ERROR:([^:\n]+):(\d+):(?:[^:\n]*: )?(.*)", re.DOTALL)
"""`ERROR:cart.c:12:takes_a_coupon: assertion failed (…)`. What GLib or a program reports as fatal
is written `FATAL-ERROR: …` or `GLib-FATAL-WARNING: …`."""

MAX_KNOWN = 200_000
"""Tests to remember; beyond that what is skipped is always a result."""


@dataclass(slots=True)
class _Report:
    known: set[tuple[str, ...]] = field(default_factory=set)
    duration: float | None = None
    metadata: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield test cases as results, performance as measurements, and last the run.

    A path is the program's name, then the parts of the test's own path but the last.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield Run(duration=report.duration, metadata=report.metadata or None)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    for record in part.records:
        if record.tag == "testcase":
            yield from _test(record, _program(part.scope), report)
        elif record.tag == "duration":
            time = seconds(record.text)
            report.duration = (report.duration or 0) + time if time else report.duration
        elif record.tag == "random-seed" and record.text:
            report.metadata.setdefault("random-seed", record.text.strip())


def _program(scope: Scope) -> str:
    return re.split(r"[/\\]", scope.attributes.get("path", ""))[-1]


def _test(test: Element, program: str, report: _Report) -> Iterator[Item]:
    *above, name = [part for part in test.get("path", "").split("/") if part] or ["(unnamed)"]
    path = (program, *above) if program else tuple(above)
    whole = (*path, name)
    if test.get("skipped") == "1" and whole in report.known:
        return
    if len(report.known) < MAX_KNOWN:
        report.known.add(whole)
    yield _result(test, path, name)
    for measured in test.iterfind("performance"):
        value = seconds(measured.get("value"))
        if value is not None:
            metric = text_of(measured).strip().partition(":")[0] or "performance"
            yield Measurement(path, name, metric, value)


def _result(test: Element, path: tuple[str, ...], name: str) -> Result:
    errors = [text_of(each).strip() for each in test.iterfind("error")]
    ended = test.find("status")
    given = ended.attrib if ended is not None else {}
    incomplete = given.get("exit-status") == INCOMPLETE
    status = _status(test, given, errors)
    return Result(
        path=path,
        name=name,
        status=status,
        duration=seconds(test.findtext("duration")),
        error=_error(errors, given) if status in (Status.FAILED, Status.BROKEN) else None,
        stdout="\n".join(text_of(each).strip() for each in test.iterfind("message")),
        metadata={"incomplete": "yes"} if incomplete else None,
    )


def _status(test: Element, given: dict[str, str], errors: list[str]) -> Status:
    """Failed where an assertion failed, broken where the program was ended by something else."""
    if test.get("skipped") == "1" or given.get("exit-status") == SKIPPED:
        return Status.SKIPPED
    if given.get("result") == "success":
        return Status.PASSED
    if given.get("exit-status") == INCOMPLETE or any(map(ASSERTED.match, errors)):
        return Status.FAILED
    return Status.BROKEN


def _error(errors: list[str], given: dict[str, str]) -> Error:
    if not errors:
        incomplete = given.get("exit-status") == INCOMPLETE
        return Error(message="It is incomplete" if incomplete else "The program ended in it")
    asserted = ASSERTED.match(errors[0])
    message = asserted[3] if asserted else errors[0]
    return Error(message=message, trace="\n\n".join(errors))


def _sniff(head: Head) -> bool:
    return head.kind == "xml" and head.root == "gtester"


FORMAT = Format(
    name="gtester",
    title="gtester XML (GLib)",
    sniff=_sniff,
    parse=parse,
    aliases=("gtester-xml", "gtester_xml", "glib"),
    made_by="gtester, of GLib, for programs that use g_test_run()",
    how="gtester -k -o gtester.xml ./cart_test",
    file="gtester.xml",
    notes=(
        "A test is a result; the parts of its path are the containers above it, below the program.",
        "A failed assertion makes it failed; a fatal message, or a program that ended without a "
        "word, broken. `g_test_skip()` makes it skipped, `g_test_incomplete()` failed, as "
        "gtester has it.",
        "With `-k` the program is started again after a failure and skips what it has run: that "
        "is no second result.",
        "What `g_test_minimized_result()` and its kin report is a measurement.",
        "Messages are the test's output.",
    ),
)
