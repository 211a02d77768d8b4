"""Taurus' final statistics."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import taurus
from assay.model import Error, Item, Measurement, Result, Run

SAMPLES = Path(__file__).parents[1] / "samples" / "taurus"
SHOP = "http://127.0.0.1:8089"


def sample(file: str) -> list[Item]:
    return list(taurus.parse([(SAMPLES / file).read_bytes()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {i.name: i for i in items if isinstance(i, Result)}


@pytest.mark.parametrize("file", ["load.xml", "load.csv"])
def test_each_label_is_a_result_and_the_sum_of_all_is_none(file: str) -> None:
    items = sample(file)
    found = results(items)
    assert found.keys() == {f"{SHOP}/", f"{SHOP}/old"}
    assert found[f"{SHOP}/old"].error == Error(
        message="20 of 20 requests failed (100.0 %): 404 ×20"
    )
    assert Measurement((), f"{SHOP}/", "samples", 20) in items
    assert Measurement((), f"{SHOP}/old", "errors", 20) in items
    assert {i.unit for i in items if isinstance(i, Measurement) and i.metric == "p95"} == {"s"}


def test_the_sum_alone_is_a_result() -> None:
    document = b"""<FinalStatus><TestDuration>2.5</TestDuration>
    <ReportURL>https://a.example/r</ReportURL><Group label=""><succ value="3"/><fail value="1"/>
    <rc value="1" param="503"/><rc value="3" param="200"/><perc value="0.25" param="95.0"/>
    </Group></FinalStatus>"""
    items = list(taurus.parse([document]))
    assert results(items)["All requests"].error == Error(
        message="1 of 4 requests failed (25.0 %): 503 ×1"
    )
    assert Measurement((), "All requests", "p95", 0.25, "s") in items
    assert items[-1] == Run(duration=2.5, metadata={"report": "https://a.example/r"})


@pytest.mark.parametrize("document", [b"<FinalStatus/>", b"a,b\n1,2", b"<other/>"])
def test_without_statistics_it_is_malformed(document: bytes) -> None:
    with pytest.raises(Malformed):
        list(taurus.parse([document]))
