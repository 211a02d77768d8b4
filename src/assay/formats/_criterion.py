"""What Criterion.rs prints of its benchmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assay.formats import _json
from assay.model import Item, Measurement, Result, Status

ABOUT = re.compile(r"Benchmarking (.+?)(?:: (?:Warming up|Collecting|Analyzing|Profiling).*)?$")
_FIGURE = r"([\d.]+) (\S+)"
TIME = re.compile(rf"(.*?)\btime:\s+\[{_FIGURE} {_FIGURE} {_FIGURE}\]$")
THROUGHPUT = re.compile(rf"\s+thrpt:\s+\[{_FIGURE} {_FIGURE} {_FIGURE}\]$")
CHANGE = re.compile(r"\s+(?:change|time):\s+\[\S+ (\S+) \S+\] \((p = .*)\)$")
VERDICT = re.compile(
    r"\s+(Performance has (?:regressed|improved)|No change in performance|Change within noise).*$"
)
OUTLIERS = re.compile(r"Found (\d+ outliers among \d+ measurements)")

TIMES = {"ps": 1e12, "ns": 1e9, "µs": 1e6, "μs": 1e6, "us": 1e6, "ms": 1e3, "s": 1.0}
"""By how much to divide to have seconds"""

RATES = {
    "B/s": (1.0, "B/s"),
    **{f"{k}iB/s": (1024.0**n, "B/s") for n, k in enumerate("KMGT", 1)},
    **{f"{k}B/s": (1000.0**n, "B/s") for n, k in enumerate("KMGT", 1)},
    "elem/s": (1.0, "1/s"),
    **{f"{k}elem/s": (1000.0**n, "1/s") for n, k in enumerate("KMGT", 1)},
}
"""How much one of them is, in the unit behind it"""


@dataclass(slots=True)
class Criterion:
    """The benchmark that is being told of; it ends where the next one begins."""

    name: str = ""  # of what runs
    last: str = ""  # the line before, which is the name if that is long
    done: str = ""
    times: list[float] = field(default_factory=list)
    rate: tuple[float, str] | None = None
    about: dict[str, str] = field(default_factory=dict)

    def take(self, line: str, path: tuple[str, ...]) -> Iterator[Item] | None:
        """What is whole now; None where the line is none of Criterion's."""
        if about := ABOUT.match(line):
            self.name = about[1]
            return self.end(path)
        time = TIME.match(line)
        if time and (times := _times(time)):
            ended = list(self.end(path))
            self.done, self.times = time[1].strip() or self.name or self.last, times
            return iter(ended)
        if self.done and self._more(line):
            return iter(())
        self.last = line.strip() or self.last
        return None

    def _more(self, line: str) -> bool:
        if throughput := THROUGHPUT.match(line):
            factor, unit = RATES.get(throughput[4], (1.0, throughput[4]))
            rate = _json.number(throughput[3])
            self.rate = None if rate is None else (rate * factor, unit)
        elif change := CHANGE.match(line):
            self.about["change"] = f"{change[1]} ({change[2]})"
        elif verdict := VERDICT.match(line):
            self.about["verdict"] = verdict[0].strip()
        elif outliers := OUTLIERS.match(line):
            self.about["outliers"] = outliers[1]
        else:
            return False
        return True

    def end(self, path: tuple[str, ...]) -> Iterator[Item]:
        """The last benchmark, if there is one."""
        if self.done:
            *groups, name = self.done.split("/")
            path = (*path, *groups)
            middle = self.times[0]
            about = self.about or None
            yield Result(path, name, Status.PASSED, middle, tags=("benchmark",), metadata=about)
            for metric, value in zip(("time", "time low", "time high"), self.times, strict=True):
                yield Measurement(path, name, metric, value, "s")
            if self.rate:
                yield Measurement(path, name, "throughput", *self.rate)
        self.done, self.times, self.rate, self.about = "", [], None, {}


def _times(found: re.Match[str]) -> list[float]:
    """The estimate and its two bounds in seconds; none where one is no number or of no unit."""
    told = ((_json.number(found[n]), TIMES.get(found[n + 1])) for n in (4, 2, 6))
    times = [each / unit for each, unit in told if each is not None and unit]
    return times if len(times) == 3 else []
