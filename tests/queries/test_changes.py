"""What changed in a report since the reports before it."""

from __future__ import annotations

import pytest

from assay.model import Status
from assay.queries.changes import Change, count_changes, list_changes
from assay.store.catalog.reports import Changes
from assay.store.results import Results
from support.batches import report, result, wide_report

FAILED = {"status": "failed", "error": "AssertionError: no"}


def names(store: Results, report_id: int, earlier: list[int], change: Change) -> list[str]:
    return [each.name for each in list_changes(store, 1, report_id, earlier, change).items]


def everything(store: Results, report_id: int, earlier: list[int]) -> dict[str, list[str]]:
    """Names by kind of change, which have to be as many as are counted."""
    listed = {change.value: names(store, report_id, earlier, change) for change in Change}
    counted = Changes(**{change: len(found) for change, found in listed.items()})
    assert count_changes(store, 1, report_id, earlier) == counted
    return {change: found for change, found in listed.items() if found}


@pytest.fixture
def two(store: Results) -> Results:
    store.write(
        1,
        1,
        report(
            result("was good"),
            result("was bad", **FAILED),
            result("was bad and is broken", **FAILED),
            result("was skipped", "skipped"),
            result("was bad, is skipped", **FAILED),
            result("leaves", **FAILED),
            result("steady"),
        ),
    )
    store.write(
        1,
        2,
        report(
            result("comes"),
            result("comes badly", "broken"),
            result("was good", **FAILED),
            result("was bad"),
            result("was bad and is broken", "broken"),
            result("was skipped", **FAILED),
            result("was bad, is skipped", "skipped"),
            result("steady"),
        ),
    )
    return store


def test_it_tells_new_failures_from_old_and_what_was_fixed_came_or_went(two: Results) -> None:
    assert everything(two, 2, [1]) == {
        "new_failures": ["comes badly", "was good", "was skipped"],
        "fixed": ["was bad"],
        "still_failing": ["was bad and is broken"],
        "new_tests": ["comes", "comes badly"],
        "gone": ["leaves"],
    }


def test_a_change_is_shown_with_its_message_and_its_place(two: Results) -> None:
    [_, changed, _] = list_changes(two, 1, 2, [1], Change.NEW_FAILURE).items
    assert (changed.change, changed.position, changed.path) == (
        Change.NEW_FAILURE,
        2,
        ("shop", "checkout"),
    )
    assert (changed.status, changed.type, changed.message) == (
        Status.FAILED,
        "AssertionError",
        "no",
    )


def test_a_test_that_is_gone_is_shown_as_it_was(two: Results) -> None:
    [gone] = list_changes(two, 1, 2, [1], Change.GONE).items
    assert (gone.status, gone.position, gone.message) == (Status.FAILED, 5, "no")


def test_the_first_report_of_a_profile_changes_nothing(two: Results) -> None:
    assert everything(two, 1, []) == {}


def test_a_test_that_the_last_report_lacks_is_looked_for_in_older_ones(store: Results) -> None:
    store.write(1, 10, report(result("a"), result("b", **FAILED), result("c", **FAILED)))
    store.write(1, 4, report(result("a", **FAILED), result("b")))
    store.write(1, 7, report(result("other half")))
    now = report(result("a", **FAILED), result("b"), result("c"))
    store.write(1, 5, now)
    assert everything(store, 5, [7, 10, 4]) == {
        "new_failures": ["a"],
        "fixed": ["b", "c"],
        "gone": ["other half"],
    }
    assert everything(store, 5, [7, 4, 10]) == {
        "still_failing": ["a"],
        "fixed": ["c"],
        "gone": ["other half"],
    }


def test_a_test_twice_in_a_report_counts_once_and_by_its_failure(store: Results) -> None:
    store.write(1, 1, report(result("a"), result("a", **FAILED), result("b"), result("b")))
    store.write(1, 2, report(result("a", **FAILED), result("a"), result("b"), result("b")))
    store.write(1, 3, report(result("a"), result("a"), result("b", **FAILED), result("b")))
    assert everything(store, 2, [1]) == {"still_failing": ["a"]}
    assert everything(store, 3, [2, 1]) == {"new_failures": ["b"], "fixed": ["a"]}


def test_another_profile_is_another_world(store: Results) -> None:
    store.write(2, 1, report(result("a", **FAILED)))
    store.write(1, 2, report(result("a", **FAILED)))
    assert everything(store, 2, [1]) == {"new_failures": ["a"], "new_tests": ["a"]}


def test_changes_come_in_pages_in_document_order(store: Results) -> None:
    store.write(1, 1, wide_report(500, failing=0))
    store.write(1, 2, wide_report(500, failing=1))
    first = list_changes(store, 1, 2, [1], Change.NEW_FAILURE, limit=300)
    second = list_changes(store, 1, 2, [1], Change.NEW_FAILURE, limit=300, cursor=first.next)
    assert [each.position for each in (*first.items, *second.items)] == list(range(500))
    assert second.next is None
