"""CTRF, the Common Test Report Format (ctrf.io): one JSON shape that many reporters write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._embedded import content_of
from assay.formats._trace import split_type
from assay.formats.format import Format, Head
from assay.model import Attachment, Attempt, Error, Item, Notice, Result, Run, Status, Step

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "skipped": Status.SKIPPED,
    "pending": Status.SKIPPED,  # not run: Mocha's and Jest's word for a test without a body
    "other": Status.UNKNOWN,
}
"""The five words of the specification."""

BROKEN = frozenset({"broken", "error", "errored"})
"""Words of the tool (`rawStatus`) by which a failed test is known to have met an error."""

METADATA = ("type", "filePath", "line", "browser", "device", "threadId", "ai")
"""What is kept of a test as it is, beside its labels and extras."""

SEPARATOR = " > "
"""Between the suites' names, where a reporter writes them as one text."""

MILLISECONDS = 1000
LEAST_MILLISECONDS = 1e11
"""1973 in milliseconds, the year 5138 in seconds."""

JOINTS = (" ", "::", SEPARATOR, ".")
"""Between the suites' names and the test's, where a reporter repeats them in the test's name."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the run and the results; durations are milliseconds in the document.

    Raises Malformed where the document is no JSON object with `results`.
    """
    recognised = False
    for value in _json.values(chunks, ("results.tests",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.startswith("results")
        try:
            yield from _item(value)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('A CTRF report is an object with "results"; this one has none')


def _item(value: _json.Value) -> Iterator[Item]:
    if value.key not in PARTS:
        return
    read = PARTS[value.key](_json.decode(value.raw, value.where))
    if read is None:
        yield Notice("An object with a name was expected here", value.where)
    else:
        yield read


def _run(document: Any) -> Run:
    return Run(date=_json.moment(document, MILLISECONDS))


def _summary(found: Any) -> Run:
    summary = _json.mapping(found)
    start, stop = _json.number(summary.get("start")), _json.number(summary.get("stop"))
    length = _json.number(summary.get("duration"))
    if length is None and start and stop and stop >= start:
        length = stop - start
    return Run(date=_json.moment(start, MILLISECONDS), duration=_seconds(length))


def _tool(found: Any) -> Run:
    tool = _json.mapping(found)
    name = f"{_json.text(tool.get('name'))} {_json.text(tool.get('version'))}".strip()
    return Run(metadata={"tool": name} if name else None)


def _environment(found: Any) -> Run:
    entries = _json.flat(found)
    return Run(
        branch=entries.pop("branchName", ""),
        commit=entries.pop("commit", ""),
        build=entries.pop("buildNumber", "") or entries.pop("buildName", ""),
        metadata=entries or None,
    )


def _test(found: Any) -> Result | None:
    test = _json.mapping(found)
    name = _json.text(test.get("name"))
    if not name:
        return None
    status = _status(test)
    attempts = _attempts(test, status)
    path = _path(test)
    return Result(
        path=path,
        name=_own(name, path),
        status=status,
        duration=_seconds(_json.number(test.get("duration"))),
        started=_started(test),
        error=_error(test),
        stdout=_json.lines(test.get("stdout")),
        stderr=_json.lines(test.get("stderr")),
        steps=tuple(map(_step, _json.objects(test.get("steps")))),
        attachments=_all_attachments(test),
        attempts=attempts,
        flaky=status is Status.PASSED and _is_flaky(test, attempts),
        tags=_tags(test.get("tags")),
        parameters=_json.flat(test.get("parameters")) or None,
        metadata=_metadata(test),
    )


PARTS = {
    "timestamp": _run,
    "results.summary": _summary,
    "results.tool": _tool,
    "results.environment": _environment,
    "results.tests[]": _test,
}
"""What is read of a document, and how."""


def _status(test: dict[str, Any]) -> Status:
    status = STATUSES.get(_json.text(test.get("status")).lower(), Status.UNKNOWN)
    if status is Status.FAILED and _json.text(test.get("rawStatus")).lower() in BROKEN:
        return Status.BROKEN
    return status


def _path(test: dict[str, Any]) -> tuple[str, ...]:
    """The suites, in early versions one text; a test without any lies in its file."""
    suite = test.get("suite")
    names = suite if isinstance(suite, list) else _json.text(suite).split(SEPARATOR)
    path = tuple(filter(None, (_json.text(name).strip() for name in names)))
    return path or tuple(filter(None, [_json.text(test.get("filePath"))]))


def _own(name: str, path: tuple[str, ...]) -> str:
    """The test's name without its suites' (`cart totals adds up` in cart, totals: `adds up`)."""
    for start in range(len(path)):
        for joint in JOINTS:
            prefix = joint.join(path[start:]) + joint
            if name.startswith(prefix) and len(name) > len(prefix):
                return name[len(prefix) :]
    return name


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / MILLISECONDS


def _started(test: dict[str, Any]) -> datetime | None:
    """The specification wants milliseconds; Playwright's reporter writes seconds."""
    count = _json.number(test.get("start"))
    in_seconds = count is not None and count < LEAST_MILLISECONDS
    return _json.moment(test.get("start"), 1 if in_seconds else MILLISECONDS)


def _error(test: dict[str, Any]) -> Error | None:
    kind, message = split_type(_json.text(test.get("message")))
    trace = _json.lines(test.get("trace"))
    snippet = _json.lines(test.get("snippet"))
    if snippet and snippet not in trace:
        trace = f"{trace}\n\n{snippet}".strip()
    return Error(kind, message, trace) if kind or message or trace else None


def _tries(test: dict[str, Any], status: Status) -> list[dict[str, Any]]:
    """The earlier tries. Some reporters list the last one too, which is the test itself."""
    tries = _json.objects(test.get("retryAttempts"))
    if not tries:
        return tries
    retries = _json.number(test.get("retries"))
    last = tries[-1]
    if retries is not None:
        has_last = len(tries) > retries
    else:
        has_last = _status(last) is status and last.get("duration") == test.get("duration")
    return tries[:-1] if has_last else tries


def _attempts(test: dict[str, Any], status: Status) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(
            status=_status(attempt),
            duration=_seconds(_json.number(attempt.get("duration"))),
            started=_started(attempt),
            error=_error(attempt),
            stdout=_json.lines(attempt.get("stdout")),
            stderr=_json.lines(attempt.get("stderr")),
        )
        for attempt in _tries(test, status)
    )


def _is_flaky(test: dict[str, Any], attempts: tuple[Attempt, ...]) -> bool:
    """Said to be, or passed when it was tried again."""
    if test.get("flaky") is True or any(tried.status is not Status.PASSED for tried in attempts):
        return True
    return not attempts and (_json.number(test.get("retries")) or 0) > 0


def _step(step: dict[str, Any]) -> Step:
    return Step(_json.text(step.get("name")) or "Step", _status(step), error=_error(step))


def _attachments(test: dict[str, Any]) -> Iterator[Attachment]:
    for attachment in _json.objects(test.get("attachments")):
        path = _json.text(attachment.get("path"))
        name = _json.text(attachment.get("name")) or path.replace("\\", "/").rpartition("/")[2]
        if name:
            yield Attachment(name, path, _json.text(attachment.get("contentType")))
    screenshot = content_of(test.get("screenshot"), "image/png")
    if screenshot:
        yield Attachment("screenshot.png", media_type="image/png", content=screenshot)


def _all_attachments(test: dict[str, Any]) -> tuple[Attachment, ...]:
    """The test's own, then those of its tries that it does not name itself."""
    own = tuple(_attachments(test))
    paths = {attachment.path for attachment in own if attachment.path}
    tries = _json.objects(test.get("retryAttempts"))
    other = (attachment for tried in tries for attachment in _attachments(tried))
    return own + tuple(attachment for attachment in other if attachment.path not in paths)


def _tags(tags: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_json.text, tags))) if isinstance(tags, list) else ()


def _metadata(test: dict[str, Any]) -> dict[str, str] | None:
    own = {key: found for key in METADATA if (found := _json.text(test.get(key)))}
    return {**own, **_json.flat(test.get("labels")), **_json.flat(test.get("extra"))} or None


def _sniff(head: Head) -> bool:
    if head.kind != "object":
        return False
    inside = len(head.nested & {"tool", "summary", "tests"})
    return ("results" in head.keys and inside >= 2) or {"reportFormat", "specVersion"} <= head.keys


FORMAT = Format(
    name="ctrf",
    title="CTRF JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("ctrf-json", "ctrf_json"),
    made_by="The CTRF reporters of Playwright, Jest, Cypress, Vitest, Go, .NET and many others",
    how="npx playwright test --reporter=playwright-ctrf-json-reporter",
    file="ctrf-report.json",
)
