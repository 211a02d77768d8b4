"""Two runs as a few numbers: each with what it was in the run before, and which way that went."""

from __future__ import annotations

from dataclasses import dataclass

from assay.charts.axes import nothing
from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Drawing, Group, Line, Shape, Size, Text
from assay.charts.lettering import cut, measure
from assay.charts.segments import EMPTY
from assay.figures import duration, number, rate
from assay.queries.timing import mean_durations
from assay.store.catalog.reports import Report

ROW, LEAST = 46, 24  # px
UP, DOWN = "▲", "▼"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number: now, before (None: not known), and whether more of it is worse. `unit` is number,
    seconds or share."""

    title: str
    unit: str
    now: float | None
    before: float | None
    worse: bool
    url: str

    @property
    def delta(self) -> float | None:
        if self.now is None or self.before is None:
            return None
        return round(self.now - self.before, 9)


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of `report`, beside those of the run before it."""

    report: Ref | None
    before: Ref | None
    figures: tuple[Figure, ...]


def read(scope: Scope) -> Statistics:
    newest = next(iter(scope.source.reports), None)
    before = next(iter(scope.source.earlier), None)
    if newest is None:
        return Statistics(None, None, ())
    both = [each for each in (newest, before) if each]
    mean = mean_durations(scope.results, scope.profile.id, [each.id for each in both])
    own = ref(newest)
    rows: tuple[tuple[str, str, list[float | None], bool, str], ...] = (
        ("Failed tests", "number", [_failed(each) for each in both], True, "?tab=failures"),
        ("Passed tests", "number", [each.counts.passed for each in both], False, "?tab=all"),
        ("Flakiness score", "share", [_unrest(each) for each in both], True, "?tab=changes"),
        ("Average test duration", "seconds", [mean.get(e.id) for e in both], True, "?tab=slowest"),
        ("Overall run time", "seconds", [each.duration for each in both], True, ""),
    )
    figures = tuple(
        Figure(title, unit, values[0], next(iter(values[1:]), None), worse, own.url + query)
        for title, unit, values, worse, query in rows
    )
    return Statistics(own, ref(before) if before else None, figures)


def _failed(report: Report) -> int:
    return report.counts.failed + report.counts.broken


def _unrest(report: Report) -> float | None:
    """The share of the tests that changed between passed and failed since the run before."""
    changed = report.changes.new_failures + report.changes.fixed
    return min(changed / report.counts.total, 1) if report.counts.total else None


def draw(data: Statistics, size: Size) -> Drawing:
    label = "The latest run in numbers"
    if not data.figures:
        return nothing(size, label, EMPTY)
    shapes: list[Shape] = []
    wide = min(size.width, 640)
    row = max(min((size.height - 2) / len(data.figures), ROW), LEAST)
    for at, each in enumerate(data.figures):
        shapes.append(_row(each, at * row + row / 2 + 6, wide))
        shapes.append(Line(((0, (at + 1) * row), (wide, (at + 1) * row)), "rule"))
    return Drawing(size.width, row * len(data.figures) + 2, label, tuple(shapes))


def _row(figure: Figure, base: float, wide: float) -> Group:
    moved = _moved(figure)
    right = wide - max(measure(moved, 12), 90) - 16
    title = cut(figure.title, right - measure(written(figure.unit, figure.now), 20) - 12, 13)
    return Group(
        (
            Text(0, base - 1, title, size=13),
            Text(right, base, written(figure.unit, figure.now), "strong", "end", size=18),
            Text(right + 16, base - 1, moved, _mood(figure), size=12),
        ),
        f"{figure.title}: {written(figure.unit, figure.now)}, {moved}",
        figure.url,
    )


def written(unit: str, value: float | None) -> str:
    """A figure as people write it."""
    if value is None:
        return "–"
    if unit == "seconds":
        return duration(value)
    if unit == "share":
        return rate(round(value * 1_000_000), 1_000_000)
    return number(value)


def _moved(figure: Figure) -> str:
    if figure.delta is None:
        return "no run before"
    if not figure.delta:
        return "as before"
    arrow = UP if figure.delta > 0 else DOWN
    return f"{arrow} {written(figure.unit, abs(figure.delta))}"


def _mood(figure: Figure) -> str:
    if not figure.delta:
        return "mute"
    return "bad" if (figure.delta > 0) == figure.worse else "good"


HEADS = (Head("Figure"), Head("Now"), Head("Before"), Head("Change"))


def table(data: Statistics) -> Table:
    return Table(HEADS, tuple(_entries(data, each) for each in data.figures))


def _entries(data: Statistics, figure: Figure) -> tuple[Entry, ...]:
    before = data.before.url if data.before else ""
    return (
        Entry(figure.title, figure.url),
        Entry(written(figure.unit, figure.now), figure.url),
        Entry(written(figure.unit, figure.before), before),
        Entry(_moved(figure)),
    )


CHART = Chart(
    name="statistics",
    title="General statistics",
    about="Failed and passed tests, flakiness, durations: the latest run beside the one before, "
    "with what went up and what went down. Its flakiness score is the share of its tests that "
    "changed between passed and failed since the run before.",
    icon="numbers",
    fits=frozenset({Fit.FUNCTIONAL}),
    xlt=("xlt.GeneralStatistics",),
    read=read,
    draw=draw,
    table=table,
)
