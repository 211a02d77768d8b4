"""Google Benchmark's JSON: each benchmark's times and counters, and statistics of repetitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._benchmark import MOST_REPEATED, SECONDS, middle
from assay.formats.format import Format, Head
from assay.model import Error, Item, Measurement, Notice, Result, Run, Status

KEYS = frozenset({"context", "benchmarks"})

TIMES = {"real_time": "real time", "cpu_time": "cpu time"}

STATISTICS = frozenset({"mean", "median", "stddev", "min", "max"})
"""Aggregates that are told; others (cv, BigO, RMS) follow from these or are of many benchmarks."""

COUNTERS = {
    "bytes_per_second": ("bytes per second", "B/s"),
    "items_per_second": ("items per second", "1/s"),
    "allocs_per_iter": ("allocations", ""),
    "max_bytes_used": ("max bytes used", "B"),
}

NO_COUNTERS = frozenset(
    {
        *("family_index", "per_family_instance_index", "repetitions", "repetition_index"),
        *("threads", "iterations", "real_time", "cpu_time"),
    }
)
"""Numbers of the benchmark itself; all others are counters of its author's."""

SETTINGS = frozenset({"repeats", "iterations", "min_time", "min_warmup_time"})
"""Parts of a name that say how often it was run, and not with what."""

PART = re.compile(r"([A-Za-z_]\w*):(.+)|(-?\d+(?:\.\d+)?)")

OF_THE_RUN = ("num_cpus", "mhz_per_cpu", "library_version", "library_build_type")

MOST_COUNTERS = 200


@dataclass(slots=True)
class _Benchmark:
    """All that is told of one, whose repetitions follow one another."""

    name: str
    error: Error | None = None
    status: Status = Status.PASSED
    label: str = ""
    iterations: float | None = None
    runs: dict[str, list[float]] = field(default_factory=dict)  # by metric
    units: dict[str, str] = field(default_factory=dict)
    statistics: dict[str, tuple[float, str]] = field(default_factory=dict)

    def add(self, entry: dict[str, Any]) -> None:
        if entry.get("error_occurred") or _json.text(entry.get("error_message")):
            self.status = Status.BROKEN
            self.error = Error("", _json.text(entry.get("error_message")))
        elif message := _json.text(entry.get("skip_message")):
            self.status, self.error = Status.SKIPPED, Error("", message)
        elif entry.get("run_type") == "aggregate":
            self._add_statistic(entry, _json.text(entry.get("aggregate_name")))
        else:
            self._add_run(entry)
        self.label = self.label or _json.text(entry.get("label"))

    def _add_run(self, entry: dict[str, Any]) -> None:
        self.iterations = _json.number(entry.get("iterations"))
        for metric, value, unit in _numbers(entry):
            values = self.runs.setdefault(metric, [])
            if len(values) < MOST_REPEATED:
                values.append(value)
            self.units[metric] = unit

    def _add_statistic(self, entry: dict[str, Any], kind: str) -> None:
        if kind in STATISTICS:
            for metric, value, unit in _numbers(entry):
                self.statistics[f"{metric} {kind}"] = (value, unit)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each benchmark as a result below the program's name, with its figures; then the run."""
    path: tuple[str, ...] = ()
    run = Run()
    benchmark: _Benchmark | None = None
    whole = False
    for value in _json.values(chunks, ("benchmarks",)):
        if isinstance(value, Notice):
            yield value
            continue
        whole = whole or value.key.startswith("benchmarks")
        found = _json.mapping(_json.decode(value.raw, value.where))
        if value.key == "context":
            path, run = _context(found)
        elif value.key == "benchmarks[]" and (name := _name(found)):
            if benchmark and benchmark.name != name:
                yield from _told(path, benchmark)
                benchmark = None
            benchmark = benchmark or _Benchmark(name)
            benchmark.add(found)
    if benchmark:
        yield from _told(path, benchmark)
    if not whole and run == Run():
        raise Malformed('Google Benchmark writes "context" and "benchmarks"; neither is here')
    yield run


def _context(found: dict[str, Any]) -> tuple[tuple[str, ...], Run]:
    program = re.split(r"[/\\]", _json.text(found.get("executable")))[-1].removesuffix(".exe")
    facts = {key: _json.text(found.get(key)) for key in OF_THE_RUN}
    known = {key: said for key, said in facts.items() if said}
    date = _json.moment(found.get("date"))
    return ((program,) if program else ()), Run(date, metadata=known or None)


def _name(entry: dict[str, Any]) -> str:
    """That of all repetitions; old versions have only each entry's own."""
    return _json.text(entry.get("run_name")) or _json.text(entry.get("name"))


def _numbers(entry: dict[str, Any]) -> Iterator[tuple[str, float, str]]:
    """Times and counters of one entry, in SI."""
    factor = SECONDS.get(_json.text(entry.get("time_unit")) or "ns", 1e-9)
    for key, metric in TIMES.items():
        if (number := _json.number(entry.get(key))) is not None:
            yield metric, number * factor, "s"
    for key, value in list(entry.items())[:MOST_COUNTERS]:
        if key in NO_COUNTERS or not isinstance(value, int | float) or isinstance(value, bool):
            continue
        metric, unit = COUNTERS.get(key, (key, ""))
        if (number := _json.number(value)) is not None:
            yield metric, number, unit


def _told(path: tuple[str, ...], benchmark: _Benchmark) -> Iterator[Item]:
    facts = {"label": benchmark.label}
    if benchmark.iterations and benchmark.status is Status.PASSED:
        facts["iterations"] = f"{benchmark.iterations:.0f}"
    yield Result(
        path,
        benchmark.name,
        benchmark.status,
        error=benchmark.error,
        parameters=_parameters(benchmark.name),
        metadata={key: said for key, said in facts.items() if said} or None,
    )
    if benchmark.status is not Status.PASSED:
        return
    for metric, values in benchmark.runs.items():
        if (value := middle(values)) is not None:
            yield Measurement(path, benchmark.name, metric, value, benchmark.units[metric])
    for metric in TIMES.values():  # of repetitions, only the aggregates may be told
        if metric not in benchmark.runs and (found := benchmark.statistics.get(f"{metric} median")):
            yield Measurement(path, benchmark.name, metric, *found)
    for metric, (value, unit) in benchmark.statistics.items():
        yield Measurement(path, benchmark.name, metric, value, unit)


def _parameters(name: str) -> dict[str, str] | None:
    """Of `Till/Pays/price:3/8/threads:2`: price, 0 and threads."""
    found: dict[str, str] = {}
    for part in name.split("/")[1:50]:
        told = PART.fullmatch(part)
        if told and told[1] not in SETTINGS:
            found[told[1] or str(len(found))] = told[2] or told[3]
    return found or None


def _sniff(head: Head) -> bool:
    return head.kind == "object" and head.keys >= KEYS and "num_cpus" in head.nested


FORMAT = Format(
    name="googlebenchmark",
    title="Google Benchmark JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("gbench", "google-benchmark", "google_benchmark", "gbench-json"),
    made_by="Google Benchmark for C++",
    how="./bench --benchmark_out=benchmark.json --benchmark_out_format=json",
    file="benchmark.json",
    notes=(
        "Each benchmark is a result below its program, by its whole name; the arguments in it are "
        "parameters. One that gave up with an error is broken, one that skipped itself skipped.",
        "Real time and CPU time are measurements in seconds, and so are rates and counters.",
        "Of repetitions the median is measured, and mean, median and deviation where they are "
        "told, as “real time mean”.",
    ),
)
