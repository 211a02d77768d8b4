"""What lies directly below a container, how it ended and how long it took."""

from __future__ import annotations

import pytest

from assay.queries.changes import list_changed_segments
from assay.queries.levels import list_segments, step_in
from assay.queries.spans import list_spans
from assay.queries.timing import mean_durations
from assay.store.results import Results
from support.batches import report, result

CART, PAY = ("shop", "web", "cart"), ("shop", "web", "pay")


@pytest.fixture
def two(store: Results) -> Results:
    """A run of each of two profiles, and an earlier one of the first."""
    store.write(1, 1, report(result("adds", path=CART), result("pays", "failed", path=PAY)))
    now = (
        result("adds", "failed", path=CART, duration=1.5),
        result("takes", path=CART, duration=0.5),
        result("pays", path=PAY, duration=8.0),
        result("refunds", "skipped", path=PAY),
    )
    store.write(1, 2, report(*now))
    store.write(2, 3, report(result("pays", "broken", path=PAY, duration=4.0)))
    return store


def test_segments_are_counted_the_most_failures_first(two: Results) -> None:
    found = list_segments(two, {2: 1})
    assert found.path == ("shop", "web")
    told = [(each.title, each.counts.total, each.counts.failed) for each in found.items]
    assert told == [("cart", 2, 1), ("pay", 2, 0)]


def test_reports_of_several_profiles_are_counted_together(two: Results) -> None:
    found = list_segments(two, {2: 1, 3: 2}, PAY)
    told = [(each.title, each.leaf, each.counts.total) for each in found.items]
    assert told == [("pays", True, 2), ("refunds", True, 1)]
    assert (found.items[0].counts.broken, found.items[0].duration) == (1, 12.0)


def test_a_lone_container_is_stepped_into_and_one_beside_a_test_is_not(store: Results) -> None:
    store.write(1, 1, report(result("a", path=("x", "y")), result("b", path=("x", "y"))))
    store.write(1, 2, report(result("a", path=("x", "y")), result("c", path=("x",))))
    store.write(1, 3, report(result("d", path=())))
    assert [step_in(store, {each: 1}, ()) for each in (1, 2, 3)] == [("x", "y"), ("x",), ()]
    assert step_in(store, {1: 1}, ("nowhere",)) == ("nowhere",)
    assert step_in(store, {}, ("x",)) == ("x",)


def test_the_parts_that_took_longest_come_first(two: Results) -> None:
    found = list_spans(two, 1, [2, 1])
    assert [(each.title, each.seconds) for each in found.items] == [
        ("pay", {2: 8.0}),
        ("cart", {2: 2.0}),
    ]
    assert found.whole == {2: 10.0}
    [longest] = list_spans(two, 1, [2, 1], CART, limit=1).items
    assert (longest.title, longest.leaf) == ("adds", True)
    assert mean_durations(two, 1, [2, 1]) == {2: round(10 / 3, 6)}


def test_what_changed_is_counted_by_segment(two: Results) -> None:
    found = list_changed_segments(two, 1, 2, [1], ("shop", "web"))
    told = [(each.title, each.leaf, each.new_failures, each.fixed) for each in found]
    assert told == [("cart", False, 1, 0), ("pay", False, 0, 1)]
    assert list_changed_segments(two, 1, 2, []) == []
