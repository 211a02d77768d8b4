"""Artillery's report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import artillery
from assay.model import Error, Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "artillery"


def parse(document: Any) -> list[Item]:
    return list(artillery.parse([json.dumps(document).encode()]))


def sample(file: str) -> list[Item]:
    return list(artillery.parse([(SAMPLES / file).read_bytes()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {"|".join((*i.path, i.name)): i for i in items if isinstance(i, Result)}


def test_each_endpoint_is_a_result() -> None:
    items = sample("report.json")
    found = results(items)
    assert found.keys() == {"/", "/cart", "/old (Old page)", "virtual users", "expect|statusCode"}
    assert found["/cart"].status is Status.PASSED
    assert found["/cart"].metadata == {"code 200": "15", "code 500": "5"}
    assert Measurement((), "/cart", "samples", 20) in items
    assert Measurement((), "/", "p95", 0.004, "s") in items


def test_expectations_are_tests() -> None:
    found = results(sample("report.json"))["expect|statusCode"]
    assert found.error == Error(message="25 of 60 checks failed (41.7 %)")


def test_users_and_requests_without_an_answer_failed() -> None:
    found = results(sample("down.json"))
    refused = "ECONNREFUSED ×10"
    assert found["virtual users"].error == Error(
        message=f"10 of 10 virtual users failed (100.0 %): {refused}"
    )
    assert found["/"].error == Error(message=f"10 of 10 requests failed (100.0 %): {refused}")


def test_summaries_and_rates_are_measurements() -> None:
    items = sample("report.json")
    for name, metric, value, unit in (
        ("http.response_time.5xx", "mean", 0.0006, "s"),
        ("vusers.session_length", "count", 20, ""),
        ("http.request_rate", "throughput", 13, "1/s"),
    ):
        assert Measurement(("metrics",), name, metric, pytest.approx(value), unit) in items
    *_, run = items
    assert isinstance(run, Run)
    assert run.date
    assert run.duration == pytest.approx(3.897)


def test_version_1_has_one_kind_of_request() -> None:
    items = parse(
        {
            "aggregate": {
                "timestamp": "2016-05-09T09:00:00.000Z",
                "scenariosCreated": 3,
                "scenariosCompleted": 2,
                "requestsCompleted": 7,
                "latency": {"min": 10, "max": 90, "median": 20.5, "p95": 80},
                "rps": {"count": 7, "mean": 3.5},
                "scenarioCounts": {"Shoppers": 3},
                "errors": {"ETIMEDOUT": 1},
                "codes": {"200": 7},
            },
            "intermediate": [],
        }
    )
    found = results(items)
    assert found["requests"].error == Error(message="1 of 8 requests failed (12.5 %): ETIMEDOUT ×1")
    assert found["virtual users"].metadata == {"Shoppers": "3"}
    assert Measurement((), "requests", "median", 0.0205, "s") in items
    assert Measurement((), "requests", "throughput", 3.5, "1/s") in items


@pytest.mark.parametrize("document", [{}, {"aggregate": 1}, [1], {"intermediate": [{}]}])
def test_without_an_aggregate_it_is_malformed(document: Any) -> None:
    with pytest.raises(Malformed):
        parse(document)
