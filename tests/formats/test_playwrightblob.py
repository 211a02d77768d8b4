"""Playwright's blob reports."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import playwright, playwrightblob
from assay.model import Attachment, Attempt, Container, Error, Item, Result, Run, Status, Step

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
START = 1763985600000
CHECK = {"message": "Error: expect(1).toBe(2)", "stack": "Error: …\n    at a.ts:3:1"}
CHECKED = Error("Error", "expect(1).toBe(2)", CHECK["stack"])


def event(method: str, **params: Any) -> dict[str, Any]:
    return {"method": method, "params": params}


def project(*entries: Any, name: str = "") -> dict[str, Any]:
    suites = [{"title": "a.spec.ts", "entries": entries}]
    return event("onProject", project={"name": name, "suites": suites})


def node(**more: Any) -> dict[str, Any]:
    return {"testId": "t1", "title": "pays", "retries": 0, "tags": ["@smoke"]} | more


def begin(**more: Any) -> dict[str, Any]:
    return event("onTestBegin", testId="t1", result={"startTime": START} | more)


def step(method: str, **more: Any) -> dict[str, Any]:
    return event(method, testId="t1", step={"category": "test.step"} | more)


def end(status: str = "passed", expected: str = "passed", **more: Any) -> dict[str, Any]:
    told = {"testId": "t1", "expectedStatus": expected}
    return event("onTestEnd", test=told, result={"status": status, "duration": 500} | more)


def parse(*events: Any) -> list[Item]:
    return list(playwrightblob.parse([json.dumps(each).encode() + b"\n" for each in events]))


def results(*events: Any) -> list[Result]:
    return [each for each in parse(*events) if isinstance(each, Result)]


def test_the_events_of_a_test_are_one_result() -> None:
    config = {"version": "1.56.0", "metadata": {"gitCommit": {"hash": "8cd9565"}}}
    suite = {"title": "cart", "entries": [node(location={"file": "a.spec.ts", "line": 3})]}
    assert parse(
        event("onBlobReportMetadata", version=2),
        event("onConfigure", config=config),
        project(suite, name="mobile"),
        begin(),
        event("onStdIO", testId="t1", type="stdout", data="3 apples"),
        event("onStdIO", testId="t1", type="stderr", data="b2g=", isBase64=True),
        end(),
        event("onEnd", result={"startTime": START, "duration": 2500}),
    ) == [
        Run(commit="8cd9565", metadata={"playwright": "1.56.0"}),
        Container(("mobile",), "Project"),
        Container(("mobile", "a.spec.ts"), "File"),
        Result(
            ("mobile", "a.spec.ts", "cart"),
            "pays",
            Status.PASSED,
            0.5,
            NOON,
            stdout="3 apples",
            stderr="oh",
            tags=("smoke",),
            metadata={"file": "a.spec.ts", "line": "3"},
        ),
        Run(date=NOON, duration=2.5),
    ]


def test_retries_are_attempts() -> None:
    tries = (begin(), end("failed", errors=[CHECK]), begin(), end())
    [result] = results(project(node(retries=2)), *tries)
    assert (result.status, result.flaky) == (Status.PASSED, True)
    assert result.attempts == (Attempt(Status.FAILED, 0.5, NOON, CHECKED),)


@pytest.mark.parametrize(
    ("status", "expected", "told"),
    [
        ("failed", "passed", Status.FAILED),
        ("timedOut", "passed", Status.BROKEN),
        ("failed", "failed", Status.PASSED),
        ("passed", "failed", Status.FAILED),
        ("interrupted", "passed", Status.SKIPPED),
        ("skipped", "skipped", Status.SKIPPED),
    ],
)
def test_an_outcome_is_playwright_s_own(status: str, expected: str, told: Status) -> None:
    errors = [CHECK] if status == "failed" else []
    [result] = results(project(node()), begin(), end(status, expected, errors=errors))
    assert result.status is told


def test_steps_lie_in_each_other_without_playwright_s_own() -> None:
    [result] = results(
        project(node()),
        begin(),
        step("onStepBegin", id="1", title="pay"),
        step("onStepBegin", id="2", title="expect", category="expect", parentStepId="1"),
        step("onStepBegin", id="3", title="sign", parentStepId="1"),
        step("onStepEnd", id="3", duration=5, error=CHECK),
        step("onStepBegin", id="4", title="send", parentStepId="1"),
        step("onStepEnd", id="4", duration=7),
        step("onStepEnd", id="1", duration=20),
        end(),
    )
    inner = (Step("sign", Status.FAILED, 0.005, CHECKED), Step("send", Status.PASSED, 0.007))
    assert result.steps == (Step("pay", Status.PASSED, 0.02, steps=inner),)


def test_attachments_are_embedded_or_beside() -> None:
    files = [
        {"name": "cart", "contentType": "text/plain", "base64": b64encode(b"3 apples").decode()},
        {"name": "trace", "contentType": "application/zip", "path": "resources/7.zip"},
    ]
    [result] = results(
        project(node()), begin(), event("onAttach", testId="t1", attachments=files), end()
    )
    assert result.attachments == (
        Attachment("cart", "", "text/plain", b"3 apples"),
        Attachment("trace", "resources/7.zip", "application/zip"),
    )


def test_a_repeated_test_gets_a_number_and_one_that_never_ran_is_skipped() -> None:
    found = results(project(node(), node(testId="t2", repeatEachIndex=1)), begin(), end())
    assert [(each.name, each.status, each.error) for each in found] == [
        ("pays", Status.PASSED, None),
        ("pays (2)", Status.SKIPPED, Error(message="Did not run")),
    ]


def test_an_error_outside_of_the_tests_is_broken() -> None:
    [result] = results(event("onError", error=CHECK))
    assert result == Result((), playwright.OUTSIDE, Status.BROKEN, error=CHECKED)


def test_what_is_no_blob_is_malformed() -> None:
    with pytest.raises(Malformed, match="events"):
        parse({"tests": []})
