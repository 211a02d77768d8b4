"""CppUnit's XML."""

from __future__ import annotations

from pathlib import Path

from assay.formats import cppunit, detect
from assay.model import Error, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "cppunit"


def results(file: str) -> dict[str, Result]:
    items = cppunit.parse([(SAMPLES / file).read_bytes()])
    return {each.name: each for each in items if isinstance(each, Result)}


def test_an_assertion_fails_a_test_below_its_class() -> None:
    said = "equality assertion failed\n- Expected: 9\n- Actual  : 10\n- the coupon is SUMMER"
    assert results("cppunit.xml")["takesACoupon"] == Result(
        ("CartTest",),
        "takesACoupon",
        Status.FAILED,
        error=Error("", said, f"cart.cc:26\n{said}"),
        metadata={"file": "cart.cc", "line": "26"},
    )


def test_an_exception_breaks_a_test_and_tells_its_type() -> None:
    found = results("cppunit.xml")["countsItsBooks"]
    assert found.status is Status.BROKEN
    assert found.error
    assert found.error.type == "std::exception"
    assert found.error.message.endswith("- the warehouse does not answer")


def test_a_test_that_fails_twice_is_one() -> None:
    document = b"""<TestRun><FailedTests>
      <FailedTest id="1"><Name>shop::Cart::pays</Name><FailureType>Assertion</FailureType>
        <Message>no money</Message></FailedTest>
      <FailedTest id="1"><Name>shop::Cart::pays</Name><FailureType>Error</FailureType>
        <Message>still open</Message></FailedTest>
      <FailedTest id="2"><Name>opens</Name></FailedTest></FailedTests></TestRun>"""
    pays, opens, _ = cppunit.parse([document])
    assert pays == Result(
        ("shop::Cart",),
        "pays",
        Status.FAILED,
        error=Error("", "no money", "no money\n\nstill open"),
    )
    assert isinstance(opens, Result)
    assert (opens.path, opens.name) == ((), "opens")


def test_what_extensions_write_is_read() -> None:
    document = b"""<TestRun><FailedTests/><SuccessfulTests><Test id="1"><Name>Cart::pays</Name>
      <Time>0.25</Time></Test></SuccessfulTests><SkippedTests><Test id="2"><Name>Cart::sends</Name>
      </Test></SkippedTests><Statistics><TotalElapsedTime>0.5</TotalElapsedTime></Statistics>
      </TestRun>"""
    assert list(cppunit.parse([document])) == [
        Result(("Cart",), "pays", Status.PASSED, 0.25),
        Result(("Cart",), "sends", Status.SKIPPED),
        Run(duration=0.5),
    ]


def test_an_empty_run_is_one_too() -> None:
    document = b"<TestRun>\n<FailedTests></FailedTests><SuccessfulTests/></TestRun>"
    assert detect(document).name == "cppunit"
    assert list(cppunit.parse([document])) == [Run()]
