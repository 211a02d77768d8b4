"""What load tests measured, request by request."""

from __future__ import annotations

import pytest

from assay.model import Measurement
from assay.queries.requests import list_metrics, list_requests, list_totals
from assay.store.results import Results
from support.batches import report, result

PATH = ("shop", "checkout")


def told(name: str, samples: float, mean: float, *, errors: float = 0) -> list[Measurement]:
    figures = {"samples": (samples, ""), "errors": (errors, ""), "mean": (mean, "s")}
    pace = {"throughput": (samples / 10, "1/s")}
    return [Measurement(PATH, name, m, v, unit) for m, (v, unit) in (figures | pace).items()]


@pytest.fixture
def loaded(store: Results) -> Results:
    """Two runs; what a unit says otherwise, or counts no samples, is no request's figure."""
    store.write(1, 1, report(result("pay"), *told("pay", 10, 0.5), *told("look", 30, 0.1)))
    store.write(
        1,
        2,
        report(
            result("look"),
            result("pay"),
            *told("look", 20, 0.1, errors=5),
            *told("pay", 20, 0.4),
            Measurement(PATH, "pay", "p95", 7, "points"),
            Measurement(("metrics",), "http_req_duration", "mean", 9, "s"),
        ),
    )
    return store


def test_the_busiest_come_first_and_of_each_run_after_run(loaded: Results) -> None:
    found = list_requests(loaded, 1, [1, 2], limit=5)
    assert [(each.name, each.report, each.position) for each in found] == [
        ("look", 1, None),
        ("look", 2, 0),
        ("pay", 1, 0),
        ("pay", 2, 1),
    ]
    assert found[1].values == {"samples": 20, "errors": 5, "mean": 0.1, "throughput": 2}


def test_where_two_are_as_busy_they_stand_as_in_the_newest_document(loaded: Results) -> None:
    assert [each.name for each in list_requests(loaded, 1, [2], limit=5)] == ["look", "pay"]


def test_they_are_ordered_by_another_figure_and_come_in_pages(loaded: Results) -> None:
    first = list_requests(loaded, 1, [2], by="mean", limit=1)
    rest = list_requests(loaded, 1, [2], by="mean", limit=1, offset=1)
    assert [each.name for each in (*first, *rest)] == ["pay", "look"]


def test_one_of_them_or_those_of_a_container_can_be_asked_for(loaded: Results) -> None:
    def names(*below: str) -> list[str]:
        return [each.name for each in list_requests(loaded, 1, [2], below=below, limit=5)]

    assert names(*PATH, "pay") == ["pay"]
    assert names("shop") == names(*PATH) == ["look", "pay"]
    assert names("pay") == names("shop", "pay") == []


def test_all_of_them_together_have_a_mean_by_samples(loaded: Results) -> None:
    first, second = list_totals(loaded, 1, [1, 2])
    assert (first.requests, first.values["samples"]) == (2, 40)
    assert first.values["mean"] == pytest.approx(0.2)
    assert second.values["error rate"] == pytest.approx(5 / 40)
    assert second.values["throughput"] == pytest.approx(4)


def test_the_metrics_are_those_of_requests_in_their_units(loaded: Results) -> None:
    assert list_metrics(loaded, 1, [2]) == ["samples", "errors", "throughput", "mean"]


def test_of_no_reports_there_is_nothing(store: Results) -> None:
    assert list_requests(store, 1, [], limit=5) == []
    assert list_totals(store, 1, []) == list_totals(store, 1, [3]) == []
    assert list_metrics(store, 1, []) == []
