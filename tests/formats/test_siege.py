"""Siege."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import siege
from assay.model import Error, Item, Measurement, Result, Run

SAMPLES = Path(__file__).parents[1] / "samples" / "siege"


def sample(file: str) -> list[Item]:
    return list(siege.parse([(SAMPLES / file).read_bytes()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {i.name: i for i in items if isinstance(i, Result)}


def figures(items: list[Item], name: str) -> dict[str, float]:
    found = (item for item in items if isinstance(item, Measurement))
    return {each.metric: each.value for each in found if each.name == name}


def test_each_address_is_a_result_where_single_transactions_are_told() -> None:
    items = sample("verbose.txt")
    found = results(items)
    assert found.keys() == {"GET /", "GET /cart", "GET /old", "POST http://127.0.0.1:8089/books"}
    assert found["GET /old"].error == Error(
        message="9 of 9 transactions failed (100.0 %): 404 Not Found ×9"
    )
    assert figures(items, "GET /")["samples"] == 9
    assert "throughput" not in figures(items, "GET /")
    assert items[-1] == Run(datetime(2026, 11, 22, 4, 34, 42, tzinfo=UTC), 0.03)


@pytest.mark.parametrize(("file", "errors"), [("siege.json", 12), ("summary.txt", 11)])
def test_a_summary_is_one_result(file: str, errors: int) -> None:
    items = sample(file)
    found = figures(items, "All transactions")
    assert (found["samples"], found["errors"], found["max"]) == (36, errors, 0.01)


def test_transactions_are_read_as_csv_too() -> None:
    found = results(sample("csv.txt"))
    assert found.keys() == {"/", "/cart", "/old", "http://127.0.0.1:8089/books"}


def test_of_the_log_the_last_run_is_told() -> None:
    items = sample("siege.log")
    found = figures(items, "All transactions")
    assert (found["samples"], found["errors"], found["throughput"]) == (36, 11, 1133.33)
    assert items[-1] == Run(datetime(2026, 11, 22, 4, 34, 42, tzinfo=UTC), 0.03)


def test_transactions_in_colour_and_csv_are_read() -> None:
    lines = (
        b"\x1b[0;34m   4,HTTP/1.1,200,  0.36,   3372,/,0,2026-03-01 21:30:13\x1b[0m\n"
        b"\x1b[0;31m   4,HTTP/1.1,503,  0.40,   0,/,0,2026-03-01 21:30:14\x1b[0m\n"
    )
    items = list(siege.parse([lines]))
    assert results(items)["/"].error == Error(
        message="1 of 2 transactions failed (50.0 %): 503 Service Unavailable ×1"
    )
    assert figures(items, "/")["received"] == 3372


@pytest.mark.parametrize("document", [b"** SIEGE 4.0.7\n", b"{}", b"Date & Time, Trans, Elap Time"])
def test_without_transactions_it_is_malformed(document: bytes) -> None:
    with pytest.raises(Malformed):
        list(siege.parse([document]))
