"""The tests of a profile, over some of its reports."""

from __future__ import annotations

from typing import Any

import pytest

from assay.model import Status
from assay.queries.profile_tests import Sort, list_tests
from assay.store.results import Results
from support.batches import report, result, wide_report


@pytest.fixture
def shop(store: Results) -> Results:
    store.write(
        1, 4, report(result("b", duration=1.0), result("a", "failed"), result("gone", "failed"))
    )
    store.write(
        1, 8, report(result("b", duration=2.0), result("a", "failed"), result("c", flaky=True))
    )
    store.write(
        1, 6, report(result("c", "skipped"), result("b", duration=6.0), result("a", duration=0.5))
    )
    return store


def names(store: Results, reports: list[int], **asked: Any) -> list[str]:
    return [each.name for each in list_tests(store, 1, reports, **asked).items]


def test_a_test_is_summed_up_over_the_reports(shop: Results) -> None:
    a, b, c, gone = list_tests(shop, 1, [6, 8, 4]).items
    assert (a.runs, a.failures, round(a.failure_rate, 2)) == (3, 2, 0.67)
    assert (b.mean, b.median, b.failures) == (3.0, 2.0, 0)
    assert (c.runs, c.flaky, c.mean) == (1, 1, None)
    assert (b.status, b.report, b.position) == (Status.PASSED, 6, 1)
    assert (c.status, c.report) == (Status.SKIPPED, 6)
    assert (gone.status, gone.report) == (Status.FAILED, 4)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NAME, ["a", "b", "c", "gone"]),
        (Sort.FAILURES, ["a", "gone", "b", "c"]),
        (Sort.FLAKY, ["c", "a", "b", "gone"]),
        (Sort.SLOWEST, ["b", "a", "c", "gone"]),
    ],
)
def test_tests_are_sorted_by_what_is_asked(shop: Results, sort: Sort, expected: list[str]) -> None:
    assert names(shop, [6, 8, 4], sort=sort) == expected


def test_tests_can_be_searched(shop: Results) -> None:
    assert names(shop, [6, 8, 4], q="GON") == ["gone"]
    assert names(shop, [6, 8, 4], path=("elsewhere",)) == []
    assert names(shop, []) == []


@pytest.mark.parametrize("sort", Sort)
def test_pages_hold_every_test_once(store: Results, sort: Sort) -> None:
    for each in (1, 2):
        store.write(1, each, wide_report(500, each, failing=0.2))
    first = list_tests(store, 1, [2, 1], sort=sort, limit=300)
    second = list_tests(store, 1, [2, 1], sort=sort, limit=300, cursor=first.next)
    assert len({each.test for each in (*first.items, *second.items)}) == 500
    assert second.next is None
