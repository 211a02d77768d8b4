"""Gauge's JSON: of its plug-in json-report, old and new, and html-report's of the last run.

They are Gauge's own messages written out, with other names for some fields; all names are looked
for. A scenario is a test; of a scenario that is run with each row of a table each row is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from assay.errors import Malformed, TooLarge
from assay.formats import _json
from assay.formats._embedded import content_of
from assay.formats._facts import attachment
from assay.formats._parameters import name_with
from assay.formats._trace import split_type
from assay.formats.format import Format, Head
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status, Step

STATUSES = {
    "pass": Status.PASSED,
    "passed": Status.PASSED,
    "1": Status.PASSED,
    "fail": Status.FAILED,
    "failed": Status.FAILED,
    "2": Status.FAILED,
    "skip": Status.SKIPPED,
    "skipped": Status.SKIPPED,
    "3": Status.SKIPPED,
    "not executed": Status.SKIPPED,
    "notexecuted": Status.SKIPPED,
    "0": Status.SKIPPED,
}
"""The words of json-report, and the numbers of Gauge's messages."""

SPECS = ("specResults", "specs")
SCENARIOS = frozenset({"scenario", "tabledrivenscenario", "3", "5"})
HOOKS = {
    "beforeSuiteHookFailure": "Before the suite",
    "preHookFailure": "Before the suite",
    "afterSuiteHookFailure": "After the suite",
    "postHookFailure": "After the suite",
}
OF_A_SPEC = {
    "beforeSpecHookFailure": "Before the specification",
    "preHookFailure": "Before the specification",
    "afterSpecHookFailure": "After the specification",
    "postHookFailure": "After the specification",
}
BEFORE = ("beforeScenarioHookFailure", "preHookFailure")
AFTER = ("afterScenarioHookFailure", "postHookFailure")
HOOK_STEPS = ("Before the scenario", "After the scenario")

ABOUT = {"projectName": "project", "environment": "environment", "tags": "tags"}

KNOWN = frozenset({*HOOKS, *ABOUT, *(f"{key}[]" for key in SPECS), "executionStatus"})
"""By one of these a document is known; it may be of a run that found no specification."""

MILLISECONDS = 1000
MAX_DEPTH = 50
"""Concepts within each other."""

TIMESTAMP = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4} at \d{1,2}:\d{2}[ap]m")

Entries = dict[str, Any]


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each specification's Container and its Results, then the run. Durations are
    milliseconds in the document. Raises Malformed where it is no object with specifications."""
    recognised = False
    about: Entries = {}
    for value in _json.values(chunks, SPECS):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key in KNOWN
        found = _json.decode(value.raw, value.where)
        if value.key.endswith("[]"):
            yield from _spec(_json.mapping(found))
        elif value.key in HOOKS:
            yield from _failed_hook((), HOOKS[value.key], found)
        else:
            about[value.key] = found
    if not recognised:
        raise Malformed('Gauge\'s JSON has "specResults", this document nothing of the kind')
    metadata = {ours: told for key, ours in ABOUT.items() if (told := _json.text(about.get(key)))}
    date = _moment(_json.text(about.get("timestamp")))
    yield Run(date, _seconds(about.get("executionTime")), metadata=metadata or None)


def _moment(text: str) -> datetime | None:
    """`May 23, 2017 at 6:01pm`"""
    if not TIMESTAMP.fullmatch(text):
        return _json.moment(text)
    try:
        return datetime.strptime(text, "%b %d, %Y at %I:%M%p").replace(tzinfo=UTC)
    except ValueError:
        return None


def _spec(spec: Entries) -> Iterator[Item]:
    written = _json.mapping(spec.get("protoSpec")) or spec
    path = (_json.text(written.get("specHeading")) or "Specification",)
    file = _json.text(written.get("fileName"))
    yield Container(path, "Specification", metadata={"file": file} if file else None)
    for key, name in OF_A_SPEC.items():
        yield from _failed_hook(path, name, written.get(key))
    rows = _rows(written)
    tags = _texts(written.get("tags"))
    for scenario in _scenarios(written):
        yield _test(scenario, path, rows, tags)


def _failed_hook(path: tuple[str, ...], name: str, failure: object) -> Iterator[Item]:
    """What went wrong around the tests is a result of its own."""
    error = _error(_json.mapping(failure))
    if error:
        yield Result(path, name, Status.BROKEN, error=error)


def _scenarios(written: Entries) -> Iterator[Entries]:
    """The scenarios; `tableRowIndex` stands beside the scenario or within."""
    yield from _json.objects(written.get("scenarios"))
    for item in _json.objects(written.get("items")):
        kind = _json.text(item.get("itemType")).lower()
        if kind in SCENARIOS:
            outer = _json.mapping(item.get("tableDrivenScenario")) or item
            scenario = _json.mapping(outer.get("scenario"))
            yield {**outer, **scenario}


def _rows(written: Entries) -> list[dict[str, str]]:
    """The rows of the specification's table."""
    items = [
        _json.mapping(each.get("table")) or each for each in _json.objects(written.get("items"))
    ]
    tables = [_json.mapping(written.get("datatable")), *items]
    return next((rows for rows in map(_table, tables) if rows), [])


def _table(table: Entries) -> list[dict[str, str]]:
    headers = _cells(table.get("headers"))
    rows = _json.objects(table.get("rows"))
    return [dict(zip(headers, _cells(row), strict=False)) for row in rows]


def _cells(found: object) -> list[str]:
    return _texts(found.get("cells") if isinstance(found, dict) else found)


def _texts(found: object) -> list[str]:
    return list(map(_json.text, found)) if isinstance(found, list) else []


def _test(
    scenario: Entries, path: tuple[str, ...], rows: list[dict[str, str]], tags: list[str]
) -> Result:
    index = _json.number(scenario.get("tableRowIndex"))
    parameters = rows[int(index)] if index is not None and 0 <= index < len(rows) else {}
    name = _json.text(_first(scenario, "scenarioHeading", "heading")) or "Scenario"
    steps = tuple(_steps(scenario))
    hook = next((step.error for step in steps if step.name in HOOK_STEPS), None)
    status = _status(scenario.get("executionStatus"))
    own = [*tags, *_texts(scenario.get("tags"))]
    told = "\n".join(_texts(scenario.get("skipErrors")))
    return Result(
        path=path,
        name=name_with(name, parameters.values()),
        status=Status.BROKEN if hook else status,
        duration=_seconds(scenario.get("executionTime")),
        error=hook or _first_error(steps) or (Error(message=told) if told else None),
        steps=steps,
        tags=tuple(dict.fromkeys(filter(None, own))),
        parameters=parameters or None,
    )


def _steps(scenario: Entries) -> Iterator[Step]:
    """Contexts, steps and tear-down, with the hooks that failed around them."""
    before, after = HOOK_STEPS
    yield from _hook(before, _first(scenario, *BEFORE))
    for key in ("contexts", "items", "scenarioItems", "teardowns", "tearDownSteps"):
        for item in _json.objects(scenario.get(key)):
            yield from _item(item)
    yield from _hook(after, _first(scenario, *AFTER))


def _hook(name: str, found: object) -> Iterator[Step]:
    failure = _json.mapping(found)
    error = _error(failure)
    if error:
        yield Step(name, Status.BROKEN, error=error, attachments=tuple(_shots(failure)))


def _item(item: Entries, depth: int = 1) -> Iterator[Step]:
    """A step, or a concept with its steps; comments are none."""
    if depth > MAX_DEPTH:
        raise TooLarge(f"Concepts lie more than {MAX_DEPTH} deep in each other", "items")
    concept = _json.mapping(item.get("concept")) or item
    if concept.get("conceptStep"):
        inner = _json.objects(_first(concept, "items", "steps"))
        steps = tuple(step for each in inner for step in _item(each, depth + 1))
        yield _step(_json.mapping(concept.get("conceptStep")), steps)
        return
    step = _json.mapping(item.get("step")) or item
    if _first(step, "stepText", "StepText", "actualText"):
        yield _step(step, ())


def _step(step: Entries, steps: tuple[Step, ...]) -> Step:
    ended = _json.mapping(step.get("stepExecutionResult"))
    result = _json.mapping(_first(step, "result")) or _json.mapping(ended.get("executionResult"))
    hooks = ("beforeStepHookFailure", "afterStepHookFailure")
    hook = next(filter(None, (_error(_json.mapping(step.get(key))) for key in hooks)), None)
    reason = _json.text(_first(result, "skippedReason") or ended.get("skippedReason"))
    return Step(
        name=_json.text(_first(step, "stepText", "StepText", "actualText")) or "Step",
        status=Status.BROKEN if hook else _step_status(result, ended),
        duration=_seconds(result.get("executionTime")),
        error=hook or _error(result) or (Error(message=reason) if reason else None),
        output="\n".join(filter(None, [*_tables(step), *_messages(result)])),
        attachments=tuple(_shots(result)),
        steps=steps,
    )


def _step_status(result: Entries, ended: Entries) -> Status:
    if "status" in result:
        return _status(result["status"])
    if ended.get("skipped") is True or not result:
        return Status.SKIPPED
    return Status.FAILED if result.get("failed") is True else Status.PASSED


def _tables(step: Entries) -> Iterator[str]:
    """The table that stands below the step."""
    for row in _table_lines(_json.mapping(step.get("table"))):
        yield f"| {' | '.join(row)} |"


def _table_lines(table: Entries) -> Iterator[list[str]]:
    if table:
        yield _cells(table.get("headers"))
        yield from map(_cells, _json.objects(table.get("rows")))


def _messages(result: Entries) -> list[str]:
    return _texts(_first(result, "messages", "message"))


def _shots(found: Entries) -> Iterator[Attachment]:
    """Screenshots: Base64 in the report, or files beside it."""
    embedded = content_of(_first(found, "screenshot", "screenShot"), "image/png")
    if embedded:
        yield Attachment("screenshot.png", media_type="image/png", content=embedded)
    files = [*_texts(found.get("screenshotFiles")), _json.text(found.get("failureScreenshotFile"))]
    yield from map(attachment, filter(None, files))


def _error(found: Entries) -> Error | None:
    message = _json.text(found.get("errorMessage")).strip()
    trace = _json.text(found.get("stackTrace")).strip("\r\n")
    if not (message or trace):
        return None
    kind, told = split_type(message)
    return Error(kind, told, trace)


def _first_error(steps: Iterable[Step]) -> Error | None:
    for step in steps:
        error = _first_error(step.steps) or step.error
        if error and step.status is not Status.SKIPPED:
            return error
    return next((step.error for step in steps if step.error), None)


def _first(found: Entries, *keys: str) -> Any:
    return next((found[key] for key in keys if found.get(key)), None)


def _status(word: object) -> Status:
    return STATUSES.get(_json.text(word).lower(), Status.UNKNOWN)


def _seconds(found: object) -> float | None:
    count = _json.number(found)
    return None if count is None else count / MILLISECONDS


def _sniff(head: Head) -> bool:
    if head.kind != "object":
        return False
    inside = bool(head.nested & {"specHeading", "protoSpec"})
    return inside and not head.keys.isdisjoint(SPECS)


FORMAT = Format(
    name="gauge",
    title="Gauge JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("gauge-json", "gauge_json", "gaugejson"),
    made_by="Gauge's plug-in json-report; html-report's last_run_result.json",
    how="gauge run specs",
    file="reports/json-report/result.json",
    notes=(
        "A specification is a container, a scenario a test; contexts, steps and tear-down are its "
        "steps, a concept has its own within.",
        "`pass` is passed, `fail` failed, `skip` and `not executed` skipped. A hook that failed "
        "breaks its scenario; around a specification or the suite it is a result of its own.",
        "Each row of a specification's table is a test with the row as parameters.",
        "Messages and tables are a step's output, screenshots attachments, tags tags; the "
        "project and the environment are the report's facts.",
    ),
)
