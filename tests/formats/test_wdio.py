"""WebdriverIO's JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import wdio
from assay.model import Container, Error, Item, Result, Run, Status

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
START = "2025-11-24T12:00:00.000Z"
BROWSER = {"browserName": "chrome", "browserVersion": "142.0.7444.59", "platformName": "linux"}
CHECK = {"name": "Error", "message": "expect(1).toBe(2)", "stack": "Error: …\n    at a.js:3:1"}


def case(**more: Any) -> dict[str, Any]:
    return {"name": "pays", "start": START, "duration": 250, "state": "passed"} | more


def parse(*tests: Any, hooks: Any = (), **more: Any) -> list[Item]:
    suite = {"name": "cart", "duration": 500, "tests": tests, "hooks": hooks}
    document = {"capabilities": BROWSER, "framework": "mocha", "suites": [suite], **more}
    return list(wdio.parse([json.dumps(document).encode()]))


def one(*tests: Any, **more: Any) -> Result:
    [result] = [each for each in parse(*tests, **more) if isinstance(each, Result)]
    return result


def test_a_test_stands_in_its_browser_and_suite() -> None:
    about = {
        "start": START,
        "end": "2025-11-24T12:00:02.500Z",
        "specs": ["file:///home/runner/work/shop/shop/spec/cart.js"],
    }
    assert parse(case(), **about) == [
        Container(("chrome", "cart"), "Suite", duration=0.5),
        Result(("chrome", "cart"), "pays", Status.PASSED, 0.25, NOON),
        Run(
            date=NOON,
            duration=2.5,
            metadata={
                "browser": "chrome 142.0.7444.59",
                "platform": "linux",
                "framework": "mocha",
                "specs": "spec/cart.js",
            },
        ),
    ]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"state": "skipped"}, Status.SKIPPED),
        ({"state": "failed", "error": CHECK}, Status.FAILED),
        ({"state": "failed", "error": {"name": "AssertionError", "message": "no"}}, Status.FAILED),
        ({"state": "failed", "error": {"name": "TypeError", "message": "no"}}, Status.BROKEN),
        ({"state": "failed", "error": "TypeError: no"}, Status.BROKEN),
        ({"state": "odd"}, Status.UNKNOWN),
    ],
)
def test_how_a_test_ended(said: Any, status: Status) -> None:
    assert one(case(**said)).status is status


def test_an_error_is_kept() -> None:
    result = one(case(state="failed", error=CHECK))
    assert result.error == Error("Error", "expect(1).toBe(2)", CHECK["stack"])


def test_a_hook_that_failed_is_broken_and_others_are_left_out() -> None:
    hook = {"title": '"before all" hook', "duration": 250, "state": "failed", "error": CHECK}
    result = one(hooks=[hook, {"title": '"after all" hook', "state": "passed"}])
    assert (result.name, result.status) == ('"before all" hook', Status.BROKEN)


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="suites"):
        list(wdio.parse([b'{"tests": []}']))
