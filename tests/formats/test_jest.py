"""Jest's JSON, and Vitest's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import detect, jest
from assay.model import Attempt, Container, Error, Item, Notice, Result, Run, Status

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
NOON_MS = 1763985600000
FILE = "/home/runner/work/shop/shop/src/cart.test.js"
COUNTS = {"numTotalTestSuites": 1, "numTotalTests": 1}


def parse(document: Any) -> list[Item]:
    return list(jest.parse([json.dumps(document).encode()]))


def run(*files: Any, **more: Any) -> list[Item]:
    return parse(COUNTS | {"startTime": NOON_MS, "testResults": list(files)} | more)


def results(*files: Any) -> list[Result]:
    return [item for item in run(*files) if isinstance(item, Result)]


def one(**case: Any) -> Result:
    test = {"ancestorTitles": [], "title": "pays", "status": "passed"} | case
    [result] = results({"name": FILE, "assertionResults": [test]})
    return result


def test_a_test_stands_in_its_file_and_its_describe_blocks() -> None:
    assert one(ancestorTitles=["cart", "totals"], duration=1500, startAt=NOON_MS) == Result(
        ("src/cart.test.js", "cart", "totals"), "pays", Status.PASSED, 1.5, NOON
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("passed", Status.PASSED),
        ("failed", Status.FAILED),
        ("pending", Status.SKIPPED),
        ("skipped", Status.SKIPPED),
        ("disabled", Status.SKIPPED),
        ("todo", Status.SKIPPED),
        ("focused", Status.UNKNOWN),
    ],
)
def test_each_word_has_its_status(word: str, status: Status) -> None:
    assert one(status=word).status is status


def test_a_failure_is_cut_into_type_message_and_trace() -> None:
    told = "TypeError: no price\n    at pay (pay.ts:3:4)"
    assert one(status="failed", failureMessages=[told]).error == Error(
        "TypeError", "no price", told
    )


def test_further_failures_stand_below_the_first() -> None:
    error = one(status="failed", failureMessages=["Error: one", "Error: two"]).error
    assert error == Error("Error", "one", "Error: one\n\nError: two")


def test_a_test_that_passed_when_it_was_run_again_is_flaky() -> None:
    result = one(invocations=3, retryReasons=["Error: too early"])
    assert result.flaky
    assert result.attempts == (
        Attempt(Status.FAILED, error=Error("Error", "too early")),
        Attempt(Status.FAILED),
    )
    assert not one(invocations=2, status="failed").flaky
    assert not one(invocations=1).attempts


def test_what_else_is_said_of_a_test_is_kept() -> None:
    result = one(location={"line": 7, "column": 1}, meta={"owner": "pay"}, tags=["smoke"])
    assert result.metadata == {"owner": "pay", "line": "7"}
    assert result.tags == ("smoke",)


def test_a_file_is_a_container_with_its_message_and_its_time() -> None:
    container, run_ = run(
        {
            "name": FILE,
            "assertionResults": [],
            "message": "\u001b[31m● pays\u001b[39m\n",
            "startTime": NOON_MS + 500,
            "endTime": NOON_MS + 2000,
            "status": "passed",
        }
    )
    assert container == Container(
        ("src/cart.test.js",), classification="File", description="● pays", duration=1.5
    )
    assert run_ == Run(date=NOON, duration=2.0)


def test_a_file_that_broke_before_its_first_test_is_broken() -> None:
    [result] = results(
        {
            "name": FILE,
            "assertionResults": [],
            "message": "  ● Test suite failed to run\n\n    ReferenceError: x is not defined\n\n"
            "      at pay (src/pay.js:3:4)\n",
            "status": "failed",
        }
    )
    assert (result.path, result.name) == (("src/cart.test.js",), "Test suite failed to run")
    assert result.status is Status.BROKEN
    assert result.error
    assert (result.error.type, result.error.message) == ("ReferenceError", "x is not defined")


def test_the_shape_that_reporters_see_is_read_too() -> None:
    container, result, _ = run(
        {
            "testFilePath": FILE,
            "testResults": [{"title": "pays", "status": "passed"}],
            "perfStats": {"start": NOON_MS, "end": NOON_MS + 1000},
            "console": [{"message": "one", "type": "log"}, {"message": "two"}],
        }
    )
    assert isinstance(container, Container)
    assert (container.stdout, container.duration) == ("one\ntwo", 1.0)
    assert isinstance(result, Result)
    assert result.path == ("src/cart.test.js",)


def test_an_interrupted_run_says_so() -> None:
    assert Notice("The run was interrupted before its end") in run(wasInterrupted=True)


def test_a_file_that_is_none_is_left_out() -> None:
    assert results(7, {"name": FILE, "assertionResults": [{"title": "a"}, 7, None]}) == [
        Result(("src/cart.test.js",), "a", Status.UNKNOWN)
    ]


def test_what_is_no_run_of_jest_is_malformed() -> None:
    with pytest.raises(Malformed, match="testResults"):
        parse({"results": []})


def test_it_is_known_however_much_comes_before_its_files() -> None:
    document = {**COUNTS, "openHandles": ["x" * 70_000], "testResults": []}
    assert detect(json.dumps(document).encode()[:65_536]).name == "jest"


def test_coverage_is_passed_over() -> None:
    covered = {FILE: {"path": FILE, "statementMap": {}}}
    assert run({"name": FILE, "assertionResults": []}, coverageMap=covered) == run(
        {"name": FILE, "assertionResults": []}
    )


def test_smart_makes_a_container_of_each_folder() -> None:
    assert jest.FORMAT.smart
    assert jest.FORMAT.smart(("src/pay/card.test.js", "a/b")) == (
        "src",
        "pay",
        "card.test.js",
        "a/b",
    )
