"""Boost.Test's log and report."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.formats import boost, detect
from assay.model import Container, Error, Item, Notice, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "boost"


def items(file: str) -> list[Item]:
    return list(boost.parse([(SAMPLES / file).read_bytes()]))


def results(file: str) -> dict[str, Result]:
    return {each.name: each for each in items(file) if isinstance(each, Result)}


def test_a_failure_has_its_context_and_all_of_them_are_the_trace() -> None:
    found = results("log.xml")["takes_a_coupon"]
    assert found == Result(
        ("shop", "cart"),
        "takes_a_coupon",
        Status.FAILED,
        found.duration,
        error=Error(
            "",
            "check Total(5, 2) == 9 has failed [10 != 9]\nthe coupon is SUMMER",
            "cart.cc:22\ncheck Total(5, 2) == 9 has failed [10 != 9]\nthe coupon is SUMMER\n\n"
            "cart.cc:23\ncritical check Total(5, 2) < 10 has failed [10 >= 10]",
        ),
        stdout="trying SUMMER",
        metadata={"file": "cart.cc", "line": "20"},
    )
    assert found.duration
    assert found.duration < 0.1, "microseconds"


def test_exceptions_and_signals_break_a_test_and_tell_the_last_checkpoint() -> None:
    found = results("log.xml")
    assert found["counts_its_books"].status is Status.BROKEN
    assert found["counts_its_books"].error == Error(
        "std::runtime_error",
        "the warehouse does not answer\nlast checkpoint: cart.cc:36 asking the warehouse",
        "unknown location\nstd::runtime_error: the warehouse does not answer\n"
        "last checkpoint: cart.cc:36 asking the warehouse",
    )
    assert found["prints_labels"].status is Status.BROKEN


def test_a_skipped_test_says_why() -> None:
    found = results("log.xml")
    assert found["is_sent_by_drone"].error == Error(message="disabled")
    assert found["is_reduced"].error == Error(
        message='dependency test case "cart/takes_a_coupon" has failed'
    )


def test_a_warning_is_a_step() -> None:
    found = results("log.xml")["warns"]
    assert (found.status, found.steps) == (
        Status.PASSED,
        (Step("Warning: the price is old", Status.PASSED),),
    )


def test_a_datas_values_are_parameters_where_the_log_tells_them() -> None:
    assert results("log.xml")["_2"].parameters == {"name": "Euro"}
    assert results("log.xml")["_0"].parameters is None
    assert results("both.xml")["_0"].parameters == {"name": "EUR"}
    assert results("both.xml")["_0"].path == ("shop", "has_three_letters")


@pytest.mark.parametrize("file", ["both.xml", "nested.xml"])
def test_the_report_knows_which_failures_were_expected(file: str) -> None:
    assert results("log.xml")["is_wrapped_as_a_gift"].status is Status.FAILED
    found = results(file)["is_wrapped_as_a_gift"]
    assert (found.status, found.error) == (Status.PASSED, None)
    assert found.metadata == {
        "file": "cart.cc",
        "line": "26",
        "expected failure": "check Total(2, 2) == 5 has failed [4 != 5]",
    }


@pytest.mark.parametrize("file", ["both.xml", "nested.xml"])
def test_what_was_aborted_by_an_assertion_is_failed_if_the_log_says_so(file: str) -> None:
    assert results("report.xml")["takes_a_coupon"].status is Status.BROKEN
    assert results(file)["takes_a_coupon"].status is Status.FAILED


def test_a_log_that_names_no_tests_is_the_output_of_the_module() -> None:
    *_, module, run = items("errors.xml")
    assert isinstance(module, Container)
    assert module.path == ("shop",)
    assert module.stdout.startswith("cart.cc:22\ncheck Total(5, 2) == 9 has failed")
    assert run == Run()


def test_without_a_report_it_is_one_result() -> None:
    document = b'<TestLog><Error file="cart.cc" line="7">check a has failed</Error></TestLog>'
    assert list(boost.parse([document])) == [
        Result(
            (),
            "(outside any test case)",
            Status.FAILED,
            error=Error("", "check a has failed", "cart.cc:7\ncheck a has failed"),
        ),
        Run(),
    ]


def test_a_report_that_only_counts_is_told_of() -> None:
    document = b"""<TestResult><TestSuite name="shop" result="passed" assertions_passed="1"
        test_cases_passed="1"></TestSuite></TestResult>"""
    assert detect(document).name == "boost"
    notice, _ = boost.parse([document])
    assert isinstance(notice, Notice)


def test_a_test_that_runs_tests_stands_beside_them() -> None:
    document = b"""<TestLog><TestSuite name="shop"><TestCase name="prices"><TestSuite name="eur">
        <TestCase name="rounds"><TestingTime>5</TestingTime></TestCase></TestSuite>
        <Error file="a" line="1">check has failed</Error></TestCase></TestSuite></TestLog>"""
    inner, outer, _ = boost.parse([document])
    assert inner == Result(("shop", "prices", "eur"), "rounds", Status.PASSED, 5e-6)
    assert isinstance(outer, Result)
    assert (outer.path, outer.name, outer.status) == (("shop",), "prices", Status.FAILED)


def test_a_suite_that_is_skipped_and_the_build_are_told() -> None:
    document = b"""<TestLog><BuildInfo platform="linux" boost="1.74"/><TestSuite name="shop">
        <TestSuite name="drone" skipped="yes" reason="disabled"/></TestSuite></TestLog>"""
    assert list(boost.parse([document])) == [
        Container(("shop", "drone"), "test suite", metadata={"skipped": "disabled"}),
        Run(metadata={"platform": "linux", "boost": "1.74"}),
    ]
