"""Lighthouse's JSON."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import lighthouse
from assay.model import Attachment, Container, Error, Item, Measurement, Result, Run, Status

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
URL = "https://shop.example/"
PATH = (URL, "performance")
PICTURE = "data:image/jpeg;base64," + b64encode(b"JPEG").decode()


def parse(category: Any = None, **more: Any) -> list[Item]:
    audits = more.pop("audits", {})
    refs = [{"id": name} for name in audits]
    categories = {"performance": {"title": "Performance", "auditRefs": refs} | (category or {})}
    document = {"lighthouseVersion": "13.0.0", "requestedUrl": URL, "audits": audits}
    document |= {"categories": categories} | more
    return list(lighthouse.parse([json.dumps(document).encode()]))


def one(**audit: Any) -> Result:
    items = parse(audits={"lcp": {"title": "Paint", **audit}})
    [result] = [each for each in items if isinstance(each, Result)]
    return result


def test_an_audit_stands_in_its_page_and_category() -> None:
    audit = {"title": "Paint", "description": "Why", "score": 0.95, "scoreDisplayMode": "numeric"}
    audit |= {"numericValue": 1500, "numericUnit": "millisecond", "displayValue": "1.5 s"}
    assert parse(
        {"score": 0.92},
        audits={"lcp": audit},
        runWarnings=["slow"],
        fetchTime="2025-11-24T12:00:00.000Z",
        timing={"total": 2500},
        configSettings={"formFactor": "mobile"},
    ) == [
        Container((URL,), "Page", description="slow"),
        Container(PATH, "Category", description="Performance"),
        Result(PATH, "score", Status.PASSED),
        Measurement(PATH, "score", "score", 0.92),
        Result(
            PATH,
            "lcp",
            Status.PASSED,
            description="Paint\n\nWhy",
            metadata={"score": "0.95", "mode": "numeric", "value": "1.5 s"},
        ),
        Measurement(PATH, "lcp", "value", 1.5, "s"),
        Run(date=NOON, duration=2.5, metadata={"lighthouse": "13.0.0", "form factor": "mobile"}),
    ]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"score": 0.9, "scoreDisplayMode": "numeric"}, Status.PASSED),
        ({"score": 0.89, "scoreDisplayMode": "metricSavings"}, Status.UNKNOWN),
        ({"score": 0.49, "scoreDisplayMode": "numeric"}, Status.FAILED),
        ({"score": 0, "scoreDisplayMode": "binary"}, Status.FAILED),
        ({"score": None, "scoreDisplayMode": "notApplicable"}, Status.SKIPPED),
        ({"score": None, "scoreDisplayMode": "manual"}, Status.SKIPPED),
        ({"score": 1, "scoreDisplayMode": "informative"}, Status.SKIPPED),
        ({"score": None, "scoreDisplayMode": "error"}, Status.BROKEN),
    ],
)
def test_an_audit_is_judged_as_lighthouse_colours_it(said: Any, status: Status) -> None:
    assert one(**said).status is status


def test_an_audit_says_what_is_wrong_where() -> None:
    node = {"type": "node", "selector": "main > img", "snippet": "<img>", "explanation": "Fix"}
    details = {
        "headings": [{"key": "node"}, {"key": "bytes"}, {"key": "source"}],
        "items": [
            {"node": node, "bytes": 7, "other": "x"},
            {"source": {"type": "source-location", "url": "a.js", "line": 3, "column": 0}},
        ],
    }
    result = one(score=0, explanation="No text", displayValue="1 image", details=details)
    trace = "1 image\n\nmain > img\n<img>\nFix\n7\n\na.js:3:0"
    assert result.error == Error("lcp", "Paint\nNo text", trace)


def test_an_error_of_an_audit_is_broken() -> None:
    result = one(scoreDisplayMode="error", errorMessage="NO_LCP", errorStack="at lcp.js:7")
    assert result.error == Error("lcp", "NO_LCP", "at lcp.js:7")


def test_pictures_are_attachments() -> None:
    shot = Attachment("screenshot.jpg", "", "image/jpeg", b"JPEG")
    details = {"type": "screenshot", "data": PICTURE}
    assert one(scoreDisplayMode="informative", details=details).attachments == (shot,)
    [page, *_] = parse(fullPageScreenshot={"screenshot": {"data": PICTURE}})
    assert isinstance(page, Container)
    assert [file.name for file in page.attachments] == ["full page.jpg"]


def test_a_page_that_cannot_be_loaded_is_broken() -> None:
    items = parse(runtimeError={"code": "NO_FCP", "message": "Nothing was painted"})
    error = Error("NO_FCP", "Nothing was painted")
    assert Result((URL,), lighthouse.UNLOADED, Status.BROKEN, error=error) in items
    assert len(parse(runtimeError={"code": "NO_ERROR"})) == len(items) - 1


def test_audits_without_categories_are_of_the_page() -> None:
    items = parse(audits={"lcp": {"score": 1}}, categories={})
    assert [each.path for each in items if isinstance(each, Result)] == [(URL,)]


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="audits"):
        list(lighthouse.parse([b'{"tests": []}']))
