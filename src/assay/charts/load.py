"""One load test: how often each request was made, how often it failed, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.charts.axes import Plot, nothing, scale, time
from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Bar, Drawing, Group, Line, Shape, Size, Text
from assay.charts.lettering import cut, measure
from assay.charts.segments import EMPTY
from assay.figures import count, number
from assay.figures import measure as written
from assay.queries.requests import Request, list_requests

REQUESTS = 100
ROW = 28
HEAD = 24
COLUMNS = (
    ("samples", "Requests", "number"),
    ("errors", "Errors", "number"),
    ("error rate", "Error rate", "share"),
    ("mean", "Mean", "seconds"),
    ("min", "Min", "seconds"),
    ("median", "Median", "seconds"),
    ("p90", "p90", "seconds"),
    ("p95", "p95", "seconds"),
    ("p99", "p99", "seconds"),
    ("max", "Max", "seconds"),
    ("throughput", "Throughput (1/s)", "number"),
)
"""The metrics of load tests that people look at, as every format calls them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of request. `values` are by metric: seconds, 1/s, shares of 1, plain numbers."""

    name: str
    url: str
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Load:
    """The busiest requests of the report, at most a hundred."""

    report: Ref | None
    requests: tuple[Row, ...]


def read(scope: Scope) -> Load:
    newest = next(iter(scope.source.reports), None)
    if newest is None:
        return Load(None, ())
    found = list_requests(scope.results, scope.profile.id, [newest.id], limit=REQUESTS)
    return Load(ref(newest), tuple(map(_row, found)))


def _row(found: Request) -> Row:
    at = f"/reports/{found.report}"
    url = f"{at}?tab=measured" if found.position is None else f"{at}/results/{found.position}"
    return Row(named(found), url, found.values)


def named(found: Request) -> str:
    """A request with the titles above it."""
    return " › ".join((*found.path, found.name))


def draw(data: Load, size: Size) -> Drawing:
    """The mean of each request as a bar, its 95th percentile as the end of a thin one."""
    label = "Response times by request"
    shown = [each for each in data.requests if _reach(each)]
    if not shown:
        return nothing(size, label, "Nothing was measured." if data.report else EMPTY)
    room = max(int((size.height - HEAD - 24) // ROW), 3)
    rows = shown[:room]
    marks = scale(max(map(_reach, rows)), seconds=True)
    left = round(min(max(measure(each.name, 12) for each in rows) + 12, size.width * 0.36), 1)
    right = size.width - (12 if size.slim else 150)
    bottom = HEAD + len(rows) * ROW
    shapes: list[Shape] = []
    for mark in marks:
        x = left + (right - left) * mark / marks[-1]
        shapes.append(Line(((x, HEAD - 4), (x, bottom)), "axis" if not mark else "rule"))
        shapes.append(Text(x, HEAD - 10, time(mark), "mute", "middle"))
    plot = Plot(left, HEAD, right, bottom, marks[-1])
    shapes += [_bar(each, plot, HEAD + at * ROW, size) for at, each in enumerate(rows)]
    said = "bar: mean · thin: 95th percentile"
    if len(data.requests) > len(rows):
        said += f" · and {count(len(data.requests) - len(rows), 'more request')}"
    shapes.append(Text(0, bottom + 18, cut(said, size.width), "mute"))
    return Drawing(size.width, bottom + 24, label, tuple(shapes))


def _reach(row: Row) -> float:
    return max(row.values.get("p95", 0.0), row.values.get("mean", 0.0))


def _bar(row: Row, plot: Plot, y: float, size: Size) -> Group:
    scaled = plot.width / plot.most
    mean, p95 = row.values.get("mean", 0.0), row.values.get("p95", 0.0)
    rate = row.values.get("error rate", 0.0)
    middle = y + ROW / 2
    shapes: list[Bar | Text] = [
        Bar(0, y, size.width, ROW, "hit"),
        Text(plot.left - 8, middle + 4, cut(row.name, plot.left - 8, 12), "", "end", size=12),
        Bar(plot.left, middle - 2, p95 * scaled, 4, "fill"),
        Bar(plot.left, middle - 6, mean * scaled, 12, "lead-fill"),
    ]
    if not size.slim:
        words = f"{number(row.values.get('samples', 0))} × · {written('rate', rate, '')} errors"
        shapes.append(Text(size.width, middle + 4, words, "bad" if rate else "mute", "end"))
    return Group(tuple(shapes), f"{row.name}: {told(row.values)}", row.url)


def told(values: dict[str, float]) -> str:
    """The figures in a line."""
    units = {"seconds": "s", "share": "", "number": ""}
    parts = (
        f"{title} {written('rate' if kind == 'share' else '', values[metric], units[kind])}"
        for metric, title, kind in COLUMNS
        if metric in values
    )
    return ", ".join(parts)


def table(data: Load) -> Table:
    known = [each for each in COLUMNS if any(each[0] in row.values for row in data.requests)]
    heads = (Head("Request"), *(Head(title, kind) for _, title, kind in known))
    rows = tuple(_entries(each, [metric for metric, *_ in known]) for each in data.requests)
    return Table(heads, rows)


def _entries(row: Row, metrics: Sequence[str]) -> tuple[Entry, ...]:
    values = (Entry(row.values.get(metric), row.url) for metric in metrics)
    return (Entry(row.name, row.url), *values)


CHART = Chart(
    name="load",
    title="Load test report",
    about="Each request of the latest load test: how often it was made and failed, its mean and "
    "its percentiles, its throughput.",
    icon="gauge",
    fits=frozenset({Fit.PERFORMANCE}),
    read=read,
    draw=draw,
    table=table,
)
