"""Xray's JSON: test executions in Jira, as one imports them into Xray, for its cloud and server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._embedded import content_of
from assay.formats._pytest import fault, reason
from assay.formats._time import length
from assay.formats.format import Format, Head
from assay.model import Attachment, Error, Item, Notice, Result, Run, Status, Step

STATUSES = {
    "PASS": Status.PASSED,
    "PASSED": Status.PASSED,
    "FAIL": Status.FAILED,
    "FAILED": Status.FAILED,
    "ABORTED": Status.BROKEN,
    "BLOCKED": Status.SKIPPED,
    "SKIPPED": Status.SKIPPED,
    "TODO": Status.SKIPPED,
    "TO DO": Status.SKIPPED,
    "EXECUTING": Status.UNKNOWN,
}
"""The server's words and the cloud's; a project may add others, which are unknown."""

MARKS = re.compile(r"\{(?:noformat|code|color)(?::[^{}\n]{0,200})?\}")
"""Jira's, around what is to be shown as it stands."""

SKIPPED = re.compile(r"\('[^'\n]*', \d+, '(Skipped: [^\n]*)'\)")
"""What pytest-jira-xray comments on a test that is skipped, which it calls aborted."""

OF_XRAY = frozenset({"testPlanKey", "testEnvironments", "testInfo"})
KEPT = ("executedBy", "assignee", "comment")


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results, each example or iteration of one as a result, then the run.

    A test is named by its key, before the summary where the document tells it. Raises Malformed
    where there is no array of tests.
    """
    about: dict[str, Any] = {}
    found = False
    for value in _json.values(chunks, ("tests",)):
        if isinstance(value, Notice):
            yield value
            continue
        found = found or value.key in ("tests", "tests[]")
        try:
            read = _json.decode(value.raw, value.where)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
            continue
        if value.key == "tests[]":
            yield from _test(_json.mapping(read))
        else:
            about[value.key] = read
    if not found and not {"info", "testExecutionKey"} & about.keys():
        raise Malformed('Xray\'s JSON has "tests"; this has none')
    yield _run(about)


def _run(about: dict[str, Any]) -> Run:
    info = _json.mapping(about.get("info"))
    started, ended = (_json.moment(info.get(key)) for key in ("startDate", "finishDate"))
    named = ("summary", "description", "project", "version", "testPlanKey", "user")
    metadata = {key: _json.text(info.get(key)) for key in named}
    metadata["testExecutionKey"] = _json.text(about.get("testExecutionKey"))
    places = info.get("testEnvironments")
    return Run(
        started,
        length(started, ended),
        build=_json.text(info.get("revision")),
        tags=tuple(filter(None, map(_json.text, places if isinstance(places, list) else ()))),
        metadata={key: value for key, value in metadata.items() if value} or None,
    )


# Tests


def _test(test: dict[str, Any]) -> Iterator[Item]:
    key = _json.text(test.get("testKey"))
    info = _json.mapping(test.get("testInfo"))
    name = ": ".join(filter(None, (key, _json.text(info.get("summary")))))
    rows = [*_json.objects(test.get("iterations"))]
    examples = test.get("examples")
    if not rows and not isinstance(examples, list):
        yield _result(test, name or "(unnamed)", info)
        return
    for number, row in enumerate(rows, 1):
        yield _iteration(test, row, name, number)
    if isinstance(examples, list) and not rows:
        for number, word in enumerate(map(_json.text, examples), 1):
            yield _example(test, word, name, number)


def _result(test: dict[str, Any], name: str, info: dict[str, Any]) -> Result:
    comment = _json.text(test.get("comment"))
    status = Status.SKIPPED if SKIPPED.search(comment) else _status(test.get("status"))
    started, duration = _times(test)
    labels = info.get("labels")
    return Result(
        path=(),
        name=name,
        status=status,
        duration=duration,
        started=started,
        error=_error(status, comment),
        description=_json.text(info.get("description")),
        steps=tuple(_steps(test, info)),
        attachments=tuple(_files(test.get("evidences") or test.get("evidence"))),
        tags=tuple(filter(None, map(_json.text, labels if isinstance(labels, list) else ()))),
        metadata=_metadata(test, status),
    )


def _iteration(test: dict[str, Any], row: dict[str, Any], name: str, number: int) -> Result:
    told = _json.objects(row.get("parameters"))
    parameters = {_json.text(each.get("name")): _json.text(each.get("value")) for each in told}
    status = _status(row.get("status"))
    values = ", ".join(parameters.values())
    return Result(
        path=(name,) if name else (),
        name=_json.text(row.get("name")) or f"{name} [{values or number}]",
        status=status,
        duration=_times(row)[1],
        error=_error(status, _json.text(row.get("log"))),
        steps=tuple(_steps(row, {})),
        parameters=parameters or None,
        metadata=_metadata(test, status),
    )


def _example(test: dict[str, Any], word: str, name: str, number: int) -> Result:
    status = _status(word)
    return Result(
        path=(name,) if name else (),
        name=f"{name} [{number}]",
        status=status,
        error=_error(status, _json.text(test.get("comment"))),
        parameters={"example": str(number)},
        metadata=_metadata(test, status),
    )


def _status(word: object) -> Status:
    return STATUSES.get(_json.text(word).upper(), Status.UNKNOWN)


def _error(status: Status, said: str) -> Error | None:
    """The comment, without Jira's marks around it; of pytest's what was raised, and its trace."""
    said = MARKS.sub("", said).strip()
    if not said or status is Status.PASSED:
        return None
    if skipped := SKIPPED.search(said):
        return reason(skipped[1])
    return fault(said) if "\nE  " in said else Error(message=said)


def _times(told: dict[str, Any]) -> tuple[datetime | None, float | None]:
    started, ended = (_json.moment(told.get(key)) for key in ("start", "finish"))
    return started, length(started, ended)


def _metadata(test: dict[str, Any], status: Status) -> dict[str, str] | None:
    found = {key: _json.text(test.get(key)) for key in KEPT}
    if status is not Status.PASSED:
        found["comment"] = ""  # which is the error then
    if status in (Status.UNKNOWN, Status.SKIPPED, Status.BROKEN):
        found["status"] = _json.text(test.get("status"))
    defects = test.get("defects")
    texts = map(_json.text, defects if isinstance(defects, list) else ())
    found["defects"] = ", ".join(filter(None, texts))
    for each in _json.objects(test.get("customFields")):
        label = _json.text(each.get("name")) or _json.text(each.get("id"))
        found[label] = _json.compact(each.get("value"))
    return {key: value for key, value in found.items() if key and value} or None


def _steps(told: dict[str, Any], info: dict[str, Any]) -> Iterator[Step]:
    """What became of the steps, and what they are where the test is described along with them."""
    described = _json.objects(info.get("steps"))
    for number, step in enumerate(_json.objects(told.get("steps"))):
        about = described[number] if number < len(described) else {}
        status = _status(step.get("status"))
        said = _json.text(step.get("actualResult")) or _json.text(step.get("comment"))
        files = tuple(_files(step.get("evidences") or step.get("evidence")))
        name = _json.text(about.get("action")) or f"Step {number + 1}"
        yield Step(name, status, error=_error(status, said), attachments=files)


def _files(found: object) -> Iterator[Attachment]:
    for each in _json.objects(found):
        media_type = _json.text(each.get("contentType"))
        name = _json.text(each.get("filename")) or "evidence"
        content = content_of(each.get("data"), media_type)
        if content is not None:
            yield Attachment(name, media_type=media_type, content=content)


def _sniff(head: Head) -> bool:
    """By the keys that are Jira's, or its two dates."""
    if head.kind != "object" or not head.keys & {"tests", "info"}:
        return False
    if "testKey" in head.nested or "testExecutionKey" in head.keys:
        return True
    dated = head.nested >= {"startDate", "finishDate"}
    return head.keys <= {"info", "tests"} and (dated or bool(head.nested & OF_XRAY))


FORMAT = Format(
    name="xray",
    title="Xray JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("xray-json",),
    made_by="pytest-jira-xray and whatever else imports test executions into Xray for Jira",
    how="pytest --jira-xray --cloud --xraypath xray.json",
    file="xray.json",
    notes=(
        "A test is a test, named by its key in Jira and its summary; each iteration or example is "
        "a test of its own, with its parameters.",
        "PASS and PASSED are passed, FAIL and FAILED failed, ABORTED broken, TODO, BLOCKED and "
        "SKIPPED skipped; a project's own statuses are unknown.",
        "Steps are steps; evidence is an attachment; the comment is the reason of what did not "
        "pass; defects and custom fields are metadata.",
        "Environments are the report's tags, the revision is its build.",
    ),
)
