"""TUSAR, the XML into which Jenkins' DTKit turns other tools' reports for Sonar: its tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assay.formats._containers import containers, suite_name
from assay.formats._testcase import read_case
from assay.formats._time import seconds
from assay.formats._xml import Scope, elements
from assay.formats.format import Format, Head
from assay.model import Container, Item, Notice, Run

SCOPES = frozenset({"tusar", "tests", "testsuite"})
CASES = frozenset({"testcase"})
OTHERS = ("coverage", "measures", "violations", "design", "documentation", "duplications")
"""What such a file may hold besides tests; no tests of anybody's."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield test cases as results, suites with a time as containers, then the run."""
    tool = ""
    for part in elements(chunks, SCOPES, CASES):
        if isinstance(part, Notice):
            yield part
            continue
        scope = part.scope
        tool = tool or scope.attributes.get("toolname", "")
        path = _path(scope)
        for record in part.records:
            if record.tag == "testcase":
                name = record.attrib.pop("testname", "") or record.get("name") or "(unnamed)"
                classname = record.get("classname") or record.attrib.pop("fulltestname", "")
                yield read_case(containers(path, classname, name), name, record)
            elif record.tag in OTHERS:
                yield Notice(f"<{record.tag}> is no test result and was left out")
        time = seconds(scope.attributes.get("time"))
        if part.ended and scope.tag == "testsuite" and path and time is not None:
            yield Container(path, "suite", duration=time)
    yield Run(metadata={"tool": tool} if tool else None)


def _path(scope: Scope) -> tuple[str, ...]:
    outer = _path(scope.outer) if scope.outer else ()
    name = suite_name(scope.attributes.get("name", "")) if scope.tag == "testsuite" else ""
    return (*outer, name) if name else outer


def _sniff(head: Head) -> bool:
    return head.root == "tusar"


FORMAT = Format(
    name="tusar",
    title="TUSAR XML",
    sniff=_sniff,
    parse=parse,
    aliases=("tusar-xml",),
    made_by="DTKit, by which Jenkins' xUnit plug-in and TUSAR's own one turn tools' reports",
    how="any tool whose report DTKit knows",
    file="tusar.xml",
    notes=(
        "A test case is a test, the suites are the containers above it.",
        "failure is failed, error broken, skipped skipped, as in JUnit XML.",
        "Coverage, measures and violations in the same file are no tests: the import's log says "
        "that they were left out.",
    ),
)
