"""What tests measured, of a report and of a test."""

from __future__ import annotations

import pytest

from assay.errors import Invalid
from assay.identify import hash_test
from assay.model import Measurement
from assay.queries.measured import (
    Measured,
    Reading,
    has_measurements,
    list_measured,
    list_readings,
)
from assay.store.results import Results
from support.batches import report, result

PATH = ("shop", "checkout")
PAYS = hash_test(PATH, "pays")


@pytest.fixture
def measured(store: Results) -> Results:
    items = [result("pays"), Measurement(PATH, "pays", "p95", 0.5, "s")]
    store.write(1, 1, report(*items, Measurement(PATH, "pays", "errors", 2)))
    store.write(
        1,
        2,
        report(
            result("looks"),
            result("pays"),
            Measurement(PATH, "pays", "p95", 0.25, "s"),
            Measurement((), "Build", "warnings", 7),
            Measurement(PATH, "looks", "p95", 0.125, "s"),
        ),
    )
    store.write(1, 3, report(result("pays")))
    return store


def test_a_report_s_tests_come_as_in_the_document_and_those_without_a_result_last(
    measured: Results,
) -> None:
    found = list_measured(measured, 1, 2)
    assert [(each.name, each.position) for each in found.items] == [
        ("looks", 0),
        ("pays", 1),
        ("Build", None),
    ]
    assert found.items[1].values == (Measured("p95", 0.25, "s"),)
    assert found.next is None


def test_they_come_a_page_at_a_time(measured: Results) -> None:
    first = list_measured(measured, 1, 2, limit=2)
    rest = list_measured(measured, 1, 2, limit=2, cursor=first.next)
    assert [each.name for each in (*first.items, *rest.items)] == ["looks", "pays", "Build"]
    with pytest.raises(Invalid):
        list_measured(measured, 1, 2, cursor="nonsense")


def test_only_a_report_that_has_some_has_some(measured: Results) -> None:
    assert [has_measurements(measured, 1, each) for each in (1, 2, 3, 4)] == [1, 1, 0, 0]
    assert not has_measurements(measured, 2, 1)


def test_a_test_is_followed_through_the_reports(measured: Results) -> None:
    assert list_readings(measured, 1, PAYS, [3, 2, 1]) == [
        Reading(2, Measured("p95", 0.25, "s")),
        Reading(1, Measured("errors", 2.0, "")),
        Reading(1, Measured("p95", 0.5, "s")),
    ]
    assert list_readings(measured, 1, PAYS, []) == []
