"""Iago's log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import iago
from assay.model import Error, Item, Measurement, Notice, Result, Run

SAMPLES = Path(__file__).parents[1] / "samples" / "iago"


def sample(file: str) -> list[Item]:
    return list(iago.parse([(SAMPLES / file).read_bytes()]))


def figures(items: list[Item]) -> dict[str, float]:
    return {i.metric: i.value for i in items if isinstance(i, Measurement)}


def test_the_minutes_of_a_service_are_summed_up() -> None:
    items = sample("parrot-server.log")
    result = items[0]
    assert isinstance(result, Result)
    assert result.name == "parrot_shop"
    assert result.error == Error(
        message="2 of 220 requests failed (0.9 %): com.twitter.finagle.ChannelClosedException ×2"
    )
    assert result.metadata == {"answer 200": "215", "answer 404": "3"}
    found = figures(items)
    assert found.keys().isdisjoint({"median", "p95"})
    assert found["mean"] == pytest.approx(0.9 / 220)
    assert (found["min"], found["max"], found["samples"]) == (0.001, 0.09, 220)
    *_, run = items
    assert isinstance(run, Run)
    assert run.date == datetime(2026, 3, 1, 9, 0, 0, 113000, UTC)


def test_a_single_minute_has_percentiles() -> None:
    found = figures(sample("minute.log"))
    assert (found["median"], found["p99"]) == (0.003, 0.015)


def test_a_line_that_is_damaged_is_left_out() -> None:
    line = (SAMPLES / "minute.log").read_bytes()
    items = list(iago.parse([line[:90] + b"\n" + line]))
    assert isinstance(items[0], Notice)


def test_a_log_without_counters_is_malformed() -> None:
    with pytest.raises(Malformed):
        list(iago.parse([b"INF [20260301-09:00:00.007] parrot: starting\n"]))
