"""Runs of tests exported from IntelliJ IDEA and from Eclipse."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats.intellij import parse
from assay.model import Error, Item, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "intellij"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def named(name: str) -> dict[str, Result]:
    return {item.name: item for item in sample(name) if isinstance(item, Result)}


def test_suites_are_containers_and_milliseconds_seconds() -> None:
    assert named("idea.xml")["addsUp()"] == Result(
        ("CartTest",),
        "addsUp()",
        Status.PASSED,
        0.25,
        stdout="2 kettles",
        metadata={"location": "java:test://shop.CartTest/addsUp"},
    )
    assert named("idea.xml")["[1] 1.5"].path == ("CartTest", "rounds(double)")


def test_what_intellij_printed_as_error_is_the_failure() -> None:
    loads = named("idea.xml")["loads()"]
    assert (loads.status, loads.stderr, loads.error) == (
        Status.BROKEN,
        "",
        Error(
            "java.io.IOException",
            "No disk",
            "java.io.IOException: No disk\n\tat shop.Prices.load(Prices.java:7)",
        ),
    )


def test_a_comparison_is_the_message_where_there_is_no_other() -> None:
    error = named("idea.xml")["[2] 1.4"].error
    assert error
    assert (error.type, error.message) == (
        "org.opentest4j.AssertionFailedError",
        "expected: 2\nactual: 1",
    )


def test_the_run_has_its_configuration_and_tool() -> None:
    assert sample("idea.xml")[-1] == Run(
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        0.812,
        metadata={
            "configuration": "All in shop (JUnit)",
            "name": "All in shop",
            "tool": "IntelliJ IDEA",
        },
    )


def test_eclipse_marks_what_is_ignored_and_what_did_not_end() -> None:
    ignored = named("eclipse.xml")["isSentByDrone"]
    assert (ignored.path, ignored.status, ignored.metadata) == (
        ("shop.CartTest",),
        Status.SKIPPED,
        None,
    )
    (found, _) = parse([b"<testrun><testcase name='adds' incomplete='true'/></testrun>"])
    assert found == Result((), "adds", Status.UNKNOWN)


def test_what_is_no_run_is_malformed() -> None:
    with pytest.raises(Malformed):
        list(parse([b"<testruns/>"]))
