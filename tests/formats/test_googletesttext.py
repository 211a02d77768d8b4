"""What GoogleTest prints."""

from __future__ import annotations

from pathlib import Path

from assay.formats import detect, googletest, googletesttext
from assay.model import Container, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "googletesttext"
BEGINNING = "[==========] Running 2 tests from 1 test suite.\n[----------] 2 tests from Cart\n"


def results(file: str) -> list[Result]:
    items = googletesttext.parse([(SAMPLES / file).read_bytes()])
    return [each for each in items if isinstance(each, Result)]


def parse(*lines: str) -> list[Item]:
    return list(googletesttext.parse([(BEGINNING + "\n".join(lines)).encode()]))


def test_it_tells_the_same_as_the_json_of_the_same_run() -> None:
    """But for why a test was skipped, which is only printed here."""
    document = SAMPLES.parent / "googletest" / "googletest-1.15.json"
    told = {(*x.path, x.name): x for x in results("googletest-1.15.txt")}
    for said in googletest.parse([document.read_bytes()]):
        if isinstance(said, Result):
            found = told.pop((*said.path, said.name))
            assert found.status is said.status
            assert found.error == said.error or found.status is Status.SKIPPED
    assert [*told] == [("Till", "SetUpTestSuite or TearDownTestSuite")]


def test_a_skipped_test_says_why() -> None:
    (found,) = (x for x in results("googletest-1.12.txt") if x.name == "IsWrappedAsAGift")
    assert found.error == Error(
        "", "no paper until December", "cart.cc:21\nno paper until December"
    )


def test_a_failure_in_a_suites_set_up_is_a_result() -> None:
    found = results("googletest-1.12.txt")[-1]
    assert found == Result(
        ("Till",),
        "SetUpTestSuite or TearDownTestSuite",
        Status.BROKEN,
        error=Error("", "the till is locked", "cart.cc:41\nthe till is locked"),
    )


def test_values_are_known_where_they_failed_and_types_of_each_suite() -> None:
    found = {(*x.path, x.name): x.parameters for x in results("googletest-1.15.txt")}
    assert found["Europe/Currency", "HasThreeLetters/2"] == {"value_param": '"Euro"'}
    assert found["Price/0", "IsHalved"] == {"type_param": "int"}
    assert found["Price/1", "IsHalved"] == {"type_param": "double"}
    assert found["Europe/Currency", "HasThreeLetters/0"] is None


def test_a_test_that_is_repeated_until_it_passes_is_flaky() -> None:
    *_, found = results("repeated.txt")
    assert (found.name, found.status, found.flaky) == ("IsCounted", Status.PASSED, True)
    (earlier,) = found.attempts
    assert earlier.status is Status.FAILED
    assert earlier.error
    assert "the first answer takes too long" in earlier.error.message


def test_a_program_that_crashes_leaves_a_broken_test() -> None:
    assert parse("[ RUN      ] Cart.Pays", "asking the bank", "Segmentation fault") == [
        Result(
            ("Cart",),
            "Pays",
            Status.BROKEN,
            error=Error(message="It has no end: the program crashed or was stopped while it ran"),
            stdout="asking the bank\nSegmentation fault",
        ),
        Run(),
        Notice("Of 2 tests 0 ended before the output does"),
    ]


def test_the_next_program_may_print_into_the_same_file() -> None:
    crashed, passed, *_ = parse(
        "[ RUN      ] Cart.Pays",
        *BEGINNING.splitlines(),
        "[ RUN      ] Cart.Pays",
        "[       OK ] Cart.Pays (7 ms)",
    )
    assert isinstance(crashed, Result)
    assert crashed.status is Status.BROKEN
    assert passed == Result(("Cart",), "Pays", Status.PASSED, 0.007)


def test_what_a_test_prints_is_its_output() -> None:
    found, *_ = parse(
        "[ RUN      ] Cart.Pays",
        "[info] cart.cc:9: Failure",
        "paid[       OK ] Cart.Pays (2 ms)",
    )
    assert found == Result(
        ("Cart",), "Pays", Status.PASSED, 0.002, stdout="[info] cart.cc:9: Failure\npaid"
    )


def test_microsofts_compiler_has_another_way_to_tell_a_place() -> None:
    found, *_ = parse(
        "[ RUN      ] Cart.Pays",
        "asking",
        r"c:\shop\cart.cc(17): error: Expected: paid",
        "  Actual: false",
        "[  FAILED  ] Cart.Pays (2 ms)",
    )
    assert isinstance(found, Result)
    assert found.stdout == "asking"
    assert found.error == Error(
        "",
        "Expected: paid\n  Actual: false",
        "c:\\shop\\cart.cc(17)\nExpected: paid\n  Actual: false",
    )


def test_a_suite_and_the_run_have_their_durations() -> None:
    assert parse(
        "[----------] 2 tests from Cart (30 ms total)",
        "[==========] 0 tests from 1 test suite ran. (40 ms total)",
    )[:2] == [Container(("Cart",), "test suite", duration=0.03), Run(duration=0.04)]


def test_it_is_found_behind_what_the_program_says_first() -> None:
    assert detect(f"Starting the shop …\n{BEGINNING}".encode()).name == "googletesttext"
