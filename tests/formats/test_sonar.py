"""SonarQube's generic test execution, as reporters of several languages write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import detect
from assay.formats.sonar import parse
from assay.model import Attempt, Container, Error, Item, Notice, Result, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "sonar"


def items(within: str, path: str = "test/cart.js", more: str = "") -> list[Item]:
    text = f"<testExecutions version='1'><file path='{path}' {more}>{within}</file>"
    return list(parse([f"{text}</testExecutions>".encode()]))


def test_a_case_is_in_its_file_and_takes_milliseconds() -> None:
    assert items("<testCase name='adds' duration='250'/>") == [
        Result(("test/cart.js",), "adds", Status.PASSED, 0.25)
    ]


def test_a_file_is_named_as_in_the_project() -> None:
    (found,) = items("<testCase name='adds'/>", "/home/runner/work/shop/shop/test/cart.js")
    assert found == Result(("test/cart.js",), "adds", Status.PASSED)


@pytest.mark.parametrize(
    ("tag", "status"),
    [("failure", Status.FAILED), ("error", Status.BROKEN), ("skipped", Status.SKIPPED)],
)
def test_a_verdict_is_told_with_its_reason(tag: str, status: Status) -> None:
    (found,) = items(f"<testCase name='adds'><{tag} message='why'>and where</{tag}></testCase>")
    assert isinstance(found, Result)
    assert (found.status, found.error) == (status, Error("", "why", "and where"))


def test_a_message_that_says_nothing_is_taken_from_the_text() -> None:
    found = {
        item.name: item
        for item in parse([(SAMPLES / "jest-sonar.xml").read_bytes()])
        if isinstance(item, Result)
    }
    error = found["cart at the till takes cards"].error
    assert error
    assert (error.type, error.message) == ("TypeError", "No terminal is connected")
    assert found["cart is sent by drone"].error is None


def test_a_case_that_is_repeated_after_its_failure_has_attempts() -> None:
    (found,) = items(
        "<testCase name='adds' duration='1'><failure message='1 is not 2'/></testCase>"
        "<testCase name='adds' duration='2'/>"
    )
    attempt = Attempt(Status.FAILED, 0.001, error=Error(message="1 is not 2"))
    assert found == Result(
        ("test/cart.js",), "adds", Status.PASSED, 0.002, attempts=(attempt,), flaky=True
    )


def test_a_files_configuration_is_kept() -> None:
    found = items("", more="configuration='Nightly'")
    assert found == [Container(("test/cart.js",), "file", metadata={"configuration": "Nightly"})]


def test_the_root_of_old_is_read_too() -> None:
    assert detect((SAMPLES / "mocha-sonar.xml").read_bytes()).name == "sonar"


def test_a_report_cut_short_gives_what_was_whole() -> None:
    found = list(parse([b"<testExecutions><file path='a'><testCase name='b'/><testCa"]))
    assert [type(item) for item in found] == [Result, Notice]
    with pytest.raises(Malformed):
        list(parse([b"<testExecution/>"]))


def test_a_duration_of_thousands_of_digits_is_none() -> None:
    (found,) = items(f"<testCase name='adds' duration='{'9' * 5_000}:00:00'/>")
    assert found == Result(("test/cart.js",), "adds", Status.PASSED)
