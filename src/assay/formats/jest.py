"""Jest's JSON, which Vitest's `json` reporter writes too.

The file is a container, the `describe` blocks are containers within it. Two shapes are about:
what `--json` prints, and the same as Jest's own reporters see it, which some of them write out.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._shapes import Shape, read
from assay.formats._trace import error_of
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import Attempt, Container, Error, Item, Notice, Result, Run, Status

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "pending": Status.SKIPPED,  # it.skip, or left out by a pattern
    "skipped": Status.SKIPPED,
    "disabled": Status.SKIPPED,
    "todo": Status.SKIPPED,  # it.todo: a test that is yet to be written
}

NOT_RUN = "Test suite failed to run"
"""Jest's words for a file that broke before its first test, and the name of the result it makes."""

MILLISECONDS = 1000
MOST_TRIES = 100

KEYS = frozenset({"numTotalTests", "numTotalTestSuites"})
STREAMED = ("testResults", "coverageMap.*")
"""The files one by one; and coverage entry by entry, only so that it never stands whole."""

Moment = float | str | None


class Place(Shape, frozen=True):
    line: int | None = None


class Case(Shape, frozen=True):
    """A test."""

    ancestorTitles: list[str] | None = None  # noqa: N815
    title: str | None = None
    fullName: str | None = None  # noqa: N815
    status: str | None = None
    duration: float | None = None
    startAt: float | None = None  # noqa: N815
    failureMessages: list[str] | None = None  # noqa: N815
    retryReasons: list[str] | None = None  # noqa: N815
    invocations: float | None = None
    location: Place | None = None
    meta: Any = None
    tags: list[str] | None = None


class Clock(Shape, frozen=True):
    start: Moment = None
    end: Moment = None


class File(Shape, frozen=True):
    """A file of tests, by the names of both shapes."""

    name: str | None = None
    testFilePath: str | None = None  # noqa: N815
    assertionResults: list[Case] | None = None  # noqa: N815
    testResults: list[Case] | None = None  # noqa: N815
    status: str | None = None
    message: str | None = None
    failureMessage: str | None = None  # noqa: N815
    testExecError: Any = None  # noqa: N815
    startTime: Moment = None  # noqa: N815
    endTime: Moment = None  # noqa: N815
    perfStats: Clock | None = None  # noqa: N815
    console: Any = None


_FILE = msgspec.json.Decoder(File)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each file's Container and Results, and last the Run.

    Durations are milliseconds in the document. Raises Malformed where it is no JSON object with
    `testResults`.
    """
    started: datetime | None = None
    ended: datetime | None = None
    recognised = False
    for value in _json.values(chunks, STREAMED):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key in KEYS or value.key.startswith("testResults")
        if value.key == "startTime":
            started = _json.moment(_json.decode(value.raw, value.where))
        elif value.key == "wasInterrupted" and value.raw == b"true":
            yield Notice("The run was interrupted before its end")
        elif value.key == "testResults[]":
            for item in _read(value):
                if isinstance(item, datetime):
                    ended = max(ended or item, item)
                else:
                    yield item
    if not recognised:
        raise Malformed('Jest\'s JSON is an object with "testResults"; this one has none')
    yield Run(date=started, duration=_seconds_between(started, ended))


def _read(value: _json.Value) -> Iterator[Item | datetime]:
    """What a file holds, and when it ended."""
    try:
        file = read(value.raw, _FILE, value.where)
    except Malformed as error:
        yield Notice(f"A file was left out. {error.message}", error.where)
        return
    if file is None:
        yield Notice("A file of tests was expected here", value.where)
        return
    yield from _file(file)
    if (ended := _clock(file)[1]) is not None:
        yield ended


def _file(file: File) -> Iterator[Item]:
    name = within_project(file.name or file.testFilePath or "") or "Jest"
    started, ended = _clock(file)
    told = (file.message or file.failureMessage or "").strip()
    yield Container(
        path=(name,),
        classification="File",
        description=told,
        duration=_seconds_between(started, ended),
        stdout=_printed(file.console),
    )
    cases = file.assertionResults or file.testResults or ()
    for case in cases:
        yield _result(case, name)
    if not cases and (file.status == "failed" or file.testExecError):
        yield Result((name,), NOT_RUN, Status.BROKEN, started=started, error=_not_run(told))


def _clock(file: File) -> tuple[datetime | None, datetime | None]:
    """When the file began and ended."""
    clock = file.perfStats or Clock(file.startTime, file.endTime)
    return _json.moment(clock.start), _json.moment(clock.end)


def _seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end and end >= start else None


def _printed(console: object) -> str:
    """What the file's tests printed, which reporters are given and `--json` leaves out."""
    return "\n".join(_json.text(entry.get("message")) for entry in _json.objects(console))


def _not_run(told: str) -> Error:
    _, _, rest = told.partition(NOT_RUN)
    return error_of(textwrap.dedent(rest.strip("\n")) or told or NOT_RUN)


def _result(case: Case, file: str) -> Result:
    status = STATUSES.get((case.status or "").lower(), Status.UNKNOWN)
    attempts = _attempts(case)
    above = [title for title in case.ancestorTitles or () if title]
    return Result(
        path=(file, *above),
        name=case.title or case.fullName or "Test",
        status=status,
        duration=None if case.duration is None else case.duration / MILLISECONDS,
        started=_json.moment(case.startAt) if case.startAt else None,
        error=_error(case.failureMessages) if case.failureMessages else None,
        attempts=attempts,
        flaky=status is Status.PASSED and bool(attempts),
        tags=tuple(case.tags) if case.tags else (),
        metadata=_metadata(case),
    )


def _attempts(case: Case) -> tuple[Attempt, ...]:
    """The tries before the last: Jest runs a test again only after it failed, but tells why only
    where it was told to log that."""
    reasons = case.retryReasons or []
    earlier = max(len(reasons), int(case.invocations or 1) - 1)
    if not earlier:
        return ()
    errors = [error_of(reason) for reason in reasons]
    unknown = [None] * min(earlier - len(errors), MOST_TRIES)
    return tuple(Attempt(Status.FAILED, error=error) for error in [*errors, *unknown])


def _error(messages: list[str]) -> Error:
    """The first of the failures; the others stand below it in the trace."""
    error = error_of(messages[0])
    if len(messages) == 1:
        return error
    return Error(error.type, error.message, "\n\n".join(messages))


def _metadata(case: Case) -> dict[str, str] | None:
    found = _json.flat(case.meta) if case.meta else {}
    if case.location and case.location.line is not None:
        found["line"] = str(case.location.line)
    return found or None


def _tree(path: tuple[str, ...]) -> tuple[str, ...]:
    """A container for each folder on the way to the file, where one had the whole way in its name:
    what the option `smart` does to Jest's files."""
    file, *titles = path
    return (*filter(None, file.split("/")), *titles)


def _sniff(head: Head) -> bool:
    return head.kind == "object" and head.keys >= KEYS


FORMAT = Format(
    name="jest",
    title="Jest JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("jest-json", "jest_json", "jestjson", "vitest", "vitest-json", "vitest_json"),
    made_by="Jest (--json), Vitest (--reporter=json), and reporters that keep Jest's results",
    how="npx jest --json --outputFile=jest.json",
    file="jest.json",
    notes=(
        "A test file is a container, with one for each folder on its way above it; with "
        "`smart=false` it is one container that has the whole way as its title.",
        "Of a file's absolute path only what lies within the project is kept, where CI services "
        "are known to check projects out; so a test keeps its history from agent to agent.",
        "A `describe` block is a container within, a test is a result; `each` makes one a row.",
        "A test that failed is failed, whatever it threw; `pending`, `skipped`, `disabled` and "
        "`todo` are skipped.",
        f"A file that broke before its first test is one broken result, “{NOT_RUN}”.",
        "A test that was run again keeps its earlier tries, and is flaky if it passed at last.",
        "What Jest prints of a file's failures is the container's description; snapshots' counts, "
        "open handles and coverage are left out.",
    ),
    smart=_tree,
)
