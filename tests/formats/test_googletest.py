"""GoogleTest's JSON, and its XML as JUnit's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import detect, googletest, junit
from assay.model import Container, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "googletest"


def results(file: str) -> dict[str, Result]:
    items = googletest.parse([(SAMPLES / file).read_bytes()])
    return {each.name: each for each in items if isinstance(each, Result)}


def suite(*tests: Any, **said: Any) -> list[Item]:
    report = {"tests": 1, "testsuites": [{"name": "Cart", "testsuite": tests, **said}]}
    return list(googletest.parse([json.dumps(report).encode()]))


def test_a_failure_keeps_what_it_says_and_where_each_happened() -> None:
    found = results("googletest-1.15.json")["TakesACoupon"]
    assert found.path == ("Cart",)
    assert found.status is Status.FAILED
    assert found.error
    assert found.error.message.startswith("Expected equality of these values:\n  Total(5, 2)")
    assert found.error.trace.startswith("cart.cc:18\nExpected equality")
    assert "\n\ncart.cc:19\nValue of: Total(5, 2) < 10" in found.error.trace
    assert "for 8 € at most" in found.error.trace, "written byte by byte"
    assert found.metadata == {"file": "cart.cc", "line": "16"}


def test_an_exception_breaks_a_test() -> None:
    found = results("googletest-1.15.json")["CountsItsBooks"]
    said = 'C++ exception with description "the warehouse does not answer" thrown in the test body.'
    assert found.status is Status.BROKEN
    assert found.error == Error("", said, f"unknown file\n{said}")


def test_a_skipped_test_says_why_in_newer_versions() -> None:
    assert results("googletest-1.15.json")["IsWrappedAsAGift"].status is Status.SKIPPED
    _, found, _ = suite(
        {
            "name": "IsWrapped",
            "result": "SKIPPED",
            "skipped": [{"message": "cart.cc:21\nno paper\n"}],
        }
    )
    assert found == Result(
        ("Cart",), "IsWrapped", Status.SKIPPED, error=Error("", "no paper", "cart.cc:21\nno paper")
    )


def test_values_and_types_are_parameters_and_recorded_properties_are_facts() -> None:
    found = results("googletest-1.12.json")
    assert found["HasThreeLetters/2"].path == ("Europe/Currency",)
    assert found["HasThreeLetters/2"].parameters == {"value_param": '"Euro"'}
    assert found["IsHalved"].parameters == {"type_param": "double"}
    assert found["AddsUpItsLines"].metadata == {
        "file": "cart.cc",
        "line": "11",
        "currency": "EUR",
        "lines": "2",
    }


def test_a_suite_has_its_duration_and_what_was_recorded_in_it() -> None:
    assert suite({"name": "StartsEmpty", "time": "0.5s"}, time="1.5s", currency="EUR") == [
        Container(("Cart",), "test suite", duration=1.5, metadata={"currency": "EUR"}),
        Result(("Cart",), "StartsEmpty", Status.PASSED, 0.5),
        Run(),
    ]


def test_a_failure_outside_any_test_is_a_result() -> None:
    failure = {"failure": "shop.cc:9\nFailed\nno database\n", "type": ""}
    (found, _) = suite({"name": "", "failures": [failure]}, name="NonTestSuiteFailure")
    assert found == Result(
        (),
        "(outside any test)",
        Status.BROKEN,
        error=Error("", "no database", "shop.cc:9\nno database"),
    )


def test_what_is_cut_short_is_told_of() -> None:
    whole = (SAMPLES / "googletest-1.15.json").read_bytes()
    items = list(googletest.parse([whole[: len(whole) // 2]]))
    assert any(isinstance(each, Result) for each in items)
    assert any(isinstance(each, Notice) for each in items)


def test_a_document_without_suites_is_none() -> None:
    with pytest.raises(Malformed, match="testsuites"):
        list(googletest.parse([b'{"name": 1}']))


def test_its_xml_says_the_same_as_its_json() -> None:
    document = b"""<testsuites tests="3" failures="0" disabled="1" errors="0" name="AllTests">
      <testsuite name="Europe/Currency" tests="3" failures="0" disabled="1" skipped="1">
        <testcase name="HasThreeLetters/0" value_param="&quot;EUR&quot;" status="run"
          result="completed" classname="Europe/Currency"/>
        <testcase name="IsOld/0" status="run" result="skipped" classname="Europe/Currency">
          <skipped message="cart.cc:20&#x0A;not now"><![CDATA[cart.cc:20\nnot now]]></skipped>
        </testcase>
        <testcase name="DISABLED_IsNew/0" status="notrun" result="suppressed"
          classname="Europe/Currency"/>
      </testsuite></testsuites>"""
    assert detect(document).name == "junit"
    given, skipped, disabled = (x for x in junit.parse([document]) if isinstance(x, Result))
    assert given.parameters == {"value_param": '"EUR"'}
    assert given.metadata is None
    assert (skipped.status, disabled.status) == (Status.SKIPPED, Status.SKIPPED)
