"""Cucumber JSON."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import cucumber, detect
from assay.model import (
    Attachment,
    Attempt,
    Container,
    Error,
    Item,
    Notice,
    Result,
    Run,
    Status,
    Step,
)

Json = dict[str, Any]


def parse(*features: Any) -> list[Item]:
    return list(cucumber.parse([json.dumps(features).encode()]))


def results(*features: Any) -> list[Result]:
    return [item for item in parse(*features) if isinstance(item, Result)]


def feature(*elements: Any, **more: Any) -> Json:
    return {"keyword": "Feature", "name": "Basket", "elements": list(elements), **more}


def scenario(*steps: Any, name: str = "Pay", **more: Any) -> Json:
    return {"type": "scenario", "keyword": "Scenario", "name": name, "steps": list(steps)} | more


def background(*steps: Any, **more: Any) -> Json:
    return {"type": "background", "keyword": "Background", "name": "", "steps": list(steps), **more}


def step(status: str, name: str = "I pay", duration: object = None, **more: Any) -> Json:
    result = {"status": status} | ({} if duration is None else {"duration": duration})
    return {"keyword": "When ", "name": name, "result": result, **more}


def failing(message: str) -> Json:
    return {
        "keyword": "Then ",
        "name": "it fails",
        "result": {"status": "failed", "error_message": message},
    }


def test_a_scenario_is_a_test_and_its_steps_are_steps() -> None:
    shop = feature(
        scenario(step("passed", duration=1_500_000_000), step("passed", "I go", 500_000_000)),
        uri="features/basket.feature",
        description="  What people buy",
    )
    assert parse(shop) == [
        Container(
            ("Basket",),
            classification="Feature",
            description="What people buy",
            metadata={"uri": "features/basket.feature"},
        ),
        Result(
            ("Basket",),
            "Pay",
            Status.PASSED,
            duration=2.0,
            steps=(
                Step("When I pay", Status.PASSED, 1.5),
                Step("When I go", Status.PASSED, 0.5),
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["passed", "passed"], Status.PASSED),
        (["passed", "skipped"], Status.SKIPPED),
        (["passed", "", "skipped"], Status.SKIPPED),
        (["passed", "pending", "skipped"], Status.UNKNOWN),
        (["passed", "Undefined", "skipped"], Status.UNKNOWN),
        (["undefined", "failed", "skipped"], Status.FAILED),
        (["passed", "ambiguous", "skipped"], Status.BROKEN),
        (["passed", "strange", "skipped"], Status.UNKNOWN),
        ([], Status.UNKNOWN),
    ],
)
def test_a_scenario_is_what_its_worst_step_is(words: list[str], status: Status) -> None:
    [result] = results(feature(scenario(*map(step, words))))
    assert result.status is status


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (
            "java.lang.AssertionError: expected 1\nbut was 2\n\tat shop.B.pay(B.java:3)\n",
            Error("java.lang.AssertionError", "expected 1\nbut was 2"),
        ),
        (
            "AssertionError [ERR_ASSERTION]: no\n    + 1 - 2\n\n    at World.x (a.js:1:2)",
            Error("AssertionError", "no\n    + 1 - 2"),
        ),
        (
            "expected 1 (RSpec::Expectations::ExpectationNotMetError)\n./a/steps.rb:4:in `/^x$/'",
            Error("RSpec::Expectations::ExpectationNotMetError", "expected 1"),
        ),
        (
            "java.lang.NullPointerException\n\tat a.B.c(B.java:1)",
            Error("java.lang.NullPointerException"),
        ),
    ],
)
def test_a_failure_is_told_by_type_message_and_trace(message: str, error: Error) -> None:
    [result] = results(feature(scenario(step("passed"), failing(message))))
    assert result.error == Error(error.type, error.message, message.strip("\n"))
    assert result.steps[1].error == result.error


def test_a_text_without_a_trace_is_the_message() -> None:
    [result] = results(feature(scenario(failing("Note: the price is wrong"))))
    assert result.error == Error("", "Note: the price is wrong")


def test_an_undefined_step_is_named_as_the_reason() -> None:
    [result] = results(feature(scenario(step("passed"), step("undefined", "I fly"))))
    assert result.error == Error(message="Undefined: When I fly")


def test_a_background_belongs_to_every_scenario_behind_it() -> None:
    once = results(
        feature(background(step("failed", "open")), scenario(name="A"), scenario(name="B"))
    )
    assert [(found.name, found.status, len(found.steps)) for found in once] == [
        ("A", Status.FAILED, 1),
        ("B", Status.FAILED, 1),
    ]


def test_a_background_written_again_replaces_the_one_before() -> None:
    found = results(
        feature(
            background(step("passed", "open")),
            scenario(step("passed"), name="A"),
            background(step("failed", "open")),
            scenario(step("skipped"), name="B"),
            scenario(step("passed"), name="C"),
        )
    )
    assert [(result.status, len(result.steps)) for result in found] == [
        (Status.PASSED, 2),
        (Status.FAILED, 2),
        (Status.PASSED, 1),
    ]


def test_examples_of_an_outline_are_told_apart_by_their_row() -> None:
    found = results(
        feature(
            *(scenario(step("passed"), id=f"basket;pay;;{row}", line=20 + row) for row in (2, 4)),
            scenario(step("passed"), id="basket;pay;cards;3", line=40),
        )
    )
    assert [result.name for result in found] == [
        *("Pay (example 1)", "Pay (example 3)", "Pay (cards, example 2)")
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"keyword": "Scenario Outline"},
        {"keyword": "Scenario Template"},
        {"keyword": "Plan du Scénario", "id": "basket;pay;;2"},
        {"keyword": "Scenario Outline", "name": "Pay -- @1.1 cards"},
    ],
)
def test_an_outline_is_a_container_of_its_examples(said: dict[str, Any]) -> None:
    outline, example, other = parse(feature(scenario(name="Pay") | said, scenario(name="Look")))
    assert outline == Container(("Basket", "Pay"), classification=said["keyword"])
    assert isinstance(example, Result)
    assert example.path == ("Basket", "Pay")
    assert isinstance(other, Result)
    assert other.path == ("Basket",)


def test_examples_without_a_row_in_their_id_are_counted() -> None:
    found = results(feature(*(scenario(keyword="Scenario Outline", line=line) for line in (3, 9))))
    assert [result.name for result in found] == ["Pay (example 1)", "Pay (example 2)"]


def test_scenarios_of_one_name_are_numbered_and_others_are_left_alone() -> None:
    found = results(feature(*(scenario(line=line) for line in (3, 9)), scenario(name="Buy 1")))
    assert [result.name for result in found] == ["Pay", "Pay (2)", "Buy 1"]


def test_a_scenario_run_again_after_it_failed_is_one_test_with_attempts() -> None:
    png = [{"mime_type": "image/png", "data": b64encode(b"png").decode()}]
    found = results(
        feature(
            scenario(step("failed", duration=1e9, embeddings=png), id="b;pay", line=3),
            scenario(step("failed", duration=2e9), id="b;pay", line=3),
            scenario(step("passed", duration=3e9), id="b;pay", line=3),
        )
    )
    assert len(found) == 1
    error = Error(message="Failed: When I pay")
    assert found[0].status is Status.PASSED
    assert found[0].flaky
    assert found[0].duration == 3
    assert found[0].attempts == (
        Attempt(Status.FAILED, 1, error=error),
        Attempt(Status.FAILED, 2, error=error),
    )
    assert found[0].attachments == (
        Attachment("attachment 1.png", media_type="image/png", content=b"png"),
    )


def test_a_scenario_that_passed_and_comes_again_is_another_test() -> None:
    found = results(feature(*(scenario(step("passed"), id="b;pay", line=3) for _ in range(2))))
    assert [(result.name, result.attempts) for result in found] == [("Pay", ()), ("Pay (2)", ())]


def test_a_hook_is_shown_when_it_failed_or_left_something() -> None:
    def hook(status: str, **more: Any) -> Json:
        return {
            "match": {"location": "Hooks.java:3"},
            "result": {"status": status, "duration": 1e9},
            **more,
        }

    [result] = results(
        feature(
            scenario(
                step("passed", after=[hook("failed")]),
                {
                    "keyword": "After",
                    "hidden": True,
                    "result": {"status": "passed", "duration": 1e9},
                },
                before=[hook("passed"), hook("passed", output=["ready"])],
                after=[hook("skipped")],
            )
        )
    )
    assert [(shown.name, shown.status, shown.output) for shown in result.steps] == [
        ("Before Hooks.java:3", Status.PASSED, "ready"),
        ("When I pay", Status.PASSED, ""),
        ("After step Hooks.java:3", Status.FAILED, ""),
    ]
    assert result.status is Status.FAILED
    assert result.duration == 5


def test_embeddings_become_attachments_and_the_log_output() -> None:
    embeddings = [
        {"mime_type": "image/png", "data": b64encode(b"\x89PNG").decode(), "name": "basket.png"},
        {"media": {"type": "text/plain"}, "data": "as it is"},
        {"mime_type": "text/x.cucumber.log+plain", "data": b64encode("zażółć".encode()).decode()},
        {"mime_type": "image/png", "data": "not Base64"},
        {"mime_type": "image/png", "data": {"x": 1}},
        "rubbish",
    ]
    [result] = results(
        feature(scenario(step("passed", embeddings=embeddings, output=["a", ["b"]])))
    )
    assert result.steps[0].attachments == (
        Attachment("basket.png", media_type="image/png", content=b"\x89PNG"),
        Attachment("attachment 2.txt", media_type="text/plain", content=b"as it is"),
    )
    assert result.steps[0].output == "a\nb\nzażółć"


def test_tables_and_doc_strings_are_kept_with_the_step() -> None:
    rows = [{"cells": ["item", "price"]}, {"cells": ["pear", 2]}, {"cells": None}]
    [result] = results(
        feature(
            scenario(
                step("passed", rows=rows),
                step("passed", arguments=[{"rows": rows}, {"content": "by letter"}, 3]),
                step("passed", doc_string={"value": "a\nb"}),
            )
        )
    )
    table = "| item | price |\n| pear | 2 |"
    assert [shown.output for shown in result.steps] == [table, f"{table}\nby letter", "a\nb"]


def test_tags_of_feature_and_scenario_are_joined() -> None:
    [result] = results(
        feature(scenario(tags=[{"name": "@slow"}, {"name": "@shop"}, 7]), tags=[{"name": "@shop"}])
    )
    assert result.tags == ("@shop", "@slow", "7")


def test_the_run_is_dated_by_its_earliest_scenario() -> None:
    items = parse(
        feature(
            scenario(start_timestamp="2025-03-01T10:00:05.5Z"),
            scenario(start_timestamp="2025-03-01T10:00:00.000Z", name="B"),
        )
    )
    assert items[-1] == Run(date=datetime(2025, 3, 1, 10, tzinfo=UTC))
    assert isinstance(items[0], Result)
    assert items[0].started == datetime(2025, 3, 1, 10, 0, 5, 500_000, tzinfo=UTC)


def test_behave_writes_seconds_and_lists_of_lines() -> None:
    wrong = {
        "status": "failed",
        "duration": 0.25,
        "error_message": ["Assertion Failed: no", "more"],
    }
    behave = feature(
        {
            **scenario({"keyword": "Given", "name": "a", "result": wrong}, tags=["slow"]),
            "location": "features/a.feature:3",
        },
        location="features/a.feature:1",
        status="failed",
    )
    [result] = results(behave)
    assert result.duration == 0.25
    assert result.error == Error("", "Assertion Failed: no\nmore")
    assert result.tags == ("slow",)


def test_nothing_is_taken_on_trust() -> None:
    odd = feature(
        scenario("x", None, {"result": 3}, {"name": {}, "result": {"duration": []}}), 5, name={}
    )
    assert [(found.path, found.status, len(found.steps)) for found in results(odd)] == [
        (("Feature",), Status.UNKNOWN, 2),
        (("Feature",), Status.UNKNOWN, 0),
    ]
    assert results({"elements": None}, {"name": "empty"}) == []


def test_a_scenario_is_read_though_its_values_are_of_other_types() -> None:
    wrong = {"status": "failed", "duration": "5e8", "error_message": ["no", 1]}
    odd = scenario(
        {"keyword": "Then", "name": 1, "result": wrong, "after": {}},
        None,
        step("passed", duration="NaN", before=[None, 3], output={}),
        name=7,
        id=3,
        line="12",
        description=["What", True],
    )
    assert results(feature(odd)) == [
        Result(
            ("Basket",),
            "7",
            Status.FAILED,
            duration=0.5,
            error=Error(message="no\n1"),
            description="What\ntrue",
            steps=(
                Step("Then 1", Status.FAILED, 0.5, Error(message="no\n1")),
                Step("When I pay", Status.PASSED),
            ),
        )
    ]


def test_a_feature_that_is_none_costs_only_itself() -> None:
    items = parse(3, {"elements": {"a": 1}}, feature(scenario(step("passed"))))
    assert [type(item) for item in items] == [Notice, Notice, Result]
    assert [item.where for item in items if isinstance(item, Notice)] == ["[0]", "[1]"]


def test_a_single_feature_without_its_array_is_read() -> None:
    document = json.dumps(feature(scenario(step("passed")))).encode()
    assert [type(item) for item in cucumber.parse([document])] == [Result]


def test_a_document_of_another_kind_is_malformed() -> None:
    with pytest.raises(Malformed):
        list(cucumber.parse([b'"cucumber"']))


def test_it_is_recognised_by_its_first_feature() -> None:
    document = json.dumps([feature(scenario(), uri="a.feature")]).encode()
    assert detect(document) is cucumber.FORMAT
    assert detect(document[:200]) is cucumber.FORMAT
