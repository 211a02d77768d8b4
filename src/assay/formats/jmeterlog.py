"""What JMeter's summarisers print while a test runs, in jmeter.log or on the console.

A line with `+` is of the time since the last one, a line with `=` of all until then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.errors import Malformed
from assay.formats._figures import Figures, items_of
from assay.formats._samples import MAX_LABELS
from assay.formats._text import lines
from assay.formats._time import moment, seconds
from assay.formats.format import Format, Head
from assay.model import Item, Run

MILLISECONDS = 1000

LINE = re.compile(
    r"(?:.{0,200}?Summariser: )?(?P<name>\S.{0,200}?) (?P<sign>[+=]) +(?P<count>\d{1,15}) in +"
    r"(?P<took>[\d.:]+)s? = +(?P<rate>[\d.,]+)/s Avg: +(?P<mean>\d{1,15}) Min: +(?P<min>\d{1,15}) "
    r"Max: +(?P<max>\d{1,15}) Err: +(?P<errors>\d{1,15})"
)
STARTED = re.compile(r"Starting .{0,20}test @ .{0,80}\((\d{13})\)")
STAMP = re.compile(r"(\d{4})[/-](\d\d)[/-](\d\d) (\d\d:\d\d:\d\d)")
VERSION = re.compile(r".{0,120}JMeter: Version (\S+)")
OF_JMETER = re.compile(
    r"^\d{4}[/-]\d\d[/-]\d\d \d\d:\d\d:\d\d\S* (?:INFO|WARN|DEBUG|ERROR) .{0,20}"
    r"(?:\bjmeter\.|o\.a\.j\.)",
    re.MULTILINE,
)
ON_CONSOLE = re.compile(rf"^{LINE.pattern}", re.MULTILINE)


@dataclass(slots=True)
class _Sums:
    samples: int = 0
    errors: int = 0
    total: float = 0.0  # of all times, in milliseconds
    least: int | None = None
    most: int = 0
    took: float = 0.0
    final: bool = False

    def add(self, found: re.Match[str]) -> None:
        count, least = int(found["count"]), int(found["min"])
        if found["sign"] == "=":
            self.samples, self.errors, self.total = 0, 0, 0.0
            self.least, self.most, self.took, self.final = None, 0, 0.0, True
        elif self.final:
            return  # the next "=" says it again
        self.samples += count
        self.errors += int(found["errors"])
        self.total += count * int(found["mean"])
        self.least = least if self.least is None else min(least, self.least)
        self.most = max(self.most, int(found["max"]))
        self.took += seconds(found["took"]) or 0.0

    def metrics(self) -> dict[str, float]:
        found: dict[str, float] = {"samples": self.samples, "errors": self.errors}
        if self.samples:
            times = {"mean": self.total / self.samples, "min": self.least or 0, "max": self.most}
            found |= {name: time / MILLISECONDS for name, time in times.items()}
        if self.took:
            found["throughput"] = self.samples / self.took
        return found


@dataclass(slots=True)
class _Log:
    sums: dict[str, _Sums] = field(default_factory=dict)
    date: datetime | None = None
    version: str = ""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result for each summariser, then the run.

    A log without a summary is a run without results. Raises Malformed for any other text.
    """
    log = _Log()
    for line in lines(chunks):
        _read(log, line)
    if not log.sums and not log.version:
        raise Malformed("There is no line of a summariser of JMeter's here")
    told: list[_Sums] = []
    for name, sums in log.sums.items():
        if sums not in told:  # several summarisers may tell of the same samples
            told.append(sums)
            yield from items_of(Figures((), name, sums.metrics(), started=log.date))
    took = max((sums.took for sums in log.sums.values()), default=0.0)
    yield Run(log.date, took or None, metadata={"jmeter": log.version} if log.version else None)


def _read(log: _Log, line: str) -> None:
    if log.date is None and (stamp := STAMP.match(line)):
        log.date = moment(f"{stamp[1]}-{stamp[2]}-{stamp[3]}T{stamp[4]}")
    if log.date is None and (started := STARTED.match(line)):
        log.date = moment(started[1])
    if not log.version and (version := VERSION.match(line)):
        log.version = version[1]
    if found := LINE.match(line):
        name = found["name"].strip()
        if name in log.sums or len(log.sums) < MAX_LABELS:
            log.sums.setdefault(name, _Sums()).add(found)


def _sniff(head: Head) -> bool:
    if head.kind != "text":
        return False
    return OF_JMETER.search(head.text) is not None or ON_CONSOLE.search(head.text) is not None


FORMAT = Format(
    name="jmeterlog",
    title="JMeter summariser",
    sniff=_sniff,
    parse=parse,
    aliases=("jmeter-log", "jmeter-summariser-log", "jmeter.log"),
    made_by="Apache JMeter: jmeter.log, or what `jmeter -n` prints",
    how="jmeter -n -t shop.jmx -j jmeter.log",
    file="jmeter.log",
    notes=(
        "Each summariser is a result, unless another one tells just the same: failed when one of "
        "its samples did, with how many of how many as its error.",
        "The last line with `=` counts, as it is of all samples until then; where there is none, "
        "the lines with `+` are summed up.",
        "Its measurements are samples, errors, error rate, mean, min, max and throughput. For "
        "labels and percentiles send the .jtl file.",
    ),
)
