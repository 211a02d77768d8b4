"""The latest run of each member of a set: how the tests of each segment ended, together."""

from __future__ import annotations

from assay.charts import segments
from assay.charts.chart import Chart, Fit, Scope
from assay.charts.drawing import Drawing, Size
from assay.charts.segments import Level
from assay.figures import count
from assay.queries.load import has_load
from assay.store.catalog.reports import Report


def read(scope: Scope) -> Level:
    """Members that are load tests have no say: their requests are no tests of this hierarchy."""
    tests = [each for each in scope.latest if not has_load(scope.results, *_place(each))]
    return segments.read(scope, "aggregate", tests)


def _place(report: Report) -> tuple[int, int]:
    return report.profile_id, report.id


def draw(data: Level, size: Size) -> Drawing:
    many = count(len(data.reports), "run")
    return segments.picture(data, size, f"Results of {many} at level {len(data.path) + 1}")


CHART = Chart(
    name="aggregate",
    title="Aggregated bar chart",
    about="How the tests of each segment ended in the latest run of every member, together. "
    "Members are taken not to have tests in common.",
    icon="bars",
    fits=frozenset({Fit.SET}),
    read=read,
    draw=draw,
    table=segments.rows,
    trail=lambda data: data.path,
)
