"""pytest's JSON report."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import pytestjson
from assay.model import Attachment, Attempt, Error, Item, Result, Run, Status, Step

PASSED = {"outcome": "passed", "duration": 0.25}
TEXT = (
    "    def test_pays():\n>       assert 1 == 2\nE       assert 1 == 2\n\na.py:3: AssertionError"
)
FAILED = {
    "outcome": "failed",
    "duration": 0.25,
    "crash": {"path": "/srv/a.py", "lineno": 3, "message": "assert 1 == 2"},
    "traceback": [{"message": ""}, {"message": "AssertionError"}],
    "longrepr": TEXT,
}
FAILURE = Error("AssertionError", "assert 1 == 2", TEXT)
SKIPPED = {"outcome": "skipped", "longrepr": "('/srv/a.py', 3, 'Skipped: not today')"}


def parse(*tests: Any, **more: Any) -> list[Item]:
    document = {"created": 0, "exitcode": 1, "root": "/home/ada/shop", "tests": tests} | more
    return list(pytestjson.parse([json.dumps(document).encode()]))


def one(**test: Any) -> Result:
    given = {"nodeid": "tests/a.py::test_pays", "setup": PASSED, "call": PASSED}
    [result] = [each for each in parse(given | test) if isinstance(each, Result)]
    return result


def test_stages_are_one_test() -> None:
    assert parse(
        {
            "nodeid": "tests/a.py::TestCart::test_pays[a::b-1]",
            "lineno": 6,
            "keywords": ["test_pays[a::b-1]", "slow", "pytestmark", "TestCart", "a.py", "shop", ""],
            "setup": PASSED | {"stdout": "one "},
            "call": PASSED | {"stdout": "two", "stderr": "oh"},
            "metadata": {"issue": "SHOP-7"},
            "user_properties": [{"price": 3}],
        },
        created=1763985600.5,
        duration=2,
        environment={"Python": "3.13.0", "GIT_BRANCH": "main", "GIT_COMMIT": "8cd9565"},
    ) == [
        Result(
            path=("tests/a.py", "TestCart"),
            name="test_pays[a::b-1]",
            status=Status.PASSED,
            duration=0.5,
            stdout="one two",
            stderr="oh",
            tags=("slow",),
            metadata={"issue": "SHOP-7", "price": "3", "file": "tests/a.py", "line": "7"},
        ),
        Run(
            date=datetime(2025, 11, 24, 12, 0, 0, 500_000, tzinfo=UTC),
            duration=2,
            branch="main",
            commit="8cd9565",
            metadata={"Python": "3.13.0", "GIT_BRANCH": "main", "GIT_COMMIT": "8cd9565"},
        ),
    ]


def test_a_failure_in_the_call_failed() -> None:
    result = one(call=FAILED)
    assert (result.status, result.error, result.steps) == (Status.FAILED, FAILURE, ())


def test_a_failure_around_the_call_is_broken_and_shows_the_stages() -> None:
    result = one(teardown=FAILED)
    assert (result.status, result.error) == (Status.BROKEN, FAILURE)
    assert result.steps == (
        Step("setup", Status.PASSED, 0.25),
        Step("call", Status.PASSED, 0.25),
        Step("teardown", Status.BROKEN, 0.25, FAILURE),
    )


def test_a_skipped_test_says_why() -> None:
    result = one(setup=SKIPPED, call=None)
    assert (result.status, result.error) == (Status.SKIPPED, Error(message="not today"))


@pytest.mark.parametrize(
    ("outcome", "call", "status"),
    [
        ("xfailed", FAILED | {"outcome": "skipped"}, Status.SKIPPED),
        ("xpassed", PASSED, Status.PASSED),
    ],
)
def test_an_expected_failure_is_told(outcome: str, call: Any, status: Status) -> None:
    result = one(outcome=outcome, call=call)
    assert result.status is status
    assert result.metadata == {"expected": "failed", "file": "tests/a.py"}


def test_a_test_that_was_run_again_is_flaky() -> None:
    result = one(outcome="rerun")
    assert (result.flaky, result.attempts) == (True, (Attempt(Status.FAILED),))


def test_without_its_stages_a_test_has_its_outcome() -> None:
    assert one(outcome="error", setup=None, call=None).status is Status.BROKEN


def test_a_log_is_part_of_the_output() -> None:
    record = {"levelname": "INFO", "name": "shop", "msg": "%d%%", "args": [9]}
    assert one(call=PASSED | {"log": [record]}).stderr == "INFO shop: %d%% [9]\n"


def test_a_file_that_cannot_be_read_is_broken() -> None:
    text = "ImportError while importing\nE   ModuleNotFoundError: No module named 'x'"
    collectors = [
        {"nodeid": "tests/a.py", "outcome": "failed", "longrepr": text},
        {"nodeid": "tests/b.py", "outcome": "skipped", "longrepr": SKIPPED["longrepr"]},
        {"nodeid": "tests/c.py", "outcome": "passed"},
    ]
    assert [each for each in parse(collectors=collectors) if isinstance(each, Result)] == [
        Result(
            ("tests/a.py",),
            "(collection)",
            Status.BROKEN,
            error=Error("ModuleNotFoundError", "No module named 'x'", text),
        ),
        Result(("tests/b.py",), "(collection)", Status.SKIPPED, error=Error(message="not today")),
    ]


def test_warnings_are_a_file() -> None:
    warning = {"filename": "/home/ada/a.py", "lineno": 3, "category": "UserWarning", "message": "?"}
    content = b"a.py:3: UserWarning: ?"
    assert parse(warnings=[warning])[-1] == Run(
        metadata={"warnings": "1"},
        attachments=(Attachment("warnings.txt", media_type="text/plain", content=content),),
    )


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="tests"):
        list(pytestjson.parse([b'{"suites": []}']))
