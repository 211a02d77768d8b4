"""Xray's JSON of test executions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import detect
from assay.formats.xray import parse
from assay.model import Attachment, Error, Item, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "xray"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def named(name: str) -> dict[str, Result]:
    return {item.name: item for item in sample(name) if isinstance(item, Result)}


def test_a_test_is_named_by_its_key_and_has_evidence() -> None:
    assert named("cloud.json")["SHOP-14"] == Result(
        (),
        "SHOP-14",
        Status.PASSED,
        30.0,
        datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC),
        attachments=(Attachment("cart.txt", media_type="text/plain", content=b"kettle"),),
        metadata={"executedBy": "bo", "comment": "smooth"},
    )


def test_steps_are_called_as_the_test_describes_them() -> None:
    pays = named("cloud.json")["Pays by card"]
    assert pays.steps == (
        Step("Insert the card", Status.PASSED),
        Step("Type the PIN", Status.FAILED, error=Error(message="No answer")),
    )
    assert (pays.error, pays.tags, pays.metadata) == (
        Error(message="The terminal is offline"),
        ("till",),
        {"defects": "SHOP-7"},
    )


def test_iterations_are_tests_with_parameters() -> None:
    second = named("cloud.json")["Iteration 2"]
    assert (second.path, second.status, second.error, second.parameters) == (
        ("SHOP-15",),
        Status.FAILED,
        Error(message="1 is not 2"),
        {"price": "1.4"},
    )


def test_examples_of_the_server_are_tests_by_their_number() -> None:
    found = named("server.json")
    assert [name for name in found if name.startswith("SHOP-15")] == ["SHOP-15 [1]", "SHOP-15 [2]"]
    assert found["SHOP-17"].status is Status.BROKEN
    assert found["SHOP-17"].attachments[0].name == "last.png"


def test_the_execution_is_the_run() -> None:
    assert sample("cloud.json")[-1] == Run(
        datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC),
        600.0,
        build="1234",
        tags=("Chrome", "Linux"),
        metadata={
            "summary": "Nightly",
            "description": "All of the shop",
            "project": "SHOP",
            "version": "v1.3",
            "testPlanKey": "SHOP-90",
            "testExecutionKey": "SHOP-100",
        },
    )


def test_other_json_with_tests_is_none_of_xrays() -> None:
    with pytest.raises(UnknownFormat):
        detect(b'{"tests": [{"name": "adds"}], "info": {"summary": "all"}}')
    with pytest.raises(Malformed):
        list(parse([b"{}"]))


def test_what_pytest_printed_is_the_error_and_what_it_skipped_is_not_aborted() -> None:
    found = named("pytest-cloud.json")
    error = found["SHOP-17"].error
    assert error
    assert (error.type, error.message) == ("OSError", "No terminal is connected")
    assert error.trace.startswith('@pytest.mark.xray("SHOP-17")')
    skipped = found["SHOP-18"]
    assert (skipped.status, skipped.error) == (
        Status.SKIPPED,
        Error(message="Not before spring"),
    )


def test_a_run_without_tests_is_known_by_its_dates() -> None:
    document = b'{"info": {"startDate": "2026-01-02T03:04:05+0000", "finishDate": ""}, "tests": []}'
    assert detect(document).name == "xray"
    assert list(parse([document])) == [Run(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))]
