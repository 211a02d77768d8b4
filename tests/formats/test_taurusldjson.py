"""Taurus' lines of JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import taurusldjson
from assay.model import Error, Item, Measurement, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "taurusldjson"


def sample(file: str) -> list[Item]:
    return list(taurusldjson.parse([(SAMPLES / file).read_bytes()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {i.name: i for i in items if isinstance(i, Result)}


def test_a_line_is_a_test_and_its_requests_are_steps() -> None:
    found = results(sample("functional.ldjson"))
    looks = found["test_looks_around"]
    assert looks.path == ("TestShop",)
    assert [(step.name, step.status) for step in looks.steps] == [
        ("http://127.0.0.1:8089/", Status.PASSED),
        ("http://127.0.0.1:8089/books", Status.PASSED),
    ]
    assert looks.steps[0].output == "GET http://127.0.0.1:8089/: 200 OK"
    (transaction,) = found["test_checks_out"].steps
    assert (transaction.name, transaction.status) == ("Check out", Status.FAILED)
    assert transaction.steps[0].name == "http://127.0.0.1:8089/old"


def test_a_failure_has_its_message_and_trace() -> None:
    error = results(sample("functional.ldjson"))["test_multiplies"].error
    assert error
    assert error.message == "6 != 5"
    assert error.trace.startswith("Traceback (most recent call last):")


def test_what_the_workers_of_locust_counted_is_summed_up() -> None:
    items = sample("workers.ldjson")
    assert results(items)["POST /cart"].error == Error(
        message="2 of 3 requests failed (66.7 %): "
        "HTTPError('500 Server Error: Internal Server Error') ×2"
    )
    assert Measurement((), "GET /", "samples", 4) in items
    assert Measurement((), "GET /", "mean", pytest.approx(0.01325), "s") in items
    assert Measurement((), "GET /", "median", 0.012, "s") in items
    *_, run = items
    assert isinstance(run, Run)
    assert run.duration == pytest.approx(2.0)


def test_a_line_that_is_damaged_is_left_out() -> None:
    line = b'{"test_case": "a", "test_suite": "S", "status": "weird"}'
    items = list(taurusldjson.parse([line + b"\n{not JSON}\n" + line]))
    assert any(isinstance(item, Notice) for item in items)
    assert results(items)["a"].status is Status.UNKNOWN


def test_other_lines_are_malformed() -> None:
    with pytest.raises(Malformed):
        list(taurusldjson.parse([b'{"a": 1}\n']))
