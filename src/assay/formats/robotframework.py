"""Robot Framework's output.xml, versions 3 to 7, also merged by rebot.

A Robot test is a test; its keywords and control structures are steps within steps, with what they
logged as output. Robot does not tell an error from an assertion: FAIL is `failed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape

import msgspec

from assay.formats._embedded import content_of, extension_of
from assay.formats._html import plain
from assay.formats._time import moment, seconds
from assay.formats._xml import MAX_DEPTH, Element, Part, Scope, elements, too_deep
from assay.formats.format import Format, Head
from assay.model import (
    Attachment,
    Attempt,
    Container,
    Error,
    Item,
    Notice,
    Result,
    Run,
    Status,
    Step,
)

SCOPES = frozenset({"robot", "suite"})
TESTS = frozenset({"test"})

STATUSES = {
    "PASS": Status.PASSED,
    "FAIL": Status.FAILED,
    "SKIP": Status.SKIPPED,
    "NOT RUN": Status.SKIPPED,
    "NOT_RUN": Status.SKIPPED,
}

STEPS: dict[str, Callable[[Element], str]] = {
    "kw": lambda step: _keyword(step),
    "for": lambda step: f"FOR  {_texts(step, 'var')}  {step.get('flavor', 'IN')}  {_values(step)}",
    "iter": lambda step: ", ".join(f"{v.get('name')} = {v.text or ''}" for v in step.iter("var")),
    "while": lambda step: f"WHILE  {step.get('condition', '')}".rstrip(),
    "if": lambda _: "IF",
    "try": lambda _: "TRY",
    "branch": lambda step: f"{step.get('type', '')}  {step.get('condition', '')}".rstrip(),
    "group": lambda step: f"GROUP  {step.get('name', '')}".rstrip(),
    "variable": lambda step: f"VAR  {step.get('name', '')}  {_texts(step, 'var')}",
    "return": lambda step: f"RETURN  {_values(step)}".rstrip(),
    "break": lambda _: "BREAK",
    "continue": lambda _: "CONTINUE",
    "error": lambda step: f"ERROR  {_values(step)}".rstrip(),
}
"""What may hold steps, and what each is called."""

WRAPPERS = frozenset({"if", "try"})
"""Around branches and nothing else; left out."""

OF_THE_TEARDOWN = "(suite teardown)"
"""The name of the result that a suite's failed teardown makes. Robot itself fails all of the
suite's tests for it afterwards, which says of each what is true of none."""

HTML = "*HTML*"
LINK = re.compile(r"""<(?:a|img|video|source)\b[^<>]*?\s(?:href|src)=["']([^"'<>]+)["']""")
EMBEDDED = re.compile(r"data:(image/[a-z+.-]+);base64,")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+:|#|//", re.IGNORECASE)

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
            report.errors += [_line(message) for message in record.iter("msg")]
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
        suite.doc = _text(record)
    elif record.tag in ("meta", "metadata"):  # Robot 4 on, and before
        for item in (record, *record.iter("item")):
            if name := item.get("name"):
                suite.facts[name] = _text(item)
    elif record.tag == "status":
        suite.status = record
    elif record.tag == "kw" and record.get("type", "").upper() == "TEARDOWN":
        step = _step(record, 1)
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
    status = test.find("status")
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
        description=_text(test.find("doc")),
        steps=_within(test, 1),
        attempts=attempts,
        flaky=outcome is Status.PASSED and bool(attempts),
        tags=tuple(filter(None, (_text(tag) for tag in (*test.findall("tag"), *_old_tags(test))))),
        metadata={"source": place} if place else None,
    )


def _old_tags(test: Element) -> list[Element]:
    """Before Robot 4 they stand in an element of their own."""
    return test.findall("tags/tag")


def _outcome(status: Element | None) -> tuple[Status, Error | None, tuple[Attempt, ...]]:
    """How a test ended, why, and the earlier tries that a merged status tells of."""
    outcome = _status(status)
    message = _message(_text(status))
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
    if "elapsed" in status.attrib:
        return moment(status.get("start")), seconds(status.get("elapsed"))
    started, ended = _old_moment(status.get("starttime")), _old_moment(status.get("endtime"))
    if started is None or ended is None:
        return started, None
    return started, max(0.0, (ended - started).total_seconds())


def _old_moment(text: str | None) -> datetime | None:
    """`20200131 12:00:00.123`, twice a keyword: cut by hand, as parsing by pattern is slow."""
    if not text or len(text) != 21:
        return None  # `N/A`
    return moment(f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[9:]}")


# Steps


def _within(element: Element, depth: int) -> tuple[Step, ...]:
    if depth > MAX_DEPTH:
        raise too_deep()
    steps: list[Step] = []
    for child in element:
        if child.tag in WRAPPERS:
            steps += _within(child, depth + 1)
        elif child.tag in STEPS:
            steps.append(_step(child, depth + 1))
    return tuple(steps)


def _step(element: Element, depth: int) -> Step:
    messages = element.findall("msg")
    status = element.find("status")
    outcome = _status(status)
    message = _message(_text(status))
    return Step(
        name=STEPS[element.tag](element) or element.tag.upper(),
        status=outcome,
        duration=_times(status)[1],
        error=Error(message=message) if message and outcome is Status.FAILED else None,
        output="\n".join(map(_line, messages)),
        attachments=tuple(file for message in messages for file in _files(message)),
        steps=_within(element, depth),
    )


def _keyword(element: Element) -> str:
    """As it stands in the test: `${sum} =  Add  1  2`, with its part in the test before it."""
    kind = element.get("type", "kw").upper()
    name = "  ".join(filter(None, (element.get("name"), *_arguments(element))))
    assigned = ", ".join(_text(var) for var in (*element.findall("var"), *_old_vars(element)))
    if assigned:
        name = f"{assigned} =  {name}"
    return f"{kind.capitalize()}: {name}" if kind in ("SETUP", "TEARDOWN") else name


def _arguments(element: Element) -> list[str]:
    return [_text(arg) for arg in (*element.findall("arg"), *element.findall("arguments/arg"))]


def _old_vars(element: Element) -> list[Element]:
    return element.findall("assign/var")


def _texts(element: Element, tag: str) -> str:
    return "  ".join(map(_text, element.findall(tag)))


def _values(element: Element) -> str:
    return _texts(element, "value")


# Messages


def _line(message: Element) -> str:
    level = message.get("level", "INFO")
    text = plain(_text(message)) if message.get("html") in ("true", "yes") else _text(message)
    return text if level == "INFO" else f"{level}: {text}"


def _files(message: Element) -> Iterator[Attachment]:
    """Screenshots and the like that a message shows or links to."""
    if message.get("html") not in ("true", "yes"):
        return
    for path in dict.fromkeys(LINK.findall(_text(message))):
        if embedded := EMBEDDED.match(path):
            content = content_of(path, embedded[1])
            yield Attachment("image" + extension_of(embedded[1]), "", embedded[1], content)
        elif not ELSEWHERE.match(path):
            yield Attachment(name=re.split(r"[/\\]", path)[-1], path=unescape(path))


def _message(text: str) -> str:
    return plain(text.removeprefix(HTML)) if text.startswith(HTML) else text


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


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
