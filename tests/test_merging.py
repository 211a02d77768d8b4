"""A test that stands in several files of one delivery, joined into one result."""

from __future__ import annotations

from math import nan

from assay.merging import merged
from assay.model import Attachment, Container, Error, Passes, Result, Status

PATH = ("shop",)
FAILED = Result(
    PATH, "pays", Status.FAILED, 2.0, error=Error("E", "no"), attachments=(Attachment("a.png"),)
)
PASSED = Result(PATH, "pays", Status.PASSED, 1.0)
SKIPPED = Result(PATH, "pays", Status.SKIPPED)


def test_the_last_outcome_counts_and_the_others_are_its_attempts() -> None:
    (result,) = merged([[FAILED], [FAILED], [PASSED]])
    assert isinstance(result, Result)
    assert (result.status, result.flaky, result.duration) == (Status.PASSED, True, 1.0)
    assert [each.status for each in result.attempts] == [Status.FAILED, Status.FAILED]
    assert [each.name for each in result.attachments] == ["a.png", "a.png"]


def test_a_test_that_fails_at_last_is_no_flaky_one() -> None:
    (result,) = merged([[PASSED], [FAILED]])
    assert isinstance(result, Result)
    assert (result.status, result.flaky, len(result.attempts)) == (Status.FAILED, False, 1)


def test_a_test_that_a_shard_skipped_is_told_by_the_one_that_ran_it() -> None:
    assert list(merged([[SKIPPED], [FAILED], [SKIPPED]])) == [FAILED]


def test_what_stands_twice_in_one_file_stays_apart() -> None:
    both = list(merged([[FAILED, PASSED], [PASSED, PASSED]]))
    assert [(each.status, len(each.attempts)) for each in both if isinstance(each, Result)] == [
        (Status.PASSED, 1),
        (Status.PASSED, 1),
    ]


def test_plain_passes_count_as_results_and_all_else_goes_through() -> None:
    node = Container(PATH)
    found = list(merged([[node, Passes(PATH, ["adds", "pays"], [1.0, nan])], [FAILED]]))
    assert found[0] == node
    adds, pays = found[1:]
    assert isinstance(adds, Result)
    assert isinstance(pays, Result)
    assert (adds.name, adds.attempts) == ("adds", ())
    assert (pays.status, pays.attempts[0].duration) == (Status.FAILED, None)
