"""Cucumber JSON, of every Cucumber (JVM, JS, Ruby), Karate, SpecFlow, behave and their kin.

A scenario is a test, its steps are steps. A background's steps belong to every scenario behind it.
The rules for names, statuses and attempts stand at the functions that hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeGuard

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._embedded import content_of, extension_of
from assay.formats._scenarios import Key, named, tried
from assay.formats._shapes import Shape, read
from assay.formats._trace import error_of
from assay.formats.format import Format, Head
from assay.model import (
    FAILURES,
    Attachment,
    Container,
    Error,
    Item,
    Notice,
    Result,
    Run,
    Status,
    Step,
)

STATUSES = {
    "passed": (0, Status.PASSED),
    "": (1, Status.UNKNOWN),  # a step that says nothing
    "skipped": (2, Status.SKIPPED),
    "pending": (4, Status.UNKNOWN),  # written, and known to be unfinished
    "undefined": (5, Status.UNKNOWN),  # no code for the step
    "ambiguous": (6, Status.BROKEN),  # more than one piece of code for the step
    "error": (7, Status.BROKEN),  # behave 1.2.7
    "failed": (8, Status.FAILED),
}
"""A step's status, in lower case (SpecFlow writes "Undefined"), and how bad it is: a scenario is
what its worst step is."""

OTHER = (3, Status.UNKNOWN)
"""Words that are not Cucumber's, and behave's "untested"."""

NANOSECONDS = 1e9
LOG = "text/x.cucumber.log+plain"
"""What a scenario logged, among its embeddings."""

ELEMENT_KEYS = frozenset({"steps", "keyword", "before", "start_timestamp"})


HOOKS = ("Before", "After")
"""Keywords of steps without a name that are hooks: Cucumber-JS writes them among the steps."""

Lines = list[str] | str | None


class Outcome(Shape, frozen=True):
    status: str | None = None
    duration: float | str | None = None
    error_message: Lines = None


class Match(Shape, frozen=True):
    location: str | None = None


class Action(Shape, frozen=True):
    """What a hook and a step have in common."""

    result: Outcome | None = None
    match: Match | None = None
    embeddings: Any = None
    output: Any = None
    rows: Any = None
    doc_string: Any = None
    arguments: Any = None


class Line(Action, frozen=True):
    """A step as it is written."""

    keyword: str | None = None
    name: str | None = None
    hidden: Any = None
    before: list[Action] | None = None
    after: list[Action] | None = None


class Element(Shape, frozen=True):
    """A scenario or a background as it is written."""

    type: str | None = None
    keyword: str | None = None
    id: str | None = None
    name: str | None = None
    description: Lines = None
    line: int | str | None = None
    location: str | None = None
    status: str | None = None
    start_timestamp: Any = None
    tags: Any = None
    before: list[Action] | None = None
    steps: list[Line] | None = None
    after: list[Action] | None = None


class Feature(msgspec.Struct, frozen=True):
    """A feature as it is written; its elements stay bytes until their turn."""

    elements: list[msgspec.Raw] | None = None
    name: Any = None
    uri: Any = None
    keyword: Any = None
    description: Any = None
    location: Any = None
    tags: Any = None


NO_OUTCOME = Outcome()

_ELEMENT = msgspec.json.Decoder(Element)
_FEATURE = msgspec.json.Decoder(Feature)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each feature's Container, where it has more than a name, and its Results.

    Durations are nanoseconds in the document, but seconds in behave's own; the run's date is the
    earliest `start_timestamp`. Raises Malformed where the document is not JSON.
    """
    first: datetime | None = None
    for value in _json.values(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        try:
            for item in _feature(_json.shaped(value.raw, _FEATURE, value.where)):
                started = item.started if isinstance(item, Result) else None
                first = min(first or started, started) if started else first
                yield item
        except Malformed as error:
            if not value.key:
                raise
            yield Notice(f"A feature was left out. {error.message}", error.where)
    if first:
        yield Run(date=first)


def _feature(feature: Feature) -> Iterator[Item]:
    uri = _json.text(feature.uri) or _json.text(feature.location).rpartition(":")[0]
    path = (_json.text(feature.name) or uri or "Feature",)
    container = Container(
        path,
        classification=_json.text(feature.keyword),
        description=_json.text(feature.description).strip(),
        metadata={"uri": uri} if uri else None,
    )
    if container.description or container.metadata:
        yield container
    yield from named(tried(list(_scenarios(feature, path))))


def _scenarios(feature: Feature, path: tuple[str, ...]) -> Iterator[tuple[Key, Result]]:
    """The elements in order, those that are backgrounds merged into the scenarios behind them.

    Old Rubies write a background once, for all that follows; all others before every scenario.
    """
    per_second = NANOSECONDS if feature.uri is not None or not feature.location else 1
    tags = _tags(feature.tags)
    background: list[_Ran] = []
    used = repeated = False
    for raw in feature.elements or ():
        element = read(raw, _ELEMENT) or Element()
        ran = _ran(element, per_second)
        if (element.type or element.keyword or "").lower() == "background":
            repeated = repeated or used
            background = ran if used else background + ran
            used = False
            continue
        if used and repeated:
            background = []
        used = True
        yield _key(element), _result(element, path, background + ran, tags)


def _key(element: Element) -> Key:
    place = _json.text(element.line) or element.location or ""
    return Key(element.id or "", place, element.name or "", element.keyword or "")


class _Ran(msgspec.Struct, frozen=True, gc=False):
    """A step or hook that ran: how it ended (of `STATUSES`), and the step to show, unless there is
    nothing to see."""

    ended: tuple[int, Status]
    seconds: float | None
    shown: Step | None
    error: Error | None


_badness = attrgetter("ended")


def _ran(element: Element, per_second: float) -> list[_Ran]:
    """What ran, in order. This is the loop over every step: nine of ten have no hooks, and are not
    to pay for them."""
    ran = _hooks("Before", element.before, per_second)
    for step in element.steps or ():
        keyword = (step.keyword or "").strip()
        if step.hidden is True or (keyword in HOOKS and not step.name):
            ran.append(_hook(keyword, step, per_second))
            continue
        if step.before:
            ran += _hooks("Before step", step.before, per_second)
        ran.append(_one(step, f"{keyword} {step.name or ''}".strip(), per_second))
        if step.after:
            ran += _hooks("After step", step.after, per_second)
    return ran + _hooks("After", element.after, per_second)


def _hooks(when: str, hooks: list[Action] | None, per_second: float) -> list[_Ran]:
    return [_hook(when, hook, per_second) for hook in hooks or ()]


def _hook(when: str, hook: Action, per_second: float) -> _Ran:
    """A hook is shown when it went wrong or left something to look at."""
    location = (hook.match and hook.match.location) or ""
    ran = _one(hook, f"{when} {location}".strip(), per_second)
    step = ran.shown
    if step and (step.status in FAILURES or step.attachments or step.output):
        return ran
    return _Ran(STATUSES["passed"], ran.seconds, None, None)


def _one(action: Action, name: str, per_second: float) -> _Ran:
    outcome = action.result or NO_OUTCOME
    word = (outcome.status or "").lower()
    ended = STATUSES.get(word, OTHER)
    count = outcome.duration
    if isinstance(count, str):
        count = _json.number(count)
    seconds = None if count is None else count / per_second
    error = _error(word, name, outcome.error_message)
    attachments, output = _said(action)
    shown = Step(name or "Step", ended[1], seconds, error, output, attachments)
    return _Ran(ended, seconds, shown, error)


def _error(word: str, name: str, message: Lines) -> Error | None:
    if message and (text := _joined(message)):
        return error_of(text)
    if word in ("", "passed", "skipped"):
        return None
    return Error(message=f"{word.capitalize()}: {name}")


def _joined(lines: Lines) -> str:
    return "\n".join(lines) if isinstance(lines, list) else lines or ""


def _result(
    element: Element, path: tuple[str, ...], ran: list[_Ran], tags: tuple[str, ...]
) -> Result:
    worst = max(ran, key=_badness, default=None)
    ended = worst.ended if worst else STATUSES.get((element.status or "").lower(), OTHER)
    times = [step.seconds for step in ran if step.seconds is not None]
    return Result(
        path=path,
        name=element.name or element.keyword or "Scenario",
        status=ended[1],
        duration=round(sum(times), 9) if times else None,
        started=_json.moment(element.start_timestamp),
        error=worst.error if worst else None,
        description=_joined(element.description).strip(),
        steps=tuple([step.shown for step in ran if step.shown]),
        tags=tuple(dict.fromkeys((*tags, *_tags(element.tags)))),
    )


def _tags(tags: object) -> tuple[str, ...]:
    """`[{"name": "@smoke"}]`, or behave's `["smoke"]`."""
    if not isinstance(tags, list):
        return ()
    named = [tag.get("name") if isinstance(tag, dict) else tag for tag in tags]
    return tuple(filter(None, map(_json.text, named)))


def _said(action: Action) -> tuple[tuple[Attachment, ...], str]:
    """What a step left to look at, and to read."""
    if not (
        action.embeddings or action.output or action.rows or action.doc_string or action.arguments
    ):
        return (), ""
    attachments, log = _embedded(action.embeddings)
    read = filter(None, [*_arguments(action), *_output(action.output), *log])
    return attachments, "\n".join(read)


def _arguments(action: Action) -> Iterator[str]:
    """The step's data table and doc string, as they stand in the feature file."""
    yield _table(action.rows)
    yield _string(action.doc_string)
    for argument in _json.objects(action.arguments):
        yield _table(argument.get("rows"))
        yield _string(argument)


def _table(rows: object) -> str:
    cells = [row.get("cells") for row in _json.objects(rows)]
    return "\n".join(f"| {' | '.join(map(_json.text, row))} |" for row in cells if _is_row(row))


def _string(found: object) -> str:
    return _json.lines(_first(_json.mapping(found), "value", "content"))


def _is_row(row: object) -> TypeGuard[list[Any]]:
    return isinstance(row, list)


def _first(entries: dict[str, Any], *keys: str) -> Any:
    return next((entries[key] for key in keys if entries.get(key) is not None), None)


def _output(output: object) -> Iterator[str]:
    """What a step logged: texts, or lists of them."""
    if isinstance(output, list):
        yield from map(_json.lines, output)
    else:
        yield _json.text(output)


def _embedded(embeddings: object) -> tuple[tuple[Attachment, ...], list[str]]:
    """What is embedded, as attachments and as lines of the log."""
    attachments: list[Attachment] = []
    log: list[str] = []
    for embedding in _json.objects(embeddings):
        media = _media_type(embedding)
        content = content_of(embedding.get("data"), media)
        if content is None:
            continue
        if media == LOG:
            log.append(content.decode("utf-8", "replace"))
            continue
        name = _json.text(embedding.get("name"))
        name = name or f"attachment {len(attachments) + 1}{extension_of(media)}"
        attachments.append(Attachment(name, media_type=media, content=content))
    return tuple(attachments), log


def _media_type(embedding: dict[str, Any]) -> str:
    media = _first(embedding, "mime_type", "media", "mimeType", "media_type")
    return _json.text(media.get("type") if isinstance(media, dict) else media)


def _sniff(head: Head) -> bool:
    """An array of features, or one of them. Cucumber-JVM writes a feature's elements first, and
    those may fill the head."""
    if head.kind not in ("array", "object"):
        return False
    if "elements" in head.keys:
        return "keyword" in head.keys or bool(head.nested & ELEMENT_KEYS)
    return {"uri", "keyword"} <= head.keys


FORMAT = Format(
    name="cucumber",
    title="Cucumber JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("cucumber_json", "cucumber-json", "cucumberjson", "behave", "karate"),
    made_by="Cucumber (JVM, JS, Ruby), Karate, behave, SpecFlow and others",
    how="cucumber --format json --out cucumber.json",
    file="cucumber.json",
    notes=(
        "A feature is a container with its description; a scenario is a test; its steps are "
        "steps. (Calliope.pro counts each step as a result.)",
        "An outline is a container in its feature's, each row of its examples is a test there.",
        "A scenario ends as its worst step: failed, then broken (ambiguous, error), then "
        "unknown (undefined, pending), then skipped.",
        "A background's steps belong to every scenario behind it. Hooks are shown where they "
        "failed or left something to look at.",
        "A scenario that is written again after it failed is a further attempt of the same test.",
        "`embeddings` are attachments, or lines of the step's output where they are its log; "
        "data tables and doc strings are output, too.",
        "Tags of the feature and the scenario are the test's tags; the earliest "
        "`start_timestamp` is the report's date.",
    ),
)
