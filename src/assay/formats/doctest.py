"""doctest's XML: the C++ framework of that name (Python's doctests are pytest's or unittest's)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assay.formats._dotnet import file_name
from assay.formats._sections import Story, story_of
from assay.formats._time import seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status

SCOPES = frozenset({"doctest", "TestSuite"})
TESTS = frozenset({"TestCase"})
OF_THE_RUN = ("version", "order_by", "rand_seed")
EXPECTED = ("may_fail", "should_fail", "expected_failures")
"""The decorators that allow a failure, or ask for it."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield test cases as results, and last the run. A path is the program's name and the suite."""
    metadata: dict[str, str] = {}
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, metadata)
    yield Run(metadata=metadata or None)


def _part(part: Part, metadata: dict[str, str]) -> Iterator[Item]:
    path: tuple[str, ...] = part.scope.state or _open(part.scope, metadata)
    for record in part.records:
        if record.tag == "TestCase":
            yield _test(record, path)
        elif record.tag == "Options":
            _note(record.attrib, metadata)


def _open(scope: Scope, metadata: dict[str, str]) -> tuple[str, ...]:
    outer: tuple[str, ...] = ()
    if scope.outer:
        outer = scope.outer.state or _open(scope.outer, metadata)
    given = scope.attributes
    name = given.get("name", "") if scope.outer else file_name(given.get("binary", ""))
    scope.state = (*outer, name.removeprefix("./")) if name else outer
    if not scope.outer:
        _note(given, metadata)
    found: tuple[str, ...] = scope.state
    return found


def _note(given: dict[str, str], metadata: dict[str, str]) -> None:
    for key in OF_THE_RUN:
        if value := given.get(key):
            metadata.setdefault(key, value)


def _test(test: Element, path: tuple[str, ...]) -> Result:
    story = story_of(test)
    totals = test.find("OverallResultsAsserts")
    status = story.status(_failed(test, totals, story))
    if test.get("skipped") == "true":
        status = Status.SKIPPED
    return Result(
        path=path,
        name=test.get("name", "").strip() or "(unnamed)",
        status=status,
        duration=seconds(totals.get("duration")) if totals is not None else None,
        error=_error(story, status),
        description=test.get("description", ""),
        steps=tuple(story.steps),
        metadata=_metadata(test, story, status) or None,
    )


def _failed(test: Element, totals: Element | None, story: Story) -> bool:
    """As doctest says; before version 2.4.5 it did not."""
    if totals is not None and (said := totals.get("test_case_success")):
        return said != "true"
    if test.get("should_fail") == "true":
        return not story.failures
    return bool(story.failures) and test.get("may_fail") != "true"


def _error(story: Story, status: Status) -> Error | None:
    if status in (Status.PASSED, Status.SKIPPED):
        return None
    return story.error() or Error(message="It passed, and was expected to fail")


def _metadata(test: Element, story: Story, status: Status) -> dict[str, str]:
    found = {"file": test.get("filename", ""), "line": test.get("line", "")}
    found |= {key: test.get(key, "") for key in EXPECTED}
    if status is Status.PASSED and story.failures:
        found["expected failure"] = "\n\n".join(each.message for each in story.failures)
    return {key: value for key, value in found.items() if value}


def _sniff(head: Head) -> bool:
    return head.kind == "xml" and head.root == "doctest"


FORMAT = Format(
    name="doctest",
    title="doctest XML",
    sniff=_sniff,
    parse=parse,
    aliases=("doctest-xml", "doctest_xml"),
    made_by="doctest, the C++ framework (2.3 and later)",
    how="./cart_test --reporters=xml --duration=true --out=doctest.xml",
    file="doctest.xml",
    notes=(
        "A test case is a result below its program and its suite; each run of a subcase is a step.",
        "A test case whose assertions fail is failed, one that only an exception or a signal "
        "ended is broken; one with the decorator `skip()` is skipped, and so "
        "is one that the filters left out, if it is listed.",
        "The message is the first failure with what its `INFO` and `CAPTURE` say; all failures "
        "are the trace.",
        "Tests that `may_fail` or `should_fail`, and do, have passed, as doctest counts them, "
        "and say so among their facts.",
    ),
)
