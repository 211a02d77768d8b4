"""Gauge's JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import gauge
from assay.model import Attachment, Error, Item, Result, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "gauge"


def sample(name: str) -> dict[str, Result]:
    items = gauge.parse([(SAMPLES / f"{name}.json").read_bytes()])
    return {item.name: item for item in items if isinstance(item, Result)}


def parse(document: dict[str, Any]) -> list[Item]:
    return list(gauge.parse([json.dumps(document).encode()]))


def test_a_scenario_has_its_contexts_concepts_and_tear_down_as_steps() -> None:
    found = sample("result")["The total is the sum of the lines"]
    assert found.path == ("Basket",)
    assert found.tags == ("shop", "smoke")
    assert [step.name for step in found.steps] == [
        "Open the shop",
        "Put in",
        'Pay with "cash"',
        "Close the shop",
    ]
    assert found.steps[1].output == "| fruit | price |\n| apple | 3 |\n| pear | 4 |"
    assert [step.output for step in found.steps[2].steps] == ["7 coins", ""]


def test_a_failure_has_its_error_and_its_screenshot() -> None:
    found = sample("result")["A voucher lowers the price"]
    assert found.status is Status.FAILED
    assert found.error == Error("AssertionError", "30 is not 27", "basket.js:7\nbasket.js:3")
    assert [each.name for each in found.steps[1].attachments] == ["screenshot.png"]


def test_a_skipped_scenario_says_why() -> None:
    found = sample("result")["A parcel is sent by drone"]
    assert found.status is Status.SKIPPED
    assert found.error == Error(message="Step implementation not found")


def test_each_row_of_the_table_is_a_test() -> None:
    found = sample("result")
    assert found["Fruit has its price [1, 3]"].parameters == {"amount": "1", "price": "3"}
    assert found["Fruit has its price [2, 6]"].status is Status.PASSED


def test_a_hook_that_failed_breaks_its_scenario() -> None:
    found = sample("result")["Prices are printed"]
    assert found.status is Status.BROKEN
    assert found.steps[0].name == "Before the scenario"
    assert found.error == Error("Error", "no printer", "hooks.js:3")


def test_the_last_run_of_the_html_report_is_read() -> None:
    found = sample("last_run_result")
    assert found["It is locked"].error == Error("", "no key", "stock.js:4")
    assert found["It is counted"].steps[1].attachments == (Attachment("pears.png", "pears.png"),)


def test_the_report_of_another_version_is_read() -> None:
    scenario = {"itemType": "scenario", "heading": "Pay", "executionStatus": "not executed"}
    row = {"itemType": "tableDrivenScenario", "scenario": scenario, "tableRowIndex": 0}
    table = {"itemType": "table", "headers": ["means"], "rows": [{"cells": ["card"]}]}
    spec = {"specHeading": "Cart", "items": [table, row]}
    (found,) = (each for each in parse({"specs": [spec]}) if isinstance(each, Result))
    assert (found.name, found.parameters) == ("Pay [card]", {"means": "card"})
    assert found.status is Status.SKIPPED


def test_a_hook_around_everything_that_failed_is_a_result() -> None:
    failure = {"errorMessage": "no shop", "stackTrace": "hooks.js:1"}
    found = parse({"beforeSuiteHookFailure": failure, "specResults": []})
    error = Error("", "no shop", "hooks.js:1")
    assert found[0] == Result((), "Before the suite", Status.BROKEN, error=error)


def test_what_has_no_specifications_is_malformed() -> None:
    with pytest.raises(Malformed, match="specResults"):
        parse({"shop": 1})
