"""Lines of Go's benchmarks, by the format that golang.org/design/14313-benchmark-format fixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from assay.formats import _json
from assay.model import Item, Measurement, Result, Status

LINE = re.compile(r"(Benchmark\S*)\s+(\d+)((?:\s+[-+.\deE]+\s+\S+)+)\s*$")
FIGURE = re.compile(r"([-+.\deE]+)\s+(\S+)")
PROCESSORS = re.compile(r"-(\d+)$")
"""GOMAXPROCS, which is put behind the name unless it is 1."""

CONFIGURATION = re.compile(r"(goos|goarch|pkg|cpu): (.+)$")

MAX_FIGURES = 100_000
"""Repetitions of one figure to take the median of."""

TIDY = {"ns": ("sec", 1, 1e9, "s"), "MB": ("B", 1e6, 1, "B"), "B": ("B", 1, 1, "B")}
"""Go's own (golang.org/x/perf/benchunit): what a unit is called in whole seconds and bytes, how
many of those it is (times, by), and the unit."""


@dataclass(slots=True)
class Benchmark:
    """One benchmark, all its repetitions."""

    runs: int = 0
    iterations: int = 0
    figures: dict[str, list[float]] = field(default_factory=dict)

    def add(self, iterations: str, figures: str) -> None:
        self.runs += 1
        self.iterations += int(iterations[:18])
        for value, unit in FIGURE.findall(figures):
            values = self.figures.setdefault(unit, [])
            if len(values) < MAX_FIGURES and (number := _json.number(value)) is not None:
                values.append(number)


@dataclass(slots=True)
class Benchmarks:
    """A package's benchmarks. A name and its figures may be printed in two pieces."""

    found: dict[str, Benchmark] = field(default_factory=dict)
    begun: str = ""

    def take(self, text: str) -> bool:
        """Whether the text is a line of a benchmark, or a piece of one."""
        if self.begun:
            text, self.begun = self.begun + text, ""
        if not text.startswith("Benchmark"):
            return False
        if line := LINE.match(text):
            self.found.setdefault(line[1], Benchmark()).add(line[2], line[3])
            return True
        more = text.split(maxsplit=1)[1:]
        if not text.endswith("\n") and not more:
            self.begun = text[:1_000]
            return True
        return not more

    def items(self, package: tuple[str, ...]) -> Iterator[Item]:
        """A Result each, with its figures' medians. `-8` behind every name is no part of it."""
        behind = {found[1] if found else "" for found in map(PROCESSORS.search, self.found)}
        processors = behind.pop() if len(behind) == 1 else ""
        for printed, each in self.found.items():
            name = printed.removesuffix(f"-{processors}") if processors else printed
            parent, slash, own = name.partition("/")
            yield from _items(
                (*package, parent) if slash else package, own or name, each, processors
            )


def _items(
    path: tuple[str, ...], name: str, benchmark: Benchmark, processors: str
) -> Iterator[Item]:
    about = {"iterations": str(benchmark.iterations)}
    if benchmark.runs > 1:
        about["runs"] = str(benchmark.runs)
    if processors:
        about["GOMAXPROCS"] = processors
    figures = {unit: median(values) for unit, values in benchmark.figures.items() if values}
    measured = [tidy(value, unit) for unit, value in figures.items()]
    took = next((value for metric, value, _ in measured if metric == "sec/op"), None)
    yield Result(path, name, Status.PASSED, took, tags=("benchmark",), metadata=about)
    for metric, value, unit in measured:
        yield Measurement(path, name, metric, value, unit)


def tidy(value: float, unit: str) -> tuple[str, float, str]:
    """What a figure in `ns/op` or `p99-MB/s` is called, its value, and the unit it is in then."""
    top, slash, below = unit.partition("/")
    before, dash, last = top.rpartition("-")
    name, times, by, ours = TIDY.get(last, (last, 1, 1, ""))
    rate = f"{ours or '1'}/s" if below == "s" else ours
    return f"{before}{dash}{name}{slash}{below}", value * times / by, rate
