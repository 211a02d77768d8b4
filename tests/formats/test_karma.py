"""Karma's JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import karma
from assay.model import Container, Error, Item, Result, Run, Status

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
NAME = "Chrome Headless 142.0.0.0 (Linux 0.0.0)"
BROWSER = {"name": NAME, "lastResult": {"startTime": 1763985600000, "totalTime": 1500}}
CHECK = "Expected 1 to be 2.\n    at <Jasmine>"


def spec(**more: Any) -> dict[str, Any]:
    return {"description": "pays", "suite": ["cart"], "success": True, "time": 250} | more


def parse(*specs: Any, **more: Any) -> list[Item]:
    document = {"browsers": {"7": BROWSER}, "result": {"7": specs}, **more}
    return list(karma.parse([json.dumps(document).encode()]))


def results(*specs: Any, **more: Any) -> list[Result]:
    return [each for each in parse(*specs, **more) if isinstance(each, Result)]


def test_a_test_stands_in_its_browser_without_the_version() -> None:
    browser = "Chrome Headless (Linux)"
    assert parse(spec(suite=["cart", "totals"])) == [
        Container((browser,), "Browser", duration=1.5, metadata={"browser": NAME}),
        Run(date=NOON, duration=1.5),
        Result((browser, "cart", "totals"), "pays", Status.PASSED, 0.25),
    ]


def test_two_versions_of_a_browser_keep_theirs() -> None:
    browsers = {str(number): {"name": f"Firefox {number}.0 (Linux)"} for number in (7, 8)}
    paths = [each.path for each in results(spec(suite=[]), browsers=browsers)]
    assert paths == [("Firefox 7.0 (Linux)",)]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"skipped": True}, Status.SKIPPED),
        ({"pending": True}, Status.SKIPPED),
        ({"success": False, "log": [CHECK]}, Status.FAILED),
        ({"success": False, "log": ["AssertionError: no\n    at a.js:1:1"]}, Status.FAILED),
        ({"success": False, "log": ["TypeError: no\n    at a.js:1:1"]}, Status.BROKEN),
        ({"success": False}, Status.FAILED),
    ],
)
def test_how_a_test_ended(said: Any, status: Status) -> None:
    [result] = results(spec(**said))
    assert result.status is status


def test_all_failed_checks_are_the_trace_of_the_first() -> None:
    [result] = results(spec(success=False, log=[CHECK, "at last: no"]))
    assert result.error == Error("", "Expected 1 to be 2.", f"{CHECK}\n\nat last: no")


@pytest.mark.parametrize(
    ("summary", "message"),
    [
        ({"error": True}, "Karma's own output tells which"),
        ({"disconnected": True}, "A browser was disconnected"),
    ],
)
def test_an_error_outside_of_the_tests_is_broken(summary: Any, message: str) -> None:
    outside = Result((), karma.OUTSIDE, Status.BROKEN, error=Error(message=message))
    assert results(spec(), summary=summary)[-1] == outside
    assert len(results(spec(success=False, log=[CHECK]), summary=summary)) == 1


def test_a_tidy_tree_has_the_parts_of_a_title_that_is_a_way() -> None:
    assert karma.FORMAT.smart is not None
    assert karma.FORMAT.smart(("Chrome", "app/cart.spec.ts", "adds and / or takes")) == (
        *("Chrome", "app", "cart.spec.ts"),
        "adds and / or takes",
    )


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="browsers"):
        list(karma.parse([b'{"tests": []}']))
