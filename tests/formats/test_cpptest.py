"""Parasoft C++test's report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from assay.formats import cpptest
from assay.model import Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "cpptest"
SUITE = "TestSuite_Cart_cxx_b93040ae"


def items(file: str) -> list[Item]:
    return list(cpptest.parse([(SAMPLES / file).read_bytes()]))


def results(file: str) -> dict[str, Result]:
    return {each.name: each for each in items(file) if isinstance(each, Result)}


def test_a_failed_test_says_why_by_its_violations() -> None:
    assert results("report.xml")["test_takesACoupon_1"] == Result(
        ("Shop", SUITE),
        "test_takesACoupon_1",
        Status.FAILED,
        0.002,
        error=Error(
            "",
            "Assertion failed: 10==9",
            "/Shop/tests/TestSuite_Cart_cxx.cpp:57\nAssertion failed: 10==9\n"
            "  at /Shop/tests/TestSuite_Cart_cxx.cpp:9",
        ),
        metadata={"author": "ida"},
    )


def test_an_exception_breaks_a_test() -> None:
    found = results("report.xml")["test_countsItsBooks_1"]
    assert (found.status, found.duration) == (Status.BROKEN, 1.5)
    assert found.error
    assert found.error.type == "Uncaught structured exception"
    assert found.error.message == "Access violation exception [CPPTEST_ACCESS_VIOLATION]"


def test_an_outcome_fails_nothing() -> None:
    found = results("report.xml")["test_startsEmpty_1"]
    assert found == Result(("Shop", SUITE), "test_startsEmpty_1", Status.PASSED, 0.001)


def test_without_a_list_of_tests_those_with_outcomes_are_known() -> None:
    found, run = items("outcomes.xml")
    assert found == Result(("TestSuite_main_c_85db5268",), "test_main_1", Status.PASSED)
    assert run == Run(
        datetime(2026, 3, 1, 9, 5, tzinfo=UTC), 3, metadata={"tool": "C++test 7.1.3.23"}
    )


def test_how_many_tests_are_not_named_is_told() -> None:
    document = b"""<ResultsSession toolName="C++test"><Exec><Summary><Projects>
      <Project fail="0" name="Shop" pass="5" testCases="5"/></Projects></Summary></Exec>
      </ResultsSession>"""
    notice, _ = cpptest.parse([document])
    assert isinstance(notice, Notice)
    assert notice.message.startswith("Of 5 tests only 0 are named")


def test_the_run_has_its_date_duration_and_configuration() -> None:
    *_, run = items("report.xml")
    assert run == Run(
        datetime(2026, 3, 1, 9, tzinfo=UTC),
        8,
        metadata={"tool": "C++test 9.5.3.61", "configuration": "Run Unit Tests"},
    )
