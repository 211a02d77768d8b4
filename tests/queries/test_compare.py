"""Two reports beside each other."""

from __future__ import annotations

import pytest

from assay.model import Status
from assay.queries.compare import Difference, Side, count_differences, list_differences
from assay.store.results import Results
from support.batches import report, result, wide_report

BEFORE, AFTER = Side(1, 1), Side(1, 2)


@pytest.fixture
def two(store: Results) -> Results:
    before = {
        "same": result("same", duration=1.0),
        "breaks": result("breaks"),
        "is fixed": result("is fixed", "failed"),
        "is skipped": result("is skipped", duration=1.0),
        "leaves": result("leaves", "broken"),
        "stays bad": result("stays bad", "broken"),
        "slower": result("slower", duration=1.0),
        "faster": result("faster", duration=1.0),
        "hardly slower": result("hardly slower", duration=1.0),
        "slower by a blink": result("slower by a blink", duration=0.01),
    }
    after = {
        **before,
        "breaks": result("breaks", "broken"),
        "is fixed": result("is fixed"),
        "is skipped": result("is skipped", "skipped", duration=0.0),
        "comes": result("comes"),
        "slower": result("slower", duration=2.0),
        "faster": result("faster", duration=0.5),
        "hardly slower": result("hardly slower", duration=1.4),
        "slower by a blink": result("slower by a blink", duration=0.05),
    }
    del after["leaves"]
    store.write(1, 1, report(*before.values()))
    store.write(1, 2, report(*after.values()))
    return store


def names(store: Results, difference: Difference) -> list[str]:
    return [each.name for each in list_differences(store, BEFORE, AFTER, difference).items]


def test_each_difference_is_counted_and_listed(two: Results) -> None:
    expected = {
        Difference.BROKE: ["breaks"],
        Difference.FIXED: ["is fixed"],
        Difference.STATUS: ["is skipped"],
        Difference.STILL_FAILING: ["stays bad"],
        Difference.ADDED: ["comes"],
        Difference.REMOVED: ["leaves"],
        Difference.SLOWER: ["slower"],
        Difference.FASTER: ["faster"],
    }
    assert {difference: names(two, difference) for difference in Difference} == expected
    assert count_differences(two, BEFORE, AFTER) == dict.fromkeys(Difference, 1)


def test_a_difference_shows_both_sides(two: Results) -> None:
    [slower] = list_differences(two, BEFORE, AFTER, Difference.SLOWER).items
    assert (slower.before, slower.after) == (Status.PASSED, Status.PASSED)
    assert (slower.duration_before, slower.duration_after) == (1.0, 2.0)
    assert (slower.position_before, slower.position_after) == (6, 5)


def test_a_failure_of_another_kind_is_another_status_and_fails_still(store: Results) -> None:
    store.write(1, 1, report(result("a", "failed")))
    store.write(1, 2, report(result("a", "broken")))
    assert names(store, Difference.STATUS) == ["a"]
    assert names(store, Difference.STILL_FAILING) == ["a"]


def test_differences_are_searched_by_name(two: Results) -> None:
    def found(difference: Difference, q: str) -> list[str]:
        page = list_differences(two, BEFORE, AFTER, difference, q=q)
        return [each.name for each in page.items]

    assert found(Difference.BROKE, "checkout BREAK") == ["breaks"]
    assert found(Difference.BROKE, "checkout heals") == []
    assert found(Difference.REMOVED, "leaves") == ["leaves"]


def test_what_one_side_lacks_is_none(two: Results) -> None:
    [added] = list_differences(two, BEFORE, AFTER, Difference.ADDED).items
    [removed] = list_differences(two, BEFORE, AFTER, Difference.REMOVED).items
    assert (added.before, added.position_before, added.after) == (None, None, Status.PASSED)
    assert (removed.before, removed.after, removed.position_after) == (Status.BROKEN, None, None)


def test_a_report_does_not_differ_from_itself(two: Results) -> None:
    counts = count_differences(two, AFTER, AFTER)
    assert {each for each, n in counts.items() if n} == {Difference.STILL_FAILING}


def test_reports_of_two_profiles_can_be_compared(two: Results) -> None:
    other = Side(2, 9)
    two.write(2, 9, report(result("breaks", "failed"), result("far away")))
    [removed] = list_differences(two, other, BEFORE, Difference.REMOVED).items
    [fixed] = list_differences(two, other, BEFORE, Difference.FIXED).items
    assert (removed.name, fixed.name) == ("far away", "breaks")


def test_a_test_twice_in_a_report_is_compared_by_its_worst(store: Results) -> None:
    store.write(1, 1, report(result("a"), result("a", "failed")))
    store.write(1, 2, report(result("a"), result("a"), result("b")))
    assert names(store, Difference.FIXED) == ["a"]


def test_differences_come_in_pages(store: Results) -> None:
    store.write(1, 2, wide_report(100))
    first = list_differences(store, BEFORE, AFTER, Difference.ADDED, limit=60)
    second = list_differences(store, BEFORE, AFTER, Difference.ADDED, limit=60, cursor=first.next)
    assert [each.position_after for each in (*first.items, *second.items)] == list(range(100))
    assert second.next is None
