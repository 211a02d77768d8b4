"""One run of a load test: how often each request was made, how often it failed, how long it
took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.charts import metrics
from assay.charts.axes import Plot, across, nothing, scale
from assay.charts.chart import Chart, Choice, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Bar, Drawing, Group, Shape, Size, Text
from assay.charts.lettering import cut, measure
from assay.charts.segments import EMPTY
from assay.figures import UNIT, count, exact
from assay.queries.load import SAMPLES
from assay.queries.requests import Request, list_metrics, list_requests, list_totals

ROWS = 100  # of the table
ROW, BAR = 28, 14
HIGH = ("p95", "p90", "p99", "p75", "max")
"""How long most requests took: the first of these that is known."""

TRENDS = "trends"
UNMEASURED = "This run measured no requests: it is not a load test's."


@dataclass(frozen=True, slots=True)
class Made:
    """A request, or all of them together; its figures by the names of `METRICS`, in seconds, per
    second and shares of 1. `url` is its result, `trend_url` how it was in the runs before."""

    title: str
    suite: str
    url: str
    trend_url: str
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The run, None where there is none; `metrics` are those that some request told, `by` is the
    one of which the first have most. `count` is of all requests; `requests` are those from `offset`
    on, and `more_url` leads to those after them."""

    run: Ref | None
    metrics: tuple[str, ...]
    by: str
    count: int
    total: Made | None
    requests: tuple[Made, ...]
    offset: int
    more_url: str


def read(scope: Scope) -> LoadReport:
    asked, newest = scope.asked, next(iter(scope.reports), None)
    if newest is None:
        return LoadReport(None, (), SAMPLES, 0, None, (), 0, "")
    store, here = scope.results, (newest.profile_id, [newest.id])
    known = tuple(list_metrics(store, *here))
    by = asked.metric if asked.metric in known else SAMPLES
    found = list_requests(store, *here, by=by, offset=asked.offset, limit=ROWS + 1)
    total = next(iter(list_totals(store, *here)), None)
    more = scope.chart("load", offset=asked.offset + ROWS) if len(found) > ROWS else ""
    return LoadReport(
        ref(newest),
        known,
        by,
        total.requests if total else 0,
        _total(scope, ref(newest), total.values) if total else None,
        tuple(_made(scope, each) for each in found[:ROWS]),
        asked.offset,
        more,
    )


def _total(scope: Scope, run: Ref, values: dict[str, float]) -> Made:
    trend = scope.chart(TRENDS, path=(), metric="")
    return Made("All requests", "", f"{run.url}?tab=measured", trend, values)


def _made(scope: Scope, request: Request) -> Made:
    own = f"/reports/{request.report}"
    url = own if request.position is None else f"{own}/results/{request.position}"
    trend = scope.chart(TRENDS, path=(*request.path, request.name), metric="")
    return Made(request.name, " › ".join(request.path), url, trend, request.values)


def draw(data: LoadReport, size: Size) -> Drawing:
    label = "Response times by request"
    if not data.requests:
        return nothing(size, label, UNMEASURED if data.run else EMPTY)
    rows = _shown(data, size)
    wide = size.width - _right(rows, slim=size.slim) - 8
    left = 0 if size.slim else _left(rows, size)
    row = ROW * 1.5 if size.slim else ROW
    top = 30.0
    marks = scale(max(_longest(each) for each in rows), seconds=True)
    plot = Plot(left, top, wide, top + row * len(rows), marks[-1])
    shapes: list[Shape] = [*_key(data, rows), *across(plot, marks, metrics.on_axis("mean"))]
    shapes += [_row(each, plot, top + at * row, row, size.width) for at, each in enumerate(rows)]
    height = plot.bottom + 20
    rest = data.count - data.offset - len(rows)
    if rest > 0:
        height += 18
        more = count(rest, "more request")
        shapes.append(Text(left, height, f"and {more}", "mute", url=data.more_url))
    return Drawing(size.width, height + 4, label, tuple(shapes))


def _shown(data: LoadReport, size: Size) -> Sequence[Made]:
    room = max(int((size.height - 70) // (ROW * 1.5 if size.slim else ROW)), 3)
    return data.requests[:room]


def _left(rows: Sequence[Made], size: Size) -> float:
    widest = max(measure(_name(each), 12) for each in rows)
    return min(widest + 12, size.width * 0.36)


def _right(rows: Sequence[Made], *, slim: bool) -> float:
    """The room for what stands behind the bars; on a phone the errors stand above them."""
    times = max(measure(_times(each)) for each in rows) + 8
    return times if slim else times + max(measure(_errors(each)) for each in rows) + 8


def _longest(made: Made) -> float:
    return max(made.values.get("mean", 0), _high(made)[1])


def _high(made: Made) -> tuple[str, float]:
    known = (name for name in HIGH if name in made.values)
    name = next(known, "mean")
    return name, made.values.get(name, 0)


def _name(made: Made) -> str:
    return f"{made.suite} › {made.title}" if made.suite else made.title


def _times(made: Made) -> str:
    found = dict.fromkeys(("mean", _high(made)[0]))
    told = (metrics.written(name, made.values.get(name)) for name in found)
    return " · ".join(text for text in told if text)


def _errors(made: Made) -> str:
    rate = made.values.get("error rate", 0)
    return f"{metrics.written('error rate', rate)} failed" if rate else ""


def _key(data: LoadReport, rows: Sequence[Made]) -> list[Shape]:
    high = _high(rows[0])[0]
    parts = [("ink", "mean")] + ([("fill", high)] if high != "mean" else [])
    shapes: list[Shape] = []
    x = 0.0
    for kind, name in parts:
        shapes.append(Bar(x, 5, 11, 11, kind, radius=2))
        shapes.append(Text(x + 16, 15, name, "mute"))
        x += measure(name) + 34
    if data.run:
        shapes.append(Text(x + 6, 15, exact(data.run.date), "mute", url=data.run.url))
    return shapes


def _row(made: Made, plot: Plot, top: float, tall: float, wide: float) -> Group:
    """The bar of most requests' time behind that of the mean, which is slimmer."""
    middle = top + tall - ROW / 2
    high, mean = _high(made)[1], made.values.get("mean", 0)
    right = plot.right + 8
    shapes: list[Bar | Text] = [
        Bar(0, top, wide, tall, "hit"),
        Bar(plot.left, middle - BAR / 2, _wide(plot, high), BAR, "fill"),
        Bar(plot.left, middle - BAR / 4, _wide(plot, mean), BAR / 2, "ink"),
        Text(right, middle + 4, _times(made)),
    ]
    errors = _errors(made)
    room = (wide - measure(errors) - 12) if tall > ROW else plot.left - 8
    name = cut(_name(made), room, 12)
    if tall > ROW:
        shapes.append(Text(0, top + 14, name, size=12))
        shapes.append(Text(wide, top + 14, errors, "bad", "end"))
    else:
        shapes.append(Text(plot.left - 8, middle + 4, name, "", "end", size=12))
        shapes.append(Text(right + measure(_times(made)) + 8, middle + 4, errors, "bad"))
    return Group(tuple(shapes), _said(made), made.url)


def _wide(plot: Plot, seconds: float) -> float:
    return max(plot.width * seconds / plot.most, 1.0)


def _said(made: Made) -> str:
    """The whole name, and every figure there is."""
    told = (
        f"{metrics.title(name)}:{UNIT}{metrics.written(name, made.values[name])}"
        for name in made.values
    )
    return f"{_name(made)}\n{', '.join(told)}"


def table(data: LoadReport) -> Table:
    """All of them together, then one by one. A name leads to the result, a number to how it was in
    the runs before."""
    heads = (Head("Request"), Head("Below"), *map(metrics.head, data.metrics))
    first = (data.total,) if data.total and not data.offset else ()
    rows = tuple(_entries(each, data.metrics) for each in (*first, *data.requests))
    return Table(heads, rows, data.more_url)


def _entries(made: Made, told: Sequence[str]) -> tuple[Entry, ...]:
    between = "&" if "?" in made.trend_url else "?"
    at = {name: f"{made.trend_url}{between}metric={name.replace(' ', '+')}" for name in told}
    bad = "failed" if made.values.get("errors") else "passed"
    named = Entry(made.title, made.url, bad), Entry(made.suite)
    return (*named, *metrics.entries(told, made.values, at))


def choices(data: LoadReport) -> tuple[Choice, ...]:
    return (metrics.choice("Order by", data.metrics, data.by),) if data.metrics else ()


CHART = Chart(
    name="load",
    title="Load test report",
    about="One run of a load test, request by request: how many there were, how many failed, and "
    "how long they took. All together have no percentiles: those of the parts do not add up.",
    icon="gauge",
    fits=frozenset({Fit.PERFORMANCE}),
    read=read,
    draw=draw,
    table=table,
    choices=choices,
)
