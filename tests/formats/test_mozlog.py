"""mozlog's structured logs: what happens to a test, line by line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import mozlog
from assay.model import Attachment, Error, Result, Status, Step

TEST = {"test": "/a/b.html"}


def results(*events: tuple[str, dict[str, Any]]) -> list[Result]:
    lines = (
        json.dumps({"action": action, "time": 1_772_366_400_000 + 500 * at, "source": "a", **said})
        for at, (action, said) in enumerate(events)
    )
    found = mozlog.parse(["\n".join(lines).encode()])
    return [item for item in found if isinstance(item, Result)]


def test_a_test_has_its_subtests_and_output() -> None:
    (result,) = results(
        ("test_start", TEST),
        ("process_output", {"data": "2 books"}),
        ("test_status", {**TEST, "subtest": "one", "status": "PASS"}),
        ("test_end", {**TEST, "status": "OK"}),
    )
    assert (result.path, result.name, result.status) == (("a",), "b.html", Status.PASSED)
    assert (result.duration, result.stdout) == (1.5, "2 books")
    assert result.steps == (Step("one", Status.PASSED),)


def test_a_test_that_crashed_has_its_signature_and_its_dump() -> None:
    crash = {
        "signature": "@ shop::open",
        "stackwalk_stdout": "Thread 0",
        "minidump_path": "/t/1.dmp",
    }
    (result,) = results(
        ("test_start", TEST),
        ("crash", {**TEST, **crash, "minidump_path": "/t/1.dmp"}),
        ("test_end", {**TEST, "status": "CRASH", "expected": "OK"}),
    )
    assert result.status is Status.BROKEN
    assert result.error == Error("CRASH", "Crash: @ shop::open", "Thread 0")
    assert result.attachments == (Attachment("1.dmp", "/t/1.dmp"),)


def test_a_crash_of_no_test_is_broken_by_itself() -> None:
    first, second = results(("crash", {"process": 7}), ("crash", {"signature": "b"}))
    assert [first.name, second.name] == ["(crash)", "(crash 2)"]
    assert second.error == Error("Crash", "b")


def test_a_test_that_is_run_again_is_one_test() -> None:
    failed = {**TEST, "status": "FAIL", "expected": "PASS"}
    (result,) = results(
        ("test_start", TEST),
        ("test_end", failed),
        ("test_start", TEST),
        ("test_end", {**TEST, "status": "PASS"}),
    )
    assert result.flaky
    assert len(result.attempts) == 1


def test_a_test_that_never_ended_is_broken() -> None:
    (result,) = results(("test_start", TEST))
    assert result.error == Error("CRASH", "It was started and never ended")


def test_other_lines_are_refused() -> None:
    with pytest.raises(Malformed, match="action"):
        results(("run", {}))
