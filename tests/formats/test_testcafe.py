"""TestCafe's JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import testcafe
from assay.model import Attachment, Attempt, Container, Error, Item, Notice, Result, Run, Status

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
FAULT = (
    "AssertionError: expected 9 to equal 10\n\n+ expected - actual\n\n"
    "Browser: Chrome 156\nScreenshot: /srv/shots/errors/1.png\n\n"
    "   11 |  one\n > 12 |  two\n\n   at cart.js:12:25"
)
HOOK = "- Error in fixture.beforeEach hook -\nThe shop is closed\n\nBrowser: Chrome 156"


def parse(document: Any) -> list[Item]:
    return list(testcafe.parse([json.dumps(document).encode()]))


def run(*tests: Any, **more: Any) -> list[Item]:
    fixture = {"name": "Cart", "path": "./tests/cart.js", "tests": list(tests)}
    return parse({"userAgents": ["Chrome 156"], "fixtures": [fixture]} | more)


def one(**test: Any) -> Result:
    [result] = [each for each in run({"name": "pays", "errs": []} | test) if type(each) is Result]
    return result


def test_a_test_stands_in_its_fixture() -> None:
    assert run(
        {"name": "pays", "errs": [], "durationMs": 1500, "meta": {"issue": "SHOP-7"}},
        startTime="2025-11-24T12:00:00.000Z",
        endTime="2025-11-24T12:00:02.500Z",
    ) == [
        Container(("Cart",), "Fixture", metadata={"file": "tests/cart.js"}),
        Result(("Cart",), "pays", Status.PASSED, 1.5, metadata={"issue": "SHOP-7"}),
        Run(date=NOON, duration=2.5, metadata={"browsers": "Chrome 156"}),
    ]


def test_an_error_is_cut_from_its_browser_picture_and_code() -> None:
    result = one(errs=[FAULT])
    assert result.status is Status.FAILED
    assert result.error == Error(
        "AssertionError", "expected 9 to equal 10\n\n+ expected - actual", FAULT
    )
    assert result.attachments == (Attachment("1.png", "/srv/shots/errors/1.png"),)


def test_the_errors_of_other_browsers_stand_below_the_first() -> None:
    error = one(errs=["one\n\nBrowser: Chrome", "two\n\nBrowser: Firefox"]).error
    assert error == Error("", "one", "one\n\nBrowser: Chrome\n\ntwo\n\nBrowser: Firefox")


def test_what_a_hook_met_is_broken() -> None:
    result = one(errs=[HOOK])
    assert result.status is Status.BROKEN
    assert result.error == Error("fixture.beforeEach", "The shop is closed", HOOK)
    assert one(errs=[HOOK, FAULT]).status is Status.FAILED


def test_a_skipped_test_is_skipped() -> None:
    assert one(skipped=True).status is Status.SKIPPED


@pytest.mark.parametrize(
    ("said", "tries", "flaky"),
    [
        ({"unstable": False}, [], False),
        ({"unstable": True}, [Status.FAILED], True),
        ({"unstable": True, "errs": ["no"]}, [Status.PASSED], False),
        (
            {
                "unstable": True,
                "quarantine": {str(n): {"passed": n == 3} for n in (1, 2, 3)},
            },
            [Status.FAILED, Status.FAILED],
            True,
        ),
    ],
)
def test_quarantine_makes_attempts(said: Any, tries: list[Status], flaky: bool) -> None:
    result = one(**said)
    assert result.attempts == tuple(map(Attempt, tries))
    assert result.flaky == flaky


@pytest.mark.parametrize(
    ("path", "names"), [("shots/1.png", ["1.png"]), ("shots/test-2", []), (None, [])]
)
def test_a_screenshot_is_an_attachment_but_a_folder_of_them_is_none(
    path: str | None, names: list[str]
) -> None:
    assert [file.name for file in one(screenshotPath=path).attachments] == names


def test_warnings_are_passed_on() -> None:
    assert Notice("TestCafe warned: no folder") in run(warnings=["no folder"])


def test_what_is_no_fixture_is_left_out() -> None:
    assert Notice("A fixture was expected here", "fixtures[0]") in parse({"fixtures": [7]})


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="fixtures"):
        parse({"tests": []})
