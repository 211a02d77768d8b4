"""How a profile is doing, on one sheet: its flakiest tests, its durations, what failed last."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assay.charts import flakiness, lines
from assay.charts.axes import nothing
from assay.charts.chart import Chart, Entry, Fit, Head, Scope, Source, Table
from assay.charts.drawing import Arc, Drawing, Inset, Shape, Size, Text
from assay.charts.flakiness import WHOLE, Heat
from assay.charts.historical import History
from assay.charts.historical import read as read_history
from assay.charts.lines import Panel, Series
from assay.charts.pie import Pie
from assay.charts.pie import read as read_pie
from assay.charts.segments import EMPTY
from assay.figures import number

TESTS, RUNS = 4, 7
LEAST = 0.006  # of a turn, for the smallest share that failed


@dataclass(frozen=True, slots=True)
class Barometer:
    """The parts, and the addresses of the charts that have the whole of each."""

    flaky: Heat
    history: History
    latest: Pie
    flaky_url: str
    durations_url: str
    latest_url: str


def read(scope: Scope) -> Barometer:
    own = scope.source
    latest = replace(scope, sources=(Source(own.profile, own.reports[:RUNS], own.earlier),))
    return Barometer(
        flaky=flakiness.look(latest, 0, TESTS),
        history=read_history(scope),
        latest=read_pie(scope),
        flaky_url=scope.chart("flakiness"),
        durations_url=scope.chart("durations"),
        latest_url=scope.chart("pie"),
    )


def draw(data: Barometer, size: Size) -> Drawing:
    label = "Health"
    if not data.history.runs:
        return nothing(size, label, EMPTY)
    if size.slim:
        return _stacked(data, size)
    half = (size.width - 32) / 2
    height = max(min(size.height, 360), 200)
    flaky = _flaky(data, Size(half, height))
    room = max(height - flaky.height - 20, 100)
    dial = _dial(data, Size(half, room))
    shapes = (
        Inset(0, 0, flaky),
        Inset(0, flaky.height + 20, dial),
        Inset(half + 32, 0, _durations(data, Size(half, height))),
    )
    return Drawing(size.width, max(height, flaky.height + 20 + dial.height), label, shapes)


def _stacked(data: Barometer, size: Size) -> Drawing:
    """One part above the other, as many as have room; all of them on a phone."""
    dial = _dial(data, Size(size.width, min(size.height, 150)))
    shapes: list[Shape] = [Inset(0, 0, dial)]
    y = dial.height
    for part in (_flaky(data, Size(size.width, 150)), _durations(data, Size(size.width, 130))):
        if size.height >= WHOLE or y + 20 + part.height <= size.height:
            shapes.append(Inset(0, y + 20, part))
            y += 20 + part.height
    return Drawing(size.width, y, "Health", tuple(shapes))


def _flaky(data: Barometer, size: Size) -> Drawing:
    drawn = flakiness.draw(data.flaky, Size(min(size.width, 479), size.height))
    runs = min(len(data.flaky.runs), RUNS)
    title = Text(0, 12, f"Flakiest tests, latest {runs} runs", "strong", url=data.flaky_url)
    return Drawing(size.width, drawn.height + 26, drawn.label, (title, Inset(0, 26, drawn)))


def _durations(data: Barometer, size: Size) -> Drawing:
    title = Text(0, 12, "Durations of the runs", "strong", url=data.durations_url)
    values = tuple(each.duration for each in data.history.runs)
    if not any(values):
        why = Text(0, 34, "No durations are known.", "mute")
        return Drawing(size.width, size.height, "Durations", (title, why))
    panel = Panel((Series("Duration", data.durations_url, values),), lead=True)
    dates = [each.run.date for each in data.history.runs]
    plot = lines.plot_of(panel, lines.left([panel]), 30, size.width - 8, size.height - 22)
    shapes = (title, *lines.draw(panel, plot, dates), *lines.dated(plot, dates, plot.bottom + 18))
    return Drawing(size.width, size.height, "Durations", shapes)


def _dial(data: Barometer, size: Size) -> Drawing:
    """Half a ring: what failed of the latest run at its left, the rest at its right."""
    bad = sum(each.count for each in data.latest.slices if each.status in ("failed", "broken"))
    total = data.latest.total
    outer = min(size.height - 34, size.width / 2 - 4, 130)
    x, y = size.width / 2, outer + 6
    share = max(bad / total / 2, LEAST) if bad else 0.0
    words = f"{number(bad)} of {number(total)} failed"
    inner = outer * 0.68
    url = data.latest_url
    shapes: list[Shape] = [
        Arc(x, y, outer, inner, 0.75 + share, 1.25, "passed soft", words, url)
        if total
        else Arc(x, y, outer, inner, 0.75, 1.25, "none")
    ]
    if share:
        shapes.append(Arc(x, y, outer, inner, 0.75, 0.75 + share, "failed", words, url))
    shapes.append(Text(x, y - 4, number(bad), "strong", "middle", url=url, size=24))
    shapes.append(Text(x, y + 16, f"of {number(total)} failed", "mute", "middle", url=url, size=12))
    return Drawing(size.width, y + 22, words, tuple(shapes))


def table(data: Barometer) -> Table:
    """The flakiest tests, and what else the sheet says."""
    bad = sum(each.count for each in data.latest.slices if each.status in ("failed", "broken"))
    newest = data.history.runs[-1] if data.history.runs else None
    rows = [
        (
            Entry("Failed tests"),
            Entry(f"{number(bad)} of {number(data.latest.total)}", data.latest_url),
        ),
    ]
    if newest:
        rows.append((Entry("Latest run"), Entry(newest.words, newest.run.url)))
    for each in data.flaky.rows:
        words = f"{each.changes} of {each.possible} possible changes"
        rows.append((Entry(f"Flaky: {each.name}", each.url), Entry(words, data.flaky_url)))
    return Table((Head("What"), Head("How it is")), tuple(rows) if newest else ())


CHART = Chart(
    name="barometer",
    title="Health barometer",
    about="The four flakiest tests over the latest seven runs, the durations, and how much of the "
    "latest run failed. Each part leads to its whole.",
    icon="gauge",
    fits=frozenset({Fit.FUNCTIONAL}),
    xlt=("xlt.HealthBarometer",),
    read=read,
    draw=draw,
    table=table,
)
