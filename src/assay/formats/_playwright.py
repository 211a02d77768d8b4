"""Tests as Playwright's reporters write them, and what they become.

The JSON reporter, the HTML report and blobs tell the same facts in slightly different shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from assay.formats import _json
from assay.formats._embedded import content_of
from assay.formats._shapes import Shape
from assay.formats._trace import error_of, split_type
from assay.formats._workspaces import within_project
from assay.model import Attachment, Attempt, Error, Result, Run, Status, Step

OUTCOMES = {
    "skipped": Status.SKIPPED,
    "expected": Status.PASSED,
    "flaky": Status.PASSED,
}
"""How Playwright sums a test's tries up; any other word leaves it to the last of them."""

BROKEN = frozenset({"timedOut", "interrupted"})

ASSERTION = re.compile(r"expect\(|expect\.|assert", re.IGNORECASE)
"""What an error says that a check found; any other came in the test's way."""

UNMET = "Expected to fail, but passed"
NOT_RUN = "Did not run"
INTERRUPTED = "Interrupted"
REASONS = frozenset({"skip", "fixme"})

MILLISECONDS = 1000
MAX_DEPTH = 50
"""Steps within each other."""

CODE = re.compile(r"\n\n(?=(?:[^\S\n]+at [^\n]+\n\n)?[> ] *\d+ \|)")
"""Where, in one text of all, the message ends and the code that is shown begins."""

FILE = re.compile(r"\.(?:[cm]?[jt]sx?|feature)$")


class Place(Shape, frozen=True):
    file: str | None = None
    line: int | None = None


class Fault(Shape, frozen=True):
    """An error. The message of one in a list has the code and the stack within it."""

    message: str | None = None
    stack: str | None = None
    value: str | None = None
    snippet: str | None = None
    location: Place | None = None


class File(Shape, frozen=True):
    """An attachment; `body` is Base64, but in HTML reports, `base64` is a blob's word for it."""

    name: str | None = None
    contentType: str | None = None  # noqa: N815
    path: str | None = None
    body: str | None = None
    base64: str | None = None


class Annotation(Shape, frozen=True):
    type: str | None = None
    description: str | None = None


class Printed(Shape, frozen=True):
    text: str | None = None
    buffer: str | None = None


class Action(Shape, frozen=True):
    """A step."""

    title: str | None = None
    duration: float | None = None
    error: Fault | str | None = None
    skipped: bool | None = None
    steps: list[Action] | None = None


class Try(Shape, frozen=True):
    """A run of a test."""

    status: str | None = None
    duration: float | None = None
    startTime: str | float | None = None  # noqa: N815
    error: Fault | None = None
    errors: list[Fault | str] | None = None
    stdout: list[Printed] | None = None
    stderr: list[Printed] | None = None
    attachments: list[File] | None = None
    steps: list[Action] | None = None
    annotations: list[Annotation] | None = None


class Test(Shape, frozen=True):
    """A test in a project; its `status` is called `outcome` in HTML reports."""

    expectedStatus: str | None = None  # noqa: N815
    projectName: str | None = None  # noqa: N815
    status: str | None = None
    outcome: str | None = None
    annotations: list[Annotation] | None = None
    results: list[Try] | None = None


def result(
    test: Test, path: tuple[str, ...], name: str, tags: Iterable[str], place: Place
) -> Result:
    """The test: its last try is its outcome, the others are its attempts."""
    tries = test.results or [Try()]
    last = tries[-1]
    outcome = test.status or test.outcome or ""
    status = OUTCOMES.get(outcome) or _status(last, test)
    return Result(
        path=path,
        name=name,
        status=status,
        duration=None if status is Status.SKIPPED else _seconds(last.duration),
        started=_json.moment(last.startTime) if last.startTime else None,
        error=_error(test, last, status),
        stdout=_printed(last.stdout),
        stderr=_printed(last.stderr),
        steps=tuple(map(_step, last.steps or ())),
        attachments=tuple(_files(tries)),
        attempts=tuple(_attempt(each, test) for each in tries[:-1]),
        flaky=outcome == "flaky",
        tags=tuple(dict.fromkeys(tag.removeprefix("@") for tag in tags)),
        metadata=_metadata(test, place),
    )


def _seconds(milliseconds: float | None) -> float | None:
    """Playwright writes -1 for what took no time."""
    return None if milliseconds is None or milliseconds < 0 else milliseconds / MILLISECONDS


def _status(found: Try, test: Test) -> Status:
    """How a try ended, of a test that may be expected to fail.

    An HTML report says of that only that the outcome was unexpected, all tries being so then.
    """
    if found.status in (None, "skipped"):
        return Status.SKIPPED
    if found.status == (test.expectedStatus or "passed"):
        return Status.FAILED if test.outcome == "unexpected" else Status.PASSED
    if found.status in BROKEN:
        return Status.BROKEN
    error = _told(found)
    return Status.FAILED if error is None else _kind(error)


def _kind(error: Error) -> Status:
    is_check = ASSERTION.search(error.type) or ASSERTION.search(error.message)
    return Status.FAILED if is_check else Status.BROKEN


def _error(test: Test, last: Try, status: Status) -> Error | None:
    if status is Status.PASSED:
        return None
    if status is Status.SKIPPED:
        reason = _reason(test, last)
        return Error(message=reason) if reason else None
    return _told(last) or Error(message=INTERRUPTED if last.status == "interrupted" else UNMET)


def _reason(test: Test, last: Try) -> str:
    """Why a test was skipped; one may also be expected to pass and never be begun."""
    reasons = [each.description for each in _annotations(test) if each.type in REASONS]
    if told := ", ".join(filter(None, reasons)):
        return told
    if last.status == "interrupted":
        return INTERRUPTED
    return NOT_RUN if test.expectedStatus == "passed" else ""


def _told(found: Try) -> Error | None:
    """The first error; the others stand below it in the trace."""
    errors = found.errors or []
    first = found.error or (errors[0] if errors else None)
    if first is None:
        return None
    error = fault(first)
    others = [other.trace or other.message for other in map(fault, errors[1:])]
    if not others:
        return error
    return Error(error.type, error.message, "\n\n".join(filter(None, [error.trace, *others])))


def fault(found: Fault | str) -> Error:
    """An error as the model has it; the code it points at stands below the stack."""
    told = found if isinstance(found, str) else found.message or found.value or ""
    if isinstance(found, str) or not found.stack:
        error = error_of(told)
        message = CODE.split(error.message, maxsplit=1)[0].strip()
        return Error(error.type, message, error.trace if message == error.message else told)
    kind, message = split_type(told)
    stack = "" if found.stack.strip() == told.strip() else found.stack
    return Error(kind, message, "\n\n".join(filter(None, [stack, found.snippet])))


def _attempt(found: Try, test: Test) -> Attempt:
    status = Status.UNKNOWN if found.status == "interrupted" else _status(found, test)
    return Attempt(
        status=status,
        duration=_seconds(found.duration),
        started=_json.moment(found.startTime) if found.startTime else None,
        error=None if status is Status.PASSED else _told(found),
        stdout=_printed(found.stdout),
        stderr=_printed(found.stderr),
    )


def _step(found: Action, depth: int = 1) -> Step:
    error = fault(found.error) if found.error else None
    inner = found.steps or () if depth < MAX_DEPTH else ()
    status = Status.SKIPPED if found.skipped else Status.PASSED
    return Step(
        found.title or "Step",
        _kind(error) if error else status,
        _seconds(found.duration),
        error,
        steps=tuple(_step(each, depth + 1) for each in inner),
    )


def _printed(found: list[Printed] | None) -> str:
    return "".join(map(_text, found or ()))


def _text(printed: Printed) -> str:
    if printed.text is not None:
        return printed.text
    return (content_of(printed.buffer, "") or b"").decode("utf-8", "replace")


def _files(tries: Iterable[Try]) -> Iterator[Attachment]:
    """Those of all tries: what a try that failed has shown is of interest even if the next passed.

    (Two tries of an HTML report may name one file, since it names files by what is in them.)
    """
    seen = set()
    for file in (file for each in tries for file in each.attachments or ()):
        kind = file.contentType or ""
        content = content_of(file.base64 or file.body, kind)
        path = "" if content else file.path or ""
        if (content or path) and (not path or path not in seen):
            seen.add(path)
            yield Attachment(file.name or path.rpartition("/")[2] or "file", path, kind, content)


def _annotations(test: Test) -> list[Annotation]:
    """The test's own and those that its last try has added to them."""
    last = test.results[-1].annotations or () if test.results else ()
    return list(dict.fromkeys([*(test.annotations or ()), *last]))


def _metadata(test: Test, place: Place) -> dict[str, str] | None:
    found: dict[str, list[str]] = {}
    for each in _annotations(test):
        if each.type and each.type not in REASONS:
            found.setdefault(each.type, []).append(each.description or "yes")
    told = {kind: ", ".join(texts) for kind, texts in found.items()}
    if test.expectedStatus == "failed":
        told["expected"] = "failed"
    if place.file:
        told["file"] = within_project(place.file)
    if place.line:
        told["line"] = str(place.line)
    return told or None


def run_of(metadata: Any) -> Run:
    """What a configuration's metadata say of the run: the commit, and the CI server's links.

    Since version 1.50 `gitCommit` and `ci` are objects; before, the same was in keys with a dot.
    """
    found = dict(_json.mapping(metadata))
    commit, server = (_json.mapping(found.pop(key, None)) for key in ("gitCommit", "ci"))
    for key in ("gitDiff", "actualWorkers", "totalTime"):
        found.pop(key, None)
    told = _json.flat({"subject": commit.get("subject") or found.pop("revision.subject", None)})
    told |= _json.flat({"author": _json.mapping(commit.get("author")).get("name")})
    told |= _json.flat({key: server.get(key) for key in ("prTitle", "prHref")})
    return Run(
        branch=_json.text(commit.get("branch") or server.get("branch")),
        commit=_json.text(
            commit.get("hash") or server.get("commitHash") or found.pop("revision.id", None)
        ),
        build=_json.text(server.get("buildHref") or found.pop("ci.link", None)),
        metadata=told | _json.flat(found) or None,
    )


def tree(path: tuple[str, ...]) -> tuple[str, ...]:
    """A container for each folder on the way to the file, which stands first or, where projects
    have names, second: what the option `smart` does."""
    for at, title in enumerate(path[:2]):
        if FILE.search(title):
            return (*path[:at], *filter(None, title.split("/")), *path[at + 1 :])
    return path
