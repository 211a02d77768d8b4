"""What k6 writes while it runs, each point of each metric: JSON lines, or CSV.

The requests of one name are a result, and so is each check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._csv import header_of, rows
from assay.formats._jtl import at
from assay.formats._samples import MAX_LABELS, Samples, Tally, run_of
from assay.formats._shapes import Shape, read
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.formats.k6 import METRICS, check_of, contents_of
from assay.model import Item, Measurement, Notice, Run

MILLISECONDS = 1000
PHRASES = {str(status.value): status.phrase for status in HTTPStatus}

REQUESTS = frozenset({"http_req_duration", "grpc_req_duration"})
CHECKS = "checks"

KINDS = {
    **dict.fromkeys(("http_reqs", "iterations", "data_sent", "data_received"), "counter"),
    **dict.fromkeys(("dropped_iterations", "ws_sessions", "ws_msgs_sent"), "counter"),
    **dict.fromkeys(("vus", "vus_max"), "gauge"),
    **dict.fromkeys(("http_req_failed", CHECKS), "rate"),
}
"""What k6's own metrics are; the CSV does not tell. Any other is taken for a trend."""

COLUMNS = frozenset({"metric_name", "timestamp", "metric_value"})
KEYS = frozenset({"type", "data", "metric"})
LINE = re.compile(r'"type"\s*:\s*"(?:Metric|Point)"')


class Data(Shape, frozen=True):
    """Of a point: when, how much, of what; of a metric: what it is."""

    time: str | None = None
    value: float | None = None
    tags: dict[str, str] | None = None
    type: str | None = None
    contains: str | None = None


class Line(Shape, frozen=True):
    type: str | None = None
    data: Data | None = None
    metric: str | None = None


_LINE = msgspec.json.Decoder(Line)


@dataclass(slots=True)
class _Check:
    passes: int = 0
    fails: int = 0


@dataclass(slots=True)
class _Report:
    requests: Samples = field(default_factory=Samples)
    metrics: Samples = field(default_factory=Samples)
    checks: dict[tuple[tuple[str, ...], str], _Check] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=lambda: dict(KINDS))
    contents: dict[str, str] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    times: Tally = field(default_factory=Tally)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the requests' results, the checks, the other metrics' measurements, then the run.

    A path is the groups. Raises Malformed where there is no point.
    """
    head, whole = peek(chunks)
    report = _Report()
    of_json = head.kind in ("object", "array")
    yield from _read_lines(whole, report) if of_json else _read_table(whole, report)
    if not report.metrics.labels:
        raise Malformed("There is no point of any metric here")
    yield from _items(report)


def _read_lines(whole: Iterator[bytes], report: _Report) -> Iterator[Notice]:
    for value in _json.sequence(whole):
        if isinstance(value, Notice):
            yield value
            continue
        try:
            line = read(value.raw, _LINE, value.where)
        except Malformed as error:
            yield Notice(f"A line was left out. {error.message}", error.where)
            continue
        if line is None or line.data is None or not line.metric:
            continue
        if line.type == "Metric":
            _define(report, line.metric, line.data)
        elif line.data.value is not None:
            tags = line.data.tags or {}
            _add(report, line.metric, line.data.value, line.data.time or "", tags)


def _define(report: _Report, metric: str, data: Data) -> None:
    if len(report.kinds) < MAX_LABELS:
        report.kinds[metric] = data.type or "trend"
        report.contents[metric] = data.contains or ""


def _read_table(whole: Iterator[bytes], report: _Report) -> Iterator[Notice]:
    header: list[str] = []
    for row in rows(whole):
        if isinstance(row, Notice):
            yield row
        elif not header:
            header = [name.strip() for name in row]
            if not set(header) >= COLUMNS:
                raise Malformed("The first row has not the names of k6's columns")
        else:
            facts = dict(zip(header, row, strict=False))
            value = _json.number(facts.get("metric_value"))
            if value is not None:
                _add(report, facts["metric_name"], value, facts["timestamp"], facts)


def _add(report: _Report, metric: str, value: float, time: str, tags: dict[str, str]) -> None:
    ended = at(time)
    if metric == CHECKS:
        _add_check(report, value, tags)
    elif metric in REQUESTS:
        seconds = value / MILLISECONDS
        began = None if ended is None else ended - max(seconds, 0)
        report.requests.add(_groups(tags), _label(tags), seconds, _why(tags), began)
    report.metrics.add((METRICS,), metric, value)
    report.times.span(ended or 0.0)
    if len(report.last) < MAX_LABELS or metric in report.last:
        report.last[metric] = value


def _add_check(report: _Report, value: float, tags: dict[str, str]) -> None:
    key = _groups(tags), tags.get("check") or "(unnamed)"
    if key not in report.checks and len(report.checks) >= MAX_LABELS:
        return
    check = report.checks.setdefault(key, _Check())
    if value:
        check.passes += 1
    else:
        check.fails += 1


def _groups(tags: dict[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, tags.get("group", "").split("::")))


def _label(tags: dict[str, str]) -> str:
    name = tags.get("name") or tags.get("url") or "(no name)"
    return f"{tags.get('method', '')} {name}".strip()


def _why(tags: dict[str, str]) -> str | None:
    """Why a request failed; None if it did not. Until k6 0.31 only the status tells."""
    status, error = tags.get("status", ""), tags.get("error", "")
    expected = tags.get("expected_response", "")
    if expected == "true" or (not expected and not error and not _is_bad(status)):
        return None
    answer = "" if status in ("", "0") else f"{status} {PHRASES.get(status, '')}"
    return f"{answer} {error}".strip()


def _is_bad(status: str) -> bool:
    return status == "0" or (status.isdecimal() and int(status[:9]) >= 400)


# Results


def _items(report: _Report) -> Iterator[Item]:
    if report.requests.labels:
        yield from (item for item in report.requests.items() if not isinstance(item, Run))
    for (path, name), check in report.checks.items():
        yield check_of(path, name, check.passes, check.fails)
        yield Measurement(path, name, "passes", check.passes)
        yield Measurement(path, name, "fails", check.fails)
    for (_, metric), tally in report.metrics.labels.items():
        yield from _measurements(report, metric, tally)
    yield run_of(report.times)


def _measurements(report: _Report, metric: str, tally: Tally) -> Iterator[Measurement]:
    contains = report.contents.get(metric) or contents_of(metric)
    figures, unit = _figures(report, metric, tally), ""
    if contains == "time":
        figures, unit = {name: ms / MILLISECONDS for name, ms in figures.items()}, "s"
    elif contains == "data":
        unit = "B"
    for name, value in figures.items():
        yield Measurement((METRICS,), metric, name, value, unit)


def _figures(report: _Report, metric: str, tally: Tally) -> dict[str, float]:
    kind, spread = report.kinds.get(metric, "trend"), tally.spread
    if kind == "counter":
        return {"count": spread.total}
    if kind == "rate":
        return {"rate": spread.total / spread.count} if spread.count else {}
    found = spread.metrics()
    if kind != "gauge" or not found:
        return found
    return {"value": report.last.get(metric, 0.0), "min": found["min"], "max": found["max"]}


def _sniff(head: Head) -> bool:
    if head.kind == "text":
        return set(header_of(head.text)) >= COLUMNS
    return head.keys >= KEYS and LINE.search(head.text[:1000]) is not None


FORMAT = Format(
    name="k6stream",
    title="k6 points (JSON lines, CSV)",
    sniff=_sniff,
    parse=parse,
    aliases=("k6-stream", "k6_stream", "k6-csv"),
    made_by="Grafana k6: --out json=…, --out csv=…",
    how="k6 run --out json=points.json script.js",
    file="points.json",
    notes=(
        "The requests of one method and name are a result below their groups: failed when one of "
        "them was not answered as expected, with how many of how many and the reasons as error.",
        "Its measurements are samples, errors, error rate, mean, median, p90, p95, p99, min, max "
        "and throughput, counted from the points in memory that does not grow with them.",
        "Each check is a test: failed when it did not hold once.",
        "All metrics are measurements below `metrics`: a counter's count, a rate's rate, a gauge's "
        "last value, a trend's percentiles.",
        "Whether thresholds held is not in the file; the summary has it.",
    ),
)
