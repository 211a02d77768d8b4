"""doctest's XML."""

from __future__ import annotations

from pathlib import Path

from assay.formats import doctest
from assay.model import Error, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "doctest"


def results(file: str) -> dict[str, Result]:
    items = doctest.parse([(SAMPLES / file).read_bytes()])
    return {each.name: each for each in items if isinstance(each, Result)}


def test_a_failure_says_what_was_compared_and_what_the_test_said_of_it() -> None:
    found = results("doctest.xml")["takes a coupon"]
    assert found.path == ("cart_test", "cart")
    assert found.status is Status.FAILED
    assert found.error == Error(
        "",
        "CHECK( Total(5, 2) == 9 )\n10 == 9\nthe coupon is SUMMER",
        "cart.cc:15\nCHECK( Total(5, 2) == 9 )\n10 == 9\nthe coupon is SUMMER\n\n"
        "cart.cc:16\nCHECK( Total(5, 2) < 10 )\n10 <  10\nthe coupon is SUMMER\nfor 8 € at most",
    )


def test_assertions_that_passed_are_no_failures() -> None:
    found = results("cart.xml")
    assert found["starts empty"].error is None
    assert found["starts empty"].description == "before anybody buys"
    assert results("doctest.xml")["takes a coupon"].error == found["takes a coupon"].error


def test_an_exception_breaks_a_test() -> None:
    found = results("doctest.xml")["the warehouse counts its books"]
    assert found.path == ("cart_test",)
    assert found.status is Status.BROKEN
    assert found.error
    assert found.error.message == "the warehouse does not answer"


def test_failures_that_are_allowed_or_asked_for_are_none() -> None:
    found = results("doctest.xml")
    gift, drone = found["is wrapped as a gift"], found["is sent by drone"]
    assert (gift.status, drone.status) == (Status.PASSED, Status.PASSED)
    assert gift.metadata == {
        "file": "cart.cc",
        "line": "19",
        "should_fail": "true",
        "expected failure": "REQUIRE( Total(2, 2) == 5 )\n4 == 5",
    }
    assert (drone.metadata or {})["may_fail"] == "true"


def test_a_message_is_a_step_if_it_fails_nothing() -> None:
    found = results("doctest.xml")["an invoice is printed"]
    assert found.steps == (Step("Warning: paper is running low", Status.PASSED),)
    assert found.error
    assert found.error.message == "the printer is off"


def test_each_run_of_a_subcase_is_a_step() -> None:
    found = results("doctest.xml")["Scenario: books are returned"]
    one, none = found.steps
    assert (one.name, one.status) == ("Given: two books in an order", Status.PASSED)
    assert none.status is Status.FAILED
    assert none.steps[0].steps[0].name == "Then: there are three"


def test_older_versions_do_not_say_whether_a_test_passed() -> None:
    document = b"""<doctest binary="/home/ida/shop/cart_test" version="2.3.0"><TestSuite>
      <TestCase name="a"><Expression success="false" type="CHECK"><Original>x</Original>
        </Expression><OverallResultsAsserts successes="0" failures="1"/></TestCase>
      <TestCase name="b" should_fail="true"><OverallResultsAsserts successes="1"/></TestCase>
      <TestCase name="c"><OverallResultsAsserts successes="1" failures="0"/></TestCase>
      </TestSuite></doctest>"""
    failed, fine, passed, run = doctest.parse([document])
    assert isinstance(failed, Result)
    assert (failed.path, failed.status) == (("cart_test",), Status.FAILED)
    assert isinstance(fine, Result)
    assert fine.error == Error(message="It passed, and was expected to fail")
    assert passed == Result(("cart_test",), "c", Status.PASSED)
    assert run == Run(metadata={"version": "2.3.0"})
