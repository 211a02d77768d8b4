"""What CTest prints on the console."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import detect
from assay.formats.ctesttext import parse
from assay.model import Attempt, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "ctesttext"

FAILS = "1/2 Test #1: adds ....***Failed    0.25 sec\n"


def items(text: str) -> list[Item]:
    return list(parse([text.encode()]))


def results(name: str) -> dict[str, Result]:
    found = parse([(SAMPLES / name).read_bytes()])
    return {each.name: each for each in found if isinstance(each, Result)}


def test_a_failed_test_has_the_output_that_follows_it() -> None:
    assert results("on-failure.txt")["weighs_too_much"] == Result(
        (), "weighs_too_much", Status.FAILED, 0.0, error=Error(message="Failed"), stdout="paid -1"
    )


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("crashes", Status.BROKEN, Error("SegFault", "The program crashed")),
        ("never_ends", Status.BROKEN, Error("Timeout", "Ran out of time")),
        ("nowhere", Status.BROKEN, Error("", "Unable to find executable: /no/such/binary")),
        ("needs_a_printer", Status.SKIPPED, Error("", "Skipped")),
        ("switched_off", Status.SKIPPED, Error("", "Not Run (Disabled)")),
    ],
)
def test_how_a_test_ended(name: str, status: Status, error: Error) -> None:
    found = results("on-failure.txt")[name]
    assert (found.status, found.error) == (status, error)


def test_a_reason_may_go_on_in_the_next_line() -> None:
    found = results("on-failure.txt")["says_hello"]
    assert found.error == Error("", "Required regular expression not found. Regex=[hello\n]")
    assert (found.duration, found.stdout) == (0.01, "good bye")


def test_a_test_that_is_repeated_is_one_with_its_tries() -> None:
    found = results("repeated.txt")["second_try"]
    first = Attempt(Status.FAILED, 0.0, error=Error(message="Failed"), stdout="not yet")
    assert (found.status, found.flaky, found.attempts) == (Status.PASSED, True, (first,))


def test_tests_that_run_side_by_side_have_their_own_output() -> None:
    found = results("repeated.txt")
    assert (found["weighs_apples"].stdout, found["never_ends"].stdout) == ("paid 6", "")
    assert found["weighs_apples"].metadata == {
        "command": '/home/runner/work/shop/shop/build/weighs "2"'
    }


def test_a_test_that_was_run_again_afterwards_is_one_too() -> None:
    again = "Test project /b\n1/1 Test #1: adds ....   Passed    0.50 sec\n"
    (found,) = (each for each in items(FAILS + again) if isinstance(each, Result))
    assert (found.status, found.flaky, len(found.attempts)) == (Status.PASSED, True, 1)


def test_the_run_has_its_duration_and_build() -> None:
    head = "   Site: runner\n   Build name: gcc\nCreate new tag: 20260102-0304 - Nightly\n"
    *_, run = items(head + FAILS + "Total Test time (real) =   1.05 sec\n")
    assert isinstance(run, Run)
    assert (run.duration, run.build) == (1.05, "20260102-0304-Nightly")
    assert run.metadata == {"site": "runner", "build name": "gcc"}
    assert str(run.date) == "2026-01-02 03:04:00+00:00"


def test_a_log_that_is_cut_short_says_what_is_missing() -> None:
    _, notice, _ = items(FAILS + "    Start 2: pays\n")
    assert notice == Notice("“pays” had started and has no end here; it is left out")


@pytest.mark.parametrize(
    "output",
    [
        "********* Start testing of Shop *********\n",
        "[==========] Running 1 test from 1 test suite.\n",
        "TAP version 13\nok 1 - adds\n1..1\n",
    ],
)
def test_what_a_test_printed_does_not_hide_what_ran_it(output: str) -> None:
    log = "Test project /b\n    Start 1: adds\n" + FAILS + output
    assert detect(log.encode()).name == "ctesttext"


def test_other_texts_are_none_of_ours() -> None:
    with pytest.raises(UnknownFormat):
        detect(b"Test project: a success\n   Start 1 with the tests\n")
    with pytest.raises(Malformed):
        items("Test project /b\nNo tests were found!!!\n")
