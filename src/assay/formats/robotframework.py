"""Robot Framework's output.xml, versions 3 to 7, also merged by rebot.

A Robot test is a test; its keywords and control structures are steps within steps, with what they
logged as output. Robot does not tell an error from an assertion: FAIL is `failed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from assay.formats._robot_step import (
    STATUSES,
    duration_of,
    logged,
    message_of,
    read_step,
    text_of,
    within,
)
from assay.formats._time import moment
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import (
    Attempt,
    Container,
    Error,
    Item,
    Notice,
    Result,
    Run,
    Status,
)

SCOPES = frozenset({"robot", "suite"})
TESTS = frozenset({"test"})

OF_THE_TEARDOWN = "(suite teardown)"
"""The name of the result that a suite's failed teardown makes. Robot itself fails all of the
suite's tests for it afterwards, which says of each what is true of none."""

MERGED = "re-executed and results merged"
OLD = re.compile(r"(?ms)^Old status: (\w+)$(?:\s*^Old message:(.*?)(?=^Old status:|\Z))?")
NEW = re.compile(r"(?ms)^New message:(.*?)(?=^Old status:|\Z)")


@dataclass(slots=True)
class _Suite:
    """What is known of a suite before its end."""

    titles: tuple[str, ...]
    source: str
    facts: dict[str, str] = field(default_factory=dict)
    doc: str = ""
    status: Element | None = None
    started: datetime | None = None


@dataclass(slots=True)
class _Report:
    run: Run = field(default_factory=Run)
    outermost: Container | None = None
    errors: list[str] = field(default_factory=list)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results with their steps, then suites and the run.

    A path is the names of the suites. What Robot could not import or parse is the error output of
    the outermost suite.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    if report.outermost:
        yield msgspec.structs.replace(report.outermost, stderr="\n".join(report.errors))
    yield report.run


def _part(part: Part, report: _Report) -> Iterator[Item]:
    if part.scope.tag == "robot":
        _read_robot(part, report)
        return
    suite: _Suite = part.scope.state or _open(part.scope)
    for record in part.records:
        if record.tag == "test":
            yield _test(suite, record)
        else:
            yield from _beside_tests(suite, record)
    if part.ended:
        yield from _close(part.scope, suite, report)


# The run and its suites


def _read_robot(part: Part, report: _Report) -> None:
    for record in part.records:
        if record.tag == "errors":
            report.errors.append(logged(record.iter("msg"))[0])
    if not part.ended:
        return
    given = part.scope.attributes
    date = report.run.date or moment(given.get("generated"))
    generator = given.get("generator", "")
    metadata = {"generator": generator} if generator else None
    report.run = msgspec.structs.replace(report.run, date=date, metadata=metadata)


def _open(scope: Scope) -> _Suite:
    outer: tuple[str, ...] = ()
    if scope.outer and scope.outer.tag == "suite":
        outer = (scope.outer.state or _open(scope.outer)).titles
    name = scope.attributes.get("name", "").strip()
    suite = _Suite((*outer, name) if name else outer, scope.attributes.get("source", ""))
    scope.state = suite
    return suite


def _beside_tests(suite: _Suite, record: Element) -> Iterator[Item]:
    if record.tag == "doc":
        suite.doc = text_of(record)
    elif record.tag in ("meta", "metadata"):  # Robot 4 on, and before
        for item in (record, *record.iter("item")):
            if name := item.get("name"):
                suite.facts[name] = text_of(item)
    elif record.tag == "status":
        suite.status = record
    elif record.tag == "kw" and record.get("type", "").upper() == "TEARDOWN":
        step = read_step(record, 1)
        if step.status is Status.FAILED:
            error = step.error or Error(message="The suite's teardown failed")
            yield Result(suite.titles, OF_THE_TEARDOWN, Status.BROKEN, error=error, steps=(step,))


def _close(scope: Scope, suite: _Suite, report: _Report) -> Iterator[Item]:
    started, duration = _times(suite.status)
    facts = suite.facts | ({"source": suite.source} if suite.source else {})
    container = Container(
        suite.titles, "suite", suite.doc, duration=duration, metadata=facts or None
    )
    if scope.outer and scope.outer.tag == "suite":
        yield container
        return
    report.outermost = container
    report.run = Run(started, duration)


# Tests


def _test(suite: _Suite, test: Element) -> Result:
    status, steps, _, rest = within(test, 1)
    started, duration = _times(status)
    outcome, error, attempts = _outcome(status)
    place = suite.source and ":".join(filter(None, (suite.source, test.get("line"))))
    return Result(
        path=suite.titles,
        name=test.get("name") or "(unnamed)",
        status=outcome,
        duration=duration,
        started=started,
        error=error,
        description=next((text_of(each) for each in rest if each.tag == "doc"), ""),
        steps=tuple(steps),
        attempts=attempts,
        flaky=outcome is Status.PASSED and bool(attempts),
        tags=tuple(filter(None, _tags(rest))),
        metadata={"source": place} if place else None,
    )


def _tags(beside: list[Element]) -> Iterator[str]:
    """Before Robot 4 they stand in an element of their own."""
    for each in beside:
        if each.tag == "tag":
            yield text_of(each)
        elif each.tag == "tags":
            yield from map(text_of, each.findall("tag"))


def _outcome(status: Element | None) -> tuple[Status, Error | None, tuple[Attempt, ...]]:
    """How a test ended, why, and the earlier tries that a merged status tells of."""
    outcome = _status(status)
    message = message_of(text_of(status))
    if MERGED not in message:
        return outcome, Error(message=message) if message else None, ()
    now = NEW.search(message)
    error = Error(message=now[1].strip()) if now else None
    return outcome, error, tuple(_attempts(message))


def _attempts(message: str) -> Iterator[Attempt]:
    """Newest first is how they stand there."""
    for old in reversed(list(OLD.finditer(message))):
        error = Error(message=(old[2] or "").strip())
        yield Attempt(STATUSES.get(old[1], Status.UNKNOWN), error=error if error.message else None)


def _status(status: Element | None) -> Status:
    word = status.get("status", "") if status is not None else ""
    return STATUSES.get(word, Status.UNKNOWN)


def _times(status: Element | None) -> tuple[datetime | None, float | None]:
    """When something began, and how long it took: Robot 7's attributes, or those before."""
    if status is None:
        return None, None
    started = moment(status.get("start")) or _old_moment(status.get("starttime"))
    return started, duration_of(status.attrib)


def _old_moment(text: str | None) -> datetime | None:
    """`20200131 12:00:00.123`: cut by hand, as parsing by pattern is slow."""
    if not text or len(text) != 21:
        return None  # `N/A`
    return moment(f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[9:]}")


def sniff(head: Head) -> bool:
    """`<robot>`, or a suite of Robot's on its own (as its tools can write): `<suite id="s1">`."""
    if head.root == "robot":
        return "generator" in dict(head.attributes) or "suite" in head.children
    identity = dict(head.attributes).get("id", "")
    return head.root == "suite" and re.fullmatch(r"s\d+(-s\d+)*", identity) is not None


FORMAT = Format(
    name="robotframework",
    title="Robot Framework",
    sniff=sniff,
    parse=parse,
    aliases=("robot", "robotframework-xml", "robotframework_xml", "robot-xml", "robot_framework"),
    made_by="Robot Framework",
    how="robot --output output.xml tests/",
    file="output.xml",
    notes=(
        "A suite is a container with its documentation and metadata, a test is a test, "
        "keywords and control structures are its steps within steps. (Calliope.pro counts "
        "keywords as results.)",
        "`PASS` is passed, `FAIL` failed, `SKIP` and `NOT RUN` skipped. Robot Framework does "
        "not tell an error from an assertion.",
        "What a keyword logged is its output. Files that a message shows or links to are "
        "attachments, found by name among those that are sent along: send the whole results "
        "folder.",
        "A failed suite teardown is a result of its own, and broken.",
        "Of reports merged by `rebot --merge`, the earlier tries are attempts.",
        "The report's date is when the outermost suite began; `generator` is kept as metadata.",
    ),
)
