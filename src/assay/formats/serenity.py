"""Serenity BDD's outcomes: a JSON file for each scenario or test method, also from Serenity/JS.

The steps stay steps, with their screenshots. The rows of a scenario outline are tests of their own,
as they are in Cucumber's JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from assay.errors import Malformed, TooLarge
from assay.formats import _json
from assay.formats._facts import attachment
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
    "SUCCESS": Status.PASSED,
    "FAILURE": Status.FAILED,
    "ERROR": Status.BROKEN,
    "COMPROMISED": Status.BROKEN,  # something that the test relies on was not there
    "ABORTED": Status.BROKEN,
    "SKIPPED": Status.SKIPPED,
    "IGNORED": Status.SKIPPED,
    "PENDING": Status.UNKNOWN,
    "UNDEFINED": Status.UNKNOWN,
}

MILLISECONDS = 1000
MAX_DEPTH = 100
"""Steps within each other."""

OF_CONTAINER = frozenset({"feature", "story", "capability", "theme", "epic"})
"""Kinds of tags that repeat where the test stands."""

METADATA = ("testSource", "context", "projectKey", "sessionId", "backgroundTitle", "id")

Entries = dict[str, Any]


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the story's Container, the Results and the Run of one outcome, or of an array of them.

    Durations are milliseconds in the document. Raises Malformed where it is no JSON object with
    `testSteps`, `title` or `name`.
    """
    for value in _json.values(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        found = _json.decode(value.raw, value.where)
        if isinstance(found, dict) and found.keys() & {"testSteps", "title", "name"}:
            yield from _outcome(found)
        elif value.key:
            yield Notice("An outcome was expected here", value.where)
        else:
            raise Malformed('A Serenity outcome has "testSteps"; this document has none')


def _outcome(found: Entries) -> Iterator[Item]:
    story = _json.mapping(found.get("userStory"))
    path = (_json.text(story.get("storyName")) or _json.text(story.get("id")) or "Serenity",)
    place = _json.text(story.get("path"))
    yield Container(
        path,
        classification=_json.text(story.get("type")),
        description=_json.text(story.get("narrative")).strip(),
        metadata={"path": place} if place else None,
    )
    rows = list(_rows(found))
    if rows:
        yield from (_example(found, path, step, *row) for step, *row in rows)
    else:
        yield _test(found, path)
    driver = _json.text(found.get("driver"))
    yield Run(date=_moment(found.get("startTime")), metadata={"os": driver} if driver else None)


def _test(found: Entries, path: tuple[str, ...]) -> Result:
    """The outcome as one result."""
    steps = tuple(_step(each) for each in _json.objects(found.get("testSteps")))
    status = _status(found.get("result"))
    name = _json.text(found.get("name")) or _json.text(found.get("title")) or "Test"
    return Result(
        path=path,
        name=name,
        status=status,
        duration=_seconds(found.get("duration")),
        started=_moment(found.get("startTime")),
        error=_error(found.get("testFailureCause")) or _told(found) if _is_odd(status) else None,
        description=_description(found, name),
        steps=steps,
        tags=_tags(found.get("tags")),
        metadata=_metadata(found),
    )


def _example(
    found: Entries, path: tuple[str, ...], step: Entries, number: int, parameters: dict[str, str]
) -> Result:
    """One row of an outline: the step that stands for it, with the outcome's name and tags."""
    whole = _test({**found, "testSteps": []}, path)
    shown = _step(step)
    status = shown.status
    return Result(
        path=path,
        name=f"{whole.name} (example {number})",
        status=status,
        duration=shown.duration,
        started=_moment(step.get("startTime")),
        error=_first_error(shown) if _is_odd(status) else None,
        description=whole.description,
        steps=shown.steps,
        attachments=shown.attachments,
        tags=whole.tags,
        parameters=parameters or None,
        metadata=whole.metadata,
    )


def _rows(found: Entries) -> Iterator[tuple[Any, ...]]:
    """(step, number, parameters) for each row of the data table, if there is a step for each."""
    table = _json.mapping(found.get("dataTable"))
    steps, rows = (_json.objects(each) for each in (found.get("testSteps"), table.get("rows")))
    headers = table.get("headers")
    if len(steps) != len(rows) or not isinstance(headers, list):
        return
    names = list(map(_json.text, headers))
    for number, (step, row) in enumerate(zip(steps, rows, strict=True), start=1):
        values = row.get("values")
        cells = map(_json.text, values if isinstance(values, list) else ())
        yield step, number, dict(zip(names, cells, strict=False))


def _step(found: Entries, depth: int = 1) -> Step:
    if depth > MAX_DEPTH:
        raise TooLarge(f"Steps lie more than {MAX_DEPTH} deep in each other", "testSteps")
    children = tuple(_step(each, depth + 1) for each in _json.objects(found.get("children")))
    is_told = any(child.error for child in children)
    return Step(
        name=_json.text(found.get("description")) or "Step",
        status=_status(found.get("result")),
        duration=_seconds(found.get("duration")),
        error=None if is_told else _error(found.get("exception")),
        output="\n\n".join(filter(None, [_asked(found.get("restQuery")), *_reported(found)])),
        attachments=tuple(_screenshots(found)),
        steps=children,
    )


def _status(word: object) -> Status:
    return STATUSES.get(_json.text(word).upper(), Status.UNKNOWN)


def _is_odd(status: Status) -> bool:
    return status in FAILURES or status is Status.UNKNOWN


def _seconds(found: object) -> float | None:
    count = _json.number(found)
    return None if count is None else count / MILLISECONDS


def _moment(found: object) -> datetime | None:
    """A time as Java writes it, with the zone's name behind: `…+07:00[Asia/Jakarta]`."""
    return _json.moment(found.partition("[")[0] if isinstance(found, str) else found)


def _error(found: object) -> Error | None:
    fault = _json.mapping(found)
    kind, message = _json.text(fault.get("errorType")), _json.text(fault.get("message")).strip()
    if not (kind or message):
        return None
    frames = [_frame(frame) for frame in _json.objects(fault.get("stackTrace"))]
    head = f"{kind}: {message}" if kind and message else kind or message
    return Error(kind, message, "\n".join([head, *frames]) if frames else "")


def _first_error(step: Step) -> Error | None:
    """The step's, or that of the first step in it that has one."""
    inner = map(_first_error, step.steps)
    return step.error or next((error for error in inner if error), None)


def _frame(frame: Entries) -> str:
    names = ("declaringClass", "methodName", "fileName", "lineNumber")
    within, method, file, line = (_json.text(frame.get(name)) for name in names)
    called = ".".join(filter(None, (within, method)))
    place = ":".join(filter(None, (file, line)))
    return f"\tat {called}({place})" if called else f"\tat {place}"


def _told(found: Entries) -> Error | None:
    """What older versions say of a failure beside its cause."""
    kind = _json.text(found.get("testFailureClassname"))
    message = _json.text(found.get("testFailureMessage")).strip()
    return Error(kind, message) if kind or message else None


def _description(found: Entries, name: str) -> str:
    """Its own, else its title, where that is another than the method's name."""
    title = _json.text(found.get("title"))
    return _json.text(found.get("description")).strip() or (title if title != name else "")


def _tags(found: object) -> tuple[str, ...]:
    shown = []
    for tag in _json.objects(found):
        kind, name = _json.text(tag.get("type")), _json.text(tag.get("name"))
        if name and kind not in OF_CONTAINER:
            shown.append(name if kind in ("", "tag") else f"{kind}:{name}")
    return tuple(dict.fromkeys(shown))


def _metadata(found: Entries) -> dict[str, str] | None:
    own = {key: text for key in METADATA if (text := _json.text(found.get(key)))}
    if found.get("manual") is True:
        own["manual"] = "true"
    return own or None


def _asked(found: object) -> str:
    """A REST query and its answer. Headers and cookies are left out, as they hold secrets."""
    query = _json.mapping(found)
    keys = ("method", "path", "content", "statusCode", "responseBody")
    method, path, sent, code, answer = (_json.text(query.get(key)).strip() for key in keys)
    parts = (f"{method} {path}".strip(), sent, code, answer)
    return "\n".join(filter(None, parts))


def _reported(found: Entries) -> Iterator[str]:
    """What `Serenity.recordReportData` added."""
    for data in _json.objects(found.get("reportData")):
        texts = (_json.text(data.get(key)) for key in ("title", "contents"))
        yield "\n".join(filter(None, texts))


def _screenshots(found: Entries) -> Iterator[Attachment]:
    """The pictures of a step, and the pages they were taken of, by the names of their files."""
    for shot in _json.objects(found.get("screenshots")):
        for key in ("screenshot", "htmlSource"):
            named = shot.get(key)
            path = _json.text(named.get("path") if isinstance(named, dict) else named)
            if path:
                yield attachment(path)


def _sniff(head: Head) -> bool:
    """The steps come early, and may fill the head."""
    if head.kind not in ("object", "array"):
        return False
    has_steps = head.keys >= {"testSteps", "name"}
    return has_steps or head.keys >= {"userStory", "title", "testSource"}


FORMAT = Format(
    name="serenity",
    title="Serenity JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("serenity-json", "serenity_json", "serenityjson", "serenity-bdd", "serenity-js"),
    made_by="Serenity BDD (Cucumber, JUnit, JBehave) and Serenity/JS",
    how="mvn verify && zip -j serenity.zip target/site/serenity/*.json target/site/serenity/*.png",
    file="target/site/serenity/outcome.json",
    notes=(
        "A file is an outcome: its `name` is a result, in a container for the story or feature; "
        "send them all at once, as several files or as a zip.",
        "The rows of an outline are results of their own, with the row's values as parameters.",
        "`testSteps` are the result's steps, however deep; what each asked of a REST service and "
        "got is its output, without headers and cookies.",
        "`SUCCESS` is passed, `FAILURE` failed, `ERROR` and `COMPROMISED` broken, `SKIPPED` and "
        "`IGNORED` skipped, `PENDING` and `UNDEFINED` unknown.",
        "The `screenshots` that steps name are attachments of theirs, if they are sent along.",
        "The earliest `startTime` is the report's date, `driver` its `os`.",
    ),
)
