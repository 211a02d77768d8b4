"""wptreport.json and wpt.fyi's summaries: folders, subtests, and what was expected."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import wptreport, wptsummary
from assay.model import Error, Item, Result, Run, Status, Step


def parse(*tests: dict[str, Any], **about: Any) -> list[Item]:
    return list(wptreport.parse([json.dumps({"results": tests, **about}).encode()]))


def one(**said: Any) -> Result:
    result, _ = parse({"test": "/a/b.html?c=/d", "status": "OK", **said})
    assert isinstance(result, Result)
    return result


def test_a_subtest_that_went_wrong_fails_its_test() -> None:
    bad = {"name": "b", "status": "FAIL", "expected": "PASS", "message": "1 is not 2"}
    subtests = [{"name": "a", "status": "PASS"}, bad]
    assert one(subtests=subtests, duration=1500) == Result(
        ("a",),
        "b.html?c=/d",
        Status.FAILED,
        1.5,
        error=Error(message="1 of 2 subtests failed\nb: 1 is not 2"),
        steps=(
            Step("a", Status.PASSED),
            Step("b", Status.FAILED, error=Error(message="1 is not 2")),
        ),
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"status": "FAIL"}, Status.PASSED),
        ({"status": "FAIL", "expected": "PASS"}, Status.FAILED),
        ({"status": "PASS", "expected": "FAIL"}, Status.FAILED),
        ({"status": "CRASH", "expected": "OK"}, Status.BROKEN),
        (
            {"status": "TIMEOUT", "expected": "OK", "known_intermittent": ["TIMEOUT"]},
            Status.PASSED,
        ),
        ({"status": "SKIP"}, Status.SKIPPED),
        ({"status": "new"}, Status.UNKNOWN),
    ],
)
def test_what_was_expected_counts(said: dict[str, Any], status: Status) -> None:
    assert one(**said).status is status


def test_what_was_expected_is_told() -> None:
    result = one(status="FAIL", message="not yet")
    assert result.metadata == {"status": "FAIL", "expected": "FAIL"}
    assert result.stdout == "FAIL\nnot yet"


def test_a_run_has_its_browser_and_revision() -> None:
    (run,) = parse(
        run_info={"product": "firefox", "revision": "3f78685", "cwd": "/tmp"},
        time_start=1_772_366_400_000,
        time_end=1_772_366_415_000,
    )
    assert run == Run(
        datetime(2026, 3, 1, 12, tzinfo=UTC),
        15.0,
        commit="3f78685",
        metadata={"product": "firefox"},
    )


@pytest.mark.parametrize(
    ("told", "status", "error"),
    [
        ({"s": "O", "c": [2, 2]}, Status.PASSED, None),
        ({"s": "O", "c": [1, 2]}, Status.FAILED, Error(message="1 of 2 subtests passed")),
        ({"s": "T", "c": [1, 2]}, Status.BROKEN, Error("TIMEOUT")),
        ({"s": "PF", "c": [0, 0]}, Status.SKIPPED, None),
        ([1, 1], Status.PASSED, None),
    ],
)
def test_a_summary_tells_how_many_passed(told: Any, status: Status, error: Error | None) -> None:
    (result,) = wptsummary.parse([json.dumps({"/a/b.any.html": told}).encode()])
    assert isinstance(result, Result)
    assert (result.path, result.name) == (("a",), "b.any.html")
    assert (result.status, result.error) == (status, error)


def test_other_objects_are_refused() -> None:
    with pytest.raises(Malformed, match="results"):
        list(wptreport.parse([b'{"a": 1}']))
    with pytest.raises(Malformed, match="for keys"):
        list(wptsummary.parse([b'{"a": {"s": "O"}}']))
