"""pytest's report log."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import _pytest, pytestlog
from assay.model import Attempt, Error, Item, Result, Run, Status, Step

NODE = "tests/a.py::test_pays"
START = 1763985600
NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
PLACE = {"path": "a.py", "lineno": 3, "message": "AssertionError"}
LINES = [">       assert 1 == 2", "E       assert 1 == 2"]
CRASH = {
    "reprcrash": {"path": "/srv/a.py", "lineno": 3, "message": "assert 1 == 2"},
    "reprtraceback": {"reprentries": [{"data": {"lines": LINES, "reprfileloc": PLACE}}]},
}
TRACE = "\n".join(LINES) + "\n\na.py:3: AssertionError"
FAILURE = Error("AssertionError", "assert 1 == 2", TRACE)


def stage(when: str, outcome: str = "passed", **more: Any) -> dict[str, Any]:
    kind = {"$report_type": "TestReport", "nodeid": NODE, "when": when, "outcome": outcome}
    return kind | {"duration": 0.25, "start": START} | more


def subtest(outcome: str = "passed", **more: Any) -> dict[str, Any]:
    return stage("call", outcome, **more) | {"$report_type": "SubTestReport"}


def parse(*lines: Any) -> list[Item]:
    return list(pytestlog.parse([json.dumps(line).encode() + b"\n" for line in lines]))


def results(*lines: Any) -> list[Result]:
    return [each for each in parse(*lines) if isinstance(each, Result)]


def test_the_stages_of_a_test_are_joined() -> None:
    keywords = {"test_pays": 1, "slow": 1, "a.py": 1, "tests": 1, "shop": 1, "": 1}
    sections = [["Captured stdout call", "two"], ["Captured log call", "oh"]]
    assert parse(
        {"$report_type": "SessionStart", "pytest_version": "9.0.0"},
        stage("setup"),
        stage("call"),
        stage(
            "teardown",
            location=["tests/a.py", 6, "test_pays"],
            keywords=keywords,
            sections=sections,
            user_properties=[["issue", "SHOP-7"]],
        ),
    ) == [
        Result(
            path=("tests/a.py",),
            name="test_pays",
            status=Status.PASSED,
            duration=0.75,
            started=NOON,
            stdout="two",
            stderr="oh",
            tags=("slow",),
            metadata={"issue": "SHOP-7", "file": "tests/a.py", "line": "7"},
        ),
        Run(date=NOON, metadata={"pytest": "9.0.0"}),
    ]


def test_tests_of_several_workers_are_told_apart() -> None:
    other = {"nodeid": "tests/a.py::test_other"}
    found = results(
        stage("setup"),
        stage("setup") | other,
        stage("call", "failed", longrepr=CRASH),
        stage("call") | other,
        stage("teardown") | other,
        stage("teardown"),
    )
    assert [(each.name, each.status, each.error) for each in found] == [
        ("test_other", Status.PASSED, None),
        ("test_pays", Status.FAILED, FAILURE),
    ]


def test_runs_of_one_test_are_attempts() -> None:
    [result] = results(
        *(stage("setup"), stage("call", "rerun", longrepr=CRASH), stage("teardown")),
        *(stage("setup"), stage("call"), stage("teardown")),
    )
    assert (result.status, result.flaky) == (Status.PASSED, True)
    assert result.attempts == (Attempt(Status.FAILED, 0.75, error=FAILURE),)


def test_subtests_are_steps_and_fail_their_test() -> None:
    context = {"_subtest.context": {"msg": "of", "kwargs": {"price": "3"}}}
    [result] = results(
        stage("setup"),
        subtest("failed", longrepr=CRASH, **context),
        subtest(context={"msg": "free"}),
        stage("call"),
        stage("teardown"),
    )
    assert (result.status, result.error) == (Status.FAILED, FAILURE)
    assert result.steps == (
        Step("of (price=3)", Status.FAILED, 0.25, FAILURE),
        Step("free", Status.PASSED, 0.25),
    )


def test_an_error_in_the_set_up_is_broken() -> None:
    [result] = results(stage("setup", "failed", longrepr=CRASH), stage("teardown"))
    assert (result.status, result.error) == (Status.BROKEN, FAILURE)


@pytest.mark.parametrize(
    ("outcome", "longrepr", "status", "error"),
    [
        ("skipped", CRASH, Status.SKIPPED, Error("AssertionError", "SHOP-9", TRACE)),
        ("passed", None, Status.PASSED, None),
    ],
)
def test_an_expected_failure_is_told(
    outcome: str, longrepr: Any, status: Status, error: Error | None
) -> None:
    call = stage("call", outcome, longrepr=longrepr, wasxfail="reason: SHOP-9")
    [result] = results(stage("setup"), call, stage("teardown"))
    assert (result.status, result.error) == (status, error)
    assert result.metadata == {"expected": "failed", "reason": "SHOP-9", "file": "tests/a.py"}


def test_a_test_that_a_worker_died_in_is_broken() -> None:
    [result] = results(stage("???", "failed", longrepr="worker 'gw0' crashed"))
    assert (result.status, result.error) == (Status.BROKEN, Error(message="worker 'gw0' crashed"))


def test_a_test_that_never_ended_is_unknown() -> None:
    [result] = results(stage("setup"))
    assert result.status is Status.UNKNOWN


def test_a_cause_stands_above_what_it_caused() -> None:
    link = [CRASH["reprtraceback"], CRASH["reprcrash"], "The direct cause of:"]
    chained = CRASH | {"chain": [link, [CRASH["reprtraceback"], None, None]]}
    [result] = results(stage("setup"), stage("call", "failed", longrepr=chained))
    assert result.error is not None
    assert result.error.trace == f"{TRACE}\n\nThe direct cause of:\n\n{TRACE}"


def test_a_file_skipped_whole_is_skipped() -> None:
    report = {"$report_type": "CollectReport", "nodeid": "tests/a.py", "outcome": "skipped"}
    assert results(report | {"longrepr": ["/srv/a.py", 3, "Skipped: not today"]}) == [
        Result(("tests/a.py",), "(collection)", Status.SKIPPED, error=Error(message="not today"))
    ]


def test_a_tidy_tree_has_the_folders_of_the_file() -> None:
    assert _pytest.tree(("tests/unit/a.py", "TestCart")) == ("tests", "unit", "a.py", "TestCart")
    assert _pytest.tree(()) == ()


def test_what_is_no_log_is_malformed() -> None:
    with pytest.raises(Malformed, match="report_type"):
        parse({"tests": []})
