"""Mochawesome's JSON."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed, TooLarge
from assay.formats import detect, mochawesome
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
STATS = {"testsRegistered": 1, "start": "2025-11-24T12:00:00.000Z", "duration": 1500}
PNG = b"\x89PNG\r\n\x1a\n"
EMBEDDED = f"data:image/png;base64,{b64encode(PNG).decode()}"


def parse(document: Any) -> list[Item]:
    return list(mochawesome.parse([json.dumps(document).encode()]))


def suite(title: str, *tests: Any, **more: Any) -> dict[str, Any]:
    return {"title": title, "tests": list(tests), "suites": []} | more


def results(*suites: Any) -> list[Result]:
    found = parse({"stats": STATS, "results": list(suites)})
    return [item for item in found if isinstance(item, Result)]


def one(**test: Any) -> Result:
    [result] = results(suite("cart", {"title": "pays", "state": "passed"} | test))
    return result


def hook(**more: Any) -> dict[str, Any]:
    return {"title": '"before each" hook: log in for "pays"', "isHook": True} | more


def test_a_test_stands_in_its_describe_blocks() -> None:
    inner = suite("totals", {"title": "adds up", "state": "passed", "duration": 1500, "code": "x"})
    outer = suite("cart", file="/spec/cart.js", fullFile="/srv/shop/spec/cart.js", suites=[inner])
    assert parse({"stats": STATS, "results": [suite("", suites=[outer])]}) == [
        Run(date=NOON, duration=1.5),
        Container(("cart",), metadata={"file": "spec/cart.js"}),
        Result(("cart", "totals"), "adds up", Status.PASSED, 1.5, description="x"),
    ]


def test_tests_in_no_block_stand_in_their_file() -> None:
    root = suite("", {"title": "pays", "state": "passed"}, file="cypress/e2e/pay.cy.js")
    assert [result.path for result in results(root)] == [("cypress/e2e/pay.cy.js",)]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"state": "passed"}, Status.PASSED),
        ({"state": "failed"}, Status.FAILED),
        ({"state": "pending"}, Status.SKIPPED),
        ({"state": None, "skipped": True}, Status.SKIPPED),
        ({"state": None, "pending": True}, Status.SKIPPED),
        ({"state": None, "fail": True}, Status.FAILED),
        ({"state": None}, Status.UNKNOWN),
    ],
)
def test_each_word_has_its_status(said: dict[str, Any], status: Status) -> None:
    assert one(**said).status is status


def test_a_failure_has_its_type_its_message_and_below_its_trace_the_difference() -> None:
    stack = "AssertionError: no price\n    at pay (pay.js:3:4)"
    said = {"message": "AssertionError: no price", "estack": stack, "diff": "- 1\n+ 2\n"}
    assert one(state="failed", err=said).error == Error(
        "AssertionError", "no price", f"{stack}\n\n- 1\n+ 2"
    )


def test_a_difference_within_the_line_is_told_by_its_pieces() -> None:
    pieces = [{"value": "a"}, {"value": "b", "added": True}, {"value": "c", "removed": True}]
    error = one(state="failed", err={"message": "no", "diff": pieces}).error
    assert error == Error("", "no", "a[+b][-c]")


def test_context_becomes_output_and_attachments() -> None:
    context = [
        "tried with the standard parcel",
        {"title": "order", "value": {"lines": 2}},
        {"title": "page", "value": "https://shop.example/pay.png"},
        "screenshots/pay.png",
        {"title": "videos", "value": ["videos\\pay.mp4", EMBEDDED]},
        None,
    ]
    result = one(context=json.dumps(context))
    assert result.stdout.splitlines() == [
        "tried with the standard parcel",
        'order: {"lines":2}',
        "page: https://shop.example/pay.png",
    ]
    assert result.attachments == (
        Attachment("pay.png", "screenshots/pay.png"),
        Attachment("pay.mp4", "videos\\pay.mp4"),
        Attachment("attachment 3.png", media_type="image/png", content=PNG),
    )


@pytest.mark.parametrize("context", ['"one"', "one", ["one"], {"title": "", "value": "one"}])
def test_context_is_read_however_it_is_written(context: Any) -> None:
    assert one(context=context).stdout == "one"


def test_a_hook_that_failed_is_a_broken_result_with_a_name_that_stays() -> None:
    [broken, skipped] = results(
        suite(
            "cart",
            {"title": "pays", "skipped": True},
            beforeHooks=[hook(state="failed", err={"message": "Error: closed"}), hook()],
        )
    )
    assert (broken.name, broken.status) == ('"before each" hook: log in', Status.BROKEN)
    assert broken.metadata == {"for": "pays"}
    assert broken.error == Error("Error", "closed")
    assert skipped.status is Status.SKIPPED


def test_what_a_hook_left_is_kept_on_its_container() -> None:
    found = parse({"stats": STATS, "results": [suite("cart", afterHooks=[hook(context="a.png")])]})
    assert Container(("cart",), attachments=(Attachment("a.png", "a.png"),)) in found


def test_versions_are_kept() -> None:
    meta = {"mocha": {"version": "7.2.0"}, "mochawesome": {"options": {}, "version": "6.3.1"}}
    assert Run(metadata={"mocha": "7.2.0", "mochawesome": "6.3.1"}) in parse(
        {"stats": STATS, "results": [], "meta": meta}
    )


def test_the_first_versions_had_one_suite() -> None:
    found = parse({"stats": STATS, "suites": suite("", suites=[suite("cart", {"title": "pays"})])})
    assert [item.path for item in found if isinstance(item, Result)] == [("cart",)]


def test_it_is_known_by_its_suites_where_the_figures_come_late() -> None:
    first = suite("x" * 70_000, beforeHooks=[], afterHooks=[])
    first = {"beforeHooks": [], "afterHooks": []} | first
    document = json.dumps({"results": [first], "stats": STATS}).encode()
    assert detect(document[:65_536]).name == "mochawesome"


def test_what_is_no_suite_is_left_out() -> None:
    assert Notice("A suite was expected here", "results[0]") in parse({"results": [7]})


def test_suites_may_not_lie_too_deep_in_each_other() -> None:
    deep = suite("a")
    for _ in range(101):
        deep = suite("a", suites=[deep])
    with pytest.raises(TooLarge):
        parse({"results": [deep]})


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="results"):
        parse({"tests": []})
