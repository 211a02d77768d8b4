"""Playwright's blob reports: `report.jsonl`, an event a line, as each shard of a run writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import replace

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._playwright import (
    Action,
    Annotation,
    Fault,
    File,
    Place,
    Printed,
    Test,
    Try,
    fault,
    result,
    run_of,
    tree,
)
from assay.formats._shapes import Shape, read
from assay.formats.format import Format, Head
from assay.formats.playwright import OUTSIDE
from assay.model import Container, Item, Notice, Result, Run, Status

BEGINNING = re.compile(r'\{\s*"method"\s*:\s*"onBlobReportMetadata"')
USER_STEP = "test.step"
"""The category of the steps that a test's author wrote; of others there are very many."""

NOT_COUNTED = frozenset({"skipped", "interrupted"})
MAX_DEPTH = 60
MILLISECONDS = 1000


class Node(Shape, frozen=True):
    """A suite, or (with a `testId`) a test, as a project lists them."""

    testId: str | None = None  # noqa: N815
    title: str | None = None
    tags: list[str] | None = None
    location: Place | None = None
    repeatEachIndex: int | None = None  # noqa: N815
    retries: int | None = None
    annotations: list[Annotation] | None = None
    entries: list[Node] | None = None


class Project(Shape, frozen=True):
    name: str | None = None
    suites: list[Node] | None = None


class Step(Shape, frozen=True):
    id: str | None = None
    parentStepId: str | None = None  # noqa: N815
    title: str | None = None
    category: str | None = None
    duration: float | None = None
    error: Fault | None = None


class Outcome(Shape, frozen=True):
    """A try: what is known when it begins, and when it ends."""

    id: str | None = None
    startTime: float | str | None = None  # noqa: N815
    status: str | None = None
    duration: float | None = None
    errors: list[Fault | str] | None = None
    attachments: list[File] | None = None
    annotations: list[Annotation] | None = None


class Ended(Shape, frozen=True):
    testId: str | None = None  # noqa: N815
    expectedStatus: str | None = None  # noqa: N815
    annotations: list[Annotation] | None = None


class Event(Shape, frozen=True):
    """The parameters of an event, of all kinds together."""

    testId: str | None = None  # noqa: N815
    test: Ended | None = None
    result: Outcome | None = None
    step: Step | None = None
    project: Project | None = None
    config: Any = None
    error: Fault | None = None
    type: str | None = None
    data: str | None = None
    isBase64: bool | None = None  # noqa: N815
    attachments: list[File] | None = None


class Line(Shape, frozen=True):
    method: str | None = None
    params: Event | None = None


@dataclass(slots=True)
class _Try:
    """A try that goes on. `steps` are in the order they began in."""

    started: float | str | None = None
    steps: dict[str, Step] = field(default_factory=dict)
    printed: dict[str, list[Printed]] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)


@dataclass(slots=True)
class _Test:
    node: Node
    path: tuple[str, ...]
    expected: str = "passed"
    annotations: list[Annotation] = field(default_factory=list)
    running: _Try = field(default_factory=_Try)
    tries: list[Try] = field(default_factory=list)


Tests = dict[str, _Test]
_LINE = msgspec.json.Decoder(Line)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the Runs, Containers, a Result a test when its last try can have ended, and those of
    tests that never did.

    Durations are milliseconds in the document. Raises Malformed where no line is an event.
    """
    tests: Tests = {}
    recognised = False
    for value in _json.sequence(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        try:
            line = read(value.raw, _LINE, value.where)
        except Malformed as error:
            yield Notice(f"A line was left out. {error.message}", error.where)
            continue
        if line is not None and (line.method or "").startswith("on"):
            recognised = True
            yield from _read(line.method or "", line.params or Event(), tests)
    if not recognised:
        raise Malformed("Playwright's blobs are lines of events; there are none here")
    for test in tests.values():
        yield _result(test)


def _read(method: str, event: Event, tests: Tests) -> Iterator[Item]:
    if method == "onConfigure":
        config = _json.mapping(event.config)
        told = run_of(config.get("metadata"))
        version = _json.flat({"playwright": config.get("version")})
        yield replace(told, metadata=version | (told.metadata or {}) or None)
    elif method == "onProject" and event.project:
        yield from _project(event.project, tests)
    elif method == "onEnd" and event.result:
        length = event.result.duration
        yield Run(
            date=_json.moment(event.result.startTime),
            duration=None if length is None else length / MILLISECONDS,
        )
    elif method == "onError" and event.error:
        yield Result((), OUTSIDE, Status.BROKEN, error=fault(event.error))
    elif method == "onTestEnd" and event.test and event.result:
        yield from _ended(event.test, event.result, tests)
    elif method in DURING and event.testId in tests:
        DURING[method](tests[event.testId], event)


def _project(project: Project, tests: Tests) -> Iterator[Container]:
    above = (project.name,) if project.name else ()
    if above:
        yield Container(above, "Project")
    for suite in project.suites or ():
        path = (*above, suite.title or "")
        yield Container(path, "File")
        _collect(suite.entries or [], path, tests)


def _collect(entries: list[Node], path: tuple[str, ...], tests: Tests, depth: int = 0) -> None:
    for node in entries:
        if node.testId:
            bare = msgspec.structs.replace(node, entries=None)
            tests[node.testId] = _Test(bare, path, annotations=node.annotations or [])
        elif depth < MAX_DEPTH:
            inner = (*path, node.title) if node.title else path
            _collect(node.entries or [], inner, tests, depth + 1)


def _begin(test: _Test, event: Event) -> None:
    test.running = _Try(event.result.startTime if event.result else None)


def _begin_step(test: _Test, event: Event) -> None:
    if event.step and event.step.id and event.step.category == USER_STEP:
        test.running.steps[event.step.id] = event.step


def _end_step(test: _Test, event: Event) -> None:
    step = event.step
    begun = test.running.steps.get(step.id or "") if step else None
    if step and begun:
        test.running.steps[step.id or ""] = replace(begun, duration=step.duration, error=step.error)


def _print(test: _Test, event: Event) -> None:
    text = Printed(buffer=event.data) if event.isBase64 else Printed(text=event.data or "")
    test.running.printed.setdefault(event.type or "", []).append(text)


def _attach(test: _Test, event: Event) -> None:
    test.running.files += event.attachments or []


DURING = {
    "onTestBegin": _begin,
    "onStepBegin": _begin_step,
    "onStepEnd": _end_step,
    "onStdIO": _print,
    "onAttach": _attach,
}
"""What is told of a test while it runs."""


def _ended(told: Ended, outcome: Outcome, tests: Tests) -> Iterator[Result]:
    test = tests.get(told.testId or "")
    if test is None:
        return
    running = test.running
    test.expected = told.expectedStatus or test.expected
    test.annotations = [*test.annotations, *(told.annotations or ())]
    test.tries.append(
        Try(
            status=outcome.status,
            duration=outcome.duration,
            startTime=running.started,
            errors=outcome.errors,
            stdout=running.printed.get("stdout"),
            stderr=running.printed.get("stderr"),
            attachments=[*running.files, *(outcome.attachments or ())],
            steps=_tree_of(running.steps),
            annotations=outcome.annotations,
        )
    )
    test.running = _Try()
    if len(test.tries) > (test.node.retries or 0):
        del tests[told.testId or ""]
        yield _result(test)


def _tree_of(steps: dict[str, Step]) -> list[Action]:
    """The steps with those within them; a step ends up in one that began before it."""
    inner: dict[str, list[Action]] = {}
    for ident, step in reversed(steps.items()):
        within = list(reversed(inner.pop(ident, [])))
        action = Action(title=step.title, duration=step.duration, error=step.error, steps=within)
        above = step.parentStepId or ""
        inner.setdefault(above if above in steps and above != ident else "", []).append(action)
    return list(reversed(inner.pop("", [])))


def _result(test: _Test) -> Result:
    node = test.node
    number = (node.repeatEachIndex or 0) + 1
    name = node.title or "Test"
    found = Test(
        expectedStatus=test.expected,
        status=_summed(test),
        annotations=list(dict.fromkeys(test.annotations)),
        results=test.tries,
    )
    return result(
        found,
        test.path,
        name if number == 1 else f"{name} ({number})",
        node.tags or (),
        node.location or Place(),
    )


def _summed(test: _Test) -> str:
    """Playwright's own sum of the tries."""
    counted = [each.status for each in test.tries if each.status not in NOT_COUNTED]
    unexpected = sum(status != test.expected for status in counted)
    if not counted:
        return "skipped"
    if not unexpected:
        return "expected"
    return "unexpected" if unexpected == len(counted) else "flaky"


def _sniff(head: Head) -> bool:
    return head.kind == "object" and BEGINNING.match(head.text) is not None


FORMAT = Format(
    name="playwrightblob",
    title="Playwright blob report",
    sniff=_sniff,
    parse=parse,
    aliases=("playwright-blob", "playwright_blob"),
    made_by="Playwright Test (the `blob` reporter), by the shards of a run",
    how="npx playwright test --shard=1/3 --reporter=blob",
    file="blob-report/report-1.zip",
    notes=(
        "The zip of a shard, or those of all of them in one, need not be merged first: each holds "
        "a `report.jsonl`, which is read as Playwright's JSON is, and the attachments.",
        "A test is a result in its project, file and `describe` blocks; retries are attempts, "
        "`test.step`s are steps, tags are tags, annotations are facts.",
        f"An error outside of the tests is a broken result, “{OUTSIDE}”.",
        "Tests of a run that was cut short are skipped, as they did not run.",
    ),
    smart=tree,
)
