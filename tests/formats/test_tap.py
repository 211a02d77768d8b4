"""TAP: subtests of every style, directives, plans, and what tools say around it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from assay.errors import Malformed
from assay.formats import look, tap
from assay.model import Attachment, Container, Error, Item, Result, Run, Status


def parse(text: str) -> list[Item]:
    return list(tap.parse([dedent(text).encode()]))


def results(text: str) -> list[Result]:
    return [item for item in parse(text) if isinstance(item, Result)]


def outcomes(text: str) -> list[tuple[str, str]]:
    return [(" > ".join((*each.path, each.name)), str(each.status)) for each in results(text)]


NAMED_BEFORE = """\
    TAP version 14
    # Subtest: cart
        # Subtest: lines
            ok 1 - adds up
            1..1
        ok 1 - lines
        1..1
    ok 1 - cart # time=12ms
    1..1
    """
NAMED_WITHIN = """\
        # Subtest: cart
            # Subtest: lines
            ok 1 - adds up
            1..1
        ok 1 - lines
        1..1
    ok 1 - cart # time=12ms
    1..1
    """
NAMED_BEHIND = """\
    1..1
            1..1
            ok 1 - adds up
        ok 1 - lines
        1..1
    ok 1 - cart # time=12ms
    """
IN_BRACES = """\
    ok 1 - cart # time=12ms {
        ok 1 - lines # time=1ms {
            ok 1 - adds up
            1..1
        }
        1..1
    }
    1..1
    """


@pytest.mark.parametrize("text", [NAMED_BEFORE, NAMED_WITHIN, NAMED_BEHIND, IN_BRACES])
def test_a_subtest_is_a_container_wherever_its_name_stands(text: str) -> None:
    result, _, container = parse(text)
    assert result == Result(("cart", "lines"), "adds up", Status.PASSED)
    assert container == Container(("cart",), "Subtest", duration=0.012)


def test_a_subtest_that_failed_though_all_in_it_passed_is_a_failure() -> None:
    text = """\
        # Subtest: cart
            ok 1 - adds up
            1..1
        not ok 1 - cart
          ---
          failureType: 'hookFailed'
          error: 'the shop is closed'
          duration_ms: 3
          ...
        1..1
        """
    _, container, summary = parse(text)
    assert container == Container(("cart",), "Subtest", duration=0.003)
    assert isinstance(summary, Result)
    assert (summary.path, summary.name, summary.status) == ((), "cart", Status.BROKEN)
    assert summary.error
    assert summary.error.message == "the shop is closed"


def test_directives_are_counted_as_the_specification_has_it() -> None:
    found = results(
        """\
        1..6
        ok 1 - a # SKIP no reader
        not ok 2 - b # skipped
        not ok 3 - c # TODO next month
        ok 4 - d # TODO
        ok 5 - costs \\# todo \\\\ 5
        ok 6 - is # 1
        """
    )
    assert [(each.name, str(each.status)) for each in found] == [
        ("a", "skipped"),
        ("b", "skipped"),
        ("c", "skipped"),
        ("d", "passed"),
        ("costs # todo \\ 5", "passed"),
        ("is # 1", "passed"),
    ]
    assert found[0].error == Error(message="no reader")
    assert found[2].metadata == {"todo": "next month"}
    assert found[3].metadata == {"todo": "yes"}


def test_tests_that_never_ran_are_missed() -> None:
    assert outcomes("1..3\nok 1 - a\n") == [("a", "passed"), ("(plan)", "broken")]
    *_, missed = results("1..3\nok 1 - a\nno connection\n")
    assert missed.error == Error(message="3 tests were planned, 1 ran")
    assert missed.stdout == "no connection"


def test_a_run_that_was_bailed_out_is_over() -> None:
    text = "1..3\nok 1 - a\nBail out! No database\nok 2 - b\n"
    assert outcomes(text) == [("a", "passed"), ("(bail out)", "broken")]
    assert results(text)[-1].error == Error(message="No database")


def test_a_file_with_nothing_to_run_says_why() -> None:
    assert parse("1..0 # SKIP no database\n") == [Run(metadata={"skipped": "SKIP no database"})]


def test_what_perl_says_of_a_failure_is_its_error() -> None:
    failed, passed = results(
        """\
        not ok 1 - adds up
        #   Failed test 'adds up'
        #          got: '3'
        # Looks like you failed 1 test of 2.
        the basket is empty
        # really
        ok 2 - empties the basket
        1..2
        """
    )
    assert failed.error == Error(message="Failed test 'adds up'\n       got: '3'")
    assert passed.stdout == "the basket is empty\nreally"


def test_a_thrown_error_breaks_a_test_of_node() -> None:
    (broken,) = results(
        """\
        TAP version 13
        # Subtest: asks
        not ok 1 - asks
          ---
          duration_ms: 1.5
          location: '/home/runner/work/shop/shop/test/cart.test.mjs:7:3'
          failureType: 'testCodeFailure'
          error: |-
            no connection
            to it
          name: 'TypeError'
          ...
        1..1
        """
    )
    assert (broken.status, broken.duration) == (Status.BROKEN, 0.0015)
    assert broken.error
    assert (broken.error.type, broken.error.message) == ("TypeError", "no connection\nto it")
    assert broken.metadata == {"file": "test/cart.test.mjs", "line": "7"}


def test_a_comment_is_the_title_of_a_tape_test() -> None:
    text = """\
        TAP version 13
        # cart
        ok 1 should be equal
        not ok 2 should be equal
          ---
            operator: equal
            expected: 2
            actual:   1
          ...
        # search
        ok 3 should be equal
        # SKIP delivery

        1..3
        # tests 3
        # pass  2
        """
    assert outcomes(text) == [
        ("cart > should be equal", "passed"),
        ("cart > should be equal", "failed"),
        ("search > should be equal", "passed"),
        ("delivery", "skipped"),
    ]
    failed = results(text)[1]
    assert failed.error
    assert failed.error.message == "expected: 2\nactual: 1"


def test_the_files_that_prove_runs_are_containers() -> None:
    found = parse(
        """\
        t/a.t .. 
        1..1
        ok 1 - adds up
        ok
        t/b.t .. 
        1..0 # SKIP no database
        skipped: no database
        t/c.t .. 
        ok 1 - counts
        1..1
        # Looks like your test exited with 2 just after 1.
        Dubious, test returned 2 (wstat 512, 0x200)
        All 1 subtests passed

        Test Summary Report
        Files=3, Tests=2,  4 wallclock secs ( 0.02 usr)
        """  # noqa: W291
    )
    exited = "Dubious, test returned 2 (wstat 512, 0x200)"
    assert [(each.path, each.name) for each in found if isinstance(each, Result)] == [
        (("t/a.t",), "adds up"),
        ((), "t/b.t"),
        (("t/c.t",), "counts"),
        (("t/c.t",), "(exit)"),
    ]
    assert isinstance(found[3], Result)
    assert found[3].error == Error(message=exited)
    assert found[4] == Run(duration=4.0)


def test_files_are_attached_in_tap4js_way() -> None:
    (result,) = results(
        """\
        ok 1 - a
          ---
          extensions:
            Files:
              one:
                File-Name: shot.png
                File-Location: out/shot.png
                File-Type: image/png
              two:
                File-Name: log.txt
                File-Content: aGVsbG8=
          ...
        1..1
        """
    )
    assert result.attachments == (
        Attachment("shot.png", "out/shot.png", "image/png"),
        Attachment("log.txt", content=b"hello"),
    )


@pytest.mark.parametrize("text", ["okay\n", "ok  \tshop/cart\t0.01s\n", "1..3 of them\n", "..\n"])
def test_other_text_is_none(text: str) -> None:
    assert not tap.FORMAT.sniff(look(text.encode()))


def test_a_document_without_any_test_is_refused() -> None:
    with pytest.raises(Malformed, match="not ok"):
        parse("nothing to see")


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (r'"\ud83d\ude00 \ud83d"', "\U0001f600 \ufffd"),
        (r'"a\x00b"', "ab"),
        (r'["\ud83d", "b"]', "\ufffd\nb"),
    ],
)
def test_what_yaml_escapes_is_as_clean_as_text(told: str, message: str) -> None:
    (found,) = results(f"not ok 1 - a\n  ---\n  message: {told}\n  ...\n1..1\n")
    assert found.error
    assert found.error.message == message
