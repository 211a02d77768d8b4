"""GoogleTest's JSON (`--gtest_output=json`); its XML is read as JUnit's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._failures import Failure, error_of
from assay.formats._googletest import OUTSIDE, status_of, worded
from assay.formats._time import moment, seconds
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status

SKIPPED = frozenset({"SKIPPED", "SUPPRESSED"})
"""What `result` says of GTEST_SKIP() and of tests called DISABLED_. Before version 1.10 there was
only the `status` NOTRUN."""

PARAMETERS = ("value_param", "type_param")

OF_A_TEST = frozenset(
    {"name", "status", "result", "timestamp", "time", "classname", "failures", "skipped"}
    | set(PARAMETERS)
)
OF_A_SUITE = frozenset(
    {"name", "tests", "failures", "disabled", "skipped", "errors", "timestamp", "time", "testsuite"}
)
OF_THE_RUN = OF_A_SUITE - {"name", "testsuite"}
"""Keys with a meaning of their own; any other is a property that somebody recorded, or `file`,
`line` and `random_seed`."""

PLACE = re.compile(r"unknown file|.+:\d+")

OUTSIDE_ANY = "NonTestSuiteFailure"
"""What GoogleTest calls the suite of failures outside any."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each suite's Container and Results, and last the Run.

    Raises Malformed where it is no JSON object with `testsuites`.
    """
    about: dict[str, Any] = {}
    recognised = False
    for value in _json.values(chunks, ("testsuites",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key in ("testsuites[]", "tests")
        try:
            found = _json.decode(value.raw, value.where)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
            continue
        if value.key == "testsuites[]":
            yield from _suite(_json.mapping(found))
        else:
            about[value.key] = found
    if not recognised:
        raise Malformed('GoogleTest\'s JSON is an object with "testsuites"; this one has none')
    yield _run(about)


def _run(about: dict[str, Any]) -> Run:
    return Run(
        date=moment(_json.text(about.get("timestamp"))),
        duration=seconds(_json.text(about.get("time"))),
        metadata=_others(about, OF_THE_RUN) or None,
    )


def _suite(suite: dict[str, Any]) -> Iterator[Item]:
    title = _text(suite.get("name")) or OUTSIDE_ANY
    path = (title,) if title != OUTSIDE_ANY else ()
    if path:
        yield Container(
            path,
            classification="test suite",
            duration=seconds(_json.text(suite.get("time"))),
            metadata=_others(suite, OF_A_SUITE) or None,
        )
    for test in _json.objects(suite.get("testsuite")):
        yield _test(test, path)


def _test(test: dict[str, Any], path: tuple[str, ...]) -> Result:
    failures = _failures(test.get("failures"), "failure")
    status, error = status_of(failures), error_of(failures)
    if status is Status.PASSED and _is_skipped(test):
        status, error = Status.SKIPPED, _reason(test)
    name = _text(test.get("name"))
    given = ((key, _text(test.get(key))) for key in PARAMETERS)
    return Result(
        path=path,
        name=name or OUTSIDE,
        status=status if name else Status.BROKEN,
        duration=seconds(_json.text(test.get("time"))),
        started=moment(_json.text(test.get("timestamp"))),
        error=error,
        parameters={key: value for key, value in given if value} or None,
        metadata=_others(test, OF_A_TEST) or None,
    )


def _is_skipped(test: dict[str, Any]) -> bool:
    return _json.text(test.get("result")) in SKIPPED or test.get("status") == "NOTRUN"


def _reason(test: dict[str, Any]) -> Error | None:
    """Why it was skipped, as newer versions than 1.15 tell."""
    said = [each for each in _failures(test.get("skipped"), "message") if each.message]
    return error_of(said)


def _failures(found: object, key: str) -> list[Failure]:
    return [_failure(_text(each.get(key))) for each in _json.objects(found)]


def _failure(text: str) -> Failure:
    place, _, message = text.partition("\n")
    if not PLACE.fullmatch(place):
        return Failure("", worded(text))
    return Failure(place, worded(message))


def _others(found: dict[str, Any], known: frozenset[str]) -> dict[str, str]:
    pairs = ((key, _text(value)) for key, value in found.items() if key not in known)
    return {key: value for key, value in pairs if value}


def _text(value: object) -> str:
    """A text; each byte of UTF-8 in it is written as a character of its own where `char` has a
    sign (`\\u00C3\\u00A9` for é)."""
    text = _json.text(value)
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _sniff(head: Head) -> bool:
    counts = {"tests", "failures", "disabled", "errors", "testsuites"}
    return head.kind == "object" and head.keys >= counts


FORMAT = Format(
    name="googletest",
    title="GoogleTest JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("googletest-json", "googletest_json", "gtest", "gtest-json", "gtest_json"),
    made_by="GoogleTest (1.8.1 and later)",
    how="./cart_test --gtest_output=json:googletest.json",
    file="googletest.json",
    notes=(
        "A test suite is a container, a test is a result; each instance of a parameterised or "
        "typed test is one of its own, with its value or type as parameter.",
        "A test with failures is failed, or broken if exceptions are all it has; the first is its "
        "message, all of them, with their places, its trace.",
        "Tests that call `GTEST_SKIP()` and those named `DISABLED_` are skipped, with the reason "
        "where it is written (in newer versions).",
        "What `RecordProperty` records is metadata, and so are file and line.",
        "A failure outside any test is a broken result of its own. One in `SetUpTestSuite` is "
        "not in the file.",
        "The XML that GoogleTest writes is read as JUnit XML.",
    ),
)
