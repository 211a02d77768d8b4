"""What became of one test."""

from __future__ import annotations

import pytest

from assay.errors import NotFound
from assay.identify import hash_test
from assay.model import Attempt, Status
from assay.queries.test_history import TestName, find_test, list_history
from assay.store.results import Results
from support.batches import report, result

TEST = hash_test(("shop", "checkout"), "pays")


@pytest.fixture
def pays(store: Results) -> Results:
    store.write(1, 1, report(result("other"), result("pays", duration=1.0)))
    store.write(1, 5, report(result("pays", "failed", error="Timeout: after 30 s")))
    store.write(1, 3, report(result("other")))
    store.write(1, 2, report(result("pays", flaky=True, attempts=(Attempt(Status.FAILED),))))
    store.write(2, 6, report(result("pays")))
    return store


def test_a_history_tells_each_result_in_the_order_of_the_reports(pays: Results) -> None:
    history = list_history(pays, 1, TEST, [2, 5, 3, 1])
    assert [(each.report, each.position, each.status) for each in history] == [
        (2, 0, Status.PASSED),
        (5, 0, Status.FAILED),
        (1, 1, Status.PASSED),
    ]
    flaky, failed, passed = history
    assert (flaky.flaky, flaky.attempts) == (True, 2)
    assert (failed.type, failed.message) == ("Timeout", "after 30 s")
    assert failed.error > 0
    assert (passed.duration, passed.type, passed.error) == (1.0, "", 0)
    assert passed.status_hash == flaky.status_hash != failed.status_hash


def test_reports_that_were_not_asked_for_are_not_told_of(pays: Results) -> None:
    assert [each.report for each in list_history(pays, 1, TEST, [1, 6])] == [1]
    assert list_history(pays, 1, TEST, []) == []


def test_a_test_is_found_by_its_id(pays: Results) -> None:
    assert find_test(pays, 1, TEST) == TestName(TEST, ("shop", "checkout"), "pays")
    with pytest.raises(NotFound, match="no test 7"):
        find_test(pays, 1, 7)
    with pytest.raises(NotFound):
        find_test(pays, 3, TEST)
