"""What tests measured, as tables: a report's tests with their metrics, and one test's metrics with
what they were before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assay.charts import curve
from assay.charts.curve import Curve
from assay.queries.measured import Measured, MeasuredTest, Reading, list_measured, list_readings
from assay.web.pages import words
from assay.web.pages.place import Scene
from assay.web.pages.words import Name

FIRST = (
    *("samples", "errors", "error rate", "throughput"),
    *("mean", "median", "p90", "p95", "p99", "min", "max"),
)
"""The metrics of load tests, in the order in which people look at them; others come behind."""

MOST_COLUMNS = 14


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A test, with a cell for each column: empty where it did not measure that."""

    name: Name
    url: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`more` says how many metrics have no column; they stand on the pages of the results."""

    columns: tuple[str, ...]
    rows: tuple[MeasuredRow, ...]
    more: str = ""
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of one test: what it is, what it was in the report before, and its curve."""

    name: str
    value: str
    before: str
    change: str
    curve: Curve


def table(scene: Scene, cursor: str | None, limit: int) -> Table:
    """What the scene's report measured, a page at a time."""
    report = scene.report
    page = list_measured(
        scene.stores.results, report.profile_id, report.id, cursor=cursor, limit=limit
    )
    metrics = _in_order(each.metric for test in page.items for each in test.values)
    columns, rest = metrics[:MOST_COLUMNS], metrics[MOST_COLUMNS:]
    return Table(
        tuple(columns),
        tuple(_row(scene, test, columns) for test in page.items),
        words.count(len(rest), "more metric") if rest else "",
        page.next,
    )


def metrics(scene: Scene, test: int, reports: Iterable[int]) -> tuple[Metric, ...]:
    """What `test` measured in the scene's report, and in `reports` before it, newest first."""
    report = scene.report
    earlier = [each for each in reports if each != report.id]
    readings = list_readings(scene.stores.results, report.profile_id, test, [report.id, *earlier])
    now = {each.measured.metric: each.measured for each in readings if each.report == report.id}
    past: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.report != report.id:
            past.setdefault(reading.measured.metric, []).append(reading)
    return tuple(_metric(now[name], past.get(name, [])) for name in _in_order(now))


def _in_order(metrics: Iterable[str]) -> list[str]:
    names = dict.fromkeys(metrics)
    known = [name for name in FIRST if name in names]
    return [*known, *(name for name in names if name not in FIRST)]


def _row(scene: Scene, test: MeasuredTest, columns: Sequence[str]) -> MeasuredRow:
    told = {each.metric: words.measure(each.metric, each.value, each.unit) for each in test.values}
    at = scene.place.result(scene.report.id, test.position) if test.position is not None else ""
    cells = tuple(told.get(column, "") for column in columns)
    return MeasuredRow(words.name(test.path, test.name), at, cells)


def _metric(now: Measured, past: Sequence[Reading]) -> Metric:
    alike = [each.measured.value for each in past if each.measured.unit == now.unit]
    before = alike[0] if alike else None
    return Metric(
        now.metric,
        words.measure(now.metric, now.value, now.unit),
        "" if before is None else words.measure(now.metric, before, now.unit),
        words.change(before, now.value),
        curve.draw([*reversed(alike), now.value]),
    )
