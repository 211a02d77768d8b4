"""What Python's unittest prints: descriptions, output between, subtests, tracebacks."""

from __future__ import annotations

import pytest

from assay.errors import Malformed
from assay.formats import look, unittest
from assay.model import Error, Item, Notice, Result, Run, Status, Step

DOUBLE, SINGLE = "=" * 70, "-" * 70
TRACE = 'Traceback (most recent call last):\n  File "a.py", line 3, in a\n    b()\n'


def parse(*lines: str) -> list[Item]:
    return list(unittest.parse(["\n".join(lines).encode()]))


def section(head: str, *lines: str) -> list[str]:
    return [DOUBLE, head, SINGLE, *lines, ""]


def test_a_test_has_its_description_and_its_traceback() -> None:
    trace = TRACE + "shop.Closed: no\n\nway in"
    Error("shop.Closed", "no\n\nway in", trace)
    found = parse(
        "test_a (shop.Cart.test_a)",
        "Adds up ... ok",
        "test_b (shop.Cart.test_b) ... ERROR",
        "",
        *section("ERROR: test_b (shop.Cart.test_b)", *trace.split("\n")),
        SINGLE,
        "Ran 2 tests in 1.500s",
    )
    assert found == [
        Result(("shop.Cart",), "test_a", Status.PASSED, description="Adds up"),
        Result(
            ("shop.Cart",),
            "test_b",
            Status.BROKEN,
            error=Error("shop.Closed", "no\n\nway in", trace),
        ),
        Run(duration=1.5),
    ]


@pytest.mark.parametrize(
    "printed",
    [
        ["test_a (shop.Cart) ... 2 books", "on sale", "ok"],
        ["test_a (shop.Cart) ... 2 books", "on saleok"],
    ],
)
def test_what_is_printed_meanwhile_is_its_output(printed: list[str]) -> None:
    first, second, _ = parse(*printed, 'test_b (shop.Cart) ... skipped "it\'s closed"')
    assert first == Result(("shop.Cart",), "test_a", Status.PASSED, stdout="2 books\non sale")
    assert isinstance(second, Result)
    assert second.error == Error(message="it's closed")


def test_subtests_that_failed_are_steps() -> None:
    trace = TRACE + "AssertionError: 1 != 2"
    expected = Step("(n=1)", Status.FAILED, error=Error("AssertionError", "1 != 2", trace))
    sections = section("FAIL: test_a (shop.Cart) (n=1)", trace)
    old = ["test_a (shop.Cart) ... test_b (shop.Cart) ... ok", *sections]
    new = ["test_a (shop.Cart) ... ", "  test_a (shop.Cart) (n=1) ... FAIL"]
    for lines in (old, [*new, "test_b (shop.Cart) ... ok", *sections]):
        first, second, notice = parse(*lines)
        assert isinstance(first, Result)
        assert (first.status, first.steps) == (Status.FAILED, (expected,))
        assert second == Result(("shop.Cart",), "test_b", Status.PASSED)
        assert isinstance(notice, Notice)


def test_what_was_held_back_is_its_output() -> None:
    result, _ = parse(
        "test_a (shop.Cart) ... FAIL",
        *section("FAIL: test_a (shop.Cart)", TRACE + "AssertionError", "", "Stdout:", "2 books"),
    )
    assert isinstance(result, Result)
    assert result.stdout == "2 books"
    assert result.error == Error("AssertionError", "", TRACE + "AssertionError")


def test_expectations_are_told_of() -> None:
    first, second, _ = parse(
        "test_a (shop.Cart) ... expected failure",
        "test_b (shop.Cart) ... unexpected success",
    )
    assert isinstance(first, Result)
    assert isinstance(second, Result)
    assert (first.status, second.status) == (Status.PASSED, Status.FAILED)
    assert first.metadata == second.metadata == {"expected": "failure"}


def test_a_module_that_is_not_loaded_is_broken_by_its_name() -> None:
    result, _ = parse("search.tests (unittest.loader._FailedTest.search.tests) ... ERROR")
    assert result == Result((), "search.tests", Status.BROKEN)


def test_durations_are_read_where_they_are_told() -> None:
    found = parse(
        "test_a (shop.Cart.test_a) ... ok",
        "",
        "Slowest test durations",
        SINGLE,
        "0.250s     test_a (shop.Cart.test_a)",
        "",
        SINGLE,
        "Ran 1 test in 0.300s",
    )
    assert found == [
        Result(("shop.Cart",), "test_a", Status.PASSED, 0.25),
        Run(duration=0.3),
    ]


@pytest.mark.parametrize(
    "text", ["test tests::adds_up ... ok", "test src/lib.rs - a (line 5) ... ok", "..F..\nFAIL: a"]
)
def test_other_text_is_none(text: str) -> None:
    assert not unittest.FORMAT.sniff(look(text.encode()))
    with pytest.raises(Malformed, match="-v"):
        parse(text)
