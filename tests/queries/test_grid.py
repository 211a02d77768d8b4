"""The grid: which tests stand in it, in which order, and their cells."""

from __future__ import annotations

from typing import Any

import pytest

from assay.identify import hash_test
from assay.model import Status
from assay.queries import presence
from assay.queries.grid import Cell, Only, read_cells, show_grid
from assay.queries.paging import Page
from assay.store.results import Results
from support.batches import report, result, wide_report

PATH = ("shop", "checkout")


@pytest.fixture
def three(store: Results) -> Results:
    steady = (result("steady b"), result("steady a", path=("shop", "another")))
    store.write(
        1, 5, report(*steady, result("long ago", "failed"), result("often"), result("flaky"))
    )
    store.write(
        1,
        9,
        report(
            *steady,
            result("long ago"),
            result("often", "failed"),
            result("flaky", flaky=True),
            result("once", "failed"),
        ),
    )
    store.write(
        1,
        7,
        report(
            *steady,
            result("long ago"),
            result("often", "broken", duration=0.5),
            result("new"),
            result("newly failing", "failed"),
        ),
    )
    return store


def names(store: Results, reports: list[int], **asked: Any) -> list[str]:
    return [row.name for row in show_grid(store, 1, reports, **asked).items]


def test_what_failed_last_and_most_stands_first_and_the_rest_by_name(three: Results) -> None:
    assert names(three, [7, 9, 5]) == [
        "often",
        "newly failing",
        "once",
        "flaky",
        "long ago",
        "steady a",
        "new",
        "steady b",
    ]


def test_a_cell_stands_for_each_report_and_nothing_where_the_report_lacks_the_test(
    three: Results,
) -> None:
    often, newly, *_ = show_grid(three, 1, [7, 9, 5]).items
    assert often.path == PATH
    assert often.cells == (
        Cell(Status.BROKEN, False, 0.5, 3),
        Cell(Status.FAILED, False, None, 3),
        Cell(Status.PASSED, False, None, 3),
    )
    assert newly.cells[1:] == (None, None)


def test_only_the_reports_asked_for_count(three: Results) -> None:
    assert names(three, [5], only=Only.TROUBLED) == ["long ago"]
    assert names(three, [5, 9], only=Only.FAILING) == ["long ago"]
    assert names(three, [7, 9], only=Only.FAILING) == ["newly failing", "often"]
    assert names(three, [7, 9, 5], only=Only.TROUBLED) == [
        "often",
        "newly failing",
        "once",
        "flaky",
        "long ago",
    ]
    assert names(three, []) == []
    assert names(three, [404]) == []


def test_the_grid_can_be_searched(three: Results) -> None:
    assert names(three, [7, 9, 5], q="ANOTHER") == ["steady a"]
    assert names(three, [7, 9, 5], path=("shop", "another")) == ["steady a"]
    assert names(three, [7, 9, 5], q="new shop") == ["newly failing", "new"]


def test_a_test_twice_in_a_report_shows_its_failure(store: Results) -> None:
    store.write(1, 1, report(result("a"), result("a", "failed"), result("a")))
    [row] = show_grid(store, 1, [1]).items
    assert [cell and cell.status for cell in row.cells] == [Status.FAILED]


def test_pages_hold_every_test_once(store: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in (1, 2, 3):
        store.write(1, each, wide_report(1_000, each, failing=0.05))
    monkeypatch.setattr(presence, "PRESENT_ROWS", 1_500)
    seen: list[int] = []
    page: Page[Any] = Page((), None)
    while True:
        page = show_grid(store, 1, [3, 2, 1], cursor=page.next, limit=300)
        seen += [row.test for row in page.items]
        if page.next is None:
            break
    assert len(seen) == len(set(seen)) == 1_000


def test_many_reports_are_looked_through_for_tests_that_never_failed(store: Results) -> None:
    for each in range(1, 30):
        store.write(1, each, report(result(f"only in {each}")))
    assert len(names(store, list(range(1, 30)))) == 29


def test_a_large_newest_report_is_looked_through_alone(
    store: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(1, 1, report(result("gone before")))
    store.write(1, 2, report(result("a"), result("b")))
    monkeypatch.setattr(presence, "PRESENT_ROWS", 1)
    assert names(store, [2, 1]) == ["a", "b"]


def test_cells_of_some_tests_can_be_read_alone(three: Results) -> None:
    often, nowhere = hash_test(PATH, "often"), 5
    cells = read_cells(three, 1, [5, 7], [often, nowhere])
    assert [cell and cell.status for cell in cells[often]] == [Status.PASSED, Status.BROKEN]
    assert cells[nowhere] == (None, None)
    assert read_cells(three, 1, [], [often]) == {often: ()}
    assert read_cells(three, 1, [5], []) == {}
