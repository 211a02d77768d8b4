"""CTRF."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import ctrf, detect
from assay.model import (
    Attachment,
    Attempt,
    Error,
    Item,
    Notice,
    Passes,
    Result,
    Run,
    Status,
    Step,
    expand,
)

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
NOON_MS = 1763985600000


def parse(document: Any) -> list[Item]:
    return list(ctrf.parse([json.dumps(document).encode()]))


def one(**test: Any) -> Result:
    [result] = parse({"results": {"tests": [{"name": "pays", "status": "passed"} | test]}})
    assert isinstance(result, Result)
    return result


def test_tests_that_merely_passed_are_told_of_together() -> None:
    tests = [
        {"name": f"cart pays {n}", "status": "passed", "suite": "cart", "filePath": "cart.ts"}
        | {"duration": 10, "tags": [], "retries": 0, "message": "", "rawStatus": "passed"}
        | {"start": NOON_MS, "extra": {"annotations": []}}
        for n in range(6)
    ]
    tests[4] |= {"status": "failed", "message": "no"}
    document = {"results": {"tests": tests}}
    first, passes, *others = ctrf.packed([json.dumps(document).encode()])
    facts = {"filePath": "cart.ts"}
    names = ["pays 1", "pays 2", "pays 3"]
    assert passes == Passes(("cart",), names, [0.01] * 3, facts, [NOON] * 3)
    assert parse(document) == [first, *expand([passes]), *others]


def test_neighbours_that_are_alike_and_did_not_merely_pass_are_a_result_each() -> None:
    failed = {"name": "pays", "status": "failed", "message": "no"}
    nameless = {"status": "passed"}
    found = parse({"results": {"tests": [failed, failed, failed, nameless, nameless]}})
    first, second, third, *left_out = found
    assert first == second == third == one(**failed)
    assert [each.where for each in left_out if isinstance(each, Notice)] == [
        "results.tests[3]",
        "results.tests[4]",
    ]


def test_a_test_is_a_result_with_all_that_is_said_of_it() -> None:
    result = one(
        status="failed",
        duration=1500,
        start=NOON_MS,
        suite=["Shop", "Checkout"],
        message="TypeError: no price",
        trace="TypeError: no price\n    at pay (pay.ts:3:4)",
        stdout=["one", "two"],
        stderr="three",
        tags=["smoke", 7, None],
        filePath="shop/checkout.spec.ts",
        line=3,
        browser="chromium",
        parameters={"card": "visa", "amount": 12},
        labels={"team": "pay"},
        extra={"retries": [1], "empty": ""},
        steps=[{"name": "open", "status": "passed"}, {"name": "pay", "status": "failed"}],
    )
    assert result == Result(
        ("Shop", "Checkout"),
        "pays",
        Status.FAILED,
        duration=1.5,
        started=NOON,
        error=Error("TypeError", "no price", "TypeError: no price\n    at pay (pay.ts:3:4)"),
        stdout="one\ntwo",
        stderr="three",
        tags=("smoke", "7"),
        parameters={"card": "visa", "amount": "12"},
        metadata={
            "filePath": "shop/checkout.spec.ts",
            "line": "3",
            "browser": "chromium",
            "team": "pay",
            "retries": "[1]",
        },
        steps=(Step("open", Status.PASSED), Step("pay", Status.FAILED)),
    )


@pytest.mark.parametrize(
    ("word", "raw", "status"),
    [
        ("passed", "", Status.PASSED),
        ("Failed", "", Status.FAILED),
        ("failed", "error", Status.BROKEN),
        ("skipped", "", Status.SKIPPED),
        ("pending", "", Status.SKIPPED),
        ("other", "", Status.UNKNOWN),
        ("strange", "", Status.UNKNOWN),
        (None, None, Status.UNKNOWN),
    ],
)
def test_the_status_is_one_of_five_words(word: object, raw: object, status: Status) -> None:
    assert one(status=word, rawStatus=raw).status is status


@pytest.mark.parametrize(
    ("suite", "path"),
    [
        (["Shop", "", "Basket"], ("Shop", "Basket")),
        ("shop.spec.ts > Shop > Basket", ("shop.spec.ts", "Shop", "Basket")),
        ("Shop", ("Shop",)),
        (None, ("shop.spec.ts",)),
        ({"a": 1}, ("shop.spec.ts",)),
    ],
)
def test_the_suites_are_the_path_or_else_the_file(suite: object, path: tuple[str, ...]) -> None:
    assert one(suite=suite, filePath="shop.spec.ts").path == path


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Shop Basket pays", "pays"),
        ("shop.py::Shop::Basket::pays", "pays"),
        ("Basket.pays", "pays"),
        ("Shopping is fun", "Shopping is fun"),
        ("Basket", "Basket"),
    ],
)
def test_a_name_that_repeats_the_suites_is_shortened(name: str, own: str) -> None:
    assert one(name=name, suite=["shop.py", "Shop", "Basket"]).name == own


def test_the_earlier_tries_are_attempts() -> None:
    tries = [
        {"attempt": 1, "status": "failed", "duration": 900, "start": NOON_MS, "message": "no"},
        {"attempt": 2, "status": "passed", "duration": 1000},
    ]
    first = Attempt(Status.FAILED, 0.9, NOON, Error("", "no"))
    for test in (
        one(retries=1, retryAttempts=tries, duration=1000),
        one(retryAttempts=tries, duration=1000),
        one(retries=1, retryAttempts=tries[:1]),
    ):
        assert test.attempts == (first,)
        assert test.flaky


def test_a_test_is_flaky_when_it_passed_at_a_second_try_or_is_said_to_be() -> None:
    assert one(flaky=True).flaky
    assert one(retries=2).flaky
    assert not one(retries=0).flaky
    assert not one(status="failed", flaky=True).flaky


def test_attachments_of_all_tries_and_the_screenshot_are_kept() -> None:
    video = {"name": "video", "contentType": "video/webm", "path": "out/video.webm"}
    trace = {"path": "C:\\out\\trace.zip"}
    result = one(
        attachments=[video, {"name": None}, 3],
        retryAttempts=[{"status": "failed", "attachments": [video, trace]}],
        screenshot="data:image/png;base64," + b64encode(b"png").decode(),
    )
    assert result.attachments == (
        Attachment("video", "out/video.webm", "video/webm"),
        Attachment("screenshot.png", media_type="image/png", content=b"png"),
        Attachment("trace.zip", "C:\\out\\trace.zip"),
    )


def test_seconds_are_told_from_milliseconds() -> None:
    assert one(start=NOON_MS // 1000).started == NOON


def test_the_run_is_described_by_summary_tool_and_environment() -> None:
    items = parse(
        {
            "reportFormat": "CTRF",
            "timestamp": "2025-11-24T12:00:05Z",
            "results": {
                "tool": {"name": "vitest", "version": "4.1"},
                "summary": {"tests": 0, "start": NOON_MS, "stop": NOON_MS + 2500},
                "tests": [],
                "environment": {
                    "branchName": "main",
                    "commit": "abc",
                    "buildNumber": 456,
                    "buildName": "Nightly",
                    "osPlatform": "linux",
                    "extra": {"region": "eu"},
                },
            },
        }
    )
    assert items == [
        Run(date=NOON.replace(second=5)),
        Run(metadata={"tool": "vitest 4.1"}),
        Run(date=NOON, duration=2.5),
        Run(
            branch="main",
            commit="abc",
            build="456",
            metadata={"buildName": "Nightly", "osPlatform": "linux", "extra": '{"region":"eu"}'},
        ),
    ]


def test_a_field_of_another_type_is_read_as_far_as_it_can_be() -> None:
    result = one(
        name=7,
        duration="1500",
        start="2025-11-24T12:00:00Z",
        message={"text": "no"},
        tags=["a", 1, None, ["b"]],
        retryAttempts=[3, {"status": "failed", "duration": []}, None],
        attachments={"name": "a"},
        line="12",
        flaky="true",
    )
    assert result == Result(
        (),
        "7",
        Status.PASSED,
        duration=1.5,
        started=NOON,
        tags=("a", "1"),
        attempts=(Attempt(Status.FAILED),),
        flaky=True,
        metadata={"line": "12"},
    )


def test_what_is_no_test_is_left_out_with_its_place() -> None:
    items = parse(
        {"results": {"tests": [{"name": "pays", "status": []}, 3, {"name": {}}], "tool": 1}}
    )
    assert [item.where for item in items if isinstance(item, Notice)] == [
        *("results.tests[1]", "results.tests[2]")
    ]


def test_a_truncated_report_keeps_the_tests_that_are_whole() -> None:
    items = list(
        ctrf.parse([b'{"results":{"tests":[{"name":"a","status":"passed"},{"name":"b","st'])
    )
    assert [type(item) for item in items] == [Result, Notice]


@pytest.mark.parametrize("document", [[], {}, {"testResults": []}, 3, "results"])
def test_a_document_without_results_is_malformed(document: object) -> None:
    with pytest.raises(Malformed, match="results"):
        parse(document)


def test_it_is_recognised_by_what_its_results_hold() -> None:
    assert detect(b'{"results":{"tool":{"name":"x"},"summary":{"tests":1},"tests":[') is ctrf.FORMAT
    assert detect(b'{"reportFormat":"CTRF","specVersion":"1.0.0","results":') is ctrf.FORMAT
