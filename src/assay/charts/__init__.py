"""One file per chart: what it looks at, what it finds, and how the server draws that.

`CHARTS` are those that stand on pages of their own and on dashboards. The small marks beside them
(badge, curve, durations, shares, spark, trend) are parts of other pages.
"""

from __future__ import annotations

from typing import Any

from assay.charts import (
    aggregate,
    bar,
    barometer,
    comparison,
    details,
    difference,
    flakiness,
    historical,
    load,
    overview,
    pie,
    runtimes,
    statistics,
    trends,
)
from assay.charts.chart import Chart

CHARTS: tuple[Chart[Any], ...] = (
    barometer.CHART,
    statistics.CHART,
    load.CHART,
    trends.CHART,
    aggregate.CHART,
    bar.CHART,
    pie.CHART,
    difference.CHART,
    comparison.CHART,
    historical.CHART,
    runtimes.CHART,
    flakiness.CHART,
    details.CHART,
    overview.CHART,
)
"""In the order in which they are offered."""


def find(name: str) -> Chart[Any] | None:
    """The chart of that name, ours or XL TestView's."""
    return next((each for each in CHARTS if each.name == name or name in each.xlt), None)
