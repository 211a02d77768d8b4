"""JGiven's JSON: a file a test class, with its scenarios, their cases and steps.

A case is a test. A scenario that is run with several arguments has one for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed, TooLarge
from assay.formats import _json
from assay.formats._embedded import content_of, extension_of
from assay.formats._parameters import name_with
from assay.formats._trace import split_type
from assay.formats.format import Format, Head
from assay.formats.testng import ASSERTION
from assay.model import Attachment, Container, Error, Item, Notice, Result, Status, Step

STATUSES = {
    "SUCCESS": Status.PASSED,
    "PASSED": Status.PASSED,
    "FAILED": Status.FAILED,
    "SCENARIO_PENDING": Status.UNKNOWN,
    "SOME_STEPS_PENDING": Status.UNKNOWN,
    "PENDING": Status.UNKNOWN,
    "SKIPPED": Status.SKIPPED,
    "ABORTED": Status.SKIPPED,  # an assumption that does not hold
}
"""Of cases and of steps."""

NANOSECONDS = 1e9
MAX_DEPTH = 100
"""Steps within each other."""

Entries = dict[str, Any]


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the class' Container and a Result a case. Durations are nanoseconds in the document.

    Raises Malformed where it has no scenarios.
    """
    for value in _json.values(chunks, ()):
        if isinstance(value, Notice):
            yield value
            continue
        found = _json.mapping(_json.decode(value.raw, value.where))
        if not isinstance(found.get("scenarios"), list):
            raise Malformed('JGiven writes an object with "scenarios"; there are none here')
        yield from _class(found)


def _class(found: Entries) -> Iterator[Item]:
    classname = _json.text(found.get("className"))
    path = (classname or _json.text(found.get("name")) or "JGiven",)
    description = _json.text(found.get("description")).strip()
    if description:
        yield Container(path, "Class", description)
    tags = _json.mapping(found.get("tagMap"))
    for scenario in _json.objects(found.get("scenarios")):
        for case in _json.objects(scenario.get("scenarioCases")):
            yield _case(case, scenario, path, tags)


def _case(case: Entries, scenario: Entries, path: tuple[str, ...], tags: Entries) -> Result:
    parameters = _parameters(case, scenario)
    error = _error(case)
    method = _json.text(scenario.get("testMethodName"))
    name = _json.text(scenario.get("description")).strip() or method or "Scenario"
    return Result(
        path=path,
        name=name_with(name, parameters.values()),
        status=_status(case, error),
        duration=_seconds(case.get("durationInNanos")),
        error=error,
        description=_json.text(case.get("description")).strip(),
        steps=tuple(_step(each) for each in _json.objects(case.get("steps"))),
        tags=tuple(dict.fromkeys(_tags(scenario.get("tagIds"), tags))),
        parameters=parameters or None,
        metadata={"method": method} if method else None,
    )


def _status(case: Entries, error: Error | None) -> Status:
    """The first versions said `success` instead."""
    word = _json.text(case.get("status")).upper()
    if not word and isinstance(case.get("success"), bool):
        word = "SUCCESS" if case["success"] else "FAILED"
    status = STATUSES.get(word, Status.UNKNOWN)
    is_other = error is not None and bool(error.type) and not ASSERTION.search(error.type)
    return Status.BROKEN if status is Status.FAILED and is_other else status


def _parameters(case: Entries, scenario: Entries) -> dict[str, str]:
    """Those that differ by case where JGiven could tell, else the method's."""
    for kind in ("derived", "explicit"):
        names = _texts(scenario.get(f"{kind}Parameters"))
        values = _texts(case.get(f"{kind}Arguments"))
        if names and len(names) == len(values):
            return dict(zip(names, values, strict=True))
    return {}


def _error(case: Entries) -> Error | None:
    message = _json.text(case.get("errorMessage")).strip()
    trace = "\n".join(_texts(case.get("stackTrace")))
    if not (message or trace):
        return None
    kind, told = split_type(message)
    return Error(kind, told, trace)


def _step(step: Entries, depth: int = 1) -> Step:
    if depth > MAX_DEPTH:
        raise TooLarge(f"Steps lie more than {MAX_DEPTH} deep in each other", "steps")
    found = [step.get("attachment"), *_json.objects(step.get("attachments"))]
    files = (_attachment(_json.mapping(each)) for each in found)
    told = (_json.text(step.get(key)).strip() for key in ("extendedDescription", "comment"))
    inner = _json.objects(step.get("nestedSteps"))
    return Step(
        name=_sentence(step) or "Step",
        status=STATUSES.get(_json.text(step.get("status")).upper(), Status.UNKNOWN),
        duration=_seconds(step.get("durationInNanos")),
        output="\n".join(filter(None, [*told, *_tables(step)])),
        attachments=tuple(filter(None, files)),
        steps=tuple(_step(each, depth + 1) for each in inner),
    )


def _sentence(step: Entries) -> str:
    """The words of the step; a table among them stands in its output."""
    words = _json.objects(step.get("words"))
    told = (_json.text(each.get("value")).strip() for each in words if not _table(each))
    return " ".join(filter(None, told)) or _json.text(step.get("name"))


def _tables(step: Entries) -> Iterator[str]:
    for word in _json.objects(step.get("words")):
        for row in _table(word):
            yield f"| {' | '.join(_texts(row))} |"


def _table(word: Entries) -> list[Any]:
    argument = _json.mapping(word.get("argumentInfo"))
    rows = _json.mapping(argument.get("dataTable")).get("data")
    return rows if isinstance(rows, list) else []


def _attachment(found: Entries) -> Attachment | None:
    """Its value is the content, or the path of a file of the HTML report."""
    media = _json.text(found.get("mediaType"))
    name = _json.text(found.get("title")) or f"attachment{extension_of(media)}"
    value = _json.text(found.get("value"))
    if value.startswith("attachments/"):
        return Attachment(name, value, media)
    content = content_of(value, media)
    return Attachment(name, media_type=media, content=content) if content else None


def _tags(ids: object, known: Entries) -> Iterator[str]:
    """`Issue:SHOP-7`, `Smoke`"""
    for ident in _texts(ids):
        tag = _json.mapping(known.get(ident))
        name = _json.text(tag.get("name")) or _json.text(tag.get("type")).rpartition(".")[2]
        value = tag.get("value")
        values = ",".join(_texts(value)) if isinstance(value, list) else _json.text(value)
        yield f"{name}:{values}" if name and values and values != name else name or ident


def _texts(found: object) -> list[str]:
    return list(map(_json.text, found)) if isinstance(found, list) else []


def _seconds(found: object) -> float | None:
    count = _json.number(found)
    return None if count is None else count / NANOSECONDS


def _sniff(head: Head) -> bool:
    if head.kind != "object" or "scenarios" not in head.keys:
        return False
    inside = head.nested & {"scenarioCases", "testMethodName"}
    return "className" in head.keys and ("tagMap" in head.keys or bool(inside))


FORMAT = Format(
    name="jgiven",
    title="JGiven JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("jgiven-json", "jgiven_json"),
    made_by="JGiven",
    how="mvn test && zip -j jgiven.zip target/jgiven-reports/json/*.json",
    file="target/jgiven-reports/json/CartTest.json",
    notes=(
        "A file is a class, a container; each case of a scenario is a test, with its arguments as "
        "parameters. Send all files at once, as several or as a zip.",
        "`SUCCESS` is passed; `FAILED` is failed, or broken where it was no assertion; pending "
        "scenarios are unknown, aborted ones skipped.",
        "Steps are told by their words, nested ones within; tables and comments are output, "
        "attachments are attachments.",
        "Tags are tags, with their value: `Issue:SHOP-7`.",
    ),
)
