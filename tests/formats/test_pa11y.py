"""What pa11y and pa11y-ci find."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import pa11y
from assay.model import Container, Error, Item, Result, Status

URL = "https://shop.example/cart"
CODE = "WCAG2AA.Principle1.Guideline1_1.1_1_1.H37"


def issue(**more: Any) -> dict[str, Any]:
    given = {"code": CODE, "type": "error", "message": "No text", "selector": "main > img"}
    return given | {"context": "<img>", "runner": "htmlcs"} | more


def parse(document: Any) -> list[Item]:
    return list(pa11y.parse([json.dumps(document).encode()]))


def test_issues_of_one_code_are_one_result() -> None:
    more = issue(selector="main > p", context="<p>")
    told = "main > img\n<img>\nNo text\n\nmain > p\n<p>\nNo text"
    assert parse([issue(), more]) == [
        Result(
            (),
            CODE,
            Status.FAILED,
            error=Error(CODE, "No text", told),
            description="No text",
            metadata={"type": "error", "elements": "2", "runner": "htmlcs"},
        )
    ]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("error", Status.FAILED), ("warning", Status.UNKNOWN), ("notice", Status.PASSED)],
)
def test_only_errors_fail(kind: str, status: Status) -> None:
    [result] = parse([issue(type=kind)])
    assert isinstance(result, Result)
    assert result.status is status


def test_pages_have_their_addresses() -> None:
    results = {URL: [issue()], "https://shop.example/": [], "x": [{"message": "not there"}]}
    found = parse({"total": 3, "passes": 1, "errors": 2, "results": results})
    assert [(each.path, each.name) for each in found if isinstance(each, Result)] == [
        ((URL,), CODE),
        (("https://shop.example/",), pa11y.NO_ISSUES),
        (("x",), pa11y.UNLOADED),
    ]
    assert found[0] == Container((URL,), "Page")
    assert found[-1] == Result(
        ("x",), pa11y.UNLOADED, Status.BROKEN, error=Error(message="not there")
    )


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="results"):
        parse({"tests": []})
