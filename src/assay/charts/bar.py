"""One run: how the tests of each segment ended, level by level."""

from __future__ import annotations

from assay.charts import segments
from assay.charts.chart import Chart, Fit, Scope
from assay.charts.drawing import Drawing, Size
from assay.charts.segments import Level


def read(scope: Scope) -> Level:
    return segments.read(scope, "bar", scope.reports[:1])


def draw(data: Level, size: Size) -> Drawing:
    return segments.picture(data, size, f"Test results at level {len(data.path) + 1}")


CHART = Chart(
    name="bar",
    title="Bar chart",
    about="How the tests of each segment ended in the latest run. A click goes a level deeper.",
    icon="bars",
    fits=frozenset({Fit.FUNCTIONAL}),
    xlt=("xlt.BarChart",),
    read=read,
    draw=draw,
    table=segments.rows,
    trail=lambda data: data.path,
)
