"""How long the runs took, and what in them took longest; a click on a line shows its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.charts import lines
from assay.charts.axes import Plot, nothing
from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Dot, Drawing, Shape, Size
from assay.charts.lines import LABEL, NAMED, Panel, Series, most
from assay.charts.segments import EMPTY
from assay.charts.timeline import places
from assay.figures import duration, exact
from assay.queries.spans import Constituent, list_spans
from assay.store.catalog.reports import Report

ROWS = 1_000_000
"""So many results, of the newest runs, are looked through for constituents."""

SMALL, SMALL_SLIM = 220, 380  # px of height up to which there is room for the whole alone


@dataclass(frozen=True, slots=True)
class Durations:
    """The runs, oldest first; the whole of what lies below `path`, and its longest parts."""

    path: tuple[str, ...]
    runs: tuple[Ref, ...]
    whole: Series
    parts: tuple[Series, ...]


def read(scope: Scope) -> Durations:
    runs = tuple(reversed(scope.reports))
    path = scope.asked.path
    spans = list_spans(scope.results, scope.profile.id, _looked_at(scope.reports), path)
    whole = Series(
        " › ".join(path) or "Run",
        "",
        tuple(spans.whole.get(each.id) if path else each.duration for each in runs),
    )
    parts = tuple(_series(scope, spans.path, each, runs) for each in spans.items)
    return Durations(spans.path, tuple(map(ref, runs)), whole, parts)


def _looked_at(reports: Sequence[Report]) -> list[int]:
    """The newest, as many as have `ROWS` results together."""
    found: list[int] = []
    total = 0
    for report in reports:
        total += report.counts.total
        if found and total > ROWS:
            break
        found.append(report.id)
    return found


def _series(
    scope: Scope, path: tuple[str, ...], part: Constituent, runs: Sequence[Report]
) -> Series:
    url = scope.chart("durations", path=(*path, part.title))
    if part.leaf:
        newest = next(each.id for each in reversed(runs) if each.id in part.seconds)
        url = f"/reports/{newest}/results/{part.position}"
    return Series(part.title, url, tuple(part.seconds.get(each.id) for each in runs))


def draw(data: Durations, size: Size) -> Drawing:
    """The whole above, its parts below it on a scale of their own: a whole hides its parts."""
    label = f"Durations of {len(data.runs)} runs"
    panels = [Panel((data.whole,), lead=True)]
    if data.parts and size.height >= (SMALL_SLIM if size.slim else SMALL):
        panels.append(Panel(data.parts))
    if most((data.whole, *data.parts)) is None:
        return nothing(size, label, "No durations are known." if data.runs else EMPTY)
    beside = NAMED if not size.slim else 0
    named = 0 if beside or len(panels) == 1 else LABEL * (len(data.parts) + 1)
    room = (size.height - 26 - named) / len(panels)
    dates = [each.date for each in data.runs]
    shapes: list[Shape] = []
    for number, panel in enumerate(panels):
        top, bottom = 10 + room * number, room * (number + 1) - 14
        plot = lines.plot_of(panel, lines.left(panels), top, size.width - (beside or 12), bottom)
        shapes += lines.draw(panel, plot, dates, beside)
        shapes += _dots(data, plot, dates) if panel.lead else []
    shapes += lines.dated(plot, dates, plot.bottom + 18)
    if named:
        below = size.height - named + 6
        shapes += lines.key(panels[0], 0, below, size.width - 30)
        shapes += lines.key(panels[1], 0, below + LABEL, size.width - 30)
    return Drawing(size.width, size.height, label, tuple(shapes))


def _dots(data: Durations, plot: Plot, dates: Sequence[datetime]) -> list[Dot]:
    at = places(plot, dates)
    radius = 2.5 if len(at) <= 120 else 1.2
    return [
        Dot(x, plot.y(s), radius, "dot", f"{duration(s)} · {exact(run.date)}", run.url)
        for x, s, run in zip(at, data.whole.values, data.runs, strict=True)
        if s is not None
    ]


def table(data: Durations) -> Table:
    own = (Head("Run", "moment"), Head("Build"), Head(data.whole.title, "seconds"))
    heads = (*own, *(Head(each.title, "seconds") for each in data.parts))
    rows = tuple(_row(data, at) for at in reversed(range(len(data.runs))))
    return Table(heads, rows)


def _row(data: Durations, at: int) -> tuple[Entry, ...]:
    run = data.runs[at]
    return (
        Entry(run.date, run.url),
        Entry(run.build),
        Entry(data.whole.values[at], run.url),
        *(Entry(each.values[at], each.url) for each in data.parts),
    )


CHART = Chart(
    name="durations",
    title="Durations",
    about="How long the runs took, and the parts that took longest. A click on a line shows what "
    "it is made of.",
    icon="lines",
    fits=frozenset({Fit.FUNCTIONAL, Fit.PERFORMANCE}),
    read=read,
    draw=draw,
    table=table,
    trail=lambda data: data.path,
)
