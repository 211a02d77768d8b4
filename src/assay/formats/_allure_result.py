"""What Allure writes of a test, a step or a fixture, and what becomes of it.

The files below `data/test-cases` of a report that Allure has generated say the same in other words,
with the fixtures and the earlier tries inside; both are read by the same shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from assay.errors import TooLarge
from assay.formats import _json
from assay.formats._allure_labels import (
    MASK,
    Parameter,
    metadata_of,
    name_of,
    path_of,
    tags_of,
)
from assay.formats._html import plain
from assay.formats._shapes import Shape
from assay.formats._trace import split_type
from assay.model import FAILURES, Attachment, Attempt, Error, Result, Status, Step

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "broken": Status.BROKEN,
    "skipped": Status.SKIPPED,
}
"""In lower case: some adapters shout."""

MILLISECONDS = 1000
MAX_DEPTH = 100
"""Steps within each other."""

NUMBERING = frozenset({"Retry", "Repetition"})
"""Parameters that count the tries. In results they are `excluded`, reports do not say so."""


class Details(Shape, frozen=True):
    message: str | None = None
    trace: str | None = None
    actual: str | None = None
    expected: str | None = None
    flaky: bool | None = None
    known: bool | None = None
    muted: bool | None = None


class Time(Shape, frozen=True):
    """In milliseconds since 1970."""

    start: float | None = None
    stop: float | None = None


class File(Shape, frozen=True):
    name: str | None = None
    source: str | None = None
    type: str | None = None


class Given(Shape, frozen=True):
    name: str | None = None
    value: str | None = None
    excluded: bool | None = None
    mode: str | None = None


class Label(Shape, frozen=True):
    name: str | None = None
    value: str | None = None


class Link(Shape, frozen=True):
    name: str | None = None
    url: str | None = None
    type: str | None = None


class Stage(Time, frozen=True):
    """What ran: a step, a fixture or a test."""

    name: str | None = None
    status: str | None = None
    statusDetails: Details | None = None  # noqa: N815
    steps: list[Stage] | None = None
    attachments: list[File] | None = None
    parameters: list[Given] | None = None
    time: Time | None = None  # this and the next two in reports only
    statusMessage: str | None = None  # noqa: N815
    statusTrace: str | None = None  # noqa: N815


class Try(Shape, frozen=True):
    """An earlier try, as a report has it; its `statusDetails` is the message alone."""

    status: str | None = None
    statusDetails: str | None = None  # noqa: N815
    time: Time | None = None


class Extra(Shape, frozen=True):
    retries: list[Try] | None = None


class Test(Stage, frozen=True):
    """A test; `testStage` and what follows are in reports only."""

    uuid: str | None = None
    historyId: str | None = None  # noqa: N815
    testCaseId: str | None = None  # noqa: N815
    testCaseName: str | None = None  # noqa: N815
    fullName: str | None = None  # noqa: N815
    titlePath: list[str] | None = None  # noqa: N815
    description: str | None = None
    descriptionHtml: str | None = None  # noqa: N815
    labels: list[Label] | None = None
    links: list[Link] | None = None
    testStage: Stage | None = None  # noqa: N815
    beforeStages: list[Stage] | None = None  # noqa: N815
    afterStages: list[Stage] | None = None  # noqa: N815
    extra: Extra | None = None
    flaky: bool | None = None
    hidden: bool | None = None


class Fixtures(NamedTuple):
    """The steps of what was set up before a test and torn down behind it."""

    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()


FACTS = ("fullName", "testCaseId", "historyId")
MARKS = ("flaky", "known", "muted")


def result_of(test: Test, around: Fixtures | None = None) -> Result:
    """The test with the steps of its fixtures, which a report has within the test."""
    ran, details = test.testStage or test, _details(test)
    before, after = around or fixtures(test.beforeStages, test.afterStages)
    labels = [(each.name or "", each.value or "") for each in test.labels or ()]
    parameters = list(_parameters(test.parameters)) if test.parameters else []
    name = test.name or test.testCaseName or test.fullName or "Test"
    status, time = status_of(test.status), test.time or test
    attempts = tuple(_attempts(test.extra)) if test.extra else ()
    return Result(
        path=path_of(labels, test.titlePath or ()),
        name=name_of(name, parameters) if parameters else name,
        status=status,
        duration=seconds(time),
        started=moment(time),
        error=_error(details) if details else None,
        description=test.description or plain(test.descriptionHtml or ""),
        steps=(*before, *_steps(ran), *after),
        attachments=attachments_of(ran),
        attempts=attempts,
        flaky=status is Status.PASSED and _is_flaky(test, attempts),
        tags=tags_of(labels),
        parameters={each.name: each.value for each in parameters} or None,
        metadata=_metadata(test, labels) or None,
    )


def _is_flaky(test: Test, attempts: tuple[Attempt, ...]) -> bool:
    """Said to be, or passed when it was tried again."""
    said = test.flaky or (test.statusDetails and test.statusDetails.flaky)
    return said is True or any(each.status in FAILURES for each in attempts)


def _step(stage: Stage, depth: int, name: str = "") -> Step:
    if depth > MAX_DEPTH:
        raise TooLarge(f"Steps lie more than {MAX_DEPTH} deep in each other", "steps")
    details = _details(stage)
    given = list(_parameters(stage.parameters)) if stage.parameters else []
    return Step(
        name=name or stage.name or "Step",
        status=status_of(stage.status),
        duration=seconds(stage.time or stage),
        error=_error(details) if details else None,
        output="\n".join([f"{each.name} = {each.value}" for each in given]) if given else "",
        attachments=attachments_of(stage),
        steps=_steps(stage, depth + 1),
    )


def _steps(stage: Stage, depth: int = 1) -> tuple[Step, ...]:
    """The steps in it, without those that only stand for an attachment."""
    if not stage.steps:
        return ()
    return tuple([_step(each, depth) for each in stage.steps if not _is_a_file(each)])


def fixtures(befores: Iterable[Stage] | None, afters: Iterable[Stage] | None) -> Fixtures:
    return Fixtures(_ran("Set up", befores), _ran("Tear down", afters))


def _ran(when: str, stages: Iterable[Stage] | None) -> tuple[Step, ...]:
    """pytest's adapter writes a fixture that ends with nothing to do as one without a status;
    those are left out."""
    if not stages:
        return ()
    ran = (each for each in stages if each.status or each.steps or each.attachments)
    return tuple(_step(each, 1, f"{when}: {each.name or 'fixture'}") for each in ran)


def attachments_of(stage: Stage) -> tuple[Attachment, ...]:
    """Its files. JavaScript's adapters write a step without a status around each."""
    around = [step for step in stage.steps or () if _is_a_file(step)]
    if not (stage.attachments or around):
        return ()
    return tuple(
        Attachment(file.name or file.source or "", file.source or "", file.type or "")
        for each in (stage, *around)
        for file in each.attachments or ()
        if file.source or file.name
    )


def _is_a_file(step: Stage) -> bool:
    if not step.attachments:
        return False
    told = step.status not in (None, "unknown")
    return not (told or step.steps or step.parameters)


def _attempts(extra: Extra | None) -> Iterator[Attempt]:
    """A report has the latest of the earlier tries first."""
    for each in reversed((extra and extra.retries) or ()):
        time = each.time or Time()
        error = error_of(each.statusDetails or "", "")
        yield Attempt(status_of(each.status), seconds(time), moment(time), error)


def status_of(word: str | None) -> Status:
    return STATUSES.get((word or "").lower(), Status.UNKNOWN)


def seconds(time: Time) -> float | None:
    if time.start is None or time.stop is None or time.stop < time.start:
        return None
    return (time.stop - time.start) / MILLISECONDS


def moment(time: Time) -> datetime | None:
    return _json.moment(time.start, MILLISECONDS) if time.start else None


def error_of(message: str, trace: str) -> Error | None:
    """JavaScript's and Java's adapters name the exception in the trace alone."""
    kind, told = split_type(message.strip())
    if not kind:
        kind = split_type(trace.strip().partition("\n")[0] + "\n")[0]
    return Error(kind, told, trace.strip("\r\n")) if kind or told or trace else None


def _details(stage: Stage) -> Details | None:
    if stage.statusDetails:
        return stage.statusDetails
    message, trace = stage.statusMessage, stage.statusTrace
    return Details(message, trace) if message or trace else None


def _error(details: Details) -> Error | None:
    message, trace = details.message or "", details.trace or ""
    if not (message or trace):
        return None
    compared = [
        f"{word}: {value}"
        for word, value in (("Expected", details.expected), ("Actual", details.actual))
        if value and value not in message
    ]
    return error_of("\n".join([message.strip(), *compared]), trace)


def _parameters(given: Iterable[Given] | None) -> Iterator[Parameter]:
    """Those that the report would show, by their `mode`."""
    for each in given or ():
        mode = (each.mode or "").lower()
        if each.name and mode != "hidden":
            value = MASK if mode == "masked" else each.value or ""
            told = each.excluded is not True and each.name not in NUMBERING
            yield Parameter(each.name, value, told)


def _metadata(test: Test, labels: list[tuple[str, str]]) -> dict[str, str]:
    details = test.statusDetails or (Details(flaky=True) if test.flaky is True else None)
    links = ((each.type or "", each.url or each.name or "") for each in test.links or ())
    marks = {mark: "true" for mark in MARKS if getattr(details, mark) is True} if details else {}
    facts = {fact: told for fact in FACTS if (told := getattr(test, fact))}
    return facts | metadata_of(labels, links) | marks
