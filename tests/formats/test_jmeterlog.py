"""What JMeter's summarisers print."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import detect, jmeterlog
from assay.model import Error, Item, Measurement, Result, Run

SAMPLES = Path(__file__).parents[1] / "samples" / "jmeterlog"
TIMES = "Avg:   100 Min:    10 Max:   300 Err:     1 (5.00%)"


def parse(text: str) -> list[Item]:
    return list(jmeterlog.parse([text.encode()]))


def figures(items: list[Item]) -> dict[str, float]:
    return {i.metric: i.value for i in items if isinstance(i, Measurement)}


@pytest.mark.parametrize("file", ["jmeter.log", "console.txt"])
def test_the_total_counts_and_not_its_parts_again(file: str) -> None:
    items = list(jmeterlog.parse([(SAMPLES / file).read_bytes()]))
    result = items[0]
    assert isinstance(result, Result)
    assert result.name == "summary"
    assert result.error == Error(message="36 of 112 requests failed (32.1 %)")
    assert figures(items)["samples"] == 112
    *_, run = items
    assert isinstance(run, Run)
    assert run.date
    assert run.duration == 2


def test_without_a_total_the_parts_are_summed_up() -> None:
    line = f"summary +     20 in     2s =   10.0/s {TIMES}\n"
    items = parse(f"{line}{line.replace('Max:   300', 'Max:   500')}")
    assert detect(line.encode()).name == "jmeterlog"
    assert figures(items) == {
        "samples": 40,
        "errors": 2,
        "error rate": 0.05,
        "mean": 0.1,
        "min": 0.01,
        "max": 0.5,
        "throughput": 10,
    }


def test_summarisers_that_tell_the_same_are_one() -> None:
    line = f"INFO o.a.j.r.Summariser: summary =   20 in 00:00:02 =   10.0/s {TIMES}\n"
    items = parse(line + line.replace("summary =", "Generate Summary Results ="))
    assert [item.name for item in items if isinstance(item, Result)] == ["summary"]
    assert items[-1] == Run(duration=2)


def test_a_log_without_a_summary_is_an_empty_report() -> None:
    items = parse("2017-08-18 17:23:41,977 INFO o.a.j.JMeter: Version 3.2 r1790748\n")
    assert len(items) == 1
    assert isinstance(items[0], Run)
    assert items[0].metadata == {"jmeter": "3.2"}


def test_other_text_is_malformed() -> None:
    with pytest.raises(Malformed):
        parse("1 + 1 = 2\n")
