"""What FPCUnit writes as XML: the tests of Free Pascal and Lazarus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats._time import moment, seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status

ROOT = "TestResults"
SCOPES = frozenset({ROOT, "TestListing", "TestSuite"})

STATUSES = {
    "OK": Status.PASSED,
    "Failed": Status.FAILED,
    "Error": Status.BROKEN,
    "Ignored": Status.SKIPPED,
}

MADE_UP = "SuiteList"
"""What the suite around those is called that were asked for with `--suite`."""

ASSERTION = "EAssertionFailedError"
"""The exception of any failed assertion; it says nothing of this one."""


@dataclass(slots=True)
class _Run:
    facts: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results and suites as containers, then the run.

    A path is the names of the suites; the outermost has none as a rule.
    """
    run = _Run()
    for part in elements(chunks, SCOPES, frozenset({"Test", "NumberOfRunTests"})):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, run)
    lasted = seconds(run.facts.get("TotalElapsedTime"))
    title = run.facts.get("Title", "").strip()
    yield Run(
        moment(run.facts.get("DateTimeRan")), lasted, metadata={"title": title} if title else None
    )


def _part(part: Part, run: _Run) -> Iterator[Item]:
    path = _path(part.scope)
    for record in part.records:
        if record.tag == "Test":
            yield _test(path, record)
        elif part.scope.tag == ROOT and not len(record):
            run.facts[record.tag] = record.text or ""
    if part.ended and part.scope.tag == "TestSuite" and path:
        time = seconds(part.scope.attributes.get("ElapsedTime"))
        yield Container(path, "suite", duration=time)


def _path(scope: Scope) -> tuple[str, ...]:
    if scope.state is None:
        above = _path(scope.outer) if scope.outer else ()
        name = scope.attributes.get("Name", "") if scope.tag == "TestSuite" else ""
        scope.state = above if name in ("", MADE_UP) else (*above, name)
    found: tuple[str, ...] = scope.state
    return found


def _test(path: tuple[str, ...], test: Element) -> Result:
    status = STATUSES.get(test.get("Result", ""), Status.UNKNOWN)
    return Result(
        path,
        test.get("Name", "") or "(unnamed)",
        status,
        seconds(test.get("ElapsedTime")),
        error=None if status is Status.PASSED else _error(test, status),
        metadata=_place(test) or None,
    )


def _error(test: Element, status: Status) -> Error:
    """The exception; `Message` has the test's name before the same words."""
    kind = (test.findtext("ExceptionClass") or "").strip()
    said = test.findtext("ExceptionMessage") or test.findtext("Message") or ""
    told = "" if kind == ASSERTION or status is Status.SKIPPED else kind
    return Error(told, said.strip())


def _place(test: Element) -> dict[str, str]:
    file = (test.findtext("SourceUnitName") or "").strip()
    line = (test.findtext("LineNumber") or "").strip()
    method = (test.findtext("FailedMethodName") or "").strip()
    found = {"source": f"{file}:{line}" if file and line not in ("", "0") else file}
    found["method"] = method
    return {key: said for key, said in found.items() if said}


def _sniff(head: Head) -> bool:
    return head.root == ROOT and "TestListing" in head.children


FORMAT = Format(
    name="fpcunit",
    title="FPCUnit XML",
    sniff=_sniff,
    parse=parse,
    aliases=("fpcunit-xml", "fpcunit_xml", "lazarus"),
    made_by="FPCUnit of Free Pascal and Lazarus",
    how="./shoptests --all --format=xml --file=fpcunit.xml",
    file="fpcunit.xml",
    notes=(
        "Each test is a result below the suites it is in, the class the innermost.",
        "Failed is failed, Error is broken with the exception's class; Ignored is skipped, with "
        "the reason.",
        "Unit, line and method of an error are metadata, where the program was built with them.",
    ),
)
