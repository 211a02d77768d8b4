"""AUnit's XML: Ada's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import detect
from assay.formats.aunit import parse
from assay.model import Error, Item, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "aunit"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def failed(within: str) -> Result:
    document = f"<TestRun><Statistics/><FailedTests><Test>{within}</Test></FailedTests></TestRun>"
    return next(each for each in parse([document.encode()]) if isinstance(each, Result))


def test_a_routine_is_a_test_of_its_case() -> None:
    assert sample("shop.xml") == [
        Result(("Cart",), "adds", Status.PASSED, 0.000001),
        Result(("Price",), "rounds", Status.PASSED, 0.01009),
        Result(("Price",), "sums", Status.PASSED, 0.0),
        Result(
            ("Cart",),
            "removes",
            Status.FAILED,
            0.000045,
            error=Error("", "nothing was removed"),
            metadata={"source": "cart_tests.adb:12"},
        ),
        Result(
            ("Cart",),
            "compares",
            Status.FAILED,
            0.000004,
            error=Error("", "expected <3> & got <4>"),
            metadata={"source": "cart_tests.adb:17"},
        ),
        Result(
            ("Cart",),
            "overflows",
            Status.BROKEN,
            0.000007,
            error=Error("CONSTRAINT_ERROR", "cart_tests.adb:23 range check failed"),
            metadata={"source": "cart_tests.adb:23"},
        ),
        Run(duration=0.01023),
    ]


def test_without_timers_no_duration_is_known() -> None:
    *results, run = sample("price.xml")
    assert [each.duration for each in results if isinstance(each, Result)] == [None, None]
    assert run == Run()


def test_a_message_that_somebody_escaped_stays_as_it_was_meant() -> None:
    found = failed("\n<Name>Cart : adds</Name>\n<Message>3 &lt; 4 &amp; <5></Message>\n")
    assert found.error == Error("", "3 < 4 & <5>")


def test_a_name_may_have_no_routine() -> None:
    found = failed("<Name>Test Stack.Push</Name><FailureType>Assertion</FailureType>")
    assert (found.path, found.name) == ((), "Test Stack.Push")


def test_other_runs_are_none_of_ours() -> None:
    with pytest.raises(UnknownFormat):
        detect(b"<TestRun><Times/><SuccessfulTests/><Statistics/></TestRun>")
    with pytest.raises(Malformed):
        list(parse([b"<Runs/>"]))
