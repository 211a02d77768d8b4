"""Fink's JSON lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import detect, fink
from assay.model import Error, Item, Notice, Result, Run, Status

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
PAGE = "https://shop.example/books/emma?edition=2"
LINK = {"distance": 1, "exception": None, "referrer": None, "status": 200, "url": PAGE}


def parse(*lines: Any, between: str = "\n") -> list[Item]:
    return list(fink.parse([between.join(map(json.dumps, lines)).encode()]))


def one(**said: Any) -> Result:
    result, _ = parse(LINK | said)
    assert isinstance(result, Result)
    return result


def test_an_address_is_a_result_with_the_link_that_led_to_it() -> None:
    assert parse(
        LINK
        | {
            "referrer": "https://shop.example/books",
            "referrer_title": "Emma",
            "referrer_xpath": "/html/body/a",
            "request_time": 1_500_000,
            "timestamp": "2026-03-01T10:00:00+01:00",
        }
    ) == [
        Result(
            ("https://shop.example/books/emma",),
            PAGE,
            Status.PASSED,
            1.5,
            NINE,
            metadata={
                "status": "200",
                "distance": "1",
                "referrer": "https://shop.example/books",
                "link": "Emma",
                "xpath": "/html/body/a",
            },
        ),
        Run(date=NINE),
    ]


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        ({"status": 200}, Status.PASSED, None),
        ({"status": 204}, Status.PASSED, None),
        ({"status": 301}, Status.FAILED, Error("HTTP 301", "Moved Permanently")),
        ({"status": 404}, Status.FAILED, Error("HTTP 404", "Not Found")),
        ({"status": 999}, Status.FAILED, Error("HTTP 999", "An answer that is no page")),
        (
            {"status": None, "exception": "No such host"},
            Status.BROKEN,
            Error(message="No such host"),
        ),
        ({"status": None}, Status.BROKEN, Error(message="There was no answer")),
    ],
)
def test_an_answer_has_its_status(said: Any, status: Status, error: Error | None) -> None:
    result = one(**said)
    assert (result.status, result.error) == (status, error)


@pytest.mark.parametrize("between", ["\n", "\r\n", "", " ", ","])
def test_lines_are_told_apart_whatever_stands_between_them(between: str) -> None:
    assert len(parse(LINK, LINK, LINK, between=between)) == 4


def test_an_array_is_read_too() -> None:
    assert len(parse([LINK, LINK])) == 3
    assert detect(json.dumps([LINK]).encode()).name == "fink"


def test_the_first_version_had_other_names() -> None:
    result = one(**{"request-time": 500_000, "referrer-element": "Emma"})
    assert result.duration == 0.5
    assert (result.metadata or {})["link"] == "Emma"


def test_a_line_that_is_cut_short_is_told_of() -> None:
    whole = json.dumps(LINK).encode()
    result, notice, _ = fink.parse([whole + b"\n" + whole[:20]])
    assert isinstance(result, Result)
    assert isinstance(notice, Notice)


def test_what_has_no_address_is_left_out() -> None:
    assert parse(7, LINK)[0] == Notice("An object with a url was expected here", "[0]")
    with pytest.raises(Malformed, match="url"):
        parse({"a": 1})


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (PAGE.partition("?")[0], ("shop.example", "books", "emma")),
        ("https://shop.example", ("shop.example",)),
        ("http://shop.example:8080//a%20b/", ("shop.example:8080", "a b")),
        ("https://alice:secret@shop.example/a", ("shop.example", "a")),
        ("mailto:alice@shop.example", ("mailto:alice@shop.example",)),
        ("http://[shop/a", ("http://[shop/a",)),
    ],
)
def test_smart_makes_a_tree_of_addresses(url: str, path: tuple[str, ...]) -> None:
    assert fink.FORMAT.smart
    assert fink.FORMAT.smart((url,)) == path
