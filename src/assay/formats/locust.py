"""Locust's tables (statistics, failures, exceptions, history) and JSON, and Taurus' table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from assay.errors import Malformed
from assay.formats import _json, jmetercsv
from assay.formats._csv import header_of, rows
from assay.formats._figures import Figures, items_of
from assay.formats._jtl import milliseconds
from assay.formats._locust import KEYS, AllStats, label_of
from assay.formats._samples import MAX_LABELS, Samples, Tally, note, run_of
from assay.formats._time import moment
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status

Row = dict[str, str]

TOTAL = ("Aggregated", "Total")
"""The names of the row about all requests, since 1.0 and before."""

COUNTS = {
    "samples": ("Request Count", "# requests", "Total Request Count"),
    "errors": ("Failure Count", "# failures", "Total Failure Count"),
}
TIMES = {
    "mean": ("Average Response Time", "Average response time", "Total Average Response Time"),
    "median": ("Median Response Time", "Median response time", "Total Median Response Time"),
    "p75": ("75%",),
    "p90": ("90%",),
    "p95": ("95%",),
    "p99": ("99%",),
    "min": ("Min Response Time", "Min response time", "Total Min Response Time"),
    "max": ("Max Response Time", "Max response time", "Total Max Response Time"),
}
SIZE = ("Average Content Size", "Average Content-Length", "Total Average Content Size")
RATE = "Requests/s"

HISTORY = frozenset({"Timestamp", "User Count", "Name"})


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result for each kind of request (or exception), then the run.

    Raises Malformed where the first row has not the names of Locust's columns.
    """
    head, whole = peek(chunks)
    if head.kind in ("object", "array"):
        yield from _of_json(whole)
        return
    table = rows(whole)
    header = next((row for row in table if not isinstance(row, Notice)), [])
    names = [name.strip() for name in header]
    read = next((read for columns, read in TABLES if columns <= set(names)), None)
    if read is None:
        raise Malformed("The first row has not the names of Locust's columns")
    yield from read(names, table)


def _of_json(whole: Iterator[bytes]) -> Iterator[Item]:
    stats = AllStats()
    for value in _json.values(whole):
        if isinstance(value, Notice):
            yield value
        else:
            stats.add(_json.mapping(_json.decode(value.raw)))
    for figures in stats.figures():
        yield from items_of(figures)
    yield stats.run()


# Tables


def _statistics(names: list[str], table: Iterator[list[str] | Notice]) -> Iterator[Item]:
    total = None
    found = False
    for row in table:
        if isinstance(row, Notice):
            yield row
        elif figures := _figures(dict(zip(names, row, strict=False)), set()):
            if figures.name in TOTAL:
                total = figures
            else:
                found = True
                yield from items_of(figures)
    if total and not found:
        yield from items_of(total)
    yield Run()


def _history(names: list[str], table: Iterator[list[str] | Notice]) -> Iterator[Item]:
    """Of each kind of request its last row, whose totals are those of the test."""
    latest: dict[str, Row] = {}
    times = Tally()
    for row in table:
        if isinstance(row, Notice):
            yield row
            continue
        facts = dict(zip(names, row, strict=False))
        times.span(_json.number(facts.get("Timestamp")) or 0.0)
        label = label_of(facts.get("Type", ""), facts.get("Name", ""))
        if label in latest or len(latest) < MAX_LABELS:
            latest[label] = facts
    kinds = [name for name in latest if name not in TOTAL] or list(latest)
    for name in kinds:
        if figures := _figures(latest[name], {RATE, *(f"{n}%" for n in (75, 90, 95, 99))}):
            yield from items_of(figures)
    yield run_of(times)


def _figures(row: Row, passing: set[str]) -> Figures | None:
    """The figures of a row; `passing` names columns that are of a moment only."""
    told = {name: said for name, said in row.items() if name not in passing}
    metrics = {metric: _json.number(_first(told, names)) for metric, names in COUNTS.items()}
    if metrics["samples"] is None:
        return None
    metrics |= {metric: milliseconds(_first(told, names)) for metric, names in TIMES.items()}
    metrics["throughput"] = _json.number(told.get(RATE))
    size = _json.number(_first(told, SIZE))
    metrics["received"] = size * metrics["samples"] if size and metrics["samples"] else None
    known = {metric: value for metric, value in metrics.items() if value is not None}
    return Figures((), label_of(row.get("Type", row.get("Method", "")), row.get("Name", "")), known)


def _first(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _failures(names: list[str], table: Iterator[list[str] | Notice]) -> Iterator[Item]:
    """How often each kind of request failed of what; how many there were is not told."""
    labels: dict[str, dict[str, int]] = {}
    times = Tally()
    for row in table:
        if isinstance(row, Notice):
            yield row
            continue
        facts = dict(zip(names, row, strict=False))
        label = label_of(facts.get("Method", ""), facts.get("Name", ""))
        if label in labels or len(labels) < MAX_LABELS:
            count = int(_json.number(facts.get("Occurrences")) or 0)
            note(labels.setdefault(label, {}), facts.get("Error", ""), count)
        for key in ("First Seen", "Last Seen"):
            if seen := moment(facts.get(key)):
                times.span(seen.timestamp())
    for label, reasons in labels.items():
        yield from items_of(Figures((), label, {"errors": sum(reasons.values())}, reasons))
    yield run_of(times)


def _exceptions(names: list[str], table: Iterator[list[str] | Notice]) -> Iterator[Item]:
    """Each exception of the test's own code is broken."""
    for row in table:
        if isinstance(row, Notice):
            yield row
            continue
        facts = dict(zip(names, row, strict=False))
        said, trace = facts.get("Message", ""), facts.get("Traceback", "").strip("\n")
        error = Error(message=f"{said} (×{facts['Count']})", trace=trace)
        name = said.partition("\n")[0] or "(no message)"
        yield Result(("exceptions",), name, Status.BROKEN, error=error)
    yield Run()


def _samples(names: list[str], table: Iterator[list[str] | Notice]) -> Iterator[Item]:
    """Taurus' table of single requests, with JMeter's names and the method."""
    columns, samples = jmetercsv.columns_of(names), Samples()
    method, label = names.index("method"), names.index("label")
    for row in table:
        if isinstance(row, Notice):
            yield row
        elif len(row) > max(method, label):
            row[label] = label_of(row[method], row[label])
            jmetercsv.add(samples, columns, row)
    yield from samples.items()


Reader = Callable[[list[str], Iterator[list[str] | Notice]], Iterator[Item]]

TABLES: tuple[tuple[frozenset[str], Reader], ...] = (
    (HISTORY, _history),
    (frozenset({"Name", "Request Count", "Failure Count"}), _statistics),
    (frozenset({"Name", "# requests", "# failures"}), _statistics),
    (frozenset({"Method", "Name", "Error", "Occurrences"}), _failures),
    (frozenset({"Count", "Message", "Traceback", "Nodes"}), _exceptions),
    (frozenset({"timeStamp", "label", "method", "elapsed"}), _samples),
)
"""Which table has which columns, and what reads it."""


def _sniff(head: Head) -> bool:
    if head.kind == "array":
        return head.keys >= KEYS
    if head.kind != "text":
        return False
    names = set(header_of(head.text))
    return any(columns <= names for columns, _ in TABLES)


FORMAT = Format(
    name="locust",
    title="Locust",
    sniff=_sniff,
    parse=parse,
    aliases=("locust-csv", "locust_csv", "locust-json"),
    made_by="Locust: --csv (four tables) and --json; Taurus (kpi.jtl)",
    how="locust -f locustfile.py --headless -u 10 -t 1m --csv shop",
    file="shop_stats.csv",
    notes=(
        "Each kind of request (method and name) is a result: failed when one of them failed, with "
        "how many of how many as its error. The row about all of them is left out.",
        "Its measurements are samples, errors, error rate, mean, median, p75, p90, p95, p99, min, "
        "max, throughput and the bytes received.",
        "`_failures.csv` has the reasons, so that its results say them; how many requests there "
        "were is not in it. Without a failure it is an empty report.",
        "Each exception of `_exceptions.csv` is a broken result with its traceback.",
        "Of `_stats_history.csv` the last row of each kind of request counts.",
        "With `--json` percentiles are counted from Locust's rounded response times.",
    ),
)
