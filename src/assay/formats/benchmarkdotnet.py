"""BenchmarkDotNet's JSON, full or brief: statistics in nanoseconds, and memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._benchmark import Told, figures, in_si
from assay.formats._time import moment
from assay.formats.format import Format, Head
from assay.model import Error, Item, Measurement, Notice, Result, Run, Status

KEYS = frozenset({"HostEnvironmentInfo", "Benchmarks"})

TIMES = {
    "Mean": "mean",
    "Median": "median",
    "Min": "min",
    "Max": "max",
    "StandardDeviation": "stddev",
    "StandardError": "error",
}
PERCENTILES = {"P90": "p90", "P95": "p95"}
COUNTS = {"N": "samples"}
COLLECTIONS = {
    "Gen0Collections": "gen 0 collections",
    "Gen1Collections": "gen 1 collections",
    "Gen2Collections": "gen 2 collections",
}

OF_THE_RUN = {
    "BenchmarkDotNetVersion": "BenchmarkDotNet",
    "OsVersion": "os",
    "ProcessorName": "processor",
    "RuntimeVersion": "runtime",
    "Architecture": "architecture",
    "Configuration": "configuration",
    "DotNetCliVersion": ".NET SDK",
}

DEFAULT_JOB = "DefaultJob"

MOST_PARAMETERS = 50

BEGUN = re.compile(r"-(\d{8})-(\d{6})$")
"""When the run began, by the machine's own clock: the end of its title."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each benchmark with its parameters and job as a result, then the run.

    A path is the namespace and the class.
    """
    facts: dict[str, str] = {}
    title = ""
    whole = False
    told = Told()
    for value in _json.values(chunks, ("Benchmarks",)):
        if isinstance(value, Notice):
            yield value
            continue
        whole = whole or value.key.startswith("Benchmarks")
        found = _json.decode(value.raw, value.where)
        if value.key == "Benchmarks[]":
            yield from _benchmark(_json.mapping(found), told)
        elif value.key == "HostEnvironmentInfo":
            facts = dict(_facts(_json.mapping(found)))
        elif value.key == "Title":
            title = _json.text(found)
    if not whole:
        raise Malformed('BenchmarkDotNet writes "Benchmarks"; there are none here')
    begun = BEGUN.search(title)
    date = moment(f"{begun[1]}T{begun[2]}") if begun else None
    yield Run(date, metadata=({"title": title} if title else {}) | facts or None)


def _facts(host: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, name in OF_THE_RUN.items():
        if said := _json.text(host.get(key)):
            yield name, said


def _benchmark(entry: dict[str, Any], told: Told) -> Iterator[Item]:
    method = _json.text(entry.get("Method"))
    if not method:
        return
    stats = _json.mapping(entry.get("Statistics"))
    result = _result(entry, method, bool(stats))
    yield from told.once(result)
    yield from figures(result, stats, TIMES, "ns")
    yield from figures(result, _json.mapping(stats.get("Percentiles")), PERCENTILES, "ns")
    yield from figures(result, stats, COUNTS, "")
    memory = _json.mapping(entry.get("Memory"))
    yield from figures(result, memory, {"BytesAllocatedPerOperation": "allocated"}, "B")
    yield from figures(result, memory, COLLECTIONS, "")
    yield from _diagnosed(result, entry.get("Metrics"), bool(memory))


def _diagnosed(result: Result, metrics: object, memory: bool) -> Iterator[Item]:
    """What diagnosers measured, except what is told of the memory already."""
    for metric in _json.objects(metrics):
        about = _json.mapping(metric.get("Descriptor"))
        name = _json.text(about.get("DisplayName")) or _json.text(about.get("Id"))
        number = _json.number(metric.get("Value"))
        if not name or number is None or (memory and name.startswith(("Gen", "Allocated"))):
            continue
        value, unit = in_si(number, _json.text(about.get("Unit")))
        yield Measurement(result.path, result.name, name, value, unit)


def _result(entry: dict[str, Any], method: str, measured: bool) -> Result:
    parameters = _parameters(_json.text(entry.get("Parameters")))
    job = _job(_json.text(entry.get("DisplayInfo")))
    values = [*parameters.values(), *([job] if job else [])]
    title = _json.text(entry.get("MethodTitle"))
    facts = {"job": job, "title": "" if title.strip("'") == method else title.strip("'")}
    above = (_json.text(entry.get("Namespace")), _json.text(entry.get("Type")))
    return Result(
        tuple(filter(None, above)),
        f"{method} [{', '.join(values)}]" if values else method,
        Status.PASSED if measured else Status.BROKEN,
        error=None if measured else Error(message="There are no statistics: it could not be run"),
        parameters=parameters | ({"job": job} if job else {}) or None,
        metadata={key: said for key, said in facts.items() if said} or None,
    )


def _parameters(text: str) -> dict[str, str]:
    """Of `Size=10&Kind=few`."""
    pairs = (pair.partition("=") for pair in text.split("&")[:MOST_PARAMETERS])
    return {name.strip(): value for name, equals, value in pairs if equals and name.strip()}


def _job(display: str) -> str:
    """Of `Cart.Adds: .NET 8.0(Runtime=.NET 8.0) [Size=10]`; the default one is not worth a word."""
    job = display.partition(": ")[2].partition(" [")[0].strip()
    return "" if job == DEFAULT_JOB else job


def _sniff(head: Head) -> bool:
    return head.kind == "object" and head.keys >= KEYS


FORMAT = Format(
    name="benchmarkdotnet",
    title="BenchmarkDotNet JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("benchmark-dotnet", "benchmark.net", "bdn"),
    made_by="BenchmarkDotNet (`JsonExporter.Full`, `JsonExporter.Brief`, also compressed)",
    how="dotnet run -c Release -- --exporters json",
    file="BenchmarkDotNet.Artifacts/results/Shop.CartBench-report-full.json",
    notes=(
        "Each benchmark with each set of parameters and each job is a result below its namespace "
        "and class; one without statistics could not be run and is broken.",
        "Mean, median, deviation, extremes and percentiles are measurements in seconds; allocated "
        "bytes and collections are measured too, and what other diagnosers found.",
        "Version, system, processor and runtime are the report's metadata.",
    ),
)
