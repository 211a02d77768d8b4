"""Lines over time: one for each of a few things, in a panel, with their names beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.charts.axes import Plot, days, heights, scale, time
from assay.charts.drawing import Group, Line, Shape, Text
from assay.charts.lettering import cut, measure
from assay.charts.timeline import places

KINDS = ("line thin", "line thin dashed", "line thin dotted", "line thin mixed")
LEAD = "line lead"
LABEL = 15  # px between two labels of lines
NAMED = 170  # px for those labels


@dataclass(frozen=True, slots=True)
class Series:
    """A line: a value for each of the runs, None where it has none."""

    title: str
    url: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines on one scale. `lead` is the first of them, drawn to stand out; `write` says what a
    mark stands for, of seconds unless told otherwise."""

    series: tuple[Series, ...]
    lead: bool = False
    title: str = ""
    write: Callable[[float], str] = time
    seconds: bool = True

    def kind(self, at: int) -> str:
        if self.lead and not at:
            return LEAD
        return KINDS[(at - self.lead) % len(KINDS)]

    def marks(self) -> list[float]:
        return scale(most(self.series) or 0, seconds=self.seconds, about=3)


def most(series: Sequence[Series]) -> float | None:
    """The largest value; None where there is none."""
    return max((v for each in series for v in each.values if v is not None), default=None)


def left(panels: Sequence[Panel]) -> float:
    """The room for the marks of every panel, which begin at one place."""
    return max(measure(each.write(mark)) for each in panels for mark in each.marks()) + 14


def plot_of(panel: Panel, x: float, top: float, right: float, bottom: float) -> Plot:
    """The panel's room on its scale."""
    return Plot(x, top, right, max(bottom, top + 40), panel.marks()[-1])


def draw(panel: Panel, plot: Plot, dates: Sequence[datetime], named: float = 0) -> list[Shape]:
    """The panel's scale and its lines, with their names in the room of `named` px beside it."""
    at = places(plot, dates)
    shapes: list[Shape] = [*heights(plot, panel.marks(), panel.write)]
    if panel.title:
        shapes.append(Text(plot.left, plot.top - 8, panel.title, "strong"))
    shapes += [_line(each, plot, at, panel.kind(n)) for n, each in enumerate(panel.series)]
    return [*shapes, *_names(panel, plot, named)] if named else shapes


def dated(plot: Plot, dates: Sequence[datetime], y: float) -> list[Shape]:
    """The days below a panel."""
    return days(plot, list(zip(places(plot, dates), dates, strict=True)), y)


def key(panel: Panel, x: float, y: float, room: float) -> list[Shape]:
    """What the lines are called, one below the other."""
    return [
        _name(each, panel.kind(n), x, y + n * LABEL, room) for n, each in enumerate(panel.series)
    ]


def _line(series: Series, plot: Plot, at: Sequence[float], kind: str) -> Group:
    """The line, with a broad one to be hit; it has holes where nothing is known."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, value in zip(at, series.values, strict=True):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((x, plot.y(value)))
    shown = [_visible(piece) for piece in pieces if piece]
    lines = [Line(piece, f"{kind}{more}") for piece in shown for more in ("", " wide")]
    return Group(tuple(lines), series.title, series.url)


def _visible(piece: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A lone point as a stroke."""
    (x, y) = piece[0]
    return [(x - 3, y), (x + 3, y)] if len(piece) == 1 else piece


def _names(panel: Panel, plot: Plot, named: float) -> list[Shape]:
    """The names beside the ends of their lines, none over another."""
    ends = [(_last(each), n) for n, each in enumerate(panel.series)]
    wanted = sorted((plot.y(last), n) for last, n in ends if last is not None)
    over, placed = plot.top - LABEL, []
    for y, n in wanted:
        over = max(y, over + LABEL)
        placed.append((over, n))
    lift = max(over - plot.bottom, 0)
    return [
        _name(panel.series[n], panel.kind(n), plot.right + 8, y - lift, named - 40)
        for y, n in placed
    ]


def _last(series: Series) -> float | None:
    return next((each for each in reversed(series.values) if each is not None), None)


def _name(series: Series, kind: str, x: float, y: float, room: float) -> Group:
    text = Text(x + 22, y + 4, cut(series.title, room), "strong" if kind == LEAD else "")
    return Group((Line(((x, y), (x + 16, y)), kind), text), series.title, series.url)
