"""Dart's JSON reporter, and Flutter's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import dart
from assay.model import Attempt, Container, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "dart"
CART = "test/cart_test.dart"


def items(name: str) -> list[Item]:
    return list(dart.parse([(SAMPLES / name).read_bytes()]))


def results(name: str) -> dict[str, Result]:
    return {each.name: each for each in items(name) if isinstance(each, Result)}


def test_a_test_has_its_own_name_below_its_file_and_groups() -> None:
    found = results("dart.json")
    assert found["adds up its lines"] == Result(
        (CART, "Cart"),
        "adds up its lines",
        Status.PASSED,
        0.015,
        stdout="two books\nand a pen\n",
        metadata={"line": "10"},
    )
    assert found["is half as dear"].path == (CART, "Cart", "with a discount")
    assert found["stands alone"].path == (CART,)


def test_an_expectation_fails_a_test_and_any_other_error_breaks_it() -> None:
    found = results("dart.json")
    half, drawer = found["is half as dear"], found["loses its drawer"]
    assert half.error is not None
    assert drawer.error is not None
    assert (half.status, half.error.type, half.error.message) == (
        Status.FAILED,
        "TestFailure",
        "Expected: <5>\n  Actual: <10>\nthe discount is missing",
    )
    assert (drawer.status, drawer.error.type, drawer.error.message) == (
        Status.BROKEN,
        "Exception",
        "no drawer",
    )
    assert "Actual: <false>" in drawer.error.trace


def test_a_try_that_is_repeated_is_an_attempt() -> None:
    found = results("dart.json")["is counted at last"]
    error = Error("", "Bad state: the till was asleep", "test/cart_test.dart 22:5  main.<fn>.<fn>")
    assert found.flaky
    assert (found.stdout, found.error) == ("second\n", None)
    assert found.attempts == (Attempt(Status.BROKEN, error=error, stdout="first\n"),)


def test_a_skipped_test_has_its_reason() -> None:
    found = results("dart.json")
    assert found["is sent to the moon"].error == Error(message="no rocket today")
    assert (found["is empty"].status, found["is empty"].error) == (Status.SKIPPED, None)


def test_what_is_hidden_is_no_result_unless_it_fails() -> None:
    found = results("dart.json")
    assert "(setUpAll)" not in found
    broken = found["loading test/broken_test.dart"]
    assert (broken.path, broken.status) == (("test/broken_test.dart",), Status.BROKEN)
    assert Container((CART,), "Suite", stdout="the shop opens\n") in items("dart.json")
    assert items("dart.json")[-1] == Run(duration=0.13, metadata={"runner": "1.31.2"})


def test_flutter_s_error_is_what_it_printed_above() -> None:
    found = results("flutter.json")["the cart shows its discount"]
    assert found.error is not None
    assert (found.status, found.error.type) == (Status.BROKEN, "TestFailure")
    assert found.error.message.startswith("Expected: exactly one matching candidate\n")
    assert found.metadata == {"line": "20"}


def test_a_suite_on_another_platform_is_another() -> None:
    found = [each.path for each in items("flutter.json") if isinstance(each, Result)]
    assert found[-1] == ("test/shop_test.dart [chrome]",)


def test_a_report_that_breaks_off_says_so() -> None:
    begun: list[dict[str, Any]] = [
        {"protocolVersion": "0.1.1", "runnerVersion": "1", "type": "start", "time": 0},
        {"suite": {"id": 0, "path": "a.dart"}, "type": "suite", "time": 0},
        {"test": {"id": 1, "name": "b", "suiteID": 0}, "type": "testStart", "time": 5},
        {"test": {"id": 2, "suiteID": "0", "groupIDs": 7}, "type": "testStart", "time": "x"},
    ]
    found = list(dart.parse(["\n".join(map(json.dumps, begun)).encode()]))
    assert any(isinstance(each, Notice) for each in found)
    assert [each.status for each in found if isinstance(each, Result)] == [Status.UNKNOWN] * 2
    with pytest.raises(Malformed):
        list(dart.parse([b'{"type": "buy"}\n']))
