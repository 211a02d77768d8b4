"""Playwright's HTML report."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from assay.errors import Malformed, TooLarge
from assay.formats import detect, playwright, playwrighthtml
from assay.model import Attachment, Attempt, Container, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples"
NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
ABOUT = {"metadata": {"team": "checkout"}, "startTime": 1763985600000, "duration": 2500}


def tried(status: str = "passed", **more: Any) -> dict[str, Any]:
    return {"status": status, "duration": 500} | more


def case(*tries: Any, **more: Any) -> dict[str, Any]:
    given = {"title": "pays", "path": ["cart"], "tags": ["@smoke"], "outcome": "expected"}
    return {**given, "location": {"file": "cart.spec.ts", "line": 3}, "results": tries, **more}


def page(*tests: Any, **about: Any) -> bytes:
    zipped = BytesIO()
    with ZipFile(zipped, "w") as archive:
        archive.writestr("f1.json", json.dumps({"fileName": "cart.spec.ts", "tests": tests}))
        archive.writestr("report.json", json.dumps(ABOUT | about))
    data = b64encode(zipped.getvalue())
    return b"<html><script>data:application/zip;base64," + data + b'";</script></html>'


def parse(document: bytes) -> list[Item]:
    return list(playwrighthtml.parse([document]))


def one(*tries: Any, **more: Any) -> Result:
    [result] = [each for each in parse(page(case(*tries, **more))) if isinstance(each, Result)]
    return result


def test_the_zip_within_the_page_is_the_report() -> None:
    assert parse(page(case(tried(), projectName="mobile"))) == [
        Run(date=NOON, duration=2.5, metadata={"team": "checkout"}),
        Container(("mobile",), "Project"),
        Container(("mobile", "cart.spec.ts"), "File"),
        Result(
            ("mobile", "cart.spec.ts", "cart"),
            "pays",
            Status.PASSED,
            0.5,
            tags=("smoke",),
            metadata={"file": "cart.spec.ts", "line": "3"},
        ),
    ]


def test_it_gives_the_same_tests_as_the_json_of_that_run() -> None:
    def told(name: str) -> dict[tuple[tuple[str, ...], str], tuple[object, ...]]:
        document = (SAMPLES / name).read_bytes()
        items = detect(document).parse([document])
        return {
            (each.path, each.name): (each.status, each.flaky, each.tags, len(each.attempts))
            for each in items
            if isinstance(each, Result)
        }

    assert told("playwrighthtml/playwright.html") == told("playwright/playwright.json")
    assert told("playwrightblob/report.jsonl") == told("playwright/playwright.json")


def test_what_was_printed_is_output_and_a_text_is_an_attachment() -> None:
    files = [
        {"name": "stdout", "contentType": "text/plain", "body": "3 apples"},
        {"name": "cart", "contentType": "application/json", "body": "{}"},
        {"name": "trace", "contentType": "application/zip", "path": "data/7.zip"},
    ]
    result = one(tried(attachments=files))
    assert result.stdout == "3 apples"
    assert result.attachments == (
        Attachment("cart", "", "application/json", b"{}"),
        Attachment("trace", "data/7.zip", "application/zip"),
    )


def test_retries_are_attempts() -> None:
    errors = [{"message": "Error: expect(1).toBe(2)\n\n> 3 | expect\n\n    at cart.spec.ts:3:1"}]
    result = one(tried("failed", errors=errors), tried(), outcome="flaky")
    error = Error("Error", "expect(1).toBe(2)", errors[0]["message"])
    assert (result.flaky, result.attempts) == (True, (Attempt(Status.FAILED, 0.5, error=error),))


def test_an_expected_failure_passed_and_an_unexpected_pass_failed() -> None:
    assert one(tried("failed")).status is Status.PASSED
    result = one(tried("passed"), outcome="unexpected")
    assert (result.status, result.error) == (
        Status.FAILED,
        Error(message="Expected to fail, but passed"),
    )


def test_an_error_outside_of_the_tests_is_broken() -> None:
    error = Error("Error", "closed")
    outside = Result((), playwright.OUTSIDE, Status.BROKEN, error=error)
    assert outside in parse(page(errors=["Error: closed"]))


@pytest.mark.parametrize("document", [b"<html></html>", b"data:application/zip;base64,UEsDBA=="])
def test_a_page_without_a_report_is_malformed(document: bytes) -> None:
    with pytest.raises(Malformed):
        parse(document)


def test_a_damaged_file_costs_only_itself() -> None:
    zipped = BytesIO()
    with ZipFile(zipped, "w") as archive:
        archive.writestr("f1.json", '{"tests": [')
        archive.writestr("f2.json", json.dumps({"tests": [case(tried())]}))
    items = parse(b"data:application/zip;base64," + b64encode(zipped.getvalue()))
    assert any(isinstance(each, Notice) for each in items)
    assert any(isinstance(each, Result) for each in items)


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playwrighthtml, "READ_BYTES", 10)
    report = playwrighthtml._Report(left=20)
    with ZipFile(BytesIO(), "w") as archive:
        archive.writestr("f1.json", "[" + "1," * 50)
        with pytest.raises(TooLarge):
            list(playwrighthtml._member(archive, "f1.json", report))
