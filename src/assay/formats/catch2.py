"""Catch2's XML, of versions 1 to 3, and its JSON, of version 3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats import _catch2_json
from assay.formats._dotnet import file_name, text_of
from assay.formats._failures import error_of
from assay.formats._sections import Story, story_of
from assay.formats._time import seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Error, Item, Measurement, Notice, Result, Run, Status

ROOTS = frozenset({"Catch", "Catch2TestRun"})
SCOPES = ROOTS | {"Group"}
TESTS = frozenset({"TestCase"})

OF_THE_RUN = ("rng-seed", "catch2-version", "filters")
NANOSECOND = 1e-9
MEASURED = {
    "mean": ("mean", "value"),
    "standard deviation": ("standardDeviation", "value"),
}
"""Our metrics, and the element and attribute that hold them, in nanoseconds."""

TAG = re.compile(r"\[([^\[\]]+)\]")
HIDING = frozenset({".", "!hide"})


@dataclass(slots=True)
class _Report:
    metadata: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield test cases and benchmarks as results, and last the run.

    A path is the program's name, and the group's if it has another.
    """
    head, whole = peek(chunks)
    return _catch2_json.parse(whole) if head.kind == "object" else _parse(whole)


def _parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield Run(metadata=report.metadata or None)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    path: tuple[str, ...] = part.scope.state or _open(part.scope, report)
    for record in part.records:
        if record.tag == "TestCase":
            yield _test(record, path)
            for benchmark in record.iter("BenchmarkResults"):
                yield from _benchmark(benchmark, (*path, _name(record)))


def _open(scope: Scope, report: _Report) -> tuple[str, ...]:
    outer: tuple[str, ...] = ()
    if scope.outer:
        outer = scope.outer.state or _open(scope.outer, report)
    name = file_name(scope.attributes.get("name", ""))
    scope.state = (*outer, name) if name and name not in outer else outer
    for key in OF_THE_RUN:
        if value := scope.attributes.get(key):
            report.metadata.setdefault(key, value)
    found: tuple[str, ...] = scope.state
    return found


def _test(test: Element, path: tuple[str, ...]) -> Result:
    story = story_of(test)
    totals = test.find("OverallResult")
    failed = totals is not None and totals.get("success") != "true"
    status = story.status(failed)
    if status is Status.PASSED and story.skipped:
        status = Status.SKIPPED
    return Result(
        path=path,
        name=_name(test),
        status=status,
        duration=seconds(totals.get("durationInSeconds")) if totals is not None else None,
        error=_error(story, status),
        stdout=text_of(test.find("OverallResult/StdOut")),
        stderr=text_of(test.find("OverallResult/StdErr")),
        description=test.get("description", ""),
        steps=tuple(story.steps),
        tags=tuple(tag for tag in TAG.findall(test.get("tags", "")) if tag not in HIDING),
        metadata=_metadata(test, story, status) or None,
    )


def _name(test: Element) -> str:
    return test.get("name", "").strip() or "(unnamed)"


def _error(story: Story, status: Status) -> Error | None:
    if status is Status.SKIPPED:
        return error_of(story.skipped)
    if status is Status.PASSED:
        return None
    return story.error() or Error(message="It passed, and was expected to fail")


def _metadata(test: Element, story: Story, status: Status) -> dict[str, str]:
    """Where it is, and what it failed of though it passed: `[!mayfail]`, `[!shouldfail]`."""
    found = {"file": test.get("filename", ""), "line": test.get("line", "")}
    if status is Status.PASSED and story.failures:
        found["expected failure"] = "\n\n".join(each.message for each in story.failures)
    return {key: value for key, value in found.items() if value}


def _benchmark(benchmark: Element, path: tuple[str, ...]) -> Iterator[Item]:
    name = benchmark.get("name") or "(unnamed)"
    failed = benchmark.find("failed")
    if failed is not None:
        error = Error(message=failed.get("message", "").strip())
        yield Result(path, name, Status.BROKEN, error=error)
        return
    given = ((key, benchmark.get(key, "")) for key in ("samples", "iterations"))
    yield Result(path, name, Status.PASSED, metadata={k: v for k, v in given if v} or None)
    for metric, (tag, key) in MEASURED.items():
        element = benchmark.find(tag)
        value = seconds(element.get(key)) if element is not None else None
        if value is not None:
            yield Measurement(path, name, metric, value * NANOSECOND, "s")


def _sniff(head: Head) -> bool:
    return (head.kind == "xml" and head.root in ROOTS) or _catch2_json.sniff(head)


FORMAT = Format(
    name="catch2",
    title="Catch2 XML and JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("catch", "catch2-xml", "catch2_xml", "catch2-json", "catch2_json"),
    made_by="Catch2 (versions 1 to 3; JSON from 3.5 on)",
    how="./cart_test --reporter xml --durations yes --out catch2.xml",
    file="catch2.xml",
    notes=(
        "A test case is a result below its program; each run of a section is a step.",
        "A test case whose assertions fail is failed, one that only an exception or a signal "
        "ended is broken; `SKIP` makes it skipped. The message is the first failure, its "
        "expansion and what `INFO` and `CAPTURE` say; all failures are the trace.",
        "Tests marked `[!mayfail]` and `[!shouldfail]` that fail have passed, as Catch2 counts "
        "them, and say so among their facts.",
        "Tags are tags, and so are the marks, but for those that only hide a test.",
        "A benchmark is a result below its test case, with its mean and standard deviation.",
        "Catch2's JSON does not say what an assertion compared: there the message tells only "
        "where it failed, and exceptions are not told from assertions.",
    ),
)
