"""A keyword or control structure of Robot Framework as a step, with the steps in it and what it
logged.

Keywords are most of a report, a hundred thousand of them in 25 MB: what is written here in one
piece is so for speed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from html import unescape

from assay.formats._embedded import content_of, extension_of
from assay.formats._html import plain
from assay.formats._time import seconds
from assay.formats._xml import MAX_DEPTH, Element, too_deep
from assay.model import Attachment, Error, Status, Step

STATUSES = {
    "PASS": Status.PASSED,
    "FAIL": Status.FAILED,
    "SKIP": Status.SKIPPED,
    "NOT RUN": Status.SKIPPED,
    "NOT_RUN": Status.SKIPPED,
}

STEPS: dict[str, Callable[[Element], str]] = {
    "kw": lambda step: _keyword(step, step),
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

HTML = "*HTML*"
YES = frozenset({"true", "yes"})
LINK = re.compile(r"""<(?:a|img|video|source)\b[^<>]*?\s(?:href|src)=["']([^"'<>]+)["']""")
EMBEDDED = re.compile(r"data:(image/[a-z+.-]+);base64,")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+:|#|//", re.IGNORECASE)

Children = tuple[Element | None, list[Step], list[Element], list[Element]]
"""What stands in a test or a step: its status, the steps in it, messages, and the rest."""


def within(element: Element, depth: int) -> Children:
    """The children, sorted in one pass: keywords are most of a report, and to ask each of them for
    its children tag by tag takes three times as long."""
    if depth > MAX_DEPTH:
        raise too_deep()
    status = None
    steps: list[Step] = []
    messages: list[Element] = []
    rest: list[Element] = []
    for child in element:
        tag = child.tag
        if tag == "msg":
            messages.append(child)
        elif tag == "status":
            status = child if status is None else status
        elif tag in WRAPPERS:
            steps += within(child, depth + 1)[1]
        elif tag in STEPS:
            steps.append(read_step(child, depth + 1))
        else:
            rest.append(child)
    return status, steps, messages, rest


def read_step(element: Element, depth: int) -> Step:
    """An element of `STEPS`. Raises `TooLarge` for a nesting beyond all measure."""
    status, steps, messages, rest = within(element, depth)
    outcome, duration, error = Status.UNKNOWN, None, None
    if status is not None:
        given = status.attrib
        outcome = STATUSES.get(given.get("status", ""), Status.UNKNOWN)
        duration = duration_of(given)
        if outcome is Status.FAILED and (message := message_of(text_of(status))):
            error = Error(message=message)
    tag = element.tag
    name = _keyword(element, rest) if tag == "kw" else STEPS[tag](element)
    output, files = logged(messages) if messages else ("", ())
    return Step(name or tag.upper(), outcome, duration, error, output, files, tuple(steps))


def _keyword(element: Element, parts: Iterable[Element]) -> str:
    """As it stands in the test: `${sum} =  Add  1  2`, with its part in the test before it."""
    words = [element.get("name", "")]
    assigned: list[str] = []
    for child in parts:
        tag = child.tag
        if tag == "arg":
            words.append(text_of(child))
        elif tag == "var":
            assigned.append(text_of(child))
        elif tag == "arguments":  # before Robot 4
            words += map(text_of, child.findall("arg"))
        elif tag == "assign":
            assigned += map(text_of, child.findall("var"))
    name = "  ".join(filter(None, words))
    if said := ", ".join(assigned):
        name = f"{said} =  {name}"
    kind = element.get("type", "").capitalize()
    return f"{kind}: {name}" if kind in ("Setup", "Teardown") else name


def _texts(element: Element, tag: str) -> str:
    return "  ".join(map(text_of, element.findall(tag)))


def _values(element: Element) -> str:
    return _texts(element, "value")


# What a step says


def duration_of(given: dict[str, str]) -> float | None:
    """Seconds, of a status' attributes. When a keyword began, nobody asks."""
    if "elapsed" in given:
        return seconds(given["elapsed"])
    try:
        started, ended = map(datetime.fromisoformat, (given["starttime"], given["endtime"]))
        return max(0.0, (ended - started).total_seconds())
    except (KeyError, ValueError, TypeError, OverflowError):  # `N/A`
        return None


def logged(messages: Iterable[Element]) -> tuple[str, tuple[Attachment, ...]]:
    """Messages as lines, and screenshots and the like that they show or link to."""
    lines: list[str] = []
    files: list[Attachment] = []
    for message in messages:
        text, level = text_of(message), message.get("level", "INFO")
        if message.get("html") in YES:
            files += _files(text)
            text = plain(text)
        lines.append(text if level == "INFO" else f"{level}: {text}")
    return "\n".join(lines), tuple(files)


def _files(html: str) -> Iterator[Attachment]:
    for path in dict.fromkeys(LINK.findall(html)):
        if embedded := EMBEDDED.match(path):
            content = content_of(path, embedded[1])
            yield Attachment("image" + extension_of(embedded[1]), "", embedded[1], content)
        elif not ELSEWHERE.match(path):
            yield Attachment(name=re.split(r"[/\\]", path)[-1], path=unescape(path))


def message_of(text: str) -> str:
    """What a status says, as plain text if it is HTML."""
    return plain(text.removeprefix(HTML)) if text.startswith(HTML) else text


def text_of(element: Element | None) -> str:
    """The text that stands in an element, nothing if there is none."""
    return (element.text or "").strip() if element is not None else ""
