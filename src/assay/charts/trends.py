"""Load tests over time: the mean, the 95th percentile, the throughput and the share of errors of
the busiest requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.charts import lines
from assay.charts.axes import nothing, plain, time
from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Drawing, Inset, Shape, Size
from assay.charts.lines import LABEL, Panel, Series
from assay.charts.load import named
from assay.charts.segments import EMPTY
from assay.figures import measure
from assay.queries.requests import Request, list_requests

BUSIEST = 6
HIGH = 150.0  # px of a panel where they stand one above the other


def _share(value: float) -> str:
    return measure("rate", value, "")


METRICS: tuple[tuple[str, str, str, Callable[[float], str]], ...] = (
    ("mean", "Mean response time", "seconds", time),
    ("p95", "95th percentile", "seconds", time),
    ("throughput", "Requests a second", "number", plain),
    ("error rate", "Errors", "share", _share),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric: one line for each request, a value for each run."""

    metric: str
    title: str
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """The runs, oldest first; the metrics of the busiest requests."""

    runs: tuple[Ref, ...]
    requests: tuple[str, ...]
    measures: tuple[Measure, ...]


def read(scope: Scope) -> Trends:
    runs = tuple(reversed(scope.reports))
    ids = [each.id for each in runs]
    found = list_requests(scope.results, scope.profile.id, ids, limit=BUSIEST)
    by: dict[int, list[Request]] = {}
    for each in found:
        by.setdefault(each.test, []).append(each)
    measures = tuple(
        Measure(metric, title, tuple(_series(of, metric, ids) for of in by.values()))
        for metric, title, *_ in METRICS
        if any(metric in each.values for each in found)
    )
    return Trends(tuple(map(ref, runs)), tuple(named(of[0]) for of in by.values()), measures)


def _series(found: Sequence[Request], metric: str, ids: Sequence[int]) -> Series:
    values = {each.report: each.values.get(metric) for each in found}
    last = found[-1]
    at = f"/reports/{last.report}"
    url = f"{at}?tab=measured" if last.position is None else f"{at}/results/{last.position}"
    return Series(named(last), url, tuple(values.get(each) for each in ids))


def draw(data: Trends, size: Size) -> Drawing:
    label = f"Load tests over {len(data.runs)} runs"
    if not data.measures:
        return nothing(size, label, "Nothing was measured." if data.runs else EMPTY)
    across = 1 if size.slim else 2
    down = -(-len(data.measures) // across)
    key = LABEL * len(data.requests) + 12
    high = HIGH if size.slim else max((size.height - key) / down, 110)
    wide = (size.width - 24 * (across - 1)) / across
    shapes: list[Shape] = []
    for at, each in enumerate(data.measures):
        drawn = _panel(data, each, Size(wide, high))
        shapes.append(Inset(at % across * (wide + 24), at // across * high, drawn))
    panel = Panel(data.measures[0].series)
    shapes += lines.key(panel, 0, down * high + 14, size.width - 30)
    return Drawing(size.width, down * high + key + 6, label, tuple(shapes))


def _panel(data: Trends, measure: Measure, size: Size) -> Drawing:
    _, title, kind, write = next(each for each in METRICS if each[0] == measure.metric)
    panel = Panel(measure.series, title=title, write=write, seconds=kind == "seconds")
    dates = [each.date for each in data.runs]
    plot = lines.plot_of(panel, lines.left([panel]), 24, size.width - 8, size.height - 26)
    shapes = (*lines.draw(panel, plot, dates), *lines.dated(plot, dates, plot.bottom + 16))
    return Drawing(size.width, size.height, title, shapes)


def table(data: Trends) -> Table:
    kinds = {metric: kind for metric, _, kind, _ in METRICS}
    heads = (
        Head("Run", "moment"),
        Head("Request"),
        *(Head(each.title, kinds[each.metric]) for each in data.measures),
    )
    rows = (
        _row(data, run, request)
        for run in reversed(range(len(data.runs)))
        for request in range(len(data.requests))
    )
    return Table(heads, tuple(row for row in rows if any(e.value is not None for e in row[2:])))


def _row(data: Trends, run: int, request: int) -> tuple[Entry, ...]:
    at = data.runs[run]
    values = (each.series[request].values[run] for each in data.measures)
    return (
        Entry(at.date, at.url),
        Entry(data.requests[request]),
        *(Entry(value, f"{at.url}?tab=measured") for value in values),
    )


CHART = Chart(
    name="trends",
    title="Load test trends",
    about="Mean, 95th percentile, throughput and errors of the busiest requests, run by run.",
    icon="lines",
    fits=frozenset({Fit.PERFORMANCE}),
    read=read,
    draw=draw,
    table=table,
)
