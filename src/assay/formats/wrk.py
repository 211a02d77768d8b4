"""wrk's report, and wrk2's, as they print it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._figures import Figures, items_of
from assay.formats._text import lines
from assay.formats.format import Format, Head
from assay.model import Item, Run

BEGINS = re.compile(r"^Running \S{1,40} test @ (\S{1,2000})", re.MULTILINE)
THREADS = re.compile(r"\s*(\d+) threads? and (\d+) connections?")
LATENCY = re.compile(r"\s+Latency\s+([\d.]+[a-z]*)\s+([\d.]+[a-z]*)\s+([\d.]+[a-z]*)\s")
SHARE = re.compile(r"\s+(50|75|90|95|99)(?:\.0+)?%\s+([\d.]+[a-z]+)\s*")
TOTAL = re.compile(r"\s*(\d+) requests in ([\d.]+[a-z]+), ([\d.]+[KMGTP]?B) read")
SOCKETS = re.compile(r"\s*Socket errors: (.+)")
ANSWERS = re.compile(r"\s*Non-2xx or 3xx responses: (\d+)")
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")

SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
BYTES = {unit: 1024.0**power for power, unit in enumerate(("B", "KB", "MB", "GB", "TB", "PB"))}

QUANTITY = re.compile(r"([\d.]+)([a-zA-Z]+)")

Found = re.Match[str]


@dataclass(slots=True)
class _Test:
    url: str
    metrics: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    took: float | None = None


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result and its measurements for each test that was run, then the run.

    Raises Malformed where there is none.
    """
    test: _Test | None = None
    took = 0.0
    for line in lines(chunks):
        if begun := BEGINS.match(line):
            yield from _items(test)
            took += (test and test.took) or 0.0
            test = _Test(begun[1])
        elif test:
            _read(test, line)
    if test is None:
        raise Malformed("wrk's report begins with “Running … test @ …”; there is none here")
    yield from _items(test)
    yield Run(duration=took + (test.took or 0.0) or None)


def _read(test: _Test, line: str) -> None:
    for pattern, take in READERS:
        if found := pattern.match(line):
            take(test, found)
            return


def _threads(test: _Test, found: Found) -> None:
    test.facts |= {"threads": found[1], "connections": found[2]}


def _latency(test: _Test, found: Found) -> None:
    _put(test, "mean", _quantity(found[1], SECONDS))
    _put(test, "max", _quantity(found[3], SECONDS))


def _share(test: _Test, found: Found) -> None:
    name = "median" if found[1] == "50" else f"p{found[1]}"
    _put(test, name, _quantity(found[2], SECONDS))


def _total(test: _Test, found: Found) -> None:
    _put(test, "samples", _json.number(found[1]))
    test.took = _quantity(found[2], SECONDS)
    _put(test, "received", _quantity(found[3], BYTES))


def _sockets(test: _Test, found: Found) -> None:
    for each in found[1].split(","):
        kind, _, count = each.strip().rpartition(" ")
        if count.isdecimal() and int(count[:15]):
            test.reasons[f"{kind} error" if kind != "timeout" else kind] = int(count[:15])


def _answers(test: _Test, found: Found) -> None:
    test.reasons["neither 2xx nor 3xx"] = int(found[1][:15])


def _rate(test: _Test, found: Found) -> None:
    _put(test, "throughput", _quantity(found[1] + "s", SECONDS))


READERS: tuple[tuple[re.Pattern[str], Callable[[_Test, Found], None]], ...] = (
    (THREADS, _threads),
    (LATENCY, _latency),
    (SHARE, _share),
    (TOTAL, _total),
    (SOCKETS, _sockets),
    (ANSWERS, _answers),
    (RATE, _rate),
)


def _put(test: _Test, metric: str, value: float | None) -> None:
    if value is not None:
        test.metrics[metric] = value


def _quantity(text: str, units: dict[str, float]) -> float | None:
    """`78.27ms` as seconds, `5.66KB` as bytes."""
    found = QUANTITY.fullmatch(text)
    if not found or found[2] not in units:
        return None
    number = _json.number(found[1])
    return None if number is None else number * units[found[2]]


def _items(test: _Test | None) -> Iterator[Item]:
    if test and test.metrics:
        errors = {"errors": float(sum(test.reasons.values()))}
        metrics = errors | test.metrics
        yield from items_of(
            Figures((), test.url, metrics, test.reasons, metadata=test.facts or None)
        )


def _sniff(head: Head) -> bool:
    return head.kind == "text" and BEGINS.search(head.text) is not None


FORMAT = Format(
    name="wrk",
    title="wrk",
    sniff=_sniff,
    parse=parse,
    aliases=("wrk-text", "wrk2"),
    made_by="wrk, wrk2",
    how="wrk -t2 -c10 -d30s --latency https://shop.example/ > wrk.txt",
    file="wrk.txt",
    notes=(
        "Each test in the file is a result, called as its address: failed when there were socket "
        "errors, or answers that were neither 2xx nor 3xx, with how many of each as its error.",
        "Its measurements are samples, errors, error rate, mean, max, throughput, bytes received, "
        "and with `--latency` median, p75, p90 and p99.",
        "Threads and connections are metadata. There is no date in the file.",
    ),
)
