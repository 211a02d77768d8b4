"""k6's points."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import k6stream
from assay.model import Error, Item, Measurement, Result, Run

SAMPLES = Path(__file__).parents[1] / "samples" / "k6stream"
SHOP = "http://127.0.0.1:8089"
BOTH = pytest.mark.parametrize("file", ["points.json", "points.csv"])


def sample(file: str) -> list[Item]:
    return list(k6stream.parse([(SAMPLES / file).read_bytes()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {"|".join((*i.path, i.name)): i for i in items if isinstance(i, Result)}


@BOTH
def test_the_requests_of_a_name_are_a_result_below_their_groups(file: str) -> None:
    items = sample(file)
    found = results(items)
    assert found[f"POST {SHOP}/cart"].error == Error(
        message="1 of 4 requests failed (25.0 %): 500 Internal Server Error ×1"
    )
    assert found[f"Check out|POST {SHOP}/slow/pay"].error == Error(
        message="1 of 2 requests failed (50.0 %): dial: connection refused ×1"
    )
    assert Measurement((), f"GET {SHOP}/", "samples", 4) in items
    assert Measurement((), f"GET {SHOP}/", "max", 0.013, "s") in items


@BOTH
def test_checks_are_tests_and_metrics_measurements(file: str) -> None:
    items = sample(file)
    found = results(items)
    assert not found["Home answers"].error
    assert found["Check out|has a price"].error == Error(message="1 of 2 checks failed (50.0 %)")
    for name, metric, value, unit in (
        ("http_reqs", "count", 10, ""),
        ("http_req_failed", "rate", 0.2, ""),
        ("data_received", "count", 2112, "B"),
        ("vus", "value", 2, ""),
        ("books_found", "median", 4, ""),
        ("http_req_duration", "max", 0.055, "s"),
    ):
        assert Measurement(("metrics",), name, metric, value, unit) in items


def test_a_run_is_from_its_first_point_to_its_last() -> None:
    *_, run = sample("points.json")
    assert isinstance(run, Run)
    assert run.date == datetime(2026, 3, 1, 9, 0, 1, tzinfo=UTC)
    assert run.duration == pytest.approx(3.6)


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"status": "200"}, None),
        ({"status": "503"}, "503 Service Unavailable"),
        ({"status": "0", "error": "timeout"}, "timeout"),
        ({"status": "404", "expected_response": "true"}, None),
        ({"status": "200", "expected_response": "false"}, "200 OK"),
    ],
)
def test_an_answer_is_good_if_it_was_expected(tags: dict[str, str], why: str | None) -> None:
    assert k6stream._why(tags) == why


def test_a_table_or_lines_without_points_are_malformed() -> None:
    for document in (b"metric_name,timestamp,metric_value\n", b'{"type":"Metric"}', b"a,b\n1,2\n"):
        with pytest.raises(Malformed):
            list(k6stream.parse([document]))


def test_a_status_that_is_no_number_is_no_failure() -> None:
    point = (
        '{"type":"Point","metric":"http_req_duration","data":{"time":"2026-05-04T10:00:00Z",'
        '"value":1,"tags":{"name":"a","method":"GET","status":"²²²"}}}'
    )
    (found,) = results(list(k6stream.parse([point.encode()]))).values()
    assert found.error is None
