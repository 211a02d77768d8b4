"""What xcodebuild and `swift test` print: issues, iterations, crashes, compilers' errors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.errors import Malformed
from assay.formats import detect, look, xcodebuild
from assay.model import Error, Item, Measurement, Result, Run, Status

SUITE = "Test Suite 'ShopTests.xctest' started at 2026-03-01 12:00:00.000"
PATH = ("ShopTests", "Cart")
FILE = "/Users/runner/work/shop/shop/Cart.swift"


def parse(*lines: str) -> list[Item]:
    return list(xcodebuild.parse(["\n".join(lines).encode()]))


def results(*lines: str) -> list[Result]:
    return [item for item in parse(*lines) if isinstance(item, Result)]


def case(said: str, name: str = "testA") -> str:
    return f"Test Case '-[ShopTests.Cart {name}]' {said}"


def test_a_failure_has_its_issues_and_its_output() -> None:
    issue = f"{FILE}:18: error: -[ShopTests.Cart testA] : "
    found = parse(
        SUITE,
        case("started."),
        "2 books",
        f"{issue}XCTAssertEqual failed: 1 is not 2",
        f"{issue}XCTAssertTrue failed",
        case("failed (1.500 seconds)."),
        "\t Executed 1 test, with 2 failures (0 unexpected) in 1.500 (1.750) seconds",
    )
    assert found == [
        Result(
            PATH,
            "testA",
            Status.FAILED,
            1.5,
            error=Error(
                message="XCTAssertEqual failed: 1 is not 2",
                trace="Cart.swift:18: XCTAssertEqual failed: 1 is not 2\n"
                "Cart.swift:18: XCTAssertTrue failed",
            ),
            stdout="2 books",
            metadata={"file": "Cart.swift", "line": "18"},
        ),
        Run(date=datetime(2026, 3, 1, 12, tzinfo=UTC), duration=1.75),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Test Case '-[Cart testA]' passed (0.5 seconds).",
        "Test Case 'Cart.testA' passed (0.5 seconds)",
        "Test case 'Cart.testA()' passed on 'iPhone 15 - Clone 1 of Shop (123)' (0.5 seconds)",
    ],
)
def test_every_platforms_way_to_write_a_test_is_read(line: str) -> None:
    assert detect(line.encode()).name == "xcodebuild"
    assert results(line) == [Result(("Cart",), "testA", Status.PASSED, 0.5)]


@pytest.mark.parametrize(
    ("words", "status", "flaky"),
    [
        (["failed", "passed"], Status.PASSED, True),
        (["passed", "passed"], Status.PASSED, False),
        (["passed", "failed"], Status.FAILED, False),
    ],
)
def test_iterations_are_tries_of_one_test(words: list[str], status: Status, flaky: bool) -> None:
    lines = [
        line
        for number, word in enumerate(words, 1)
        for line in (case(f"started (Iteration {number} of 2)."), case(f"{word} (0.1 seconds)."))
    ]
    (result,) = results(SUITE, *lines)
    assert (result.status, result.flaky, len(result.attempts)) == (status, flaky, 1)


def test_a_test_that_crashed_is_broken_by_what_was_fatal() -> None:
    crashed, passed = results(
        SUITE,
        case("started."),
        f"{FILE}:41: Fatal error: found nil",
        "Restarting after unexpected exit, crash, or test timeout in Cart.testA(); summary will …",
        SUITE,
        case("started.", "testB"),
        case("passed (0.001 seconds).", "testB"),
    )
    assert (crashed.status, crashed.error) == (Status.BROKEN, Error("Crash", "found nil"))
    assert (passed.name, passed.status) == ("testB", Status.PASSED)


def test_what_was_thrown_breaks_a_test() -> None:
    said = 'failed: caught error: "no index"'
    (result,) = results(
        SUITE,
        case("started."),
        f"<unknown>:0: error: -[ShopTests.Cart testA] : {said}",
        case("failed (0.1 seconds)."),
    )
    assert (result.status, result.error) == (Status.BROKEN, Error("Error", said, said))
    assert result.metadata is None


def test_swift_testings_issues_have_their_arguments_and_comments() -> None:
    failed, known, skipped = results(
        "◇ Test run started.",
        "◇ Test rounds(n:) started.",
        "✘ Test rounds(n:) recorded an issue with 1 argument n → 2 at A.swift:9:5: Expectation "
        "failed",
        "↳ half to even",
        "✘ Test rounds(n:) with 3 test cases failed after 0.5 seconds with 1 issue.",
        '◇ Test "Says hello" started.',
        '✘ Test "Says hello" recorded a known issue at A.swift:12:5: Expectation failed',
        '✔ Test "Says hello" passed after 0.001 seconds with 1 known issue.',
        '➜ Test flies() skipped: "no drone"',
    )
    assert failed.error == Error(
        message="Expectation failed [n → 2]\nhalf to even",
        trace="A.swift:9: Expectation failed [n → 2]\nhalf to even",
    )
    assert (failed.name, failed.status, failed.duration) == ("rounds(n:)", Status.FAILED, 0.5)
    assert (known.name, known.status) == ("Says hello", Status.PASSED)
    assert known.metadata == {"expected": "failure"}
    assert (skipped.name, skipped.error) == ("flies", Error(message="no drone"))


def test_what_is_measured_is_kept() -> None:
    found = parse(
        SUITE,
        case("started."),
        f"{FILE}:9: {case('measured [Time, seconds] average: 0.012, relative deviation: 8%')}",
        case("passed (0.254 seconds)."),
    )
    assert found[0] == Measurement(PATH, "testA", "Time", 0.012, "s")


def test_what_cannot_be_compiled_is_a_broken_build() -> None:
    log = "=== BUILD TARGET Shop OF PROJECT Shop WITH CONFIGURATION Debug ==="
    assert detect(log.encode()).name == "xcodebuild"
    (broken,) = results(log, f"{FILE}:26:5: error: use of undeclared identifier 'a'")
    assert (broken.name, broken.status) == ("(build)", Status.BROKEN)
    assert broken.error == Error(
        "CompileError",
        "use of undeclared identifier 'a'",
        "Cart.swift: 26: use of undeclared identifier 'a'",
    )


@pytest.mark.parametrize("text", ["Test Suite: shop", "test case 'a' started", "** DONE **"])
def test_other_text_is_none(text: str) -> None:
    assert not xcodebuild.FORMAT.sniff(look(text.encode()))
    with pytest.raises(Malformed, match="Test Suite"):
        parse(text)
