"""Google Benchmark's JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats.googlebenchmark import parse
from assay.model import Error, Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "googlebenchmark"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def named(name: str) -> Result:
    found = (each for each in sample("bench.json") if isinstance(each, Result))
    return next(each for each in found if each.name == name)


def measured(name: str, file: str = "bench.json") -> dict[str, tuple[float, str]]:
    found = (each for each in sample(file) if isinstance(each, Measurement))
    return {each.metric: (each.value, each.unit) for each in found if each.name == name}


def test_a_benchmark_is_a_result_of_its_program() -> None:
    assert named("Adds") == Result(
        ("bench",), "Adds", Status.PASSED, metadata={"iterations": "53562684"}
    )


def test_arguments_are_parameters() -> None:
    assert named("Sorts/64").parameters == {"0": "64"}
    assert named("Till/Pays/price:3/count:10/threads:2").parameters == {
        "price": "3",
        "count": "10",
        "threads": "2",
    }


def test_times_are_seconds_and_rates_are_rates() -> None:
    assert measured("Copies") == {
        "real time": (pytest.approx(8.07775e-9), "s"),
        "cpu time": (pytest.approx(7.27702e-9), "s"),
        "boxes": (7, ""),
        "bytes per second": (pytest.approx(1.40717e11), "B/s"),
        "items per second": (pytest.approx(1.37419e8), "1/s"),
    }
    assert (named("Copies").metadata or {})["label"] == "one box"


def test_a_benchmark_may_give_up() -> None:
    found = named("Weighs")
    assert (found.status, found.error) == (Status.BROKEN, Error("", "there is no scale"))
    assert measured("Weighs") == {}


def test_repetitions_are_one_benchmark() -> None:
    found = measured("Repeats/repeats:3")
    assert found["real time"] == (pytest.approx(2.5604e-10), "s")
    assert found["real time mean"] == (pytest.approx(2.56942e-10), "s")
    assert found["real time stddev"] == (pytest.approx(1.66272e-12), "s")


def test_aggregates_alone_are_enough() -> None:
    found = measured("Sorts/8", "aggregates.json")
    assert found["real time"] == found["real time median"]


def test_the_run_has_its_date_and_machine() -> None:
    run = sample("bench.json")[-1]
    assert isinstance(run, Run)
    assert str(run.date) == "2026-11-22 04:28:32+00:00"
    assert (run.metadata or {})["library_build_type"] == "debug"


def test_another_object_is_malformed() -> None:
    with pytest.raises(Malformed):
        list(parse([b'{"tests": []}']))
