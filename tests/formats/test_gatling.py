"""Gatling's log and reports."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import detect, gatling
from assay.model import Container, Error, Item, Measurement, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "gatling"
NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
SHOP = ("shop.CheckOutSimulation",)


def parse(document: bytes) -> list[Item]:
    return list(gatling.parse([document]))


def sample(file: str) -> list[Item]:
    return parse((SAMPLES / file).read_bytes())


def results(items: list[Item]) -> dict[str, Result]:
    return {"/".join((*i.path, i.name)): i for i in items if isinstance(i, Result)}


def message(result: Result) -> str:
    return result.error.message if result.error else ""


@pytest.mark.parametrize("file", ["simulation.log", "simulation-2.log", "simulation-3.12.log"])
def test_a_request_is_a_result_below_the_simulation_and_its_groups(file: str) -> None:
    items = sample(file)
    found = results(items)
    assert message(found["shop.CheckOutSimulation/Check out/Cart"]) == (
        "2 of 4 requests failed (50.0 %): status.find.is(200), but actually found 500 ×2"
    )
    assert found["shop.CheckOutSimulation/Home"].status is Status.PASSED
    place = (*SHOP, "Check out")
    assert Measurement(place, "Pay", "errors", 1) in items
    assert Measurement(place, "Pay", "median", pytest.approx(0.06), "s") in items
    assert Measurement(SHOP, "Home", "throughput", pytest.approx(4 / 3.86), "1/s") in items


@pytest.mark.parametrize("file", ["simulation.log", "simulation-2.log", "simulation-3.12.log"])
def test_a_group_is_a_container_and_an_error_outside_requests_a_result(file: str) -> None:
    items = sample(file)
    facts = {"times": "4", "failed": "2"}
    assert Container((*SHOP, "Check out"), "group", duration=0.4, metadata=facts) in items
    assert results(items)["shop.CheckOutSimulation/(errors)"].error == Error(
        message="1 errors outside any request: Failed to build request Receipt: "
        "No attribute named 'receipt' is defined ×1"
    )


def test_the_run_has_its_start_and_what_it_was_called() -> None:
    first, *_, last = sample("simulation.log")
    facts = {"gatling": "3.9.5", "description": "nightly", "users": "4"}
    assert first == Run(NINE, metadata=facts)
    assert isinstance(last, Run)
    assert last.duration == pytest.approx(3.86)


def test_assertions_are_tests() -> None:
    run, good, bad = sample("assertions.json")
    assert isinstance(run, Run)
    assert isinstance(good, Result)
    assert (run.date, good.status) == (NINE, Status.PASSED)
    assert bad == Result(
        (*SHOP, "assertions"),
        "Check out / Cart: percentage of failed events is less than or equal to 5.0",
        Status.FAILED,
        error=Error(message="actual value: 50.0"),
        metadata={"actual": "50.0"},
    )


def test_the_report_s_statistics_are_of_each_request() -> None:
    items = sample("stats.json")
    assert results(items).keys() == {"Home", "Check out/Cart", "Check out/Pay"}
    figures = {i.metric: i.value for i in items if isinstance(i, Measurement) and i.name == "Home"}
    assert figures == {
        "samples": 4,
        "errors": 0,
        "error rate": 0,
        "mean": 0.115,
        "median": 0.111,
        "p75": 0.126,
        "p95": 0.14,
        "p99": 0.142,
        "min": 0.095,
        "max": 0.143,
        "throughput": 0.8,
    }


def text(value: str) -> bytes:
    wide = not value.isascii()
    data = value.encode("utf-16-le" if wide else "latin-1")
    return struct.pack(">i", len(data)) + (data + bytes([wide]) if data else b"")


def known(number: int, value: str = "") -> bytes:
    return struct.pack(">i", number) + (text(value) if number > 0 else b"")


def number(*values: int) -> bytes:
    return struct.pack(f">{len(values)}i", *values)


BINARY = b"".join(
    (
        b"\0" + text("3.14.3") + text("shop.Sim") + struct.pack(">q", 1_772_355_600_000) + text(""),
        number(1) + text("Shoppers") + number(1) + number(2) + b"\7\7",
        b"\2" + number(0) + b"\1" + number(10),
        b"\1" + number(0) + known(1, "Home") + number(10, 110) + b"\1" + known(2, ""),
        b"\1"
        + number(1)
        + known(3, "Käse")
        + known(-1)
        + number(200, 500)
        + b"\0"
        + known(4, "no"),
        b"\3" + number(1) + known(-3) + number(200, 600, 300) + b"\0",
        b"\4" + known(5, "no feeder") + number(700),
    )
)


def test_the_log_of_bytes_is_read_as_the_one_of_text() -> None:
    items = parse(BINARY)
    assert detect(BINARY).name == "gatling"
    assert items[0] == Run(NINE, metadata={"gatling": "3.14.3", "users": "1"})
    assert {name: each.status for name, each in results(items).items()} == {
        "shop.Sim/Home": Status.PASSED,
        "shop.Sim/Käse/Home": Status.FAILED,
        "shop.Sim/(errors)": Status.BROKEN,
    }
    assert Measurement(("shop.Sim", "Käse"), "Home", "max", 0.3, "s") in items
    pieces = [BINARY[place : place + 1] for place in range(len(BINARY))]
    assert list(gatling.parse(pieces)) == items


def test_a_log_of_bytes_gives_what_is_whole() -> None:
    assert len(results(parse(BINARY[:-3]))) == 2
    assert any(isinstance(item, Notice) for item in parse(BINARY + b"\x09"))
    for length in (-1, 2_000_000):
        with pytest.raises(Malformed):
            parse(b"\0" + text("3.14.3") + number(length))
