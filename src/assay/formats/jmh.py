"""JMH's JSON: benchmarks of the JVM, with their score, its percentiles, and what profilers add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._benchmark import Told, in_si
from assay.formats.format import Format, Head
from assay.model import Item, Measurement, Notice, Result, Run, Status

KEYS = frozenset({"benchmark", "mode", "forks"})

MODES = {
    "avgt": "average time",
    "sample": "sample time",
    "ss": "single shot time",
}
"""What a mode measures where the unit is a time; where it is a rate, it is the throughput."""

PERCENTILES = {
    "0.0": "min",
    "50.0": "median",
    "90.0": "p90",
    "95.0": "p95",
    "99.0": "p99",
    "100.0": "max",
}

OF_THE_RUN = {"jmhVersion": "jmh", "jdkVersion": "jdk", "vmName": "vm", "vmVersion": "vm version"}

OF_A_BENCHMARK = {
    "mode": "mode",
    "threads": "threads",
    "forks": "forks",
    "warmupIterations": "warmup iterations",
    "warmupTime": "warmup time",
    "measurementIterations": "measurement iterations",
    "measurementTime": "measurement time",
}

MOST_SECONDARY = 100
"""Metrics of profilers, of one benchmark."""


@dataclass(slots=True)
class _Report:
    told: Told = field(default_factory=Told)
    facts: dict[str, str] = field(default_factory=dict)
    any: bool = False


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each benchmark with each set of parameters as a result, then the run.

    A path is the package and the class. Several modes of one benchmark are measurements of one
    result.
    """
    report = _Report()
    for value in _json.values(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        entry = _json.mapping(_json.decode(value.raw, value.where))
        if _json.text(entry.get("benchmark")):
            report.any = True
            yield from _benchmark(entry, report)
    if not report.any:
        raise Malformed('JMH writes an array of objects with a "benchmark"; there is none here')
    yield Run(metadata=report.facts or None)


def _benchmark(entry: dict[str, Any], report: _Report) -> Iterator[Item]:
    for key, name in OF_THE_RUN.items():
        if said := _json.text(entry.get(key)):
            report.facts.setdefault(name, said)
    result = _result(entry)
    yield from report.told.once(result)
    score = _json.mapping(entry.get("primaryMetric"))
    yield from _score(result, score, _json.text(entry.get("mode")))
    secondary = _json.mapping(entry.get("secondaryMetrics"))
    for name, metric in list(secondary.items())[:MOST_SECONDARY]:
        found = _json.mapping(metric)
        yield from _figure(result, name.strip("·+: "), found.get("score"), found.get("scoreUnit"))


def _result(entry: dict[str, Any]) -> Result:
    path, name = _names(_json.text(entry.get("benchmark")))
    parameters = _json.flat(entry.get("params"))
    facts = {ours: _json.text(entry.get(key)) for key, ours in OF_A_BENCHMARK.items()}
    if parameters:
        name += f" [{', '.join(parameters.values())}]"
    return Result(
        path,
        name,
        Status.PASSED,
        parameters=parameters or None,
        metadata={key: said for key, said in facts.items() if said} or None,
    )


def _names(benchmark: str) -> tuple[tuple[str, ...], str]:
    """Package, class and method of `org.shop.CartBench.adds`."""
    above, _, method = benchmark.rpartition(".")
    package, _, classname = above.rpartition(".")
    return tuple(filter(None, (package, classname))), method or benchmark


def _score(result: Result, score: dict[str, Any], mode: str) -> Iterator[Item]:
    unit = _json.text(score.get("scoreUnit"))
    metric = "throughput" if unit.startswith("ops/") else MODES.get(mode, "time")
    yield from _figure(result, metric, score.get("score"), unit)
    yield from _figure(result, f"{metric} error", score.get("scoreError"), unit)
    percentiles = _json.mapping(score.get("scorePercentiles"))
    for key, name in PERCENTILES.items():
        yield from _figure(result, f"{metric} {name}", percentiles.get(key), unit)


def _figure(result: Result, metric: str, value: object, unit: object) -> Iterator[Item]:
    if (number := _json.number(value)) is not None:
        found, base = in_si(number, _json.text(unit))
        yield Measurement(result.path, result.name, metric, found, base)


def _sniff(head: Head) -> bool:
    return head.kind == "array" and head.keys >= KEYS


FORMAT = Format(
    name="jmh",
    title="JMH JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("jmh-json", "jmh_json"),
    made_by="JMH, the benchmarks of the JVM",
    how="java -jar benchmarks.jar -rf json -rff jmh-result.json",
    file="jmh-result.json",
    notes=(
        "Each benchmark with each set of parameters is a result below its package and class; the "
        "parameters' values are in its name.",
        "Score, its error and its percentiles are measurements, in seconds or operations a second, "
        "whatever the unit of the report; several modes of one benchmark are several measurements.",
        "What profilers add, such as `gc.alloc.rate`, is measured too, in bytes and seconds.",
    ),
)
