"""CTRF, the Common Test Report Format (ctrf.io): one JSON shape that many reporters write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._embedded import content_of
from assay.formats._shapes import Shape, read
from assay.formats._trace import split_type
from assay.formats.format import Format, Head
from assay.model import (
    Attachment,
    Attempt,
    Error,
    Item,
    Notice,
    PackedItem,
    Passes,
    Result,
    Run,
    Status,
    Step,
    expand,
)

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

SEPARATOR = " > "
"""Between the suites' names, where a reporter writes them as one text."""

JOINTS = (" ", "::", SEPARATOR, ".")
"""Between the suites' names and the test's, where a reporter repeats them in the test's name."""

NAN = float("nan")
MILLISECONDS = 1000
LEAST_MILLISECONDS = 1e11
"""1973 in milliseconds, the year 5138 in seconds."""

Lines = list[str] | str | None


class File(Shape, frozen=True):
    name: str | None = None
    path: str | None = None
    contentType: str | None = None  # noqa: N815


class Try(Shape, frozen=True):
    """What a test, an attempt and a step have in common."""

    name: str | None = None
    duration: float | None = None
    start: float | str | None = None
    status: str | None = None
    rawStatus: str | None = None  # noqa: N815
    message: str | None = None
    trace: Lines = None
    snippet: Lines = None
    stdout: Lines = None
    stderr: Lines = None
    attachments: list[File] | None = None
    screenshot: str | None = None


class Test(Try, frozen=True):
    suite: list[str] | str | None = None
    filePath: str | None = None  # noqa: N815
    line: int | None = None
    type: str | None = None
    browser: str | None = None
    device: str | None = None
    threadId: str | None = None  # noqa: N815
    ai: str | None = None
    tags: list[str] | None = None
    labels: Any = None
    extra: Any = None
    parameters: Any = None
    flaky: bool | None = None
    retries: float | None = None
    retryAttempts: list[Try] | None = None  # noqa: N815
    steps: list[Try] | None = None


METADATA = ("type", "filePath", "line", "browser", "device", "threadId", "ai")
"""What is kept of a test as it is, beside its labels and extras."""

OWN = ("name", "duration", "start")
"""What tests have of their own that are told of at once; these fields come first."""

PLAIN = ("status", "rawStatus", "suite", "labels", "extra", *METADATA)
"""What else may be known of a test that merely passed; labels and extras have nothing in them."""

_alike = itemgetter(slice(len(OWN), None))
_rest = attrgetter(*{*Test.__struct_fields__}.difference(OWN, PLAIN))

_TEST = msgspec.json.Decoder(Test)
_TESTS = msgspec.json.Decoder(list[Test])


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the run and the results; durations are milliseconds in the document.

    Raises Malformed where the document is no JSON object with `results`.
    """
    return expand(packed(chunks))


def packed(chunks: Iterable[bytes]) -> Iterator[PackedItem]:
    """Yield the same with `Passes` for tests of one suite and file that merely passed: an import
    takes a fifth of the time then."""
    recognised = False
    for value in _json.values(chunks, ("results.tests",), together={"results.tests[]": _TESTS}):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.startswith("results")
        try:
            if isinstance(value, _json.Several):
                yield from _tests(value)
            elif value.key == "results.tests[]":
                yield _test(read(value.raw, _TEST, value.where), value.where)
            elif value.key in ABOUT:
                yield ABOUT[value.key](_json.decode(value.raw, value.where))
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('A CTRF report is an object with "results"; this one has none')


def _dated(found: Any) -> Run:
    return Run(date=_json.moment(found))


def _summary(found: Any) -> Run:
    summary = _json.mapping(found)
    start, stop = _json.number(summary.get("start")), _json.number(summary.get("stop"))
    length = _json.number(summary.get("duration"))
    if length is None and start and stop and stop >= start:
        length = stop - start
    return Run(date=_moment(start), duration=_seconds(length))


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


ABOUT = {
    "timestamp": _dated,
    "results.summary": _summary,
    "results.tool": _tool,
    "results.environment": _environment,
}
"""What is said of the run, and how it is read."""


def _tests(several: _json.Several) -> Iterator[PackedItem]:
    """Neighbours that are alike but for what is their own are looked at once. They are compared as
    tuples, without Python's doing: this runs for every test."""
    at = 0
    for _, group in groupby(map(msgspec.structs.astuple, several.items), _alike):
        rows = list(group)
        first, end = several.items[at], at + len(rows)
        if _merely_passed(first) and all(row[0] for row in rows):
            yield _passes(first, rows)
        else:
            for number, test in enumerate(several.items[at:end], several.first + at):
                yield _test(test, f"{several.where}[{number}]")
        at = end


def _merely_passed(test: Test) -> bool:
    """Whether a test that passed has no more to say than where it is."""
    if test.status != "passed" or any(_rest(test)):
        return False
    return not (_json.flat(test.labels) or _json.flat(test.extra))


def _passes(first: Test, rows: list[tuple[Any, ...]]) -> Passes:
    path = _path(first)
    names = _own_names([row[0] for row in rows], path)
    durations = [NAN if row[1] is None else row[1] / MILLISECONDS for row in rows]
    started = [_moment(row[2]) for row in rows] if any(row[2] for row in rows) else None
    return Passes(path, names, durations, _metadata(first), started)


def _test(test: Test | None, where: str) -> Item:
    if test is None or not test.name:
        return Notice("A test with a name was expected here", where)
    status = _status(test)
    attempts = tuple(map(_attempt, _earlier(test, status))) if test.retryAttempts else ()
    path = _path(test)
    return Result(
        path=path,
        name=_own(test.name, path),
        status=status,
        duration=_seconds(test.duration),
        started=_moment(test.start),
        error=_error(test),
        stdout=_joined(test.stdout),
        stderr=_joined(test.stderr),
        steps=tuple(map(_step, test.steps)) if test.steps else (),
        attachments=_all_attachments(test),
        attempts=attempts,
        flaky=status is Status.PASSED and _is_flaky(test, attempts),
        tags=tuple(test.tags) if test.tags else (),
        parameters=_json.flat(test.parameters) or None,
        metadata=_metadata(test),
    )


def _status(found: Try) -> Status:
    status = STATUSES.get((found.status or "").lower(), Status.UNKNOWN)
    if status is Status.FAILED and (found.rawStatus or "").lower() in BROKEN:
        return Status.BROKEN
    return status


def _path(test: Test) -> tuple[str, ...]:
    """The suites, in early versions one text; a test without any lies in its file."""
    suite = test.suite or ()
    names = suite.split(SEPARATOR) if isinstance(suite, str) else suite
    path = tuple(name for name in names if name)
    return path or ((test.filePath,) if test.filePath else ())


def _own_names(names: list[str], path: tuple[str, ...]) -> list[str]:
    """The same for several; where none repeats a suite's name, that is seen at once."""
    text = "\n".join(names)
    return [_own(name, path) for name in names] if any(map(text.__contains__, path)) else names


def _own(name: str, path: tuple[str, ...]) -> str:
    """The test's name without its suites' (`cart totals adds up` in cart, totals: `adds up`)."""
    if not name.startswith(path):
        return name
    for start, first in enumerate(path):
        if not name.startswith(first):
            continue
        for joint in JOINTS:
            prefix = joint.join(path[start:]) + joint
            if name.startswith(prefix) and len(name) > len(prefix):
                return name[len(prefix) :]
    return name


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / MILLISECONDS


def _moment(found: float | str | None) -> datetime | None:
    """The specification wants milliseconds; Playwright's reporter writes seconds."""
    if isinstance(found, float) and found < LEAST_MILLISECONDS:
        return _json.moment(found, 1)
    return _json.moment(found, MILLISECONDS)


def _joined(lines: Lines) -> str:
    return "\n".join(lines) if isinstance(lines, list) else lines or ""


def _error(found: Try) -> Error | None:
    if not (found.message or found.trace or found.snippet):
        return None
    kind, message = split_type(found.message or "")
    trace, snippet = _joined(found.trace), _joined(found.snippet)
    if snippet and snippet not in trace:
        trace = f"{trace}\n\n{snippet}".strip()
    return Error(kind, message, trace) if kind or message or trace else None


def _earlier(test: Test, status: Status) -> list[Try]:
    """The tries but the last. Some reporters list that one too, which is the test itself."""
    tries = test.retryAttempts or []
    if test.retries is not None:
        has_last = len(tries) > test.retries
    else:
        has_last = _status(tries[-1]) is status and tries[-1].duration == test.duration
    return tries[:-1] if has_last else tries


def _attempt(attempt: Try) -> Attempt:
    return Attempt(
        status=_status(attempt),
        duration=_seconds(attempt.duration),
        started=_moment(attempt.start),
        error=_error(attempt),
        stdout=_joined(attempt.stdout),
        stderr=_joined(attempt.stderr),
    )


def _is_flaky(test: Test, attempts: tuple[Attempt, ...]) -> bool:
    """Said to be, or passed when it was tried again."""
    if test.flaky or any(tried.status is not Status.PASSED for tried in attempts):
        return True
    return not attempts and (test.retries or 0) > 0


def _step(step: Try) -> Step:
    return Step(step.name or "Step", _status(step), _seconds(step.duration), _error(step))


def _all_attachments(test: Test) -> tuple[Attachment, ...]:
    """The test's own, then those of its tries that it does not name itself."""
    if not (test.attachments or test.screenshot or test.retryAttempts):
        return ()
    own = tuple(_attachments(test))
    paths = {attachment.path for attachment in own if attachment.path}
    other = (found for tried in test.retryAttempts or () for found in _attachments(tried))
    return own + tuple(found for found in other if found.path not in paths)


def _attachments(found: Try) -> Iterator[Attachment]:
    for file in found.attachments or ():
        path = file.path or ""
        name = file.name or path.replace("\\", "/").rpartition("/")[2]
        if name:
            yield Attachment(name, path, file.contentType or "")
    screenshot = content_of(found.screenshot, "image/png")
    if screenshot:
        yield Attachment("screenshot.png", media_type="image/png", content=screenshot)


def _metadata(test: Test) -> dict[str, str] | None:
    own = {key: str(found) for key in METADATA if (found := getattr(test, key)) is not None}
    if test.labels or test.extra:
        own |= {**_json.flat(test.labels), **_json.flat(test.extra)}
    return own or None


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
    packed=packed,
    aliases=("ctrf-json", "ctrf_json"),
    made_by="The CTRF reporters of Playwright, Jest, Cypress, Vitest, Go, .NET and many others",
    how="npx playwright test --reporter=playwright-ctrf-json-reporter",
    file="ctrf-report.json",
    notes=(
        "An item of `results.tests` is a test; `suite` gives the containers above it, and its "
        "own name is told without repeating theirs.",
        "`passed`, `failed` and `skipped` are what they say, `pending` is skipped, `other` "
        "unknown. A failed test whose `rawStatus` says error is broken.",
        "`retryAttempts` are attempts; `flaky`, or a pass after one of them, makes a test flaky.",
        "`message` and `trace` are the error; `steps`, `attachments`, `stdout`, `stderr`, "
        "`parameters`, `tags` are what they say; `labels` and `extra` are metadata.",
        "`environment` gives branch, commit and build, and else metadata; `summary.start` is "
        "the date.",
    ),
)
