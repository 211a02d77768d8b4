"""Run after run: how the tests ended, how long they took, and how long the build took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.charts.axes import Plot, days, heights, heights_right, nothing, scale, time, whole
from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Bar, Drawing, Group, Inset, Line, Shape, Size, Text
from assay.charts.lettering import measure
from assay.charts.segments import COLUMNS, EMPTY
from assay.charts.stacks import ORDER, numbers
from assay.charts.telling import build_time, told
from assay.figures import duration
from assay.rows import Counts
from assay.store.catalog.reports import Report

WIDEST = 36.0
LEAST = 3.0  # px of failures, however few
KEY = 16  # px of a line of the key
LINES = (("line", "tests took", "duration"), ("line lead dashed", "build took", "build"))


@dataclass(frozen=True, slots=True)
class Run:
    """A run; durations in seconds. `build` is how long the whole build took."""

    run: Ref
    words: str
    counts: Counts
    duration: float | None
    build: float | None


@dataclass(frozen=True, slots=True)
class History:
    """The runs, oldest first."""

    runs: tuple[Run, ...]


def read(scope: Scope) -> History:
    return History(tuple(map(_run, reversed(scope.reports))))


def _run(report: Report) -> Run:
    build = build_time(report)
    words = _words(told(report), build)
    return Run(ref(report), words, report.counts, report.duration, build)


def _words(words: str, build: float | None) -> str:
    return f"{words} · build took {duration(build)}" if build is not None else words


def draw(data: History, size: Size) -> Drawing:
    label = f"Results and durations of {len(data.runs)} runs"
    if not data.runs:
        return nothing(size, label, EMPTY)
    counts = scale(max(each.counts.total for each in data.runs))
    took = scale(_longest(data.runs), seconds=True)
    left = max(measure(whole(mark)) for mark in counts) + 14
    right = size.width - max(measure(time(mark)) for mark in took) - 14
    key = _key(data, size)
    plot = Plot(left, 12, right, size.height - key.height - 30, counts[-1])
    step = min(plot.width / len(data.runs), WIDEST)
    at = [plot.left + (number + 0.5) * step for number in range(len(data.runs))]
    shapes: list[Shape] = [*heights(plot, counts, whole)]
    shapes += [_column(each, plot, x, step) for each, x in zip(data.runs, at, strict=True)]
    over = Plot(plot.left, plot.top, plot.right, plot.bottom, took[-1])
    if _longest(data.runs):
        shapes += heights_right(over, took, time)
        shapes += _line([each.duration for each in data.runs], over, at, "line")
        shapes += _line([each.build for each in data.runs], over, at, "line lead dashed")
    dates = [each.run.date for each in data.runs]
    shapes += days(plot, list(zip(at, dates, strict=True)), plot.bottom + 18)
    shapes.append(Inset(0, size.height - key.height, key))
    return Drawing(size.width, size.height, label, tuple(shapes))


def _longest(runs: Sequence[Run]) -> float:
    return max(seconds or 0.0 for each in runs for seconds in (each.duration, each.build))


def _column(run: Run, plot: Plot, x: float, step: float) -> Group:
    """Failures stand at the axis, where the eye compares them."""
    width = max(step * 0.78, 0.8)
    bars = [Bar(x - step / 2, plot.top, step, plot.bottom - plot.top, "hit")]
    y = plot.bottom
    for status, n in numbers(run.counts).items():
        height = (plot.bottom - plot.top) * n / plot.most
        height = max(height, LEAST if status in ("failed", "broken") else 0.8)
        y -= height
        bars.append(Bar(x - width / 2, y, width, height, f"{status} soft"))
    return Group(tuple(bars), run.words, run.run.url)


def _line(values: Sequence[float | None], plot: Plot, at: Sequence[float], kind: str) -> list[Line]:
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, value in zip(at, values, strict=True):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((x, plot.y(value)))
    return [Line(piece, kind) for piece in pieces if len(piece) > 1]


def _key(data: History, size: Size) -> Drawing:
    """What the colours and lines are, on as many lines as it takes."""
    shapes: list[Shape] = []
    x, y = 0.0, 10.0
    for name, mark, width in _marks(data):
        room = width + 5 + measure(name)
        if x and x + room > size.width:
            x, y = 0.0, y + KEY
        shapes += [replace(mark, x=x, y=y - 8)] if isinstance(mark, Bar) else [_moved(mark, x, y)]
        shapes.append(Text(x + width + 5, y, name, "mute"))
        x += room + 14
    return Drawing(size.width, y + 4, "", tuple(shapes))


def _marks(data: History) -> list[tuple[str, Bar | Line, float]]:
    """Each with its mark and how wide that is."""
    seen = {status for each in data.runs for status in numbers(each.counts)}
    found: list[tuple[str, Bar | Line, float]] = [
        (status, Bar(0, 0, 9, 9, f"{status} soft", radius=2), 9)
        for status in ORDER
        if status in seen
    ]
    for kind, name, field in LINES:
        if any(getattr(each, field) is not None for each in data.runs):
            found.append((name, Line(((0, 0), (14, 0)), kind), 14))
    return found


def _moved(line: Line, x: float, y: float) -> Line:
    return replace(line, points=tuple((x + at, y - 4) for at, _ in line.points))


HEADS = (
    Head("Run", "moment"),
    Head("Build"),
    *(Head(title, "number") for title in ("Tests", "Passed", "Failed", "Broken", "Skipped")),
    *(Head(title, "number") for title in ("Unknown", "Flaky")),
    Head("Tests took", "seconds"),
    Head("Build took", "seconds"),
)


def table(data: History) -> Table:
    return Table(HEADS, tuple(map(_row, reversed(data.runs))))


def _row(run: Run) -> tuple[Entry, ...]:
    at = run.run.url
    counted = ((name, getattr(run.counts, name)) for name in COLUMNS)
    return (
        Entry(run.run.date, at),
        Entry(run.run.build),
        *(Entry(n, _rows(at, name) if n else "") for name, n in counted),
        Entry(run.duration, at),
        Entry(run.build),
    )


def _rows(at: str, name: str) -> str:
    return f"{at}?tab=all" if name == "total" else f"{at}?tab=all&status={name}"


CHART = Chart(
    name="historical",
    title="Historical bar chart",
    about="How the tests of each run ended, how long they took, and how long the build took where "
    "it said so (the metadata ciBuildDuration).",
    icon="stack",
    fits=frozenset({Fit.FUNCTIONAL}),
    read=read,
    draw=draw,
    table=table,
)
