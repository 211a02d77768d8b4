"""Catch2's XML and JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed, TooLarge
from assay.formats import catch2
from assay.model import Error, Item, Measurement, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "catch2"


def items(file: str) -> list[Item]:
    return list(catch2.parse([(SAMPLES / file).read_bytes()]))


def results(file: str) -> dict[str, Result]:
    return {each.name: each for each in items(file) if isinstance(each, Result)}


def test_a_failure_says_what_was_compared_and_what_the_test_said_before() -> None:
    found = results("catch2-2.xml")["A coupon is taken"]
    assert found == Result(
        ("cart_test",),
        "A coupon is taken",
        Status.FAILED,
        found.duration,
        error=Error(
            "",
            "CHECK( Total(5, 2) == 9 )\n10 == 9\nthe coupon is SUMMER",
            "cart.cc:18\nCHECK( Total(5, 2) == 9 )\n10 == 9\nthe coupon is SUMMER\n\n"
            "cart.cc:20\nREQUIRE( Total(5, 2) < 10 )\n10 < 10\nthe coupon is SUMMER\n"
            "Total(5, 2) := 10",
        ),
        tags=("cart",),
        metadata={"file": "cart.cc", "line": "16"},
    )


def test_an_exception_breaks_a_test() -> None:
    found = results("catch2-2.xml")["The warehouse counts its books"]
    said = "the warehouse does not answer"
    assert found.status is Status.BROKEN
    assert found.error == Error("", said, f"cart.cc:23\n{said}")


def test_an_exception_within_an_expression_breaks_a_test_too() -> None:
    found = results("catch2-3.xml")["A price is known"]
    assert found.status is Status.BROKEN
    assert [(step.name, step.status) for step in found.steps] == [
        ("of Emma", Status.BROKEN),
        ("of Persuasion", Status.SKIPPED),
    ]
    assert found.error
    assert found.error.message == 'REQUIRE( price_of("Emma") == 5 )\nno such book'


def test_a_failure_that_is_allowed_is_none_and_is_told() -> None:
    found = results("catch2-2.xml")["A cart is wrapped as a gift"]
    assert (found.status, found.error, found.tags) == (Status.PASSED, None, ("!shouldfail",))
    assert (found.metadata or {})["expected failure"] == "REQUIRE( Total(2, 2) == 5 )\n4 == 5"


def test_a_test_that_should_fail_and_does_not_has_failed() -> None:
    found = results("catch2-3.xml")["A cart is wrapped as a gift"]
    assert found.status is Status.FAILED
    assert found.error == Error(message="It passed, and was expected to fail")


def test_a_skipped_test_says_why() -> None:
    found = results("catch2-3.xml")["A cart is insured"]
    assert found.status is Status.SKIPPED
    assert found.error
    assert found.error.message == "there is no insurance yet"


def test_each_run_of_a_section_is_a_step() -> None:
    found = results("catch2-2.xml")["Scenario: Books are returned"]
    one, none = found.steps
    assert (one.name, one.status) == ("Given: two books in an order", Status.PASSED)
    (when,) = none.steps
    (then,) = when.steps
    assert (when.name, when.status) == ("When: none is sent back", Status.FAILED)
    said = "CHECK( books.size() == 3 )\n2 == 3"
    assert then == Step(
        "Then: there are three",
        Status.FAILED,
        then.duration,
        Error("", said, f"cart.cc:42\n{said}"),
    )
    assert (found.stdout.strip(), found.stderr.strip()) == ("counting", "one is missing")


def test_the_section_of_each_generated_value_is_a_step() -> None:
    found = results("catch2-2.xml")["A currency has three letters"]
    assert [step.name for step in found.steps] == ["in upper case"] * 3


def test_a_benchmark_is_a_result_with_measurements_in_seconds() -> None:
    case, benchmark, mean, deviation, _ = items("benchmark.xml")
    assert isinstance(case, Result)
    assert case.tags == ("benchmark",)
    assert isinstance(benchmark, Result)
    assert (benchmark.path, benchmark.name) == (("cart_test", "Adding up is quick"), "ten lines")
    assert isinstance(mean, Measurement)
    assert (mean.path, mean.name) == (benchmark.path, benchmark.name)
    assert (mean.metric, mean.unit) == ("mean", "s")
    assert 1e-9 < mean.value < 1e-6
    assert isinstance(deviation, Measurement)
    assert deviation.metric == "standard deviation"


def test_a_benchmark_that_fails_is_broken() -> None:
    document = b"""<Catch name="cart_test"><Group name="cart_test"><TestCase name="Adding up">
      <BenchmarkResults name="ten lines"><failed message="no clock"/></BenchmarkResults>
      <OverallResult success="true"/></TestCase></Group></Catch>"""
    _, found, _ = catch2.parse([document])
    assert found == Result(
        ("cart_test", "Adding up"), "ten lines", Status.BROKEN, error=Error(message="no clock")
    )


def test_json_tells_where_and_not_what() -> None:
    found = results("catch2-3.json")["A coupon is taken"]
    assert found.status is Status.FAILED
    assert found.error
    assert found.error.trace == "cart.cc:18: an assertion failed\n\ncart.cc:20: an assertion failed"


def test_json_has_sections_output_and_what_was_expected() -> None:
    found = results("catch2-3.json")
    books = found["Scenario: Books are returned"]
    assert [step.status for step in books.steps] == [Status.PASSED, Status.FAILED]
    assert (books.stdout, books.stderr) == ("counting", "one is missing")
    assert found["A cart is insured"].status is Status.SKIPPED
    assert (found["A cart is wrapped as a gift"].metadata or {})["expected failure"]


@pytest.mark.parametrize("file", ["catch2-3.xml", "catch2-3.json"])
def test_the_run_tells_the_seed_and_the_version(file: str) -> None:
    *_, run = items(file)
    assert isinstance(run, Run)
    assert (run.metadata or {})["catch2-version"] == "3.7.1"
    assert (run.metadata or {})["rng-seed"].isdigit()


def test_json_of_another_kind_is_none() -> None:
    with pytest.raises(Malformed, match="test-run"):
        list(catch2.parse([b'{"version": 1}']))


def test_sections_without_end_are_refused() -> None:
    sections = '<Section name="a">' * 900 + "</Section>" * 900
    cases = f'<TestCase name="b">{sections}</TestCase><TestCase name="c"/>'
    document = f'<Catch2TestRun name="a">{cases}</Catch2TestRun>'
    with pytest.raises(TooLarge, match="nested more than 200 deep"):
        list(catch2.parse([document.encode()]))
