"""pytest-benchmark's JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import by_name
from assay.formats.pytestbenchmark import parse
from assay.model import Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "pytestbenchmark"


def sample() -> list[Item]:
    return list(parse([(SAMPLES / "shop.json").read_bytes()]))


def results() -> list[Result]:
    return [each for each in sample() if isinstance(each, Result)]


def test_a_benchmark_stands_in_its_file_and_class() -> None:
    first, *others = results()
    assert (first.path, first.name) == (("test_bench.py", "TestTill"), "test_adds")
    assert first.status is Status.PASSED
    assert {each.path for each in others} == {("test_bench.py",)}
    smart = by_name("pytestbenchmark").smart
    assert smart
    assert smart(("perf/test_bench.py", "TestTill")) == ("perf", "test_bench.py", "TestTill")


def test_parameters_group_and_facts_are_kept() -> None:
    _, sorts, _, rounds, sums = results()
    assert (sorts.name, sorts.parameters) == ("test_sorts[10-few]", {"size": "10", "kind": "few"})
    assert rounds.metadata == {"group": "prices"}
    assert sums.metadata == {"currency": "EUR"}


def test_statistics_are_measured() -> None:
    found = [each for each in sample() if isinstance(each, Measurement)]
    assert [(each.metric, each.unit) for each in found if each.name == "test_sums"] == [
        ("min", "s"),
        ("max", "s"),
        ("mean", "s"),
        ("median", "s"),
        ("stddev", "s"),
        ("rounds", ""),
        ("iterations", ""),
        ("throughput", "1/s"),
    ]


def test_the_run_has_its_commit() -> None:
    run = sample()[-1]
    assert isinstance(run, Run)
    assert run.date == datetime(2026, 11, 22, 4, 28, 33, 418021, tzinfo=UTC)
    assert (run.branch, run.commit[:8]) == ("master", "4d5e1f40")
    assert (run.metadata or {})["python"] == "3.11.7"


def test_another_object_is_malformed() -> None:
    with pytest.raises(Malformed):
        list(parse([b'{"tests": []}']))
