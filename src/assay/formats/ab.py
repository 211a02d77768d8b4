"""ApacheBench: the report it prints, and its files for gnuplot (`-g`) and of percentages (`-e`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._csv import header_of, rows
from assay.formats._figures import Figures, items_of
from assay.formats._samples import Samples, Tally, run_of
from assay.formats._text import lines
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Item, Measurement, Notice, Result, Run

MILLISECONDS = 1000

REPORT = re.compile(r"^(?:This is ApacheBench, Version |Server Software: {8})", re.MULTILINE)
FACT = re.compile(r"([A-Z][A-Za-z0-9 -]{2,30}):\s+(.*)")
FAILURES = re.compile(r"\s*\((Connect: \d.*)\)")
TOTAL = re.compile(r"Total:((?:\s+[\d.]+){5})")
SHARE = re.compile(r"\s*(50|75|90|95|99)%\s+([\d.]+)")

GNUPLOT = frozenset({"starttime", "seconds", "ctime", "ttime"})
PERCENTAGES = frozenset({"Percentage served", "Time in ms"})

COUNTS = {
    "Complete requests": "samples",
    "Requests per second": "throughput",
    "Total transferred": "received",
    "Total body sent": "sent",
}
KEPT = ("Server Software", "Concurrency Level", "SSL/TLS Protocol", "Document Length")
SERVED = {"0": "min", "50": "median", "75": "p75", "90": "p90", "95": "p95", "99": "p99"}
KNOWN = frozenset({"samples", "mean", "median", "p90", "p95", "p99", "min", "max"})
REQUESTS = "requests"


@dataclass(slots=True)
class _Test:
    facts: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result and its measurements for each test, then the run.

    Raises Malformed where there is neither a report nor a table of ApacheBench's.
    """
    head, whole = peek(chunks)
    names = set(header_of(head.text)) if head.kind == "text" else set()
    if names >= GNUPLOT:
        yield from _of_gnuplot(whole)
    elif names >= PERCENTAGES:
        yield from _of_percentages(whole)
    else:
        yield from _of_report(whole)


# Its files


def _of_gnuplot(whole: Iterator[bytes]) -> Iterator[Item]:
    """Without a throughput, as a request's start is told in whole seconds, and without errors, as
    requests that failed are not there."""
    samples, header, times = Samples(), list[str](), Tally()
    for row in rows(whole):
        if isinstance(row, Notice):
            yield row
        elif not header:
            header = [name.strip() for name in row]
        else:
            facts = dict(zip(header, row, strict=False))
            took, began = (_json.number(facts.get(key)) for key in ("ttime", "seconds"))
            if took is not None:
                samples.add((), REQUESTS, took / MILLISECONDS)
                times.span(began or 0.0)
    for item in samples.items():
        if isinstance(item, Result) or (isinstance(item, Measurement) and item.metric in KNOWN):
            yield item
    yield Run(run_of(times).date)


def _of_percentages(whole: Iterator[bytes]) -> Iterator[Item]:
    metrics = {}
    for row in rows(whole):
        if isinstance(row, Notice):
            yield row
        elif len(row) > 1 and row[0] in SERVED and (time := _json.number(row[1])) is not None:
            metrics[SERVED[row[0]]] = time / MILLISECONDS
    if not metrics:
        raise Malformed("There is no percentage here")
    yield from items_of(Figures((), REQUESTS, metrics))
    yield Run()


# Its report


def _of_report(whole: Iterator[bytes]) -> Iterator[Item]:
    test, found, took = _Test(), False, 0.0
    for line in lines(whole):
        if line.startswith("Server Software:") and test.facts.get("Server Software"):
            found |= bool(test.metrics)
            yield from _items(test)
            test = _Test()
        _read(test, line)
        if line.startswith("Time taken for tests:"):
            took += _leading(test.facts.get("Time taken for tests", "")) or 0.0
    if not found and not test.metrics:
        raise Malformed("There is no report of ApacheBench's here")
    yield from _items(test)
    yield Run(duration=took or None)


def _read(test: _Test, line: str) -> None:
    for pattern, take in READERS:
        if found := pattern.match(line):
            take(test, found)
            return


def _failures(test: _Test, found: re.Match[str]) -> None:
    for each in found[1].split(","):
        kind, _, count = each.partition(":")
        if number := _leading(count):
            test.reasons[kind.strip().lower()] = int(number)


def _total(test: _Test, found: re.Match[str]) -> None:
    least, mean, _, median, most = found[1].split()
    for metric, said in (("min", least), ("mean", mean), ("median", median), ("max", most)):
        _put_time(test, metric, said)


def _share(test: _Test, found: re.Match[str]) -> None:
    _put_time(test, SERVED[found[1]], found[2])


def _fact(test: _Test, found: re.Match[str]) -> None:
    name, said = found[1], found[2].strip()
    if name == "Time per request" and "across" not in said and (time := _leading(said)):
        test.metrics["mean"] = time / MILLISECONDS
    test.facts.setdefault(name, said)
    if name in COUNTS and (number := _leading(said)) is not None:
        test.metrics[COUNTS[name]] = number
    elif name in ("Non-2xx responses", "Write errors") and (number := _leading(said)):
        test.reasons[name.removesuffix(" responses").removesuffix(" errors").lower()] = int(number)


READERS: tuple[tuple[re.Pattern[str], Callable[[_Test, re.Match[str]], None]], ...] = (
    (FAILURES, _failures),
    (TOTAL, _total),
    (SHARE, _share),
    (FACT, _fact),
)


def _put_time(test: _Test, metric: str, said: str) -> None:
    """Whole milliseconds; the exact mean stands elsewhere, and is not replaced."""
    time = _json.number(said)
    if time is not None:
        test.metrics.setdefault(metric, time / MILLISECONDS)


def _leading(said: str) -> float | None:
    return _json.number(said.split()[0]) if said.split() else None


def _items(test: _Test) -> Iterator[Item]:
    if "samples" not in test.metrics:
        return
    failed = _leading(test.facts.get("Failed requests", "")) or 0.0
    failed = max(failed, sum(n for kind, n in test.reasons.items() if kind != "non-2xx"))
    errors = failed + test.reasons.get("non-2xx", 0)
    if failed and set(test.reasons) <= {"non-2xx"}:
        test.reasons["failed"] = int(failed)
    name = test.facts.get("Document Path") or "/"
    metadata = {key: test.facts[key] for key in KEPT if test.facts.get(key)}
    metrics = test.metrics | {"errors": min(errors, test.metrics["samples"])}
    yield from items_of(Figures((), name, metrics, test.reasons, metadata=metadata or None))


def _sniff(head: Head) -> bool:
    if head.kind != "text":
        return False
    names = set(header_of(head.text))
    return names >= GNUPLOT or names >= PERCENTAGES or REPORT.search(head.text) is not None


FORMAT = Format(
    name="ab",
    title="ApacheBench",
    sniff=_sniff,
    parse=parse,
    aliases=("ab-tsv", "ab-text", "apachebench"),
    made_by="ApacheBench (ab): its report, and what -g and -e write",
    how="ab -n 1000 -c 10 -g ab.tsv https://shop.example/ > ab.txt",
    file="ab.txt",
    notes=(
        "A report is a result, called as the path that was asked for: failed when requests failed, "
        "or were answered with anything but 2xx, with how many of each as its error.",
        "Its measurements are samples, errors, error rate, mean, median, p75, p90, p95, p99, min, "
        "max, throughput, and the bytes received and sent.",
        "What `-g` writes has the requests that were completed, one a line, and no failure: its "
        "percentiles are exact. What `-e` writes are percentiles alone.",
    ),
)
