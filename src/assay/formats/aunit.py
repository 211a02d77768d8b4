"""What AUnit's XML reporter writes: Ada's tests, those that passed first.

AUnit writes messages as they are, `expected <3> & got <4>`, which is no XML; such lines are mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assay.formats._text import lines
from assay.formats._time import seconds
from assay.formats._xml import Element, Part, elements
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status

ROOT = "TestRun"
SCOPES = frozenset({ROOT, "SuccessfulTests", "FailedTests"})

TELLING = re.compile(r"<TestRun\b[^<>]*>\s*<Statistics>")
"""How it begins; CppUnit's root is the same, and its statistics come last."""

FREE_TEXT = re.compile(r"(\s*<(Name|Message|Information)>)(.*)(</\2>\s*)")
BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")

STATUSES = {"Assertion": Status.FAILED, "Error": Status.BROKEN}

PLACE = re.compile(r"\s*(\S+\.ad[bs]:\d+)\b")
"""`cart_tests.adb:23`, at the beginning of what GNAT says of an exception."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the tests that passed, then those that did not, then the run.

    A path is the test case; a name is the routine's.
    """
    duration: float | None = None
    for part in elements(_mended(chunks), SCOPES, frozenset({"Test", "Statistics"})):
        if isinstance(part, Notice):
            yield part
        elif part.scope.tag == ROOT:
            duration = _seconds(part.scope.attributes.get("elapsed"))
        else:
            yield from _tests(part)
    yield Run(duration=duration)


def _mended(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same document in UTF-8 with its texts escaped."""
    for number, line in enumerate(lines(chunks)):
        if number == 0 and (declared := DECLARATION.match(line)):
            line = line[declared.end() :]
        if ("&" in line or "<" in line) and (found := FREE_TEXT.fullmatch(line)):
            said = BARE.sub("&amp;", found[3]).replace("<", "&lt;")
            line = f"{found[1]}{said}{found[4]}"
        yield f"{line}\n".encode("utf-8", "replace")


def _tests(part: Part) -> Iterator[Result]:
    passed = part.scope.tag == "SuccessfulTests"
    for record in part.records:
        if record.tag == "Test":
            yield _test(record, passed)


def _test(record: Element, passed: bool) -> Result:
    case, routine = _names(record)
    status = Status.PASSED if passed else STATUSES.get(_text(record, "FailureType"), Status.FAILED)
    source = _source(record)
    return Result(
        (case,) if case else (),
        routine,
        status,
        _seconds(record.get("elapsed")),
        error=None if passed else _error(record),
        metadata={"source": source} if source else None,
    )


def _names(record: Element) -> tuple[str, str]:
    """The test case and the routine: `Cart : adds`."""
    name = " ".join(_text(record, "Name").split())
    case, colon, routine = name.partition(" : ")
    return (case, routine) if colon and routine else ("", name or "(unnamed)")


def _error(record: Element) -> Error:
    thrown = record.find("Exception")
    if thrown is None:
        return Error("", _text(record, "Message"))
    said = _text(thrown, "Information")
    return Error(_text(thrown, "Message"), said, _text(thrown, "Traceback"))


def _source(record: Element) -> str:
    """File and line; of an exception they stand in what is said of it."""
    file, line = _text(record, "Location/File"), _text(record, "Location/Line")
    if file:
        return f"{file}:{line}" if line else file
    found = PLACE.match(_text(record, "Exception/Information"))
    return found[1] if found else ""


def _text(record: Element, path: str) -> str:
    return (record.findtext(path) or "").strip()


def _seconds(text: str | None) -> float | None:
    """`0.010230 sec.`, or the number alone in older versions."""
    return seconds((text or "").removesuffix("sec.").strip())


def _sniff(head: Head) -> bool:
    return head.root == ROOT and TELLING.search(head.text) is not None


FORMAT = Format(
    name="aunit",
    title="AUnit XML",
    sniff=_sniff,
    parse=parse,
    aliases=("aunit-xml", "aunit_xml"),
    made_by="AUnit for Ada (`AUnit.Reporter.XML`), gnattest",
    how="./run_shop > aunit.xml",
    file="aunit.xml",
    notes=(
        "Each routine is a result below its test case; a name that has no routine is a result "
        "by itself.",
        "An assertion failed; an exception is broken, with its name, message and traceback.",
        "File and line are metadata.",
        "AUnit does not escape what a message says; a line of `<` and `&` is read all the same.",
    ),
)
