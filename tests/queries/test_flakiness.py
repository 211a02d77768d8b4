"""Which tests go back and forth, and how often."""

from __future__ import annotations

import pytest

from assay.queries import flakiness
from assay.queries.flakiness import list_flaky
from assay.store.results import Results
from support.batches import report, result

LETTERS = {"p": "passed", "f": "failed", "b": "broken", "s": "skipped", "u": "unknown"}


def tell(store: Results, **fates: str) -> list[int]:
    """Runs in which each test ended as its letters say; a space is a run without it. R is a test
    that passed at a second try."""
    runs = max(map(len, fates.values()))
    for at in range(runs):
        results = [
            result(name, LETTERS[fate[at].lower().replace("r", "p")], flaky=fate[at] == "R")
            for name, fate in fates.items()
            if at < len(fate) and fate[at] != " "
        ]
        store.write(1, at + 1, report(*results))
    return list(range(1, runs + 1))


def test_changes_between_passed_and_failed_are_counted_the_most_first(store: Results) -> None:
    runs = tell(store, calm="pppppp", bad="ffffff", once="pppfff", often="pfpbpf", marked="pRppRp")
    found = [(each.name, each.changes, each.marked) for each in list_flaky(store, 1, runs)]
    assert found == [("often", 5, 0), ("once", 1, 0), ("marked", 0, 2)]


def test_runs_without_a_say_are_stepped_over(store: Results) -> None:
    runs = tell(store, gap="p  f p", skipped="psspsp", between="fsfuuf", turned="fspssf")
    found = {each.name: (each.changes, each.runs) for each in list_flaky(store, 1, runs)}
    assert found == {"gap": (2, 3), "turned": (2, 3)}


def test_a_test_that_stands_twice_in_a_run_fails_if_one_of_them_does(store: Results) -> None:
    store.write(1, 1, report(result("twice"), result("twice")))
    store.write(1, 2, report(result("twice"), result("twice", "failed")))
    [found] = list_flaky(store, 1, [1, 2])
    assert (found.changes, found.runs) == (1, 2)


def test_time_is_the_order_that_the_runs_are_given_in(store: Results) -> None:
    tell(store, it="pfpf")
    [found] = list_flaky(store, 1, [1, 3, 2, 4])
    assert found.changes == 1


def test_a_part_of_the_list_follows_another(store: Results) -> None:
    runs = tell(store, **{f"t{n}": "pf" for n in range(5)})
    pages = [list_flaky(store, 1, runs, offset=offset, limit=2) for offset in (0, 2, 4)]
    assert [each.name for page in pages for each in page] == [f"t{n}" for n in range(5)]


def test_those_that_failed_and_passed_most_are_looked_at(
    store: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tell(store, rare="ppppf", often="pfpfp", always="ffffp")
    monkeypatch.setattr(flakiness, "CANDIDATES", 1)
    assert [each.name for each in list_flaky(store, 1, runs)] == ["often"]


def test_nobody_is_flaky_in_no_runs(store: Results) -> None:
    assert list_flaky(store, 1, []) == []
