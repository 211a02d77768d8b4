"""The results of one test with several parameters."""

from __future__ import annotations

from assay.model import Status
from assay.queries.siblings import Sibling, list_siblings
from assay.store.results import Results
from support.batches import report, result


def test_they_stand_in_the_same_container_and_begin_alike(store: Results) -> None:
    store.write(
        1,
        1,
        report(
            result("pays[card]", duration=0.5),
            result("ships"),
            result("pays[cash]", "failed", error="Empty: till"),
            result("pays[card]", path=("shop", "refund")),
        ),
    )
    store.write(1, 2, report(result("pays[gold]")))
    assert list_siblings(store, 1, 1, ("shop", "checkout"), "pays") == [
        Sibling(0, "pays[card]", Status.PASSED, False, 0.5),
        Sibling(2, "pays[cash]", Status.FAILED, False, None),
    ]
    assert len(list_siblings(store, 1, 1, ("shop", "checkout"), "pays", limit=1)) == 1
