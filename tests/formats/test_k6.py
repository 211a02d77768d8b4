"""k6's summaries."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import k6
from assay.model import Error, Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "k6"


def parse(document: Any) -> list[Item]:
    return list(k6.parse([json.dumps(document).encode()]))


def sample(file: str) -> list[Item]:
    return list(k6.parse([(SAMPLES / file).read_bytes()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {"/".join((*i.path, i.name)): i for i in items if isinstance(i, Result)}


@pytest.mark.parametrize("file", ["handle-summary.json", "summary-export.json"])
def test_checks_and_thresholds_are_tests(file: str) -> None:
    found = results(sample(file))
    assert {name: str(each.status) for name, each in found.items()} == {
        "Home answers": "passed",
        "Cart answers": "failed",
        "Check out/has a price": "passed",
        "thresholds/http_req_duration: p(95)<500": "passed",
        "thresholds/http_req_failed: rate<0.05": "failed",
        "thresholds/http_reqs: count>10": "passed",
    }
    assert found["Cart answers"].error == Error(message="3 of 12 checks failed (25.0 %)")


def test_a_broken_threshold_says_what_the_value_was() -> None:
    found = results(sample("handle-summary.json"))
    error = Error(message="rate was 0.083333")
    assert found["thresholds/http_req_failed: rate<0.05"].error == error


@pytest.mark.parametrize("file", ["handle-summary.json", "summary-export.json", "results.json"])
def test_metrics_are_measurements_in_seconds_and_bytes(file: str) -> None:
    items = sample(file)
    for name, metric, value, unit in (
        ("http_req_duration", "p95", 0.05175, "s"),
        ("http_req_duration", "mean", 0.01773, "s"),
        ("http_reqs", "count", 36, ""),
        ("http_reqs", "throughput", 51.42, "1/s"),
        ("data_sent", "count", 3120, "B"),
        ("data_sent", "throughput", 4456.5, "B/s"),
        ("vus", "max", 2, ""),
    ):
        assert Measurement(("metrics",), name, metric, pytest.approx(value), unit) in items


def test_the_new_kind_of_summary_tells_when_it_was_made_and_by_what() -> None:
    *_, run = sample("results.json")
    began = datetime(2026, 3, 1, 8, 59, 59, 999887, UTC)
    facts = {"k6": "1.5.0", "execution": "local", "script": "shop.js"}
    assert run == Run(began, 0.700113, metadata=facts)


def test_a_check_that_was_never_made_is_skipped() -> None:
    document = {"root_group": {"checks": [{"name": "a", "passes": 0, "fails": 0}]}, "metrics": {}}
    assert results(parse(document))["a"].status is Status.SKIPPED


def test_a_run_without_checks_and_thresholds_is_one_result() -> None:
    document = {"metrics": {"vus": {"value": 1}}, "state": {"testRunDurationMs": 1500}}
    assert list(results(parse(document)).values()) == [Result((), "k6 run", Status.PASSED, 1.5)]


def test_the_new_kind_s_thresholds_are_tests_too() -> None:
    metric = {"name": "m", "values": {"avg": 7}, "thresholds": [{"source": "avg<5", "ok": False}]}
    document = {"version": "1.0.0", "metadata": {}, "results": {"metrics": [metric]}}
    assert results(parse(document))["thresholds/m: avg<5"].error == Error(message="avg was 7")


@pytest.mark.parametrize("document", [{}, [], {"metrics": []}, {"root_group": 1}, 5])
def test_other_json_is_malformed(document: Any) -> None:
    with pytest.raises(Malformed):
        parse(document)
