"""UnitTest++'s XML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assay.formats._dotnet import text_of
from assay.formats._failures import Failure, error_of
from assay.formats._time import seconds
from assay.formats._xml import Element, elements
from assay.formats.format import Format, Head
from assay.model import Item, Notice, Result, Run, Status

ROOT = "unittest-results"
TESTS = frozenset({"test"})

SAID = re.compile(r"(.{1,1000}?)\((\d{1,9})\) : (.*)", re.DOTALL)
"""`cart.cc(15) : Expected 9 but was 10`"""

THROWN = "Unhandled "
"""How the message of an exception begins."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results, and last the run. A path is the suite's name."""
    duration: float | None = None
    for part in elements(chunks, frozenset({ROOT}), TESTS):
        if isinstance(part, Notice):
            yield part
            continue
        duration = seconds(part.scope.attributes.get("time")) or duration
        yield from (_test(record) for record in part.records if record.tag == "test")
    yield Run(duration=duration)


def _test(test: Element) -> Result:
    failures = [_failure(each.get("message", "")) for each in test.iterfind("failure")]
    suite = test.get("suite", "")
    file, _, line = failures[0].place.rpartition(":") if failures else ("", "", "")
    return Result(
        path=(suite,) if suite else (),
        name=test.get("name") or "(unnamed)",
        status=_status(failures),
        duration=seconds(test.get("time")),
        error=error_of(failures),
        stdout=text_of(test.find("log")),
        metadata={"file": file, "line": line} if file else None,
    )


def _failure(message: str) -> Failure:
    said = SAID.match(message)
    return Failure(f"{said[1]}:{said[2]}", said[3]) if said else Failure("", message)


def _status(failures: list[Failure]) -> Status:
    """Broken where nothing but exceptions ended it."""
    if not failures:
        return Status.PASSED
    thrown = all(each.message.startswith(THROWN) for each in failures)
    return Status.BROKEN if thrown else Status.FAILED


def _sniff(head: Head) -> bool:
    return head.kind == "xml" and head.root == ROOT


FORMAT = Format(
    name="unittestpp",
    title="UnitTest++ XML",
    sniff=_sniff,
    parse=parse,
    aliases=("unittest++", "unittest-pp", "unittest_pp", "unittestcpp"),
    made_by="UnitTest++ with its XmlTestReporter",
    how="./cart_test unittestpp.xml",
    file="unittestpp.xml",
    notes=(
        "A test is a result below its suite; tests outside any suite are in `DefaultSuite`, as "
        "UnitTest++ calls it.",
        "A check that fails makes a test failed, an exception that nothing caught broken; the "
        "first failure is its message, all of them, with their places, its trace.",
        "A `<log>` within a test, which some write, is its output.",
    ),
)
