"""The raw output of Android's `am instrument`, whole, crashed and cut short."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import detect
from assay.formats.instrumentation import parse
from assay.model import Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "instrumentation"
CART = ("com.example.shop.CartTest",)


def items(text: str) -> list[Item]:
    return list(parse([text.encode()]))


def status(test: str, code: int, *more: str) -> str:
    said = ["numtests=2", "class=Cart", f"test={test}", *more]
    lines = [f"INSTRUMENTATION_STATUS: {each}" for each in said]
    return "\n".join([*lines, f"INSTRUMENTATION_STATUS_CODE: {code}\n"])


def test_each_test_ends_with_a_code() -> None:
    assumed = "org.junit.AssumptionViolatedException: no camera\n\tat org.junit.Assume."
    assumed += "assumeTrue(Assume.java:68)"
    failed = (
        "java.lang.AssertionError: expected:<2> but was:<1>\n"
        "\tat org.junit.Assert.fail(Assert.java:89)\n"
        "\tat com.example.shop.CartTest.rounds(CartTest.kt:20)"
    )
    assert list(parse([(SAMPLES / "shop.txt").read_bytes()])) == [
        Result(CART, "addsUp", Status.PASSED),
        Result(
            CART,
            "rounds",
            Status.FAILED,
            error=Error("java.lang.AssertionError", "expected:<2> but was:<1>", failed),
        ),
        Result(
            CART,
            "scans",
            Status.SKIPPED,
            error=Error("org.junit.AssumptionViolatedException", "no camera", assumed),
        ),
        Result(CART, "isSentByDrone", Status.SKIPPED),
        Result(
            CART, "opens", Status.PASSED, metadata={"android.studio.display.benchmark": "12 ms"}
        ),
        Run(duration=1.523),
    ]


def test_a_crash_breaks_the_test_that_had_begun() -> None:
    assert list(parse([(SAMPLES / "crash.txt").read_bytes()])) == [
        Result(CART, "addsUp", Status.PASSED),
        Result(
            CART,
            "loads",
            Status.BROKEN,
            error=Error("java.lang.OutOfMemoryError", "Failed to allocate 512 bytes"),
        ),
        Run(),
    ]


def test_tests_may_run_side_by_side() -> None:
    found = items(
        status("a", 1)
        + status("b", 1)
        + status("a", 0)
        + status("b", -2)
        + "INSTRUMENTATION_CODE: -1"
    )
    assert found == [
        Result(("Cart",), "a", Status.PASSED),
        Result(("Cart",), "b", Status.FAILED),
        Run(),
    ]


def test_what_cannot_even_begin_is_a_broken_result() -> None:
    found = items(
        "INSTRUMENTATION_STATUS: id=ActivityManagerService\n"
        "INSTRUMENTATION_STATUS: Error=Unable to find instrumentation info\n"
        "INSTRUMENTATION_STATUS_CODE: -1\n"
    )
    error = Error(message="Unable to find instrumentation info")
    assert found == [Result((), "(instrumentation)", Status.BROKEN, error=error), Run()]


def test_output_that_ends_early_says_so() -> None:
    found = items(status("a", 1) + status("a", 0))
    assert found[-2] == Notice("1 of 2 tests are told of; the run did not end")
    found = items(status("a", 1) + status("a", 0) + status("b", 1))
    assert found[-3] == Result(
        ("Cart",),
        "b",
        Status.BROKEN,
        error=Error(message="The output ends before the test does"),
    )
    assert found[-2] == Notice("The output has no INSTRUMENTATION_CODE: its end is missing")


def test_a_test_that_is_run_again_has_attempts() -> None:
    found = items(
        status("a", 1)
        + status("a", -2)
        + status("a", 1)
        + status("a", 0)
        + "INSTRUMENTATION_CODE: -1"
    )
    (result,) = (item for item in found if isinstance(item, Result))
    assert (result.flaky, len(result.attempts)) == (True, 1)


def test_a_time_is_read_in_the_devices_digits() -> None:
    assert items("INSTRUMENTATION_RESULT: stream=\nTime: ٠٫٠١٥\nINSTRUMENTATION_CODE: -1") == [
        Run(duration=0.015)
    ]


def test_other_text_is_none_of_it() -> None:
    with pytest.raises(UnknownFormat):
        detect(b"it printed INSTRUMENTATION_CODE: -1 somewhere\n")
    with pytest.raises(Malformed):
        items("OK (3 tests)")
