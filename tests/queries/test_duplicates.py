"""Results that have their path and name in common with another of the same report."""

from __future__ import annotations

from assay.identify import hash_test
from assay.queries.duplicates import Duplicate, Duplicates, count_alike, find_duplicates
from assay.store.results import Results
from support.batches import report, result

PATH = ("shop", "checkout")


def test_they_are_counted_and_some_are_named(store: Results) -> None:
    names = ["a", "b", "a", "c", "c", "a", "d"]
    store.write(1, 1, report(*(result(name) for name in names)))
    found = find_duplicates(store, 1, 1)
    assert found == Duplicates(2, 5, (Duplicate(PATH, "a", 3), Duplicate(PATH, "c", 2)))
    assert len(find_duplicates(store, 1, 1, limit=1).examples) == 1


def test_a_name_of_another_path_or_report_is_another(store: Results) -> None:
    store.write(1, 1, report(result("a"), result("a", path=("stock",))))
    store.write(1, 2, report(result("a")))
    store.write(2, 3, report(result("a"), result("a")))
    assert find_duplicates(store, 1, 1) == Duplicates(0, 0, ())


def test_those_of_some_tests_are_counted(store: Results) -> None:
    store.write(1, 1, report(result("a"), result("a"), result("b"), result("c"), result("c")))
    a, b = hash_test(PATH, "a"), hash_test(PATH, "b")
    assert count_alike(store, 1, 1, [a, b]) == {a: 2}
    assert count_alike(store, 1, 1, []) == {}
