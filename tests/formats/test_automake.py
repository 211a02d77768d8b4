"""Automake's `.trs` files and its test-suite.log, alone and together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import by_name, detect
from assay.formats.automake import parse
from assay.formats.format import Piece
from assay.model import Error, Item, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "automake"
ALL = ("adds.trs", "fails.trs", "scales.trs", "test-suite.log")


def piece(file: str, folder: str = "build/") -> Piece:
    return Piece(folder + file, (SAMPLES / file).read_bytes)


def gathered(*pieces: Piece) -> list[Item]:
    gather = by_name("automake").gather
    assert gather
    return list(gather(pieces))


def results(found: list[Item]) -> list[Result]:
    return [each for each in found if isinstance(each, Result)]


def log() -> dict[str, Result]:
    found = results(list(parse([(SAMPLES / "test-suite.log").read_bytes()])))
    return {each.name: each for each in found}


def test_the_log_tells_what_a_failed_test_printed() -> None:
    assert log()["fails"] == Result(
        (), "fails", Status.FAILED, error=Error("", "Exit status 1"), stdout="price <3>"
    )


@pytest.mark.parametrize(
    ("name", "status", "error", "metadata"),
    [
        ("skips", Status.SKIPPED, Error("", "Exit status 77"), None),
        ("expected", Status.PASSED, None, {"expected failure": "true"}),
        ("surprise", Status.FAILED, Error("XPASS", "Exit status 0"), None),
        ("hard", Status.BROKEN, Error("", "Exit status 99"), None),
    ],
)
def test_how_a_test_ended(
    name: str, status: Status, error: Error | None, metadata: dict[str, str] | None
) -> None:
    found = log()[name]
    assert (found.status, found.error, found.metadata) == (status, error, metadata)


def test_what_the_tap_driver_saw_are_tests_of_their_own() -> None:
    found = [each for each in log().values() if each.path == ("scales",)]
    assert [(each.name, each.status) for each in found] == [
        ("weighs apples", Status.PASSED),
        ("weighs pears", Status.FAILED),
        ("3", Status.SKIPPED),
        ("sorts", Status.PASSED),
        ("prints", Status.FAILED),
    ]
    assert found[2].error == Error("", "no plums")
    assert found[3].metadata == {"expected failure": "some day"}


def test_what_the_log_counts_without_a_name_is_counted() -> None:
    unnamed = [each for each in log().values() if "not named" in each.name]
    assert [each.status for each in unnamed] == [Status.PASSED] * 2


def test_files_and_log_together_are_one_report() -> None:
    found = gathered(*map(piece, ALL))
    assert found[0] == Run(metadata={"package": "shop 1.0"})
    assert [(each.path, each.name) for each in results(found)] == [
        ((), "adds"),
        ((), "fails"),
        (("scales",), "weighs apples"),
        (("scales",), "weighs pears"),
        (("scales",), "3"),
        (("scales",), "sorts"),
        (("scales",), "prints"),
    ]
    assert results(found)[1].stdout == "price <3>"


def test_files_without_their_log_have_their_names() -> None:
    found = gathered(piece("fails.trs", "b/lib/"), piece("adds.trs", "b/src/tests/"))
    assert [(each.path, each.name) for each in results(found)] == [
        (("lib",), "fails"),
        (("src/tests",), "adds"),
    ]


def test_a_log_of_another_folder_is_read_by_itself() -> None:
    found = gathered(piece("adds.trs", "src/"), piece("test-suite.log", "lib/"))
    assert ("fails" in {each.name for each in results(found)}) is True
    assert len(results(found)) == 13


def test_a_test_may_name_the_tests_it_reports() -> None:
    reported = Piece("catch.trs", lambda: b':test-result: FAIL less <&> "q"\n:recheck: yes\n')
    (found,) = results(gathered(reported))
    assert (found.path, found.name, found.status) == (("catch",), 'less <&> "q"', Status.FAILED)


def test_what_make_check_prints_names_them_all() -> None:
    found = results(list(parse([(SAMPLES / "check.txt").read_bytes()])))
    assert [(each.path, each.name) for each in found[:2]] == [((), "adds.sh"), ((), "fails.sh")]
    assert found[8] == Result(("scales.tap",), "weighs pears", Status.FAILED)
    assert found[9].error == Error("", "no plums")


def test_what_is_printed_adds_nothing_to_the_files() -> None:
    assert gathered(*map(piece, ALL)) == gathered(*map(piece, (*ALL, "check.txt")))
    assert len(results(gathered(piece("check.txt")))) == 12


def test_folders_are_a_tree() -> None:
    smart: Callable[[tuple[str, ...]], tuple[str, ...]] | None = by_name("automake").smart
    assert smart
    assert smart(("src/tests", "scales")) == ("src", "tests", "scales")


def test_other_texts_are_none_of_ours() -> None:
    for other in (b":recheck: no\n", b"=====\n   a title\n=====\n\n# TOTAL: 3\n"):
        with pytest.raises(UnknownFormat):
            detect(other)
    with pytest.raises(Malformed):
        list(parse([b"Testsuite summary for shop\n"]))
    assert partial(detect, b":test-result: PASS\n")().name == "automake"
