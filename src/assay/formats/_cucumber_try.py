"""One try of a scenario, out of Cucumber's messages about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from assay.formats._embedded import content_of, extension_of
from assay.formats._envelopes import (
    Attached,
    Clock,
    Definition,
    Fault,
    Hook,
    Outcome,
    TestCase,
    TestStep,
    elapsed,
    moment,
    place_of,
    seconds,
)
from assay.formats._gherkin import Features, Pickle, PickleStep, argument_of
from assay.formats._trace import error_of
from assay.formats.cucumber import LOG, OTHER, STATUSES
from assay.model import FAILURES, Attachment, Error, Result, Status, Step

HOOKS = {
    "BEFORE_TEST_RUN": "BeforeAll",
    "AFTER_TEST_RUN": "AfterAll",
    "BEFORE_TEST_CASE": "Before",
    "AFTER_TEST_CASE": "After",
    "BEFORE_TEST_STEP": "Before step",
    "AFTER_TEST_STEP": "After step",
}

LINK = "text/uri-list"
"""What a scenario linked to, among its attachments."""

UNFINISHED = Error(message="The scenario did not finish")


@dataclass(slots=True)
class Glue:
    """What is known of the features and the code behind their steps, by ids."""

    features: Features = field(default_factory=Features)
    hooks: dict[str, Hook] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    snippets: dict[str, str] = field(default_factory=dict)  # by the step they are for


@dataclass(slots=True)
class Left:
    """What a step left to look at."""

    attachments: list[Attachment] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def add(self, attached: Attached) -> None:
        media = attached.mediaType or ""
        if attached.url:
            self._add(attached, media, path=attached.url)
            return
        is_encoded = attached.contentEncoding == "BASE64"
        body = attached.body or ""
        content = content_of(body, media) if is_encoded else body.encode("utf-8", "replace")
        if content is None:
            return
        if media in (LOG, LINK):
            self.log.append(content.decode("utf-8", "replace"))
        else:
            self._add(attached, media, content)

    def _add(
        self, attached: Attached, media: str, content: bytes | None = None, path: str = ""
    ) -> None:
        number = len(self.attachments) + 1
        name = attached.fileName or path.rpartition("/")[2]
        name = name or f"attachment {number}{extension_of(media)}"
        self.attachments.append(Attachment(name, path, media, content))


@dataclass(slots=True)
class Try:
    """A scenario that is running, and how its steps ended."""

    case: TestCase
    started: Clock | None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    left: dict[str, Left] = field(default_factory=dict)

    def finish(self, pickle: Pickle, name: str, glue: Glue, end: Clock | None) -> Result:
        """The scenario as this try has it; broken where it has no end."""
        place = glue.features.place(pickle)
        ran = list(self._ran(pickle, glue))
        worst = max(ran, key=_badness, default=None)
        is_over = end is not None
        return Result(
            path=place.path,
            name=name,
            status=worst.status if worst and is_over else _without_steps(is_over=is_over),
            duration=elapsed(self.started, end),
            started=moment(self.started),
            error=(worst.error if worst else None) if is_over else UNFINISHED,
            description=place.description,
            steps=tuple(each.shown for each in ran if each.shown),
            attachments=tuple(self.left.get("", Left()).attachments),
            tags=tuple(dict.fromkeys(tag.name for tag in pickle.tags or () if tag.name)),
            parameters=glue.features.parameters(pickle) or None,
            metadata=_facts(pickle),
        )

    def _ran(self, pickle: Pickle, glue: Glue) -> Iterator[_Ran]:
        steps = {step.id: step for step in pickle.steps or ()}
        in_steps = False
        for each in self.case.testSteps or ():
            outcome = self.outcomes.get(each.id or "") or Outcome()
            left = self.left.get(each.id or "") or Left()
            step = steps.get(each.pickleStepId)
            in_steps = in_steps or step is not None
            if step:
                yield _step(each, step, outcome, left, glue)
            else:
                yield _hook(glue.hooks.get(each.hookId or ""), outcome, left, after=in_steps)


class _Ran(NamedTuple):
    """A step or hook that ran: the step to show, unless there is nothing to see, and its end."""

    badness: int
    status: Status
    error: Error | None
    shown: Step | None


def _badness(ran: _Ran) -> int:
    return ran.badness


def _without_steps(*, is_over: bool) -> Status:
    return Status.UNKNOWN if is_over else Status.BROKEN


def _step(each: TestStep, step: PickleStep, outcome: Outcome, left: Left, glue: Glue) -> _Ran:
    word = (outcome.status or "").lower()
    badness, status = STATUSES.get(word, OTHER)
    name = glue.features.line(step) or "Step"
    error = fault_of(outcome) or _no_single_definition(word, name, each, glue)
    output = "\n".join(filter(None, [argument_of(step), *left.log]))
    duration = seconds(outcome.duration)
    shown = Step(name, status, duration, error, output, tuple(left.attachments))
    return _Ran(badness, status, error, shown)


def _hook(hook: Hook | None, outcome: Outcome, left: Left, *, after: bool) -> _Ran:
    """A hook is shown when it went wrong or left something to look at."""
    badness, status = STATUSES.get((outcome.status or "").lower(), OTHER)
    error = fault_of(outcome)
    if status not in FAILURES and not left.attachments and not left.log:
        return _Ran(badness, status, error, None)
    name = name_of_hook(hook) or ("After" if after else "Before")
    output = "\n".join(left.log)
    duration = seconds(outcome.duration)
    return _Ran(
        badness, status, error, Step(name, status, duration, error, output, tuple(left.attachments))
    )


def name_of_hook(hook: Hook | None, *, with_line: bool = True) -> str:
    """`Before greet`, or `Before features/steps/shop.js:7`"""
    if hook is None:
        return ""
    which = hook.name or place_of(hook.sourceReference, with_line=with_line)
    return f"{HOOKS.get(hook.type or '', '')} {which}".strip()


def fault_of(outcome: Outcome) -> Error | None:
    if outcome.exception:
        return of_fault(outcome.exception, outcome.message or "")
    return error_of(outcome.message) if outcome.message else None


def of_fault(fault: Fault, told: str) -> Error:
    """`told` is the text that has all in one."""
    found = error_of(told)
    trace = fault.stackTrace or found.trace
    return Error(fault.type or found.type, (fault.message or found.message).strip(), trace)


def _no_single_definition(word: str, name: str, each: TestStep, glue: Glue) -> Error | None:
    """Why a step did not run: it has no code, or more than one piece of it."""
    if word in ("", "unknown", "passed", "skipped"):
        return None
    found = (glue.definitions.get(ident) for ident in each.stepDefinitionIds or ())
    told = [_told(definition) for definition in found if definition] if word == "ambiguous" else []
    snippet = glue.snippets.get(each.pickleStepId or "", "") if word == "undefined" else ""
    return Error(message=f"{word.capitalize()}: {name}", trace=snippet or "\n".join(told))


def _told(definition: Definition) -> str:
    source = definition.pattern.source if definition.pattern else ""
    return f"{place_of(definition.sourceReference)} {source or ''}".strip()


def _facts(pickle: Pickle) -> dict[str, str] | None:
    line = pickle.location.line if pickle.location else None
    told = {"file": pickle.uri or "", "line": str(line or "")}
    return {key: value for key, value in told.items() if value} or None
