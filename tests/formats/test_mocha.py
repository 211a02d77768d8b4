"""Mocha's own JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import mocha
from assay.model import Attempt, Error, Item, Notice, Result, Run, Status

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
STATS = {"suites": 1, "tests": 1, "start": "2025-11-24T12:00:00.000Z", "duration": 1500}
STACK = "AssertionError [ERR_ASSERTION]: no voucher\n    at spec/cart.js:7:3"
CHECK = {"name": "AssertionError", "message": "no voucher", "stack": STACK, "operator": "=="}


def case(title: str = "pays", full: str = "cart pays", **more: Any) -> dict[str, Any]:
    given = {"title": title, "fullTitle": full, "file": "/home/ada/shop/spec/cart.js"}
    return given | {"duration": 250, "currentRetry": 0, "err": {}} | more


def parse(**lists: Any) -> list[Item]:
    document = {"stats": STATS, "tests": [], **lists}
    return list(mocha.parse([json.dumps(document).encode()]))


def one(which: str = "failures", **more: Any) -> Result:
    [result] = [each for each in parse(**{which: [case(**more)]}) if isinstance(each, Result)]
    return result


def test_a_test_stands_in_its_blocks_which_are_one_text() -> None:
    test = case(full="cart totals pays")
    assert parse(tests=[test], passes=[test]) == [
        Run(date=NOON, duration=1.5),
        Result(
            ("cart totals",), "pays", Status.PASSED, 0.25, metadata={"file": "shop/spec/cart.js"}
        ),
    ]


def test_a_test_outside_of_any_block_stands_in_its_file() -> None:
    assert one("passes", full="pays").path == ("shop/spec/cart.js",)
    assert one("passes", full="another title").path == ("another title",)


@pytest.mark.parametrize(
    ("err", "status"),
    [
        (CHECK, Status.FAILED),
        ({"message": "expected 1 to be 2", "stack": "Error: expected 1 to be 2"}, Status.FAILED),
        ({"message": "null", "stack": "TypeError: null\n    at a.js:1:1"}, Status.BROKEN),
        ({"message": "Timeout", "code": "ERR_MOCHA_TIMEOUT"}, Status.BROKEN),
    ],
)
def test_what_no_assertion_threw_is_broken(err: Any, status: Status) -> None:
    assert one(err=err).status is status


def test_an_error_says_what_was_compared() -> None:
    result = one(err=CHECK | {"expected": "7", "actual": "8"})
    assert result.error == Error(
        "AssertionError", "no voucher", f"{STACK}\n\nexpected: 7\nactual: 8"
    )


@pytest.mark.parametrize(
    ("title", "name", "before"),
    [
        ('"before each" hook: log in for "pays"', '"before each" hook: log in', "pays"),
        ('"before all" hook for "pays"', '"before all" hook', "pays"),
        ('"after all" hook in "cart"', '"after all" hook', "cart"),
        ('"after each" hook', '"after each" hook', ""),
    ],
)
def test_a_hook_that_failed_is_broken_under_its_own_name(
    title: str, name: str, before: str
) -> None:
    result = one(title=title, full=f"cart {title}", err=CHECK)
    assert (result.path, result.name, result.status) == (("cart",), name, Status.BROKEN)
    assert (result.metadata or {}).get("for", "") == before


def test_retries_are_attempts() -> None:
    result = one("passes", currentRetry=2)
    assert (result.flaky, result.attempts) == (True, (Attempt(Status.FAILED),) * 2)
    assert not one(currentRetry=2, err=CHECK).flaky


def test_a_pending_test_is_skipped() -> None:
    assert one("pending", duration=None).status is Status.SKIPPED


def test_a_stream_is_read_event_by_event() -> None:
    failed = case(err="no voucher", stack=STACK)
    events = [["start", {"total": 2}], ["pass", case()], ["fail", failed], ["end", STATS]]
    items = list(mocha.parse([json.dumps(event).encode() + b"\n" for event in events]))
    facts = {"file": "shop/spec/cart.js"}
    error = Error("AssertionError", "no voucher", STACK)
    assert items == [
        Result(("cart",), "pays", Status.PASSED, 0.25, metadata=facts),
        Result(("cart",), "pays", Status.FAILED, 0.25, error=error, metadata=facts),
        Run(date=NOON, duration=1.5),
    ]


def test_what_is_no_test_is_left_out() -> None:
    assert Notice("A test was expected here", "passes[0]") in parse(passes=[7])


@pytest.mark.parametrize("document", [b'{"suites": []}', b'["begin", {}]'])
def test_what_is_no_report_is_malformed(document: bytes) -> None:
    with pytest.raises(Malformed, match="Mocha"):
        list(mocha.parse([document]))


@pytest.mark.parametrize("duration", ["nan", "-Infinity", {"ms": "nan"}])
def test_a_duration_that_is_no_number_is_none(duration: object) -> None:
    assert one(duration=duration).duration is None
