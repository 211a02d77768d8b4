"""What the test frameworks of .NET have in common: how they print exceptions, and name tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.formats._xml import Element
from assay.model import Error

THROWN = re.compile(
    r"(?P<when>(?:OneTime)?(?:SetUp|TearDown) ?: )?"
    r"(?P<type>[A-Za-z_][\w.+]*(?:`\d+)?(?:\[[^\]\s]*\])?) : (?P<said>.*)",
    re.DOTALL,
)
"""`System.IO.IOException : No disk`, and NUnit's word for where it was thrown before it."""

DIRECTORY = re.compile(r"\A(?:[A-Za-z]:)?[\\/].*[\\/]")
"""Of an absolute path all but the file's name: another one on another machine."""

MOST_ARGUMENTS = 50
"""More of them are data, not what tells two tests apart."""

LONGEST_NAME = 10_000
"""Characters of a name in which arguments are looked for."""

OPENING, CLOSING, QUOTES = "([{<", ")]}>", "\"'"


def error_of(message: str, trace: str, kind: str = "") -> Error | None:
    """What a test failed of, None where nothing is said. `kind` is the exception's type if it is
    told by itself; it may stand before the message as well."""
    message, trace = message.strip(), trace.strip("\r\n")
    found = THROWN.fullmatch(message)
    if found and (kind == found["type"] or (not kind and _is_a_type(found["type"]))):
        kind, message = found["type"], (found["when"] or "") + found["said"].strip()
    if not (message or trace or kind):
        return None
    return Error(kind, message, trace)


def _is_a_type(word: str) -> bool:
    return "." in word or word.endswith(("Exception", "Error"))


def file_name(path: str) -> str:
    """An assembly's name without the folder it was built in."""
    return DIRECTORY.sub("", path.strip(), count=1) or path.strip()


def arguments_of(name: str) -> dict[str, str] | None:
    """The arguments in the name of a test, by their names or places: `Adds(1, "a,b")`,
    `Adds(x: 1)`; None where there are none."""
    opened = name.find("(")
    if opened <= 0 or not name.endswith(")") or len(name) > LONGEST_NAME:
        return None
    found = {}
    for place, argument in enumerate(_split(name[opened + 1 : -1])):
        if place == MOST_ARGUMENTS:
            return None
        label, colon, value = argument.partition(": ")
        named = colon and label.isidentifier()
        found[label if named else str(place)] = value if named else argument
    return found or None


def _split(text: str) -> Iterator[str]:
    """The pieces between commas that stand in no brackets and no quotes."""
    depth, quote, start, escaped = 0, "", 0, False
    for place, mark in enumerate(text):
        if quote:
            escaped, quote = mark == "\\" and not escaped, quote if mark != quote or escaped else ""
        elif mark in QUOTES:
            quote = mark
        elif mark in OPENING:
            depth += 1
        elif mark in CLOSING:
            depth -= 1
        elif mark == "," and depth <= 0:
            yield text[start:place].strip()
            start = place + 1
    if last := text[start:].strip():
        yield last


def text_of(element: Element | None) -> str:
    """All text of an element, without empty lines around it."""
    if element is None:
        return ""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return "" if text.isspace() else text.strip("\r\n")
