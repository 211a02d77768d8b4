"""Serenity BDD's outcomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed, TooLarge
from assay.formats import detect, serenity
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status, Step

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
AT_NOON = "2025-11-24T13:00:00+01:00[Europe/Berlin]"
FAULT = {
    "errorType": "java.lang.AssertionError",
    "message": "expected 9",
    "stackTrace": [
        {
            "declaringClass": "shop.Cart",
            "methodName": "pay",
            "fileName": "Cart.java",
            "lineNumber": 7,
        },
        {"declaringClass": "", "methodName": "", "fileName": "steps.js", "lineNumber": 3},
    ],
}
ERROR = Error(
    "java.lang.AssertionError",
    "expected 9",
    "java.lang.AssertionError: expected 9\n\tat shop.Cart.pay(Cart.java:7)\n\tat steps.js:3",
)
OUTCOME = {
    "name": "pays",
    "testSteps": [],
    "userStory": {"storyName": "Cart", "type": "feature", "narrative": "To buy.", "path": "shop"},
    "result": "SUCCESS",
}


def parse(document: Any) -> list[Item]:
    return list(serenity.parse([json.dumps(document).encode()]))


def results(**said: Any) -> list[Result]:
    return [item for item in parse(OUTCOME | said) if isinstance(item, Result)]


def one(**said: Any) -> Result:
    [result] = results(**said)
    return result


def step(description: str, result: str = "SUCCESS", **more: Any) -> dict[str, Any]:
    return {"description": description, "result": result, "duration": 500} | more


def test_an_outcome_is_a_result_in_its_story() -> None:
    assert parse(
        OUTCOME
        | {
            "title": "Pays in cash",
            "startTime": AT_NOON,
            "duration": 1500,
            "driver": "firefox",
            "testSource": "JUnit",
            "manual": True,
            "tags": [
                {"type": "feature", "name": "Cart"},
                {"type": "tag", "name": "smoke"},
                {"type": "area", "name": "pay"},
            ],
        }
    ) == [
        Container(("Cart",), "feature", "To buy.", metadata={"path": "shop"}),
        Result(
            ("Cart",),
            "pays",
            Status.PASSED,
            1.5,
            NOON,
            description="Pays in cash",
            tags=("smoke", "area:pay"),
            metadata={"testSource": "JUnit", "manual": "true"},
        ),
        Run(date=NOON, metadata={"os": "firefox"}),
    ]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("SUCCESS", Status.PASSED),
        ("FAILURE", Status.FAILED),
        ("ERROR", Status.BROKEN),
        ("COMPROMISED", Status.BROKEN),
        ("SKIPPED", Status.SKIPPED),
        ("IGNORED", Status.SKIPPED),
        ("PENDING", Status.UNKNOWN),
        ("UNDEFINED", Status.UNKNOWN),
        (None, Status.UNKNOWN),
    ],
)
def test_each_word_has_its_status(word: str | None, status: Status) -> None:
    assert one(result=word).status is status
    [inner] = one(testSteps=[step("a", word)]).steps  # type: ignore[arg-type]
    assert inner.status is status


def test_a_failure_has_its_cause() -> None:
    assert one(result="FAILURE", testFailureCause=FAULT).error == ERROR
    told = one(result="ERROR", testFailureClassname="X", testFailureMessage="no\n")
    assert told.error == Error("X", "no")


def test_steps_keep_their_depth_and_say_once_what_went_wrong() -> None:
    inner = step("counts", "FAILURE", exception=FAULT)
    result = one(testSteps=[step("pays", "FAILURE", exception=FAULT, children=[inner])])
    assert result.steps == (
        Step(
            "pays",
            Status.FAILED,
            0.5,
            steps=(Step("counts", Status.FAILED, 0.5, ERROR),),
        ),
    )


def test_screenshots_are_the_steps_attachments() -> None:
    shots = [{"screenshot": "1.png", "htmlSource": "1.html"}, {"screenshot": {"path": "a\\2.png"}}]
    [found] = one(testSteps=[step("looks", screenshots=shots)]).steps
    assert found.attachments == (
        Attachment("1.png", "1.png"),
        Attachment("1.html", "1.html"),
        Attachment("2.png", "a\\2.png"),
    )


def test_what_a_step_asked_and_was_told_is_its_output_without_secrets() -> None:
    query = {
        "method": "POST",
        "path": "https://shop.example/pay",
        "content": "{}",
        "requestHeaders": "Authorization=secret",
        "responseCookies": "secret",
        "statusCode": 201,
        "responseBody": "paid",
    }
    data = [{"title": "Receipt", "contents": "9 Euros"}]
    [found] = one(testSteps=[step("asks", restQuery=query, reportData=data)]).steps
    assert found.output == "POST https://shop.example/pay\n{}\n201\npaid\n\nReceipt\n9 Euros"


def test_the_rows_of_an_outline_are_tests_of_their_own() -> None:
    table = {"headers": ["price", "paid"], "rows": [{"values": ["7", "7"]}, {"values": ["20"]}]}
    first, second = results(
        result="FAILURE",
        dataTable=table,
        testSteps=[
            step("1", children=[step("Given")], startTime=AT_NOON),
            step("2", "FAILURE", children=[step("Then", "FAILURE", exception=FAULT)]),
        ],
    )
    assert (first.name, first.status, first.started) == ("pays (example 1)", Status.PASSED, NOON)
    assert first.parameters == {"price": "7", "paid": "7"}
    assert first.steps == (Step("Given", Status.PASSED, 0.5),)
    assert (second.name, second.status) == ("pays (example 2)", Status.FAILED)
    assert second.parameters == {"price": "20"}
    assert second.error == ERROR


def test_a_table_that_does_not_fit_the_steps_is_left_out() -> None:
    table = {"headers": ["price"], "rows": [{"values": ["7"]}]}
    assert one(dataTable=table, testSteps=[step("a"), step("b")]).name == "pays"


def test_it_is_known_by_its_steps_where_they_fill_the_head() -> None:
    document = {"name": "pays", "id": "a", "testSteps": [step("x" * 70_000)], "result": "SUCCESS"}
    assert detect(json.dumps(document).encode()[:65_536]).name == "serenity"


def test_an_array_of_outcomes_is_read_too() -> None:
    assert Notice("An outcome was expected here", "[1]") in parse([OUTCOME, 7])
    assert sum(isinstance(item, Result) for item in parse([OUTCOME, OUTCOME])) == 2


def test_steps_may_not_lie_too_deep_in_each_other() -> None:
    deep = step("a")
    for _ in range(101):
        deep = step("a", children=[deep])
    with pytest.raises(TooLarge):
        parse(OUTCOME | {"testSteps": [deep]})


def test_what_is_no_outcome_is_malformed() -> None:
    with pytest.raises(Malformed, match="testSteps"):
        parse({"results": []})
