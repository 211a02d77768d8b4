"""A page of a report's results: what it shows, in which order, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Invalid
from assay.identify import hash_test
from assay.model import Status
from assay.queries.report_errors import list_causes
from assay.queries.report_results import ListedResult, Sort, list_results
from assay.store.results import Results
from support.batches import report, result, wide_report

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)

SHOP = report(
    result("pays with card", duration=3.0, started=NOON, path=("shop", "checkout")),
    result("pays with voucher", "failed", error="AssertionError: expected 3, got 4", duration=0.5),
    result("ships abroad", "skipped", path=("shop", "shipping")),
    result("ships 100 %", "broken", error="TimeoutError: no carrier", path=("shop", "shipping")),
    result("Größe wählen", duration=9.0, flaky=True, path=("shop", "sizes", "é_x")),
    result("odd one", "unknown", path=()),
)

ALL = [
    "pays with card",
    "pays with voucher",
    "ships abroad",
    "ships 100 %",
    "Größe wählen",
    "odd one",
]


@pytest.fixture
def shop(store: Results) -> Results:
    store.write(1, 1, SHOP)
    store.write(1, 2, report(result("of another report", "failed", error="E: carrier")))
    store.write(2, 3, SHOP)
    return store


def names(store: Results, **asked: Any) -> list[str]:
    return [each.name for each in list_results(store, 1, 1, **asked).items]


def test_a_result_is_shown_with_all_that_a_row_needs(shop: Results) -> None:
    card, voucher, *_ = list_results(shop, 1, 1, sort=Sort.DOCUMENT).items
    path = ("shop", "checkout")
    assert card == ListedResult(
        position=0,
        test=hash_test(path, "pays with card"),
        path=path,
        name="pays with card",
        status=Status.PASSED,
        flaky=False,
        attempts=1,
        duration=3.0,
        started=NOON,
        error=0,
        type="",
        message="",
    )
    assert (voucher.status, voucher.type) == (Status.FAILED, "AssertionError")
    assert voucher.message == "expected 3, got 4"
    assert voucher.error > 0


def test_failures_stand_first_then_what_is_doubtful(shop: Results) -> None:
    assert names(shop) == [
        "pays with voucher",
        "ships 100 %",
        "Größe wählen",
        "odd one",
        "ships abroad",
        "pays with card",
    ]


def test_the_slowest_stand_first_and_those_without_a_duration_last(shop: Results) -> None:
    assert names(shop, sort=Sort.SLOWEST)[:3] == [
        "Größe wählen",
        "pays with card",
        "pays with voucher",
    ]
    assert len(names(shop, sort=Sort.SLOWEST)) == 6


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"statuses": [Status.FAILED, Status.BROKEN]}, ["pays with voucher", "ships 100 %"]),
        ({"statuses": [Status.UNKNOWN]}, ["odd one"]),
        ({"flaky": True}, ["Größe wählen"]),
        ({"path": ["shop", "shipping"]}, ["ships abroad", "ships 100 %"]),
        ({"path": ["shipping"]}, []),
        ({"path": ["shop"], "directly": True}, []),
        ({"path": ["shop", "checkout"], "directly": True, "q": "card"}, ["pays with card"]),
        ({"directly": True}, ["odd one"]),
        ({"q": "PAYS"}, ["pays with card", "pays with voucher"]),
        ({"q": "voucher pays"}, ["pays with voucher"]),
        ({"q": "shipping 100"}, ["ships 100 %"]),
        ({"q": "grösse"}, []),
        ({"q": "GRÖßE"}, ["Größe wählen"]),
        ({"q": "É_X"}, ["Größe wählen"]),
        ({"q": "carrier"}, ["ships 100 %"]),
        ({"q": "timeouterror no"}, ["ships 100 %"]),
        ({"q": "%"}, ["ships 100 %"]),
        ({"q": "'; DROP"}, []),
        ({"q": "  "}, ALL),
        ({"q": "ships", "statuses": [Status.SKIPPED]}, ["ships abroad"]),
    ],
)
def test_filters_leave_what_all_of_them_allow(
    shop: Results, asked: dict[str, Any], expected: list[str]
) -> None:
    assert names(shop, sort=Sort.DOCUMENT, **asked) == expected


def test_a_long_message_is_cut(store: Results) -> None:
    store.write(1, 1, report(result("a", "failed", error="E: " + "é" * 2000)))
    assert list_results(store, 1, 1).items[0].message == "é" * 500


@pytest.mark.parametrize("sort", Sort)
def test_pages_hold_every_result_once_and_in_order(store: Results, sort: Sort) -> None:
    store.write(1, 1, wide_report(1_000, failing=0.3))
    paged = list(_pages(store, sort=sort, limit=70))
    assert len(paged) == 1_000
    assert paged == list(list_results(store, 1, 1, sort=sort, limit=1_000).items)
    assert {each.position for each in paged} == set(range(1_000))


def _pages(store: Results, **asked: Any) -> Iterator[ListedResult]:
    cursor = None
    while True:
        page = list_results(store, 1, 1, cursor=cursor, **asked)
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


@pytest.mark.parametrize("cursor", ["x", "", "é", "bnVsbA", "WzEsMl0x", "Wzki"])
def test_a_cursor_of_somebody_elses_making_is_refused(store: Results, cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor"):
        list_results(store, 1, 1, cursor=cursor)


def test_a_report_without_results_is_an_empty_page(store: Results) -> None:
    page = list_results(store, 1, 99)
    assert (page.items, page.next) == ((), None)


def test_failures_are_grouped_by_what_they_say_without_the_numbers(store: Results) -> None:
    store.write(
        1,
        1,
        report(
            result("a", "failed", error="Timeout: after 31 ms"),
            result("b", "broken", error="Timeout: after 47 ms"),
            result("c", "skipped", error="Skip: after 3 ms"),
            result("d", "failed", error="Assertion: no"),
            result("e", "failed"),
            result("f", "failed", error="Timeout: after 5 ms"),
            result("g", "failed", error="Timeout: after 6 ms"),
            result("h"),
        ),
    )
    timeout, *others = list_causes(store, 1, 1)
    assert (timeout.type, timeout.fingerprint) == ("Timeout", "after <n> ms")
    assert timeout.message == "after 31 ms"
    assert (timeout.count, timeout.positions) == (4, (0, 1, 5))
    assert [(each.type, each.count, each.positions) for each in others] == [
        ("Assertion", 1, (3,)),
        ("", 1, (4,)),
    ]
    same = list_results(store, 1, 1, error=timeout.error)
    assert [each.name for each in same.items] == ["a", "b", "f", "g"]
    assert [each.error for each in list_causes(store, 1, 1, limit=1)] == [timeout.error]
