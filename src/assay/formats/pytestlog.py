"""pytest's report log, by the plug-in pytest-reportlog: a JSON object a line, one for each stage of
each test, as the run goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json, _pytest
from assay.formats._pytest import Stage
from assay.formats._shapes import Shape, read
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import Attempt, Error, Item, Notice, Result, Run, Status, Step

KIND = "$report_type"
SUBTESTS = frozenset({"SubTestReport", "SubtestReport"})  # of pytest-subtests, of pytest 9
MAX_OPEN = 100_000
"""Tests that have begun and not ended; then the first of them is told as it is."""

SECTION = re.compile(r"Captured (stdout|stderr|log)\b")


class Line(Shape, frozen=True):
    kind: str | None = msgspec.field(default=None, name=KIND)
    nodeid: str | None = None
    outcome: str | None = None
    when: str | None = None
    longrepr: Any = None
    location: Any = None
    keywords: Any = None
    user_properties: Any = None
    sections: Any = None
    duration: float | None = None
    start: float | None = None
    wasxfail: str | None = None
    subtest: Any = msgspec.field(default=None, name="_subtest.context")
    context: Any = None
    message: str | None = None
    category: str | None = None
    filename: str | None = None
    lineno: int | None = None
    pytest_version: str | None = None


@dataclass(slots=True)
class _Test:
    """A test that is being run."""

    stages: list[Stage] = field(default_factory=list)
    subtests: list[Step] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    started: datetime | None = None
    expected: str | None = None
    again: bool = False
    last: Line = field(default_factory=Line)


@dataclass(slots=True)
class _Log:
    tests: dict[str, _Test] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    version: str = ""
    started: datetime | None = None
    recognised: bool = False


_LINE = msgspec.json.Decoder(Line)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result a test when its last stage has been told, and last the Run.

    Raises Malformed where no object tells what it reports.
    """
    log = _Log()
    for value in _json.sequence(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        try:
            line = read(value.raw, _LINE, value.where)
        except Malformed as error:
            yield Notice(f"A line was left out. {error.message}", error.where)
            continue
        if line is not None and line.kind:
            log.recognised = True
            yield from _read(line, log)
    if not log.recognised:
        raise Malformed(f"pytest's report log has objects with “{KIND}”; there is none here")
    for nodeid in list(log.tests):
        yield _ended(nodeid, log)
    told = {"pytest": log.version} if log.version else None
    yield Run(date=log.started, metadata=told)
    if log.warnings:
        yield _pytest.warned(log.warnings)


def _read(line: Line, log: _Log) -> Iterator[Item]:
    if line.kind == "SessionStart":
        log.version = line.pytest_version or ""
    elif line.kind == "WarningMessage":
        place = f"{within_project(line.filename or '')}:{line.lineno or 0}"
        log.warnings.append(f"{place}: {line.category or 'Warning'}: {line.message or ''}")
    elif line.kind == "CollectReport":
        stage = Stage("", line.outcome or "", error=_error(line.longrepr))
        if result := _pytest.collection(line.nodeid or "", stage):
            yield result
    elif line.nodeid and line.kind in SUBTESTS:
        log.tests.setdefault(line.nodeid, _Test()).subtests.append(_subtest(line))
    elif line.nodeid and line.kind == "TestReport":
        yield from _stage(line, line.nodeid, log)


def _stage(line: Line, nodeid: str, log: _Log) -> Iterator[Item]:
    test = log.tests.setdefault(nodeid, _Test())
    _add(line, test)
    if log.started is None or (test.started and test.started < log.started):
        log.started = test.started
    if line.when == "teardown" and test.again:
        test.attempts.append(_pytest.attempt(test.stages))
        test.stages, test.subtests, test.again = [], [], False
    elif line.when not in ("setup", "call"):
        yield _ended(nodeid, log)
    elif len(log.tests) > MAX_OPEN:
        yield _ended(next(iter(log.tests)), log)


def _add(line: Line, test: _Test) -> None:
    when = line.when or ""
    error = _error(line.longrepr)
    if line.wasxfail is not None:
        test.expected = line.wasxfail.removeprefix("reason: ")
        if error:
            error = Error(error.type, test.expected or error.message, error.trace)
    subtests = tuple(test.subtests) if when == "call" else ()
    if subtests:
        test.subtests = []
    test.stages.append(Stage(when, line.outcome or "", line.duration, error, subtests))
    test.again = test.again or line.outcome == "rerun"
    if when == "setup":
        test.started = _json.moment(line.start, 1) if line.start else None
    test.last = line


def _subtest(line: Line) -> Step:
    told = _json.mapping(line.subtest if line.subtest is not None else line.context)
    kwargs = [f"{key}={value}" for key, value in _json.flat(told.get("kwargs")).items()]
    title = [_json.text(told.get("msg")), f"({', '.join(kwargs)})" if kwargs else ""]
    stage = Stage("call", line.outcome or "")
    return Step(
        " ".join(filter(None, title)) or "subtest",
        stage.status,
        line.duration,
        _error(line.longrepr),
    )


def _ended(nodeid: str, log: _Log) -> Result:
    test = log.tests.pop(nodeid)
    path, name = _pytest.placed(nodeid)
    stages = test.stages
    if test.subtests:  # the test itself was never told of
        stages = [*stages, Stage("call", "", subtests=tuple(test.subtests))]
    status = _pytest.outcome(stages)
    stdout, stderr = _printed(test.last.sections)
    return Result(
        path=path,
        name=name,
        status=status,
        duration=_pytest.duration(stages),
        started=test.started,
        error=_pytest.error(stages) if status is not Status.PASSED else None,
        stdout=stdout,
        stderr=stderr,
        steps=_pytest.steps(stages),
        attempts=tuple(test.attempts),
        flaky=status is Status.PASSED and bool(test.attempts),
        tags=_pytest.tags(list(_json.mapping(test.last.keywords)), nodeid),
        metadata=_metadata(test, path),
    )


def _metadata(test: _Test, path: tuple[str, ...]) -> dict[str, str] | None:
    found = {}
    properties = test.last.user_properties
    for each in properties if isinstance(properties, list) else ():
        if isinstance(each, list) and len(each) == 2:
            found[_json.text(each[0])] = _json.compact(each[1])
    if test.expected is not None:
        found["expected"] = "failed"
        found["reason"] = test.expected
    if path:
        found["file"] = path[0]
    place = test.last.location
    if isinstance(place, list) and len(place) > 1 and (line := _json.number(place[1])) is not None:
        found["line"] = str(int(line) + 1)
    return {key: text for key, text in found.items() if text} or None


def _printed(sections: object) -> tuple[str, str]:
    """Standard output, and the error output with what was logged. A stage's report has the sections
    of those before it, too."""
    found: dict[str, list[str]] = {}
    for each in sections if isinstance(sections, list) else ():
        if isinstance(each, list) and len(each) == 2:
            title = SECTION.match(_json.text(each[0]))
            found.setdefault(title[1] if title else "log", []).append(_json.text(each[1]))
    return "".join(found.get("stdout", ())), "".join(
        [*found.get("stderr", ()), *found.get("log", ())]
    )


def _error(found: object) -> Error | None:
    """Of a failure an object, a text from some plug-ins; of a skip its file, line and reason."""
    if isinstance(found, list):
        return _pytest.reason(_json.text(found[-1])) if found else None
    if not isinstance(found, dict):
        return _pytest.fault(_json.text(found)) if found else None
    crash = _json.mapping(found.get("reprcrash"))
    chain = found.get("chain")
    links = [each for each in chain if isinstance(each, list)] if isinstance(chain, list) else []
    texts = [_link(each) for each in links] or [_traceback(found.get("reprtraceback"))]
    entries = _json.objects(_json.mapping(found.get("reprtraceback")).get("reprentries"))
    place = _json.mapping(
        _json.mapping(entries[-1].get("data")).get("reprfileloc") if entries else 0
    )
    text = "\n\n".join(filter(None, texts)) or _json.text(found.get("longrepr"))
    return _pytest.fault(text, _json.text(crash.get("message")), _json.text(place.get("message")))


def _link(found: list[Any]) -> str:
    """One of several exceptions, and how the next came from it."""
    told = _json.text(found[2]) if len(found) > 2 else ""
    return "\n\n".join(filter(None, [_traceback(found[0] if found else None), told]))


def _traceback(found: object) -> str:
    """As pytest prints it."""
    entries = _json.objects(_json.mapping(found).get("reprentries"))
    return "\n\n".join(_entry(_json.mapping(each.get("data"))) for each in entries)


def _entry(data: dict[str, Any]) -> str:
    place = _json.mapping(data.get("reprfileloc"))
    told = _json.lines(data.get("lines"))
    if not place:
        return told
    named = ":".join(_json.text(place.get(key)) for key in ("path", "lineno"))
    return f"{told}\n\n{named}: {_json.text(place.get('message'))}".strip("\n")


def _sniff(head: Head) -> bool:
    return head.kind == "object" and KIND in head.keys


FORMAT = Format(
    name="pytestlog",
    title="pytest report log",
    sniff=_sniff,
    parse=parse,
    aliases=("pytest-reportlog", "pytest_reportlog", "pytest-log", "pytest_log", "reportlog"),
    made_by="pytest with the plug-in pytest-reportlog",
    how="pytest --report-log=pytest.jsonl",
    file="pytest.jsonl",
    notes=(
        "The stages of a test (`setup`, `call`, `teardown`) are one result, also where several "
        "workers write at once (pytest-xdist). Its file is a container, with one for each folder "
        "on its way (one for all of it with `smart=false`), and so is its class.",
        "A failed `call` failed; a failed `setup` or `teardown` is broken, and the stages are "
        "steps then. An expected failure (`xfail`) is skipped, one that passed has passed; both "
        "have `expected` and its reason among their facts.",
        "Each run of a test that was run again (pytest-rerunfailures) is an attempt, with its "
        "error; the test is flaky if it passed at last.",
        "Subtests are steps of their test, which fails if one of them does.",
        f"A file that could not be read for tests is a broken result, “{_pytest.COLLECTION}”; one "
        "that was skipped whole a skipped one.",
        "Marks are tags; `record_property` gives facts; warnings are a file of the report.",
        "A log of a run that was cut short is read as far as it goes.",
    ),
    smart=_pytest.tree,
)
