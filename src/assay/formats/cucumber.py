"""Cucumber JSON, of every Cucumber (JVM, JS, Ruby), Karate, SpecFlow, behave and their kin.

A scenario is a test, its steps are steps. A background's steps belong to every scenario behind it.
The rules for names, statuses and attempts stand at the functions that hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TypeGuard

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._embedded import content_of, extension_of
from assay.formats._scenarios import Key, named, tried
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


HOOKS = frozenset({"before", "after"})
SAID = frozenset({"embeddings", "output", "rows", "doc_string", "arguments"})
"""Keys of a step. Nine of ten steps have none of them, and are read in half the time for asking
once whether there is any."""


class Feature(msgspec.Struct, frozen=True):
    """A feature as it is written; its elements stay bytes until their turn."""

    elements: list[msgspec.Raw] | None = None
    name: Any = None
    uri: Any = None
    keyword: Any = None
    description: Any = None
    location: Any = None
    tags: Any = None


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
    yield from named(tried(_scenarios(feature, path)))


def _scenarios(feature: Feature, path: tuple[str, ...]) -> Iterator[tuple[Key, Result]]:
    """The elements in order, those that are backgrounds merged into the scenarios behind them.

    Old Rubies write a background once, for all that follows; all others before every scenario.
    """
    per_second = NANOSECONDS if feature.uri is not None or not feature.location else 1
    tags = _tags(feature.tags)
    background: list[_Ran] = []
    used = repeated = False
    for raw in feature.elements or ():
        element = _json.mapping(_json.decode(raw))
        ran = list(_ran(element, per_second))
        if _is_background(element):
            repeated = repeated or used
            background = ran if used else background + ran
            used = False
            continue
        if used and repeated:
            background = []
        used = True
        yield _key(element), _result(element, path, [*background, *ran], tags)


def _is_background(element: dict[str, Any]) -> bool:
    kind = element.get("type") or element.get("keyword")
    return _json.text(kind).lower() == "background"


def _key(element: dict[str, Any]) -> Key:
    ident, keyword, name = (_json.text(element.get(key)) for key in ("id", "keyword", "name"))
    place = _json.text(element.get("line")) or _json.text(element.get("location"))
    return Key(ident, place, name, keyword)


class _Ran(msgspec.Struct, frozen=True):
    """A step or hook that ran: the step to show, unless there is nothing to see, and its word."""

    word: str
    seconds: float | None
    shown: Step | None
    error: Error | None


def _ran(element: dict[str, Any], per_second: float) -> Iterator[_Ran]:
    for hook in _json.objects(element.get("before")):
        yield _hook("Before", hook, per_second)
    for step in _json.objects(element.get("steps")):
        yield from _step(step, per_second)
    for hook in _json.objects(element.get("after")):
        yield _hook("After", hook, per_second)


def _step(step: dict[str, Any], per_second: float) -> Iterator[_Ran]:
    keyword = _json.text(step.get("keyword")).strip()
    if step.get("hidden") is True or (keyword in ("Before", "After") and not step.get("name")):
        yield _hook(keyword, step, per_second)
        return
    name = f"{keyword} {_json.text(step.get('name'))}".strip()
    if HOOKS.isdisjoint(step):
        yield _one(step, name, per_second)
        return
    before = [_hook("Before step", hook, per_second) for hook in _json.objects(step.get("before"))]
    after = [_hook("After step", hook, per_second) for hook in _json.objects(step.get("after"))]
    yield from before
    yield _one(step, name, per_second)
    yield from after


def _hook(when: str, hook: dict[str, Any], per_second: float) -> _Ran:
    """A hook is shown when it went wrong or left something to look at."""
    location = _json.text(_json.mapping(hook.get("match")).get("location"))
    ran = _one(hook, f"{when} {location}".strip(), per_second)
    step = ran.shown
    if step and (step.status in FAILURES or step.attachments or step.output):
        return ran
    return _Ran("passed", ran.seconds, None, None)


def _one(step: dict[str, Any], name: str, per_second: float) -> _Ran:
    outcome = _json.mapping(step.get("result"))
    word = _json.text(outcome.get("status")).lower()
    status = STATUSES.get(word, OTHER)[1]
    count = _json.number(outcome.get("duration"))
    seconds = None if count is None else count / per_second
    error = _error(word, name, _json.lines(outcome.get("error_message")))
    attachments, output = ((), "") if SAID.isdisjoint(step) else _said(step)
    shown = Step(name or "Step", status, seconds, error, output, attachments)
    return _Ran(word, seconds, shown, error)


def _said(step: dict[str, Any]) -> tuple[tuple[Attachment, ...], str]:
    """What a step left to look at, and to read."""
    attachments, log = _embedded(step.get("embeddings"))
    read = filter(None, [*_arguments(step), *_output(step.get("output")), *log])
    return attachments, "\n".join(read)


def _error(word: str, name: str, message: str) -> Error | None:
    if message:
        return error_of(message)
    if word in ("", "passed", "skipped"):
        return None
    return Error(message=f"{word.capitalize()}: {name}")


def _result(
    element: dict[str, Any], path: tuple[str, ...], ran: list[_Ran], tags: tuple[str, ...]
) -> Result:
    worst = max(ran, key=_badness, default=None)
    word = worst.word if worst else _json.text(element.get("status")).lower()
    times = [step.seconds for step in ran if step.seconds is not None]
    return Result(
        path=path,
        name=_json.text(element.get("name")) or _json.text(element.get("keyword")) or "Scenario",
        status=STATUSES.get(word, OTHER)[1],
        duration=round(sum(times), 9) if times else None,
        started=_json.moment(element.get("start_timestamp")),
        error=worst.error if worst else None,
        description=_json.lines(element.get("description")).strip(),
        steps=tuple(step.shown for step in ran if step.shown),
        tags=tuple(dict.fromkeys((*tags, *_tags(element.get("tags"))))),
    )


def _badness(ran: _Ran) -> int:
    return STATUSES.get(ran.word, OTHER)[0]


def _tags(tags: object) -> tuple[str, ...]:
    """`[{"name": "@smoke"}]`, or behave's `["smoke"]`."""
    if not isinstance(tags, list):
        return ()
    named = (tag.get("name") if isinstance(tag, dict) else tag for tag in tags)
    return tuple(filter(None, map(_json.text, named)))


def _arguments(step: dict[str, Any]) -> Iterator[str]:
    """The step's data table and doc string, as they stand in the feature file."""
    for argument in (step, *_json.objects(step.get("arguments"))):
        rows = [row.get("cells") for row in _json.objects(argument.get("rows"))]
        yield "\n".join(f"| {' | '.join(map(_json.text, row))} |" for row in rows if _is_row(row))
        string = argument.get("doc_string") if argument is step else argument
        yield _json.lines(_first(_json.mapping(string), "value", "content"))


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
