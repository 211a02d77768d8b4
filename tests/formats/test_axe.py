"""axe-core's JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import axe
from assay.model import Container, Error, Item, Result, Run, Status

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
URL = "https://shop.example/cart"
NODE = {"target": ["#frame", ["my-cart", "img"]], "html": "<img>", "failureSummary": "Fix this"}


def rule(name: str = "image-alt", **more: Any) -> dict[str, Any]:
    return {"id": name, "help": "Images must have a text", "nodes": [NODE]} | more


def page(**lists: Any) -> dict[str, Any]:
    about = {"testEngine": {"name": "axe-core", "version": "4.11.0"}, "url": URL}
    return {**about, "timestamp": "2025-11-24T12:00:00.000Z", **lists}


def parse(document: Any) -> list[Item]:
    return list(axe.parse([json.dumps(document).encode()]))


def results(document: Any) -> list[Result]:
    return [each for each in parse(document) if isinstance(each, Result)]


def test_a_violated_rule_failed_with_its_elements() -> None:
    link = "https://dequeuniversity.com/rules/axe/4.11/image-alt"
    more = {"impact": "critical", "tags": ["wcag2a"], "description": "Why", "helpUrl": link}
    assert parse(page(violations=[rule(**more)])) == [
        Container((URL,), "Page"),
        Result(
            (URL,),
            "image-alt",
            Status.FAILED,
            error=Error(
                "image-alt",
                "Images must have a text",
                "#frame | my-cart >>> img\n<img>\nFix this",
            ),
            description="Images must have a text\n\nWhy",
            tags=("wcag2a",),
            metadata={"impact": "critical", "elements": "1", "help": link},
        ),
        Run(date=NOON, metadata={"engine": "axe-core 4.11.0"}),
    ]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("violations", Status.FAILED),
        ("incomplete", Status.UNKNOWN),
        ("passes", Status.PASSED),
        ("inapplicable", Status.SKIPPED),
    ],
)
def test_a_list_is_a_verdict(name: str, status: Status) -> None:
    [result] = results(page(**{name: [rule()]}))
    assert result.status is status
    assert (result.error is None) == (status in (Status.PASSED, Status.SKIPPED))


def test_a_rule_that_some_elements_keep_and_others_violate_is_violated() -> None:
    both = {"passes": [rule()], "violations": [rule()], "incomplete": [rule()]}
    assert [each.status for each in results(page(**both))] == [Status.FAILED]


def test_every_page_of_a_list_is_one_of_its_own() -> None:
    pages = [page(violations=[rule()]), page(passes=[rule()]), page(url="/b", passes=[rule()])]
    assert [(each.path, each.status) for each in results(pages)] == [
        ((URL,), Status.FAILED),
        ((f"{URL} (2)",), Status.PASSED),
        (("/b",), Status.PASSED),
    ]


def test_many_elements_are_told_of_in_part() -> None:
    [result] = results(page(violations=[rule(nodes=[NODE] * 300)]))
    assert result.error is not None
    assert result.error.trace.endswith("\n\n… and 100 more")


def test_a_tidy_tree_has_the_parts_of_the_address() -> None:
    assert axe.FORMAT.smart is not None
    assert axe.FORMAT.smart((f"{URL}/a%20b?page=2#x",)) == ("shop.example", "cart", "a b")


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="violations"):
        parse({"tests": []})
