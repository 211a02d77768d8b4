"""wrk's report."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import detect, wrk
from assay.model import Error, Item, Measurement, Result, Run

SAMPLES = Path(__file__).parents[1] / "samples" / "wrk"


def parse(document: bytes) -> list[Item]:
    return list(wrk.parse([document]))


def figures(items: list[Item]) -> dict[str, float]:
    return {i.metric: i.value for i in items if isinstance(i, Measurement)}


def test_a_test_is_a_result_called_as_its_address() -> None:
    items = parse((SAMPLES / "wrk-errors.txt").read_bytes())
    result = items[0]
    assert isinstance(result, Result)
    assert result.name == "http://127.0.0.1:8089/old"
    assert result.error == Error(
        message="92 of 92 requests failed (100.0 %): neither 2xx nor 3xx ×92"
    )
    assert result.metadata == {"threads": "1", "connections": "2"}
    assert figures(items) == pytest.approx(
        {
            "samples": 92,
            "errors": 92,
            "error rate": 1,
            "mean": 0.04326,
            "median": 0.04397,
            "p75": 0.04403,
            "p90": 0.04538,
            "p99": 0.04802,
            "max": 0.04802,
            "throughput": 45.87,
            "received": 16660.48,
        }
    )
    assert items[-1] == Run(duration=2.01)


def test_socket_errors_are_reasons_of_their_own() -> None:
    document = b"""Running 1m test @ http://shop.example
  2 threads and 9 connections
  10 requests in 1.00m, 1.5MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
"""
    result = parse(document)[0]
    assert isinstance(result, Result)
    assert result.error == Error(
        message="3 of 10 requests failed (30.0 %): read error ×2, timeout ×1"
    )


def test_several_tests_are_several_results() -> None:
    document = (SAMPLES / "wrk.txt").read_bytes() + (SAMPLES / "wrk-errors.txt").read_bytes()
    items = parse(b"$ make load\n" + document)
    assert detect(b"$ make load\n" + document).name == "wrk"
    assert len([item for item in items if isinstance(item, Result)]) == 2
    assert items[-1] == Run(duration=4.01)


def test_text_without_a_test_is_malformed() -> None:
    with pytest.raises(Malformed):
        parse(b"Running late\n")


def test_a_count_in_superscript_is_none() -> None:
    document = "Running 1m test @ http://shop.example\n  Socket errors: connect ², timeout 1\n"
    result = parse(document.encode() + b"  10 requests in 1.00m, 1.5MB read\n")[0]
    assert isinstance(result, Result)
    assert result.error == Error(message="1 of 10 requests failed (10.0 %): timeout ×1")
