"""ApacheBench."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import ab
from assay.model import Error, Item, Measurement, Result, Run

SAMPLES = Path(__file__).parents[1] / "samples" / "ab"


def sample(file: str) -> list[Item]:
    return list(ab.parse([(SAMPLES / file).read_bytes()]))


def figures(items: list[Item], name: str) -> dict[str, float]:
    found = (item for item in items if isinstance(item, Measurement))
    return {each.metric: each.value for each in found if each.name == name}


def test_a_report_is_a_result_called_as_the_path() -> None:
    items = sample("ab.txt")
    assert figures(items, "/") == pytest.approx(
        {
            "samples": 200,
            "errors": 0,
            "error rate": 0,
            "mean": 0.00138,
            "median": 0.001,
            "p75": 0.001,
            "p90": 0.002,
            "p95": 0.002,
            "p99": 0.002,
            "min": 0,
            "max": 0.003,
            "throughput": 2897.84,
            "received": 34200,
        }
    )
    assert items[-1] == Run(duration=0.069)


def test_answers_other_than_2xx_are_failures() -> None:
    first, second = (item for item in sample("two-tests.txt") if isinstance(item, Result))
    assert (first.name, second.name) == ("/cart", "/books?page=2")
    assert first.error
    assert "requests failed" in first.error.message
    assert "non-2xx" in first.error.message
    assert second.error is None


def test_failures_are_told_by_their_kinds() -> None:
    document = b"""This is ApacheBench, Version 2.3
Document Path:          /
Complete requests:      100
Failed requests:        7
   (Connect: 0, Receive: 2, Length: 5, Exceptions: 0)
"""
    result = next(iter(ab.parse([document])))
    assert isinstance(result, Result)
    assert result.error == Error(message="7 of 100 requests failed (7.0 %): length ×5, receive ×2")


def test_what_it_writes_for_gnuplot_gives_exact_percentiles() -> None:
    items = sample("ab.tsv")
    found = figures(items, "requests")
    assert (found["samples"], found["median"], found["max"]) == (200, 0.001, 0.003)
    assert found.keys().isdisjoint({"errors", "throughput"})
    *_, run = items
    assert isinstance(run, Run)
    assert run.date


def test_its_table_of_percentages_gives_them_finer() -> None:
    assert figures(sample("ab.csv"), "requests") == pytest.approx(
        {
            "median": 0.001302,
            "p75": 0.001491,
            "p90": 0.001696,
            "p95": 0.001785,
            "p99": 0.002253,
            "min": 0.000486,
        }
    )


@pytest.mark.parametrize("document", [b"x", b"Percentage served,Time in ms\n", b"This is Apache"])
def test_without_a_test_it_is_malformed(document: bytes) -> None:
    with pytest.raises(Malformed):
        list(ab.parse([document]))


def test_a_report_whose_lines_are_broken_is_malformed() -> None:
    broken = b"This is ApacheBench, Version 2.3\nTime taken for tests:\n\nTime taken for tests: x\n"
    with pytest.raises(Malformed):
        list(ab.parse([broken]))
