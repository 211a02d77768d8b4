"""JMH's JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats.jmh import parse
from assay.model import Item, Measurement, Result, Run, Status

SHOP = Path(__file__).parents[1] / "samples" / "jmh" / "shop.json"
PATH = ("org.shop", "CartBench")


def sample() -> list[Item]:
    return list(parse([SHOP.read_bytes()]))


def measured(name: str) -> dict[str, tuple[float, str]]:
    found = (each for each in sample() if isinstance(each, Measurement))
    return {each.metric: (each.value, each.unit) for each in found if each.name == name}


def test_a_method_with_its_parameters_is_a_result() -> None:
    found = [each for each in sample() if isinstance(each, Result)]
    assert [(each.path, each.name) for each in found] == [
        (PATH, "adds"),
        (PATH, "sorts [few, 10]"),
        (PATH, "sorts [many, 100]"),
        (("org.shop", "TillBench"), "opens"),
    ]
    assert found[1].parameters == {"kind": "few", "size": "10"}
    assert {each.status for each in found} == {Status.PASSED}


def test_two_modes_are_measurements_of_one_benchmark() -> None:
    found = measured("adds")
    assert found["throughput"] == (pytest.approx(250_000), "1/s")
    assert found["average time"] == (pytest.approx(4e-6), "s")
    assert found["average time error"] == (pytest.approx(0.5e-6), "s")


def test_percentiles_are_measured() -> None:
    found = measured("sorts [few, 10]")
    assert found["sample time p99"] == (pytest.approx(816e-9), "s")
    assert found["sample time min"] == (pytest.approx(784e-9), "s")


def test_a_single_shot_has_no_error() -> None:
    found = measured("opens")
    assert found["single shot time"] == (pytest.approx(0.012), "s")
    assert "single shot time error" not in found


def test_profilers_add_bytes_and_seconds() -> None:
    found = measured("adds")
    assert found["gc.alloc.rate"] == (250 * 1024**2, "B/s")
    assert found["gc.alloc.rate.norm"] == (48, "B")
    assert found["gc.count"] == (3, "")
    assert found["gc.time"] == (0.004, "s")


def test_the_run_has_its_jvm() -> None:
    assert sample()[-1] == Run(
        metadata={
            "jmh": "1.37",
            "jdk": "17.0.9",
            "vm": "OpenJDK 64-Bit Server VM",
            "vm version": "17.0.9+9",
        }
    )


def test_another_array_is_malformed() -> None:
    with pytest.raises(Malformed):
        list(parse([b'[{"name": "adds"}]']))
