"""UnitTest++'s XML."""

from __future__ import annotations

from pathlib import Path

from assay.formats import unittestpp
from assay.model import Error, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "unittestpp"


def results(file: str) -> dict[str, Result]:
    items = unittestpp.parse([(SAMPLES / file).read_bytes()])
    return {each.name: each for each in items if isinstance(each, Result)}


def test_the_first_failure_is_the_message_and_all_are_the_trace() -> None:
    found = results("unittestpp.xml")["TakesACoupon"]
    assert (found.path, found.status) == (("Cart",), Status.FAILED)
    assert found.error == Error(
        "",
        "Expected 9 but was 10",
        "cart.cc:14\nExpected 9 but was 10\n\ncart.cc:15\nTotal(5, 2) < 10",
    )
    assert found.metadata == {"file": "cart.cc", "line": "14"}
    assert found.duration
    assert found.duration < 0.1


def test_an_exception_breaks_a_test() -> None:
    found = results("unittestpp.xml")["CountsItsBooks"]
    assert found.status is Status.BROKEN
    assert found.error
    assert found.error.message == "Unhandled exception: the warehouse does not answer"


def test_a_log_is_the_tests_output() -> None:
    document = b"""<unittest-results tests="1" time="2.5"><test suite="Cart" name="Pays" time="2">
      <log>asking the bank</log></test></unittest-results>"""
    assert list(unittestpp.parse([document])) == [
        Result(("Cart",), "Pays", Status.PASSED, 2, stdout="asking the bank"),
        Run(duration=2.5),
    ]
