"""JGiven's JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import jgiven
from assay.model import Attachment, Container, Error, Item, Result, Status

SAMPLE = Path(__file__).parents[1] / "samples" / "jgiven" / "CartTest.json"


def items() -> list[Item]:
    return list(jgiven.parse([SAMPLE.read_bytes()]))


def cases() -> dict[str, Result]:
    return {item.name: item for item in items() if isinstance(item, Result)}


def case(**keys: Any) -> Result:
    scenario = {"testMethodName": "pays", "scenarioCases": [keys]}
    document = json.dumps({"className": "Cart", "scenarios": [scenario]}).encode()
    (found,) = (item for item in jgiven.parse([document]) if isinstance(item, Result))
    return found


def test_a_case_is_told_by_its_sentences() -> None:
    found = cases()["adds up"]
    assert (found.path, found.duration) == (("com.shop.CartTest",), 0.005)
    assert found.tags == ("Issue:SHOP-7", "Smoke")
    assert found.metadata == {"method": "adds_up"}
    assert [step.name for step in found.steps] == [
        "Given a basket",
        "When I put in",
        "Then I pay 7",
    ]


def test_tables_nested_steps_and_attachments_are_kept() -> None:
    _, put_in, pay = cases()["adds up"].steps
    assert put_in.output == "| name | price |\n| apple | 3 |\n| pear | 4 |"
    assert [step.name for step in put_in.steps] == ["weigh it"]
    assert pay.output == "in cash"
    assert pay.attachments == (Attachment("receipt", "", "text/plain", b"3\n4\n"),)


def test_each_case_of_a_scenario_is_a_test_with_parameters() -> None:
    found = cases()
    assert found["price of fruit [1, 3]"].status is Status.PASSED
    failed = found["price of fruit [2, 5]"]
    assert failed.parameters == {"amount": "2", "price": "5"}
    assert failed.status is Status.FAILED
    place = "com.shop.CartTest.price_of_fruit(CartTest.java:30)"
    assert failed.error == Error("java.lang.AssertionError", "expected 5 but was 6", place)


def test_what_is_no_assertion_breaks_a_case() -> None:
    assert cases()["asks the warehouse"].status is Status.BROKEN
    assert cases()["is sent by drone"].status is Status.UNKNOWN


def test_the_class_describes_itself() -> None:
    assert Container(("com.shop.CartTest",), "Class", "What customers pay") in items()


def test_the_first_versions_said_success() -> None:
    assert case(success=True).status is Status.PASSED
    assert case(success=False, errorMessage="no").status is Status.FAILED


def test_a_file_of_the_html_report_is_named() -> None:
    value = {"title": "page", "value": "attachments/image_png/page.png", "mediaType": "image/png"}
    found = case(status="SUCCESS", steps=[{"name": "look", "attachments": [value]}])
    (step,) = found.steps
    assert (step.name, step.attachments) == (
        "look",
        (Attachment("page", "attachments/image_png/page.png", "image/png"),),
    )


def test_what_has_no_scenarios_is_malformed() -> None:
    with pytest.raises(Malformed, match="scenarios"):
        list(jgiven.parse([b'{"className": "Cart"}']))
