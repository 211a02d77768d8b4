"""What tools that measure speed have in common: their units in SI, and results that come once.

A benchmark is a result, which passed if it could be run, and a measurement for each figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

from assay.formats import _json
from assay.model import Item, Measurement, Result

SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "sec": 1.0,
    "m": 60.0,
    "min": 60.0,
    "hr": 3600.0,
    "day": 86400.0,
}

BYTES = {"B": 1.0, "KB": 1024.0, "MB": 1024.0**2, "GB": 1024.0**3}
"""JMH's and BenchmarkDotNet's kilobytes are of 1024 bytes."""

COUNTED = frozenset({"op", "ops", "#", "counts", "count", "Count"})
"""What has no unit: operations, and how often something happened."""

MOST_SEEN = 200_000
"""Benchmarks to remember as told of."""

MOST_REPEATED = 100_000
"""Repetitions of one benchmark to take the median of."""


@dataclass(slots=True)
class Told:
    """The benchmarks whose results are given: another run of one adds figures only."""

    names: set[tuple[tuple[str, ...], str]] = field(default_factory=set)

    def once(self, result: Result) -> Iterator[Result]:
        key = (result.path, result.name)
        if key not in self.names:
            if len(self.names) < MOST_SEEN:
                self.names.add(key)
            yield result


def in_si(value: float, unit: str) -> tuple[float, str]:
    """A value in s, B, 1/s or B/s: of `ns`, `ms/op`, `ops/us`, `MB/sec`; others as they are."""
    over, slash, under = unit.strip().partition("/")
    if not slash:
        return _alone(value, over)
    if under in COUNTED:
        return _alone(value, over)
    if under in SECONDS and (over in COUNTED or over in BYTES):
        amount, base = _alone(value, over)
        return amount / SECONDS[under], f"{base or '1'}/s"
    return value, unit


def _alone(value: float, unit: str) -> tuple[float, str]:
    if unit in SECONDS:
        return value * SECONDS[unit], "s"
    if unit in BYTES:
        return value * BYTES[unit], "B"
    return value, "" if unit in COUNTED else unit


def figures(
    result: Result, found: Mapping[str, object], metrics: Mapping[str, str], unit: str
) -> Iterator[Item]:
    """The figures that are numbers, under the names that `metrics` gives them, in SI."""
    for key, metric in metrics.items():
        if (number := _json.number(found.get(key))) is not None:
            value, base = in_si(number, unit)
            yield Measurement(result.path, result.name, metric, value, base)


def middle(values: list[float]) -> float | None:
    """The median of repetitions, which one that was disturbed does not move."""
    return median(values) if values else None
