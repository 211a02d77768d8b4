"""TeamCity's service messages: flows, escapes, comparisons, retries, measurements."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.errors import Malformed
from assay.formats import detect, teamcity
from assay.model import Attachment, Error, Item, Measurement, Result, Run, Status


def parse(*messages: str) -> list[Item]:
    lines = (f"##teamcity[{each}]" if not each.startswith("|") else each[1:] for each in messages)
    return list(teamcity.parse(["\n".join(lines).encode()]))


def results(*messages: str) -> list[Result]:
    return [item for item in parse(*messages) if isinstance(item, Result)]


def test_flows_are_told_apart() -> None:
    found = results(
        "testSuiteStarted name='shop' flowId='1'",
        "flowStarted flowId='2' parent='1'",
        "testStarted name='adds up' flowId='1'",
        "testSuiteStarted name='search' flowId='2'",
        "testStarted name='adds up' flowId='2'",
        "testFailed name='adds up' flowId='2' message='no'",
        "testFinished name='adds up' flowId='1' duration='1500'",
        "testFinished name='adds up' flowId='2'",
        "testSuiteFinished name='search' flowId='2'",
        "testStarted name='finds' flowId='2'",
        "testFinished name='finds' flowId='2'",
        "flowFinished flowId='2'",
        "testSuiteFinished name='shop' flowId='1'",
    )
    assert found == [
        Result(("shop",), "adds up", Status.PASSED, 1.5),
        Result(("shop", "search"), "adds up", Status.FAILED, error=Error(message="no")),
        Result(("shop",), "finds", Status.PASSED),
    ]


def test_escapes_are_undone() -> None:
    (result,) = results("testIgnored name='|[a|] |'b|' || |0x00e9' message='one|ntwo|x|l|p|r'")
    assert result.name == "[a] 'b' | é"
    assert result.error == Error(message="one\ntwo")


def test_a_message_is_found_behind_other_output() -> None:
    line = b"shop | [12:00] ##teamcity[testStarted name='a'] hi ##teamcity[testFinished name='a']\n"
    assert detect(line).name == "teamcity"
    (result,) = teamcity.parse([line])
    assert result == Result((), "a", Status.PASSED, stdout=" hi\n")


def test_a_comparison_tells_what_was_expected() -> None:
    compared = "type='comparisonFailure' expected='2' actual='1'"
    (result,) = results(
        "testStarted name='a'",
        f"testFailed name='a' message='No match' details='at a.js:1' {compared}",
        "testFinished name='a'",
    )
    assert result.status is Status.FAILED
    assert result.error == Error(
        "comparisonFailure", "No match\nexpected: 2\nactual: 1", "at a.js:1"
    )


@pytest.mark.parametrize(
    ("said", "status", "kind"),
    [
        ("message='RuntimeException : no connection'", Status.BROKEN, "RuntimeException"),
        ("message='no' details='TypeError: no|n    at a (a.js:1:1)'", Status.BROKEN, "TypeError"),
        ("message='AssertionError: 1 != 2'", Status.FAILED, "AssertionError"),
        ("message='Error' details='Traceback|n  at b|nKeyError: 1'", Status.BROKEN, "KeyError"),
        ("message='1 is not 2'", Status.FAILED, ""),
    ],
)
def test_what_is_no_assertion_breaks_a_test(said: str, status: Status, kind: str) -> None:
    (result,) = results("testStarted name='a'", f"testFailed name='a' {said}")
    assert result.status is status
    assert result.error
    assert result.error.type == kind


def test_a_test_that_is_run_again_is_one_test() -> None:
    (result,) = results(
        "testRetrySupport enabled='true'",
        "testStarted name='a'",
        "testFailed name='a' message='no'",
        "testFinished name='a' duration='2000'",
        "testStarted name='a'",
        "testFinished name='a' duration='1000'",
    )
    assert (result.status, result.flaky, result.duration) == (Status.PASSED, True, 1.0)
    (attempt,) = result.attempts
    assert (attempt.status, attempt.error, attempt.duration) == (
        Status.FAILED,
        Error(message="no"),
        2.0,
    )


def test_metadata_is_measured_attached_or_kept() -> None:
    measured, result = parse(
        "testStarted name='shop.Cart.adds_up'",
        "testMetadata name='books' type='number' value='12.5'",
        "testMetadata testName='shop.Cart.adds_up' type='image' value='shots/cart.png'",
        "testMetadata testName='shop.Cart.adds_up' name='ticket' type='link' value='https://a.example/1'",
        "testStdOut name='shop.Cart.adds_up' out='hello|n'",
        "testStdErr name='shop.Cart.adds_up' out='oh'",
        "testFinished name='shop.Cart.adds_up'",
    )
    assert measured == Measurement(("shop.Cart",), "adds_up", "books", 12.5)
    assert result == Result(
        ("shop.Cart",),
        "adds_up",
        Status.PASSED,
        stdout="hello\n",
        stderr="oh",
        attachments=(Attachment("cart.png", "shots/cart.png"),),
        metadata={"ticket": "https://a.example/1"},
    )


def test_a_test_that_is_never_finished_is_broken() -> None:
    (result,) = results("testStarted name='a'", "|Segmentation fault")
    assert result.status is Status.BROKEN
    assert result.error == Error(message="It was started and never finished")
    assert result.stdout == "Segmentation fault\n"


def test_the_build_is_told_of() -> None:
    problem, run = parse(
        "testCount count='0' timestamp='2026-03-01T10:00:00.000+0100'",
        "buildNumber '1.2.7'",
        "buildProblem description='It does not compile' timestamp='2026-03-01T10:00:05.000+0100'",
    )
    assert problem == Result(
        (), "(build problem)", Status.BROKEN, error=Error(message="It does not compile")
    )
    assert run == Run(date=datetime(2026, 3, 1, 9, tzinfo=UTC), duration=5.0, build="1.2.7")


def test_a_log_without_tests_is_refused() -> None:
    with pytest.raises(Malformed, match="none tells of a test"):
        parse("progressMessage 'Compiling'")


def test_escaped_halves_of_utf_16_are_joined_and_none_stays_alone() -> None:
    (found,) = results(
        "testStarted name='a |0xD83D|0xDE00'",
        "testFailed name='a |0xD83D|0xDE00' message='|0xD83D or |0xDE00' details='|0x0000'",
        "testFinished name='a |0xD83D|0xDE00'",
    )
    assert found.name == "a \U0001f600"
    assert found.error == Error(message="\ufffd or \ufffd")
