"""BenchmarkDotNet's JSON, full and brief."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats.benchmarkdotnet import parse
from assay.model import Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "benchmarkdotnet"
PATH = ("Shop", "CartBench")


def sample(name: str = "full.json") -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def results() -> list[Result]:
    return [each for each in sample() if isinstance(each, Result)]


def measured(name: str) -> dict[str, tuple[float, str]]:
    found = (each for each in sample() if isinstance(each, Measurement))
    return {each.metric: (each.value, each.unit) for each in found if each.name == name}


def test_a_benchmark_has_its_parameters_and_job_in_its_name() -> None:
    assert [(each.path, each.name) for each in results()] == [
        (PATH, "Adds"),
        (PATH, "Adds [.NET 8.0(Runtime=.NET 8.0)]"),
        (PATH, "Sorts [10, few]"),
        (PATH, "Fails"),
    ]
    assert results()[2].parameters == {"Size": "10", "Kind": "few"}


def test_times_are_seconds_and_memory_bytes() -> None:
    assert measured("Adds") == {
        "mean": (pytest.approx(100e-9), "s"),
        "median": (pytest.approx(100e-9), "s"),
        "min": (pytest.approx(98e-9), "s"),
        "max": (pytest.approx(102e-9), "s"),
        "stddev": (pytest.approx(2e-9), "s"),
        "error": (pytest.approx(0.5e-9), "s"),
        "p90": (pytest.approx(101.5e-9), "s"),
        "p95": (pytest.approx(101.75e-9), "s"),
        "samples": (3, ""),
        "allocated": (48, "B"),
        "gen 0 collections": (5, ""),
        "gen 1 collections": (0, ""),
        "gen 2 collections": (0, ""),
        "Completed Work Items": (0.25, ""),
    }


def test_what_could_not_be_run_is_broken() -> None:
    assert results()[3].status is Status.BROKEN
    assert measured("Fails").keys() == {"Allocated", "Completed Work Items"}


def test_the_run_has_its_system() -> None:
    *_, run = sample("brief.json")
    assert isinstance(run, Run)
    assert str(run.date) == "2026-01-02 03:04:05+00:00"
    assert run.metadata == {
        "title": "Shop.CartBench-20260102-030405",
        "BenchmarkDotNet": "0.13.12",
        "os": "Ubuntu 22.04.3 LTS (Jammy Jellyfish)",
        "processor": "Intel Xeon Platinum",
        "runtime": ".NET 8.0.0 (8.0.23.53103)",
        "architecture": "X64",
        "configuration": "RELEASE",
        ".NET SDK": "8.0.100",
    }


def test_another_object_is_malformed() -> None:
    with pytest.raises(Malformed):
        list(parse([b'{"Title": "a"}']))
