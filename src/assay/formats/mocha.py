"""Mocha's own JSON: its reporter `json`, and `json-stream`, which tells of each test as it ends.

Titles of `describe` blocks come as one text with the test's own behind them, so they are one
container; tests outside of any block stand in one named after their file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._shapes import Shape, read
from assay.formats._trace import error_of, split_type
from assay.formats._workspaces import within_project
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Attempt, Error, Item, Notice, Result, Run, Status

LISTS = {
    "passes": Status.PASSED,
    "failures": Status.FAILED,
    "pending": Status.SKIPPED,
    "pass": Status.PASSED,
    "fail": Status.FAILED,
}
"""The lists of `json`, the events of `json-stream`. (`tests` has them all once more.)"""

KEYS = frozenset({"stats", "tests", "pending", "failures", "passes"})

HOOK = re.compile(r'("(?:before|after) (?:all|each)" hook(?:: .+?)?)(?: for "(.*)"| in "(.*)")?')
"""A hook's title, and the test or block it happened to be run for."""

STREAM = re.compile(r'\[\s*"start"\s*,\s*\{')
TIMED_OUT = "ERR_MOCHA_TIMEOUT"
ASSERTION = re.compile(r"assert|expect", re.IGNORECASE)
MILLISECONDS = 1000
MOST_TRIES = 100


class Fault(Shape, frozen=True):
    name: str | None = None
    message: str | None = None
    stack: str | None = None
    code: str | None = None
    actual: str | None = None
    expected: str | None = None
    operator: str | None = None


class Test(Shape, frozen=True):
    """A test, or a hook that failed; `json-stream` has the error as texts."""

    title: str | None = None
    fullTitle: str | None = None  # noqa: N815
    file: str | None = None
    duration: float | None = None
    currentRetry: float | None = None  # noqa: N815
    speed: str | None = None
    err: Fault | str | None = None
    stack: str | None = None


_TEST = msgspec.json.Decoder(Test)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result a test and a hook that failed, and the Run.

    Durations are milliseconds in the document. Raises Malformed where it is neither an object with
    Mocha's lists nor a stream of its events.
    """
    head, whole = peek(chunks)
    return _stream(whole) if head.kind == "array" else _lists(whole)


def _lists(chunks: Iterable[bytes]) -> Iterator[Item]:
    recognised = False
    for value in _json.values(chunks, ("tests", "pending", "failures", "passes")):
        if isinstance(value, Notice):
            yield value
            continue
        word = value.key.removesuffix("[]")
        recognised = recognised or word in KEYS
        if word != value.key and word in LISTS:
            yield from _read(value, LISTS[word])
        elif value.key == "stats":
            yield _run(_json.decode(value.raw, value.where))
    if not recognised:
        raise Malformed('Mocha\'s JSON is an object with "tests"; this one has none')


def _stream(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Each event is an array of a word and an object."""
    word, recognised = "", False
    for value in _json.sequence(chunks):
        if isinstance(value, Notice):
            yield value
        elif value.raw[:1] == b'"':
            word = _json.text(_json.decode(value.raw, value.where))
            recognised = recognised or word == "start" or word in LISTS
        elif word in LISTS:
            yield from _read(value, LISTS[word])
        elif word == "end":
            yield _run(_json.decode(value.raw, value.where))
    if not recognised:
        raise Malformed('Mocha\'s stream begins with "start"; this one does not')


def _run(found: Any) -> Run:
    stats = _json.mapping(found)
    length = _json.number(stats.get("duration"))
    return Run(
        date=_json.moment(stats.get("start")),
        duration=None if length is None else length / MILLISECONDS,
    )


def _read(value: _json.Value, status: Status) -> Iterator[Item]:
    try:
        test = read(value.raw, _TEST, value.where)
    except Malformed as error:
        yield Notice(f"A test was left out. {error.message}", error.where)
        return
    if test is None:
        yield Notice("A test was expected here", value.where)
        return
    yield _result(test, status)


def _result(test: Test, status: Status) -> Result:
    title = test.title or test.fullTitle or "Test"
    hook = HOOK.fullmatch(title) if status is Status.FAILED else None
    error = _error(test) if status is Status.FAILED else None
    earlier = min(max(int(test.currentRetry or 0), 0), MOST_TRIES)
    file = within_project(test.file) if test.file else ""
    return Result(
        path=_path(test, title, file),
        name=hook[1] if hook else title,
        status=Status.BROKEN if hook or (error and _is_broken(test, error)) else status,
        duration=None if test.duration is None else test.duration / MILLISECONDS,
        error=error,
        attempts=(Attempt(Status.FAILED),) * earlier,
        flaky=status is Status.PASSED and earlier > 0,
        metadata=_metadata(file, hook),
    )


def _path(test: Test, title: str, file: str) -> tuple[str, ...]:
    above = (test.fullTitle or "").removesuffix(title).strip()
    return tuple(filter(None, [above if above != title else ""])) or tuple(filter(None, [file]))


def _metadata(file: str, hook: re.Match[str] | None) -> dict[str, str] | None:
    found = {"file": file, "for": (hook[2] or hook[3] or "") if hook else ""}
    return {key: text for key, text in found.items() if text} or None


def _is_broken(test: Test, error: Error) -> bool:
    """Unless it was an assertion: by its name, or by what it compared."""
    if isinstance(test.err, Fault):
        if test.err.code == TIMED_OUT:
            return True
        if test.err.operator or test.err.expected is not None:
            return False
    return not ASSERTION.search(error.type) and not error.message.lower().startswith("expect")


def _error(test: Test) -> Error | None:
    if not isinstance(test.err, Fault):
        stack = test.stack or ""
        told = error_of(stack or test.err or "")
        return Error(told.type, test.err or told.message, stack) if stack or test.err else None
    stack = test.err.stack or ""
    kind, _ = split_type(stack)
    message = (test.err.message or error_of(stack).message).strip()
    return Error(test.err.name or kind, message, _trace(test.err, stack, message))


def _trace(fault: Fault, stack: str, message: str) -> str:
    """The stack, and what was compared, where the message does not say so already."""
    compared = [
        f"{name}: {text}"
        for name, text in (("expected", fault.expected), ("actual", fault.actual))
        if text is not None and text not in message
    ]
    return "\n\n".join(filter(None, [stack, "\n".join(compared)]))


def _sniff(head: Head) -> bool:
    """By the lists' names, or their first test; Mochawesome has its figures, but no such lists."""
    if head.kind == "array":
        return STREAM.match(head.text) is not None
    if head.kind != "object" or not {"stats", "tests"} <= head.keys:
        return False
    return {"suites", "passes", "failures"} <= head.nested and not head.keys & {"results", "meta"}


FORMAT = Format(
    name="mocha",
    title="Mocha JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("mocha-json", "mocha_json", "mochajson", "mocha-json-stream", "mocha_json_stream"),
    made_by="Mocha (reporters `json` and `json-stream`), Cypress, and others with its reporters",
    how="npx mocha --reporter json --reporter-option output=mocha.json",
    file="mocha.json",
    notes=(
        "The `describe` blocks around a test are one container, for Mocha writes their titles as "
        "one; tests outside of any block stand in a container named after their file. (Mochawesome "
        "keeps the blocks apart.)",
        "A test in `passes` passed, one in `pending` is skipped. One in `failures` failed if an "
        "assertion did; it is broken if it took too long, or threw something else.",
        "A hook that failed is a broken result of its own, or what it broke would be lost.",
        "A test that was run again has as many failed attempts, and is flaky if it passed at last; "
        "what they met is not in the file.",
        "The stream leaves pending tests out.",
    ),
)
