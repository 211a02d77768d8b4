"""What Lighthouse CI writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import lhci
from assay.model import Error, Item, Measurement, Result, Status

URL = "https://shop.example/"


def parse(document: Any) -> list[Item]:
    return list(lhci.parse([json.dumps(document).encode()]))


def assertion(**more: Any) -> dict[str, Any]:
    given = {"name": "minScore", "operator": ">=", "expected": 0.9, "actual": 0.5, "passed": False}
    return {**given, "auditId": "image-alt", "level": "error", "url": URL} | more


def test_an_assertion_that_does_not_hold_failed() -> None:
    more = {"values": [0.5, 0.4], "auditTitle": "No text", "auditDocumentationLink": "https://a.b"}
    assert parse([assertion(**more)]) == [
        Result(
            (URL,),
            "image-alt minScore",
            Status.FAILED,
            error=Error("minScore", "No text: expected >= 0.9, found 0.5", "all runs: 0.5, 0.4"),
            description="No text",
            metadata={"level": "error", "help": "https://a.b", "expected": ">= 0.9"},
        ),
        Measurement((URL,), "image-alt minScore", "actual", 0.5),
    ]


@pytest.mark.parametrize(
    ("said", "status"),
    [({"passed": True}, Status.PASSED), ({"level": "warn"}, Status.UNKNOWN)],
)
def test_a_warning_is_for_somebody_to_decide(said: Any, status: Status) -> None:
    [result, _] = parse([assertion(**said)])
    assert isinstance(result, Result)
    assert (result.status, result.error is None) == (status, status is Status.PASSED)


def test_a_category_is_named_with_its_property() -> None:
    [result, _] = parse([assertion(auditId="categories", auditProperty="seo")])
    assert isinstance(result, Result)
    assert result.name == "categories.seo minScore"


def test_of_several_runs_the_typical_one_counts() -> None:
    runs = [
        {"url": URL, "isRepresentativeRun": typical, "summary": {"seo": score}}
        for typical, score in ((False, 0.99), (True, 0.42))
    ]
    assert parse(runs) == [
        Result((URL, "seo"), "score", Status.FAILED, error=Error(message="seo: 42")),
        Measurement((URL, "seo"), "score", "score", 0.42),
    ]


def test_what_is_neither_list_is_malformed() -> None:
    with pytest.raises(Malformed, match="Lighthouse CI"):
        parse([{"tests": []}])
