"""Load tests run after run: a metric of each request, and where it left its level.

Each request has a strip with a scale of its own, as a slow one would press the others flat. One
request alone has the whole sheet, and every figure of every run beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.charts import metrics, strips
from assay.charts.chart import Chart, Choice, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Drawing, Size
from assay.charts.segments import EMPTY
from assay.charts.steps import find_steps, usual
from assay.charts.strips import Reading, Strip
from assay.figures import count
from assay.queries.load import SAMPLES
from assay.queries.requests import METRICS, Request, list_metrics, list_requests, list_totals

ROWS = 40
PREFERRED = ("p95", "mean")
"""What is shown where nobody asks: the first of these that is known."""

LEAST = {"error rate": 0.01}
"""Differences that are too small to be told."""

BETTER = frozenset({"throughput", SAMPLES})
"""Metrics of which less is worse."""


@dataclass(frozen=True, slots=True)
class Series:
    """A request over the runs, or all of them together; None where a run has none of it. `usual` is
    the median before the last. `steps` are the places where it left its level, with that level.
    `url` leads to it alone, `urls` to what a run says of it."""

    title: str
    suite: str
    url: str
    values: tuple[float | None, ...]
    urls: tuple[str, ...]
    usual: float | None
    steps: dict[int, float]


@dataclass(frozen=True, slots=True)
class Trends:
    """The runs, oldest first; `metrics` are those that are known, `metric` is the one of `series`,
    which are the busiest first. Of one request alone, `told` is what it measured in each run."""

    path: tuple[str, ...]
    runs: tuple[Ref, ...]
    metric: str
    metrics: tuple[str, ...]
    series: tuple[Series, ...]
    told: tuple[dict[str, float], ...]
    more_url: str


def read(scope: Scope) -> Trends:
    runs = tuple(map(ref, reversed(scope.source.reports)))
    store, here = scope.results, (scope.source.profile.id, [each.id for each in runs])
    known = tuple(list_metrics(store, *here))
    metric = next((each for each in (scope.asked.metric, *PREFERRED) if each in known), SAMPLES)
    below, offset = scope.asked.path, scope.asked.offset
    found = list_requests(
        store, *here, metrics=[metric], below=below, offset=offset, limit=ROWS + 1
    )
    by: dict[int, list[Request]] = {}
    for each in found:
        by.setdefault(each.test, []).append(each)
    series = [_series(scope, runs, metric, each) for each in by.values()]
    told: tuple[dict[str, float], ...] = ()
    if len(by) == 1 and (*found[0].path, found[0].name) == below:
        every = list_requests(store, *here, below=below, limit=1)
        whole = {each.report: each.values for each in every}
        told = tuple(whole.get(run.id, {}) for run in runs)
    more = scope.chart("trends", offset=offset + ROWS) if len(series) > ROWS else ""
    if not below and not offset:
        series = [*_total(scope, runs, metric), *series]
    return Trends(below, runs, metric, known, tuple(series[: ROWS + 1]), told, more)


def _series(scope: Scope, runs: Sequence[Ref], metric: str, found: Sequence[Request]) -> Series:
    at = {each.report: each for each in found}
    one = found[0]
    values = [at[run.id].values.get(metric) if run.id in at else None for run in runs]
    urls = tuple(_result(at[run.id]) if run.id in at else run.url for run in runs)
    alone = scope.chart("trends", path=(*one.path, one.name), metric=metric)
    return _judged(one.name, " › ".join(one.path), alone, metric, values, urls)


def _total(scope: Scope, runs: Sequence[Ref], metric: str) -> list[Series]:
    profile = scope.source.profile.id
    found = list_totals(scope.results, profile, [each.id for each in runs])
    at = {each.report: each.values.get(metric) for each in found}
    values = [at.get(run.id) for run in runs]
    if all(value is None for value in values):
        return []
    urls = tuple(f"{run.url}?tab=measured" for run in runs)
    newest = scope.chart("load", metric="")
    return [_judged("All requests", "", newest, metric, values, urls)]


def _judged(
    title: str,
    suite: str,
    url: str,
    metric: str,
    values: Sequence[float | None],
    urls: tuple[str, ...],
) -> Series:
    steps = find_steps(values, LEAST.get(metric, 0.0))
    return Series(title, suite, url, tuple(values), urls, usual(values), steps)


def _result(request: Request) -> str:
    own = f"/reports/{request.report}"
    return (
        f"{own}?tab=measured" if request.position is None else f"{own}/results/{request.position}"
    )


def draw(data: Trends, size: Size) -> Drawing:
    """Strips; a click on a point opens that run's figures, one on a name the request alone."""
    label = f"{metrics.title(data.metric)} over {count(len(data.runs), 'run')}"
    seconds = METRICS[data.metric] == "s"
    axis = strips.Axis(
        tuple(each.date for each in data.runs), metrics.on_axis(data.metric), seconds
    )
    shown = [_strip(data, each) for each in data.series]
    why = "These runs measured no requests." if data.runs else EMPTY
    return strips.draw(shown, axis, size, label, why, alone=bool(data.told))


def _strip(data: Trends, series: Series) -> Strip:
    def reading(place: int, value: float) -> Reading:
        level = series.steps.get(place)
        said = metrics.written(data.metric, value)
        if level is None:
            return Reading(place, value, said, series.urls[place])
        moved = strips.moved(level, value)
        mood = _mood(data.metric, level, value)
        return Reading(place, value, f"{said}, {moved} on usual", series.urls[place], mood, moved)

    found = [reading(at, value) for at, value in enumerate(series.values) if value is not None]
    last = series.values[-1] if series.values else None
    moved = strips.moved(series.usual, last) if last is not None else ""
    unusual = bool(found) and found[-1].place == len(series.values) - 1 and bool(found[-1].mood)
    return Strip(
        series.title,
        series.suite,
        series.url,
        tuple(found),
        metrics.written(data.metric, last) or "–",
        moved,
        found[-1].mood if unusual else "mute",
    )


def _mood(metric: str, before: float, now: float) -> str:
    """Whether a step is for the better."""
    return "good" if (now > before) == (metric in BETTER) else "bad"


def table(data: Trends) -> Table:
    """A row for each request; of one alone, a row for each run."""
    return _runs(data) if data.told else _requests(data)


def _requests(data: Trends) -> Table:
    kind = metrics.head(data.metric).kind
    names = ("Latest", "Usual", "Least", "Most")
    heads = (Head("Request"), Head("Below"), *(Head(name, kind) for name in names))
    rows = tuple(_request(each) for each in data.series)
    return Table((*heads, Head("Runs", "number"), Head("Steps", "number")), rows, data.more_url)


def _request(series: Series) -> tuple[Entry, ...]:
    known = [(value, at) for at, value in enumerate(series.values) if value is not None]
    least, most = min(known, default=(None, 0)), max(known, default=(None, 0))
    last = known[-1] if known else (None, 0)
    steps = max(series.steps, default=None)

    def at(found: tuple[float | None, int]) -> Entry:
        return Entry(found[0], series.urls[found[1]] if found[0] is not None else "")

    return (
        Entry(series.title, series.url),
        Entry(series.suite),
        at(last),
        Entry(series.usual, series.url if series.usual is not None else ""),
        at(least),
        at(most),
        Entry(len(known), series.url),
        Entry(len(series.steps), "" if steps is None else series.urls[steps]),
    )


def _runs(data: Trends) -> Table:
    heads = (Head("Run", "moment"), Head("Build"), *map(metrics.head, data.metrics), Head("Step"))
    series = data.series[0]
    places = [at for at, told in enumerate(data.told) if told]
    return Table(heads, tuple(_run(data, series, at) for at in reversed(places)))


def _run(data: Trends, series: Series, at: int) -> tuple[Entry, ...]:
    run, level, value = data.runs[at], series.steps.get(at), series.values[at]
    step = strips.moved(level, value) if level is not None and value is not None else ""
    told = metrics.entries(data.metrics, data.told[at], series.urls[at])
    return (
        Entry(run.date, run.url),
        Entry(run.build, run.url if run.build else ""),
        *told,
        Entry(step),
    )


def choices(data: Trends) -> tuple[Choice, ...]:
    return (metrics.choice("Metric", data.metrics, data.metric),) if data.metrics else ()


CHART = Chart(
    name="trends",
    title="Load test trends",
    about="One metric of each request over the runs, each on a scale of its own. A mark stands "
    "where a request left its level: further from the median of the runs before than they are from "
    "each other, and by a fifth at least.",
    icon="lines",
    fits=frozenset({Fit.PERFORMANCE}),
    read=read,
    draw=draw,
    table=table,
    trail=lambda data: data.path,
    choices=choices,
)
