"""Traces: whose frame it is, which is nearest to the error, and where a long one is cut."""

from __future__ import annotations

from assay.web.pages import traces
from support.shop import TRACE

JAVA = """org.opentest4j.AssertionFailedError: expected: <76.05> but was: <84.50>
\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
\tat com.shop.steps.BasketSteps.theTotalIs(BasketSteps.java:61)
\tat java.base/java.lang.reflect.Method.invoke(Method.java:568)"""

NODE = """Error: expected 3
    at Object.<anonymous> (/srv/ci/job/7/web/shop/tests/cart.spec.ts:12:5)
    at /srv/ci/job/7/web/shop/node_modules/jest/run.js:4:1"""


def theirs(trace: str) -> list[str]:
    read = traces.read(trace, "")
    assert read is not None
    return [line.text.strip() for line in read.lines if not line.own]


def place(trace: str) -> str:
    read = traces.read(trace, "")
    assert read is not None
    return read.place


def test_a_library_s_frame_takes_its_source_line_along() -> None:
    assert theirs(TRACE)[1:] == ["self._sync("]


def test_frames_of_frameworks_and_the_platform_are_not_ones_own() -> None:
    assert len(theirs(JAVA)) == 2
    assert len(theirs(NODE)) == 1


def test_the_place_is_the_own_frame_nearest_to_the_error() -> None:
    assert place(TRACE) == "tests/web/pages/checkout.py:118"
    assert place(JAVA) == "BasketSteps.java:61"
    assert place(NODE) == "web/shop/tests/cart.spec.ts:12"
    assert place("it just failed") == ""


def test_a_long_trace_shows_the_end_that_has_the_error() -> None:
    frames = "".join(f'  File "/srv/a.py", line {n}, in f\n    f()\n' for n in range(5000))
    python = traces.read(
        f"Traceback (most recent call last):\n{frames}RecursionError: too deep", ""
    )
    java = traces.read("StackOverflowError\n" + "\tat a.B.c(B.java:1)\n" * 5000, "")
    assert python is not None
    assert java is not None
    assert not python.text.whole
    assert python.lines[-1].text == "RecursionError: too deep"
    assert java.lines[0].text == "StackOverflowError"
    assert java.text.size > len(java.text.text)


def test_nothing_is_no_trace() -> None:
    assert traces.read(" \n", "") is None
