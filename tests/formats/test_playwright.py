"""Playwright's JSON."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import playwright
from assay.model import Attachment, Attempt, Container, Error, Item, Result, Run, Status, Step

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
START = "2025-11-24T12:00:00.000Z"
CODE = "> 6 |   expect(1).toBe(2);\n    |             ^"
CHECK = {
    "message": "Error: \u001b[2mexpect(\u001b[22mreceived).toBe(expected)",
    "stack": "Error: expect(received).toBe(expected)\n    at tests/cart.spec.ts:6:3",
    "snippet": CODE,
}
CHECKED = Error(
    "Error",
    "expect(received).toBe(expected)",
    f"Error: expect(received).toBe(expected)\n    at tests/cart.spec.ts:6:3\n\n{CODE}",
)
THROWN = {"message": "TypeError: no shelf"}


def tried(status: str = "passed", **more: Any) -> dict[str, Any]:
    return {"status": status, "duration": 500, "startTime": START} | more


def spec(*tests: Any, title: str = "pays", **more: Any) -> dict[str, Any]:
    return {"title": title, "file": "shop/cart.spec.ts", "line": 3, "tests": tests} | more


def suite(title: str, specs: Any = (), suites: Any = ()) -> dict[str, Any]:
    return {"title": title, "specs": specs, "suites": suites}


def document(*suites: Any, **more: Any) -> bytes:
    return json.dumps({"config": {"version": "1.56.0"}, "suites": suites} | more).encode()


def parse(*suites: Any, **more: Any) -> list[Item]:
    return list(playwright.parse([document(*suites, **more)]))


def results(*specs: Any) -> list[Result]:
    items = parse(suite("shop/cart.spec.ts", specs))
    return [each for each in items if isinstance(each, Result)]


def one(status: str, *tries: Any, **more: Any) -> Result:
    test = {"status": status, "expectedStatus": "passed", "results": list(tries)} | more
    [result] = results(spec(test))
    return result


def test_a_test_stands_in_its_project_file_and_describe_blocks() -> None:
    test = {"status": "expected", "projectName": "mobile", "results": [tried()]}
    inner = suite("totals", [spec(test, tags=["smoke"])])
    assert parse(
        suite("shop/cart.spec.ts", (), [suite("cart", (), [inner])]),
        stats={"startTime": START, "duration": 2500},
    ) == [
        Run(metadata={"playwright": "1.56.0"}),
        Container(("mobile",), "Project"),
        Container(("mobile", "shop/cart.spec.ts"), "File"),
        Result(
            path=("mobile", "shop/cart.spec.ts", "cart", "totals"),
            name="pays",
            status=Status.PASSED,
            duration=0.5,
            started=NOON,
            tags=("smoke",),
            metadata={"file": "shop/cart.spec.ts", "line": "3"},
        ),
        Run(date=NOON, duration=2.5),
    ]


def test_suites_side_by_side_do_not_leave_their_titles() -> None:
    test = {"status": "expected", "results": [tried()]}
    items = parse(
        suite("a.spec.ts", [], [suite("one", [], [suite("deep", [spec(test)])]), suite("two")]),
        suite("b.spec.ts", [spec(test)]),
    )
    paths = [each.path for each in items if isinstance(each, Result)]
    assert paths == [("a.spec.ts", "one", "deep"), ("b.spec.ts",)]


@pytest.mark.parametrize(
    ("status", "last", "expected"),
    [
        ("expected", tried(), Status.PASSED),
        ("flaky", tried(), Status.PASSED),
        ("skipped", tried("skipped"), Status.SKIPPED),
        ("unexpected", tried("failed", error=CHECK), Status.FAILED),
        ("unexpected", tried("failed", error=THROWN), Status.BROKEN),
        ("unexpected", tried("timedOut", error=CHECK), Status.BROKEN),
        ("", tried("passed"), Status.PASSED),
    ],
)
def test_an_outcome_is_playwright_s_own(status: str, last: Any, expected: Status) -> None:
    assert one(status, last).status is expected


def test_an_error_keeps_its_stack_and_the_code_without_colours() -> None:
    assert one("unexpected", tried("failed", error=CHECK, errors=[CHECK])).error == CHECKED


def test_further_soft_errors_stand_below_the_first() -> None:
    errors = [CHECK, {"message": f"Error: too late\n\n{CODE}\n    at tests/cart.spec.ts:7:3"}]
    error = one("unexpected", tried("failed", error=CHECK, errors=errors)).error
    assert error == Error("Error", CHECKED.message, f"{CHECKED.trace}\n\n{errors[1]['message']}")


def test_retries_are_attempts() -> None:
    failed = tried("failed", error=CHECK, stdout=[{"text": "try "}, {"buffer": "MQ=="}])
    result = one("flaky", failed, tried(stdout=[{"text": "try 2"}]))
    assert (result.flaky, result.stdout) == (True, "try 2")
    assert result.attempts == (Attempt(Status.FAILED, 0.5, NOON, CHECKED, stdout="try 1"),)


def test_what_is_expected_to_fail_passes_when_it_does() -> None:
    result = one(
        "expected",
        tried("failed", error=CHECK),
        expectedStatus="failed",
        annotations=[{"type": "fail", "description": "SHOP-7"}],
    )
    assert (result.status, result.error) == (Status.PASSED, None)
    assert result.metadata == {
        "fail": "SHOP-7",
        "expected": "failed",
        "file": "shop/cart.spec.ts",
        "line": "3",
    }
    unmet = one("unexpected", tried("passed"), expectedStatus="failed")
    assert unmet.error == Error(message="Expected to fail, but passed")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"annotations": [{"type": "fixme", "description": "no paper"}]}, "no paper"),
        ({"expectedStatus": "passed", "results": []}, "Did not run"),
        ({"results": [tried("interrupted")]}, "Interrupted"),
    ],
)
def test_a_skipped_test_says_why(more: Any, reason: str) -> None:
    result = one("skipped", **{"expectedStatus": "skipped", **more})
    assert (result.status, result.error) == (Status.SKIPPED, Error(message=reason))


def test_steps_lie_in_each_other() -> None:
    steps = [
        {
            "title": "pay",
            "duration": 20,
            "error": CHECK,
            "steps": [{"title": "sign", "duration": 5}],
        }
    ]
    assert one("unexpected", tried("failed", error=CHECK, steps=steps)).steps == (
        Step("pay", Status.FAILED, 0.02, CHECKED, steps=(Step("sign", Status.PASSED, 0.005),)),
    )


def test_attachments_of_all_tries_are_kept() -> None:
    trace = {"name": "trace", "contentType": "application/zip", "path": "/srv/a-retry1/trace.zip"}
    body = {"name": "cart", "contentType": "text/plain", "body": b64encode(b"3 apples").decode()}
    gone = {"name": "video", "contentType": "video/webm"}
    result = one("flaky", tried("failed", attachments=[trace, gone]), tried(attachments=[body]))
    assert result.attachments == (
        Attachment("trace", "/srv/a-retry1/trace.zip", "application/zip"),
        Attachment("cart", "", "text/plain", b"3 apples"),
    )


def test_a_repeated_test_gets_a_number_in_each_project() -> None:
    tests = [
        {"projectName": name, "status": "expected", "results": [tried()]}
        for name in ("one", "two", "one")
    ]
    found = [(result.path[0], result.name) for result in results(spec(*tests), spec(tests[1]))]
    assert found == [("one", "pays"), ("two", "pays"), ("one", "pays (2)"), ("two", "pays (2)")]


def test_an_error_outside_of_the_tests_is_broken() -> None:
    error = {**THROWN, "location": {"file": "/home/runner/work/shop/shop/setup.ts", "line": 2}}
    [result] = [each for each in parse(errors=[error]) if isinstance(each, Result)]
    assert result == Result(
        ("setup.ts",), playwright.OUTSIDE, Status.BROKEN, error=Error("TypeError", "no shelf")
    )


@pytest.mark.parametrize(
    "metadata",
    [
        {
            "gitCommit": {"hash": "8cd9565", "branch": "main", "subject": "Round"},
            "ci": {"buildHref": "https://ci.example/7"},
            "team": "checkout",
        },
        {
            "revision.id": "8cd9565",
            "revision.subject": "Round",
            "ci.link": "https://ci.example/7",
            "team": "checkout",
        },
    ],
)
def test_the_commit_is_known(metadata: Any) -> None:
    run = parse(config={"metadata": metadata, "shard": {"current": 1, "total": 3}})[0]
    assert isinstance(run, Run)
    assert (run.commit, run.build) == ("8cd9565", "https://ci.example/7")
    assert run.metadata == {"shard": "1/3", "subject": "Round", "team": "checkout"}


def test_it_is_read_spec_by_spec() -> None:
    """The first result is there long before the end of its file."""
    test = {"status": "expected", "results": [tried()]}
    specs = [spec(test, title=f"pays {number}" + "." * 1000) for number in range(1000)]
    whole = document(suite("a.spec.ts", (), [suite("cart", specs)]))
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        for start in range(0, len(whole), 10_000):
            taken += 1
            yield whole[start : start + 10_000]

    next(item for item in playwright.parse(chunks()) if isinstance(item, Result))
    assert taken < 40


def test_a_tidy_tree_has_the_folders_of_the_file() -> None:
    tidy = playwright.tree
    assert tidy(("mobile", "shop/cart.spec.ts", "a/b")) == ("mobile", "shop", "cart.spec.ts", "a/b")
    assert tidy(("shop/cart.spec.ts", "cart")) == ("shop", "cart.spec.ts", "cart")
    assert tidy(("cart",)) == ("cart",)


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="suites"):
        list(playwright.parse([b'{"tests": []}']))
