"""One level of a report's tree."""

from __future__ import annotations

from assay.model import Container
from assay.queries.report_tree import Branch, show_level
from assay.rows import Counts
from assay.store.results import Results
from support.batches import report, result

SHOP = report(
    result("z", path=("shop", "b"), duration=1.0),
    result("y", "failed", path=("shop", "a", "deep"), duration=2.0),
    result("x", "broken", path=("shop", "a"), error="E: x"),
    result("w", "skipped", path=("shop",)),
    result("v", path=("shop",), flaky=True),
    result("u", path=("other",), duration=0.25),
    result("t", path=()),
    Container(("shop",), "suite"),
    Container(("shop", "a"), "feature", description="…"),
    Container(("shop", "a", "deep"), "scenario"),
)


def test_the_root_holds_the_outermost_containers_and_results_without_one(store: Results) -> None:
    store.write(1, 1, SHOP)
    level = show_level(store, 1, 1)
    assert level.branches == (
        Branch(
            ("shop",), "suite", Counts(5, passed=2, failed=1, broken=1, skipped=1, flaky=1), 3.0, 0
        ),
        Branch(("other",), "", Counts(1, passed=1), 0.25, 5),
    )
    assert [each.name for each in level.results.items] == ["t"]
    assert not level.more


def test_a_container_holds_what_lies_directly_in_it_in_document_order(store: Results) -> None:
    store.write(1, 1, SHOP)
    level = show_level(store, 1, 1, ("shop",))
    assert [(each.path, each.counts.total) for each in level.branches] == [
        (("shop", "b"), 1),
        (("shop", "a"), 2),
    ]
    assert [each.classification for each in level.branches] == ["", "feature"]
    assert [each.name for each in level.results.items] == ["w", "v"]


def test_a_container_known_twice_is_shown_once(store: Results) -> None:
    twice = Container(("shop",), "suite")
    store.write(1, 1, report(result("a", path=("shop",)), twice, twice))
    [branch] = show_level(store, 1, 1).branches
    assert branch.counts.total == 1


def test_a_duration_nobody_knows_is_not_zero(store: Results) -> None:
    store.write(1, 1, report(result("a")))
    assert show_level(store, 1, 1).branches[0].duration is None


def test_too_many_containers_are_cut_and_too_many_results_are_paged(store: Results) -> None:
    many = [result(str(n), path=(f"file {n}",)) for n in range(5)]
    store.write(1, 1, report(*many, *(result(str(n), path=()) for n in range(5))))
    level = show_level(store, 1, 1, limit=3)
    assert [each.path for each in level.branches] == [("file 0",), ("file 1",), ("file 2",)]
    assert level.more
    rest = show_level(store, 1, 1, limit=3, cursor=level.results.next)
    assert [each.name for each in (*level.results.items, *rest.results.items)] == list("01234")


def test_a_container_that_is_not_there_is_empty(store: Results) -> None:
    store.write(1, 1, SHOP)
    level = show_level(store, 1, 1, ("nowhere",))
    assert (level.branches, level.results.items) == ((), ())
