"""Molotov's events."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import molotov
from assay.model import Error, Measurement, Notice, Result, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "molotov"


def test_scenarios_are_judged_and_requests_counted() -> None:
    items = list(molotov.parse([(SAMPLES / "molotov.json").read_bytes()]))
    found = {(*i.path, i.name): i for i in items if isinstance(i, Result)}
    assert found["scenarios", "looks_around"].status is Status.PASSED
    assert found["scenarios", "looks_for_the_old_page"].error == Error(
        message="10 of 10 runs failed (100.0 %): AssertionError: 404 ×10"
    )
    old = found["requests", "http://127.0.0.1:8089/old"]
    assert (old.status, old.metadata) == (Status.PASSED, {"answer 404 Not Found": "10"})
    assert Measurement(("scenarios",), "looks_around", "samples", 14) in items


def test_a_line_that_is_damaged_is_left_out() -> None:
    line = b'{"ts": 1, "type": "scenario_success", "name": "a", "duration": 1}'
    items = list(molotov.parse([b"{no}\n" + line]))
    assert any(isinstance(item, Notice) for item in items)


def test_other_lines_are_malformed() -> None:
    with pytest.raises(Malformed):
        list(molotov.parse([b'{"ts": 1, "type": "workers", "value": 1}']))
