"""WebdriverIO's JSON, by @wdio/json-reporter: a file a browser and spec file, or merged ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._shapes import Shape, read
from assay.formats._trace import split_type
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "skipped": Status.SKIPPED,
    "pending": Status.SKIPPED,
}

ASSERTION = re.compile(r"assert|expect", re.IGNORECASE)
"""What an error's name or message says that a check found; any other came in its way."""

KEYS = frozenset({"capabilities", "framework", "suites"})
MILLISECONDS = 1000


class Raised(Shape, frozen=True):
    name: str | None = None
    message: str | None = None
    stack: str | None = None


class Case(Shape, frozen=True):
    """A test, or a hook."""

    name: str | None = None
    title: str | None = None
    start: str | None = None
    duration: float | None = None
    state: str | None = None
    error: Raised | str | None = None


class Suite(Shape, frozen=True):
    name: str | None = None
    duration: float | None = None
    tests: list[Case] | None = None
    hooks: list[Case] | None = None


_SUITE = msgspec.json.Decoder(Suite)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each suite's Container and Results, and last the Run.

    Durations are milliseconds in the document. Raises Malformed where it is no JSON object with
    `suites`.
    """
    about: dict[str, Any] = {}
    recognised = False
    for value in _json.values(chunks, ("suites",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.removesuffix("[]") in KEYS
        try:
            if value.key == "suites[]":
                yield from _suite(value, _browser(about))
            else:
                about[value.key] = _json.decode(value.raw, value.where)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('WebdriverIO\'s JSON is an object with "suites"; this one has none')
    yield _run(about)


def _browser(about: dict[str, Any]) -> str:
    """Without its version: another one, after an update, runs the same tests."""
    found = _json.mapping(about.get("capabilities"))
    return _json.text(found.get("browserName") or found.get("platformName"))


def _run(about: dict[str, Any]) -> Run:
    started, ended = (_json.moment(about.get(key)) for key in ("start", "end"))
    length = (ended - started).total_seconds() if started and ended and ended >= started else None
    found = _json.mapping(about.get("capabilities"))
    specs = about.get("specs")
    files = [within_project(_json.text(each)) for each in specs] if isinstance(specs, list) else []
    told = {
        "browser": " ".join(
            filter(None, (_json.text(found.get(key)) for key in ("browserName", "browserVersion")))
        ),
        "platform": found.get("platformName"),
        "framework": about.get("framework"),
        "specs": ", ".join(files),
    }
    return Run(date=started, duration=length, metadata=_json.flat(told) or None)


def _suite(value: _json.Value, browser: str) -> Iterator[Item]:
    suite = read(value.raw, _SUITE, value.where)
    if suite is None:
        yield Notice("A suite was expected here", value.where)
        return
    path = tuple(filter(None, [browser, suite.name]))
    if suite.name:
        yield Container(path, "Suite", duration=_seconds(suite.duration))
    for hook in suite.hooks or ():
        if hook.error or STATUSES.get(hook.state or "") is Status.FAILED:
            yield _result(hook, path, Status.BROKEN)
    for case in suite.tests or ():
        yield _result(case, path, STATUSES.get(case.state or "", Status.UNKNOWN))


def _result(case: Case, path: tuple[str, ...], status: Status) -> Result:
    error = _error(case.error) if case.error else None
    if status is Status.FAILED and error and not _is_check(error):
        status = Status.BROKEN
    return Result(
        path=path,
        name=case.name or case.title or "Test",
        status=status,
        duration=None if status is Status.SKIPPED else _seconds(case.duration),
        started=_json.moment(case.start) if case.start else None,
        error=error,
    )


def _is_check(error: Error) -> bool:
    return bool(ASSERTION.search(error.type) or ASSERTION.search(error.message))


def _error(found: Raised | str) -> Error:
    if isinstance(found, str):
        return Error(*split_type(found))
    kind, message = split_type(found.message or "")
    return Error(kind or found.name or "", message, found.stack or "")


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / MILLISECONDS


def _sniff(head: Head) -> bool:
    return head.kind == "object" and {"capabilities", "framework"} <= head.keys


FORMAT = Format(
    name="wdio",
    title="WebdriverIO JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("wdio-json", "wdio_json", "webdriverio", "webdriverio-json"),
    made_by="WebdriverIO with @wdio/json-reporter",
    how="npx wdio run wdio.conf.js --reporters json",
    file="wdio-0-0-json-reporter.json",
    notes=(
        "The browser is a container, called without its version, so that a test keeps its history "
        "when the browser is updated; a suite is one within it. WebdriverIO does not write which "
        "suite lies in which.",
        "A test that failed failed if its error is of a check (`expect`, `assert`); any other "
        "error makes it broken. A hook that failed is a broken result of its own.",
        "Send the files of all workers together, or merged by WebdriverIO; they are one report.",
    ),
)
