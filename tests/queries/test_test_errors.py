"""What some tests of a report say of their failure."""

from __future__ import annotations

from assay.identify import hash_test
from assay.queries.test_errors import SaidError, read_errors
from assay.store.results import Results
from support.batches import report, result

PATH = ("shop", "checkout")
BOOM = "TimeoutError: waiting for #pay"


def test_each_test_says_its_own_error_and_a_calm_one_nothing(store: Results) -> None:
    store.write(1, 5, report(result("pays", "failed", error=BOOM), result("ships")))
    store.write(1, 6, report(result("pays", "broken", error="OSError: no route")))
    pays, ships = hash_test(PATH, "pays"), hash_test(PATH, "ships")
    assert read_errors(store, 1, 5, [pays, ships]) == {
        pays: SaidError("TimeoutError", "waiting for #pay")
    }
    assert read_errors(store, 1, 6, [pays]) == {pays: SaidError("OSError", "no route")}
    assert read_errors(store, 1, 5, []) == {}
