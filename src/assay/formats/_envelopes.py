"""Cucumber's messages: each line is an envelope with one of these in it.

The shapes are those of the schema of cucumber/messages; older versions lack some of the fields.
"""

from __future__ import annotations

from datetime import datetime

from assay.formats import _json
from assay.formats._gherkin import Document, Location, Pickle
from assay.formats._shapes import Shape
from assay.formats._time import FIRST_YEAR

NANOSECONDS = 1e9


class Clock(Shape, frozen=True):
    """A duration, or a time since 1970. (Early versions wrote the seconds as text.)"""

    seconds: float | str | None = None
    nanos: float | None = None


class Product(Shape, frozen=True):
    name: str | None = None
    version: str | None = None


class Git(Shape, frozen=True):
    remote: str | None = None
    revision: str | None = None
    branch: str | None = None
    tag: str | None = None


class Ci(Shape, frozen=True):
    name: str | None = None
    url: str | None = None
    buildNumber: str | None = None  # noqa: N815
    git: Git | None = None


class Meta(Shape, frozen=True):
    implementation: Product | None = None
    runtime: Product | None = None
    os: Product | None = None
    cpu: Product | None = None
    ci: Ci | None = None


class Reference(Shape, frozen=True):
    uri: str | None = None
    location: Location | None = None


class Hook(Shape, frozen=True):
    id: str | None = None
    name: str | None = None
    type: str | None = None
    sourceReference: Reference | None = None  # noqa: N815


class Pattern(Shape, frozen=True):
    source: str | None = None


class Definition(Shape, frozen=True):
    id: str | None = None
    pattern: Pattern | None = None
    sourceReference: Reference | None = None  # noqa: N815


class TestStep(Shape, frozen=True):
    id: str | None = None
    hookId: str | None = None  # noqa: N815
    pickleStepId: str | None = None  # noqa: N815
    stepDefinitionIds: list[str] | None = None  # noqa: N815


class TestCase(Shape, frozen=True):
    id: str | None = None
    pickleId: str | None = None  # noqa: N815
    testSteps: list[TestStep] | None = None  # noqa: N815


class CaseStarted(Shape, frozen=True):
    id: str | None = None
    testCaseId: str | None = None  # noqa: N815
    timestamp: Clock | None = None


class Fault(Shape, frozen=True):
    type: str | None = None
    message: str | None = None
    stackTrace: str | None = None  # noqa: N815


class Outcome(Shape, frozen=True):
    status: str | None = None
    duration: Clock | None = None
    message: str | None = None
    exception: Fault | None = None
    willBeRetried: bool | None = None  # noqa: N815  # up to version 16


class StepFinished(Shape, frozen=True):
    testCaseStartedId: str | None = None  # noqa: N815
    testStepId: str | None = None  # noqa: N815
    testStepResult: Outcome | None = None  # noqa: N815


class CaseFinished(Shape, frozen=True):
    testCaseStartedId: str | None = None  # noqa: N815
    timestamp: Clock | None = None
    willBeRetried: bool | None = None  # noqa: N815


class Attached(Shape, frozen=True):
    """What was attached or, outside the file, named by its `url`."""

    body: str | None = None
    contentEncoding: str | None = None  # noqa: N815
    mediaType: str | None = None  # noqa: N815
    fileName: str | None = None  # noqa: N815
    url: str | None = None
    testCaseStartedId: str | None = None  # noqa: N815
    testStepId: str | None = None  # noqa: N815


class Snippet(Shape, frozen=True):
    code: str | None = None


class Suggestion(Shape, frozen=True):
    pickleStepId: str | None = None  # noqa: N815
    snippets: list[Snippet] | None = None


class HookStarted(Shape, frozen=True):
    id: str | None = None
    hookId: str | None = None  # noqa: N815


class HookFinished(Shape, frozen=True):
    testRunHookStartedId: str | None = None  # noqa: N815
    result: Outcome | None = None


class Moment(Shape, frozen=True):
    timestamp: Clock | None = None


class RunFinished(Shape, frozen=True):
    timestamp: Clock | None = None
    message: str | None = None
    exception: Fault | None = None


class ParseError(Shape, frozen=True):
    source: Reference | None = None
    message: str | None = None


class Undefined(Shape, frozen=True):
    name: str | None = None
    expression: str | None = None


class Envelope(Shape, frozen=True):
    testStepFinished: StepFinished | None = None  # noqa: N815
    testCaseStarted: CaseStarted | None = None  # noqa: N815
    testCaseFinished: CaseFinished | None = None  # noqa: N815
    attachment: Attached | None = None
    externalAttachment: Attached | None = None  # noqa: N815
    testCase: TestCase | None = None  # noqa: N815
    pickle: Pickle | None = None
    gherkinDocument: Document | None = None  # noqa: N815
    stepDefinition: Definition | None = None  # noqa: N815
    hook: Hook | None = None
    suggestion: Suggestion | None = None
    testRunHookStarted: HookStarted | None = None  # noqa: N815
    testRunHookFinished: HookFinished | None = None  # noqa: N815
    meta: Meta | None = None
    parseError: ParseError | None = None  # noqa: N815
    undefinedParameterType: Undefined | None = None  # noqa: N815
    testRunStarted: Moment | None = None  # noqa: N815
    testRunFinished: RunFinished | None = None  # noqa: N815


def seconds(clock: Clock | None) -> float | None:
    if clock is None:
        return None
    whole, nanos = _json.number(clock.seconds), clock.nanos
    if whole is None and nanos is None:
        return None
    return (whole or 0) + (nanos or 0) / NANOSECONDS


def moment(clock: Clock | None) -> datetime | None:
    """None also for the clocks that start in 1970."""
    found = _json.moment(seconds(clock), 1)
    return found if found and found.year >= FIRST_YEAR else None


def elapsed(start: Clock | None, end: Clock | None) -> float | None:
    """In whole nanoseconds, which the difference of two times in seconds has not."""
    if start is None or end is None:
        return None
    first, last = _json.number(start.seconds), _json.number(end.seconds)
    if first is None or last is None:
        return None
    found = last - first + ((end.nanos or 0) - (start.nanos or 0)) / NANOSECONDS
    return round(found, 9) if found >= 0 else None


def place_of(reference: Reference | None, *, with_line: bool = True) -> str:
    """`features/steps/shop.js:7`"""
    if reference is None or not reference.uri:
        return ""
    line = reference.location.line if reference.location else None
    return f"{reference.uri}:{line}" if line and with_line else reference.uri
