"""Calliope JSON, in and out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import Malformed, TooLarge
from assay.formats import calliope, detect
from assay.model import (
    Attachment,
    Container,
    Error,
    Item,
    Notice,
    Result,
    Run,
    Status,
)
from assay.rows import Counts
from support.items import CONTAINER, MEASUREMENT, RESULT, RUN


def parse(document: Any) -> list[Item]:
    return list(calliope.parse([json.dumps(document).encode()]))


def document_of(items: Sequence[Item], run: Run | None = None, **report: object) -> Any:
    return json.loads(b"".join(calliope.write(items, run, report)))


def test_a_tree_of_containers_is_read() -> None:
    report = {
        "id": "0b8f4c1e-0000-4000-8000-000000000000",
        "profile_id": 577,
        "import_status": 0,
        "date": "2025-11-24T12:00:00.000Z",
        "origin": "cucumber_json",
        "count_total": 2,
        "os": "linux",
        "build": "1.145",
        "test_suite_id": None,
        "containers": [
            {
                "id": "c",
                "title": "Basket",
                "classification": "Feature",
                "description": None,
                "json_data": {"runstate": "Runnable", "n": 1},
                "cached_duration": 3.5,
                "containers": [
                    {
                        "title": "Pay",
                        "results": [
                            {
                                "title": "When I pay",
                                "status": "broken",
                                "exception_name": "Timeout",
                                "exception_description": "no answer",
                                "exception_backtrace": ["a.rb:1", "b.rb:2"],
                                "assets": [{"name": "a.png", "path": "C:/a.png"}],
                            },
                            {"title": 7, "status": None},
                            "rubbish",
                        ],
                    }
                ],
            }
        ],
    }
    assert parse(report) == [
        Container(
            ("Basket",),
            classification="Feature",
            duration=3.5,
            metadata={"runstate": "Runnable", "n": "1"},
        ),
        Result(
            ("Basket", "Pay"),
            "When I pay",
            Status.BROKEN,
            error=Error("Timeout", "no answer", "a.rb:1\nb.rb:2"),
            attachments=(Attachment("a.png", "C:/a.png"),),
        ),
        Result(("Basket", "Pay"), "7", Status.UNKNOWN),
        Notice("A result was expected here", "containers[0].containers[0].results[2]"),
        Run(datetime(2025, 11, 24, 12, tzinfo=UTC), build="1.145", metadata={"os": "linux"}),
    ]


@pytest.mark.parametrize("name", ["name", "filename", "original_filename", "file_name"])
@pytest.mark.parametrize("path", ["path", "url"])
def test_an_asset_is_read_by_whatever_it_calls_its_name(name: str, path: str) -> None:
    asset = {name: "page.png", path: "shots/page.png"}
    found = parse({"containers": [], "assets": [asset], "created_at": "2026-03-01T09:00:00Z"})
    assert found == [
        Run(
            date=datetime(2026, 3, 1, 9, tzinfo=UTC),
            attachments=(Attachment("page.png", "shots/page.png"),),
        )
    ]


def test_a_report_is_written_with_calliopes_names() -> None:
    items = [
        Container(("Basket",), classification="Feature"),
        Result(("Basket", "Pay"), "fast", Status.FAILED, 0.5, error=Error("E", "no", "at x")),
    ]
    run = Run(datetime(2025, 11, 24, 12, tzinfo=UTC), tags=("env:test",), metadata={"a": "b"})
    assert document_of(items, run, id="x", profile_id=3, **calliope.counted(Counts(total=1))) == {
        "import_status": 0,
        "origin": "calliope",
        "id": "x",
        "profile_id": 3,
        **{f"{kind}_total": 1 for kind in ("count", "cached")},
        **{
            f"{kind}_{status}": 0
            for kind in ("count", "cached")
            for status in ("passed", "failed", "broken", "skipped", "unknown", "flaky")
        },
        "date": "2025-11-24T12:00:00Z",
        "tags": ["env:test"],
        "json_data": {"a": "b"},
        "containers": [
            {
                "title": "Basket",
                "classification": "Feature",
                "containers": [
                    {
                        "title": "Pay",
                        "results": [
                            {
                                "title": "fast",
                                "status": "failed",
                                "duration": 0.5,
                                "exception_name": "E",
                                "exception_description": "no",
                                "exception_backtrace": "at x",
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_an_empty_report_is_written_and_read() -> None:
    assert document_of([])["containers"] == []
    assert list(calliope.parse(calliope.write([]))) == []


def test_a_container_stays_open_while_its_results_follow() -> None:
    document = document_of([Result(("a",), name, Status.PASSED) for name in "xyz"])
    assert [len(node["results"]) for node in document["containers"]] == [3]


def test_what_is_written_is_recognised() -> None:
    head = b"".join(calliope.write([Result(("a",), "x", Status.PASSED)]))[:60]
    assert detect(head) is calliope.FORMAT


@given(st.lists(RESULT | CONTAINER | MEASUREMENT, max_size=8), RUN, st.integers(1, 50))
def test_what_was_written_is_read_back_as_it_was(items: list[Item], run: Run, cut: int) -> None:
    document = b"".join(calliope.write(items, run))
    chunks = [document[at : at + cut] for at in range(0, len(document), cut)]
    assert list(calliope.parse(chunks)) == [*items, *([run] if run != Run() else [])]


def test_a_report_cut_short_keeps_its_whole_containers() -> None:
    items = [Result((title,), "x", Status.PASSED) for title in "ab"]
    document = b"".join(calliope.write(items))
    found = list(calliope.parse([document[:-20]]))
    assert found[0] == items[0]
    assert isinstance(found[1], Notice)
    assert found[1].where == "containers[1]"


def test_containers_nested_too_deeply_are_refused() -> None:
    with pytest.raises(TooLarge):
        parse({"containers": [nested(150)]})
    deep = list(calliope.parse(calliope.write([Result(("a",) * 99, "x", Status.PASSED)])))
    assert deep == [Result(("a",) * 99, "x", Status.PASSED)]


def nested(depth: int) -> Any:
    return {"title": "a", "containers": [nested(depth - 1)] if depth else []}


@pytest.mark.parametrize("document", [[], 3, "x", None])
def test_what_is_no_report_is_malformed(document: object) -> None:
    with pytest.raises(Malformed):
        parse(document)


def test_a_container_of_another_shape_costs_only_itself() -> None:
    items = parse({"containers": [{"title": "a", "results": 3}, 5, {"results": [{"title": "x"}]}]})
    assert [type(item) for item in items] == [Notice, Notice, Result]


def test_a_long_report_is_written_in_pieces() -> None:
    results = (
        Result((f"s{number // 100}",), f"t{number}", Status.PASSED) for number in range(5000)
    )
    pieces = list(calliope.write(results))
    assert len(pieces) == 3
    assert max(map(len, pieces)) < 70_000
    assert msgspec.json.decode(b"".join(pieces))["containers"][49]["title"] == "s49"
