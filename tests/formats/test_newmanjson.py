"""Newman's JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import detect, newmanjson
from assay.model import Container, Error, Item, Notice, Result, Run, Status

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
NOON_MS = 1763985600000
COLLECTION = {
    "item": [
        {
            "name": "Books",
            "description": {"content": "To buy."},
            "item": [{"id": "1", "name": "Find", "request": {"description": "By title."}}],
        }
    ],
    "info": {"name": "Shop"},
}
FIND = {
    "id": "1",
    "item": {"id": "1", "name": "Find"},
    "request": {
        "method": "GET",
        "url": {
            "protocol": "https",
            "host": ["shop", "example"],
            "path": ["books", "find"],
            "query": [{"key": "token", "value": "secret"}],
        },
        "header": [{"key": "Authorization", "value": "secret"}],
    },
    "response": {"status": "OK", "code": 200, "responseTime": 1500},
}
REFUSED = {"code": "ECONNREFUSED", "syscall": "connect", "address": "127.0.0.1", "port": 9}


def parse(document: Any) -> list[Item]:
    return list(newmanjson.parse([json.dumps(document).encode()]))


def run(*executions: Any, **more: Any) -> list[Item]:
    timings = {"started": NOON_MS, "completed": NOON_MS + 2500}
    return parse(
        {"collection": COLLECTION, "run": {"timings": timings, "executions": list(executions)}}
        | more
    )


def results(*executions: Any) -> list[Result]:
    return [item for item in run(*executions) if isinstance(item, Result)]


def asserted(*assertions: Any, **more: Any) -> dict[str, Any]:
    return FIND | {"assertions": list(assertions)} | more


def test_an_assertion_is_a_result_in_its_request_and_folders() -> None:
    assert results(asserted({"assertion": "answers 200", "skipped": False})) == [
        Result(
            ("Shop", "Books", "Find"),
            "answers 200",
            Status.PASSED,
            1.5,
            metadata={"request": "GET https://shop.example/books/find", "response": "200 OK"},
        )
    ]


def test_folders_and_requests_are_containers() -> None:
    assert run()[:4] == [
        Container(("Shop",), "Collection"),
        Container(("Shop", "Books"), "Folder", "To buy."),
        Container(("Shop", "Books", "Find"), "Request", "By title."),
        Run(date=NOON, duration=2.5),
    ]


def test_an_assertion_that_failed_has_its_error_and_the_answer() -> None:
    fault = {"name": "AssertionError", "message": "expected 7 to equal 11", "stack": "at x:1"}
    body = {"type": "Buffer", "data": list(b'{"price":7}')}
    [result] = results(
        asserted(
            {"assertion": "costs 11", "error": fault}, response=FIND["response"] | {"stream": body}
        )  # type: ignore[operator]
    )
    assert result.status is Status.FAILED
    assert result.error == Error("AssertionError", "expected 7 to equal 11", "at x:1")
    assert result.stdout == '{"price":7}'


@pytest.mark.parametrize("stream", [{"data": [300]}, {"data": ["a"]}, {"data": [0, 1]}, 7, None])
def test_an_answer_that_is_no_text_is_left_out(stream: Any) -> None:
    failed = {"assertion": "a", "error": {"message": "no"}}
    assert results(asserted(failed, response={"stream": stream}))[0].stdout == ""


def test_a_skipped_assertion_is_skipped() -> None:
    assert results(asserted({"assertion": "a", "skipped": True}))[0].status is Status.SKIPPED


def test_assertions_of_one_name_are_told_apart() -> None:
    again = {"assertion": "a"}
    assert [result.name for result in results(asserted(again, again))] == ["a", "a (2)"]


def test_a_request_without_an_answer_is_broken() -> None:
    [alone] = results({**FIND, "response": None, "requestError": REFUSED})
    assert (alone.path, alone.name) == (("Shop", "Books"), "Find")
    assert alone.status is Status.BROKEN
    assert alone.error == Error("ECONNREFUSED", "No answer from 127.0.0.1:9")
    [request, assertion] = results(asserted({"assertion": "a"}, requestError=REFUSED))
    assert (request.path[-1], request.name, request.status) == ("Find", "request", Status.BROKEN)
    assert assertion.status is Status.PASSED


def test_a_script_that_threw_is_broken() -> None:
    thrown = [{"error": {"name": "TypeError", "message": "no price"}}]
    [test, before, after] = results(
        asserted({"assertion": "a"}, prerequestScript=thrown, testScript=thrown)
    )
    assert test.status is Status.PASSED
    assert [each.name for each in (before, after)] == ["pre-request script", "test script"]
    assert before.error == Error("TypeError", "no price")


def test_each_iteration_has_results_of_its_own() -> None:
    found = results(
        *(asserted({"assertion": "a"}, cursor={"iteration": n, "cycles": 2}) for n in (0, 1))
    )
    assert [each.name for each in found] == ["a (iteration 1)", "a (iteration 2)"]
    assert [each.parameters for each in found] == [{"iteration": "1"}, {"iteration": "2"}]


def test_requests_that_nothing_is_asserted_of_are_tests_only_where_there_are_no_others() -> None:
    assert [(each.path, each.name) for each in results(FIND, FIND)] == [
        (("Shop", "Books"), "Find"),
        (("Shop", "Books"), "Find"),
    ]
    assert [each.name for each in results(FIND, asserted({"assertion": "a"}), FIND)] == ["a"]


def test_no_secret_is_kept() -> None:
    environment = {"name": "staging", "values": [{"key": "token", "value": "secret"}]}
    found = run(asserted({"assertion": "a"}), environment=environment)
    assert Run(metadata={"environment": "staging"}) in found
    assert "secret" not in str(found)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://shop.example/a?token=secret", "GET https://shop.example/a"),
        ({"host": "{{host}}", "port": "80", "path": "a"}, "GET {{host}}:80/a"),
    ],
)
def test_an_address_is_read_in_whatever_parts_it_comes(url: Any, shown: str) -> None:
    [result] = results(asserted({"assertion": "a"}, request={"method": "GET", "url": url}))
    assert (result.metadata or {})["request"] == shown


def test_a_request_that_is_in_no_folder_stands_in_the_collection() -> None:
    [result] = results(asserted({"assertion": "a"}, id="9", item={"name": "Made up"}))
    assert result.path == ("Shop", "Made up")


def test_what_is_no_execution_is_left_out() -> None:
    assert Notice(
        "A part was left out. An execution was expected here", "run.executions[0]"
    ) in run(7)


def test_it_is_known_by_its_collection_alone() -> None:
    collection = {"item": [{"name": "x" * 70_000}], "info": {"name": "Shop"}}
    document = json.dumps({"collection": collection, "run": {}}).encode()
    assert detect(document[:65_536]).name == "newmanjson"


def test_a_collection_that_was_not_run_is_malformed() -> None:
    with pytest.raises(Malformed, match="run"):
        parse({"collection": COLLECTION})
