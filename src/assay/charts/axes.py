"""The room that a chart is drawn in, and what stands at its edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import floor, log10

from assay.charts.drawing import Drawing, Line, Shape, Size, Text
from assay.charts.lettering import measure
from assay.figures import UNIT, number

SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200)
APART = 64  # px between two dates
ROW = 18  # px of a line of text


@dataclass(frozen=True, slots=True)
class Plot:
    """The rectangle that values are drawn in, and what its top stands for."""

    left: float
    top: float
    right: float
    bottom: float
    most: float = 1

    def y(self, value: float) -> float:
        """How high a value lies."""
        return self.bottom - (self.bottom - self.top) * value / (self.most or 1)

    @property
    def width(self) -> float:
        return self.right - self.left


def scale(most: float, *, seconds: bool = False, about: int = 4) -> list[float]:
    """Round values from 0 to the first that is no less than `most`, about so many of them."""
    if most <= 0:
        return [0, 1]
    step = _step(most / about, seconds=seconds)
    marks = [0.0]
    while marks[-1] < most * 0.9999:
        marks.append(round(marks[-1] + step, 10))
    return marks


def _step(least: float, *, seconds: bool) -> float:
    if seconds and 1 <= least <= SECONDS[-1]:
        return next(each for each in SECONDS if each >= least)
    power = 10.0 ** floor(log10(least))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= least * 0.9999)


def heights(plot: Plot, marks: Sequence[float], write: Callable[[float], str]) -> list[Shape]:
    """The lines across the plot, and what they stand for at its left."""
    shapes: list[Shape] = []
    for mark in marks:
        y = plot.y(mark)
        kind = "rule" if mark else "axis"
        shapes.append(Line(((plot.left, y), (plot.right, y)), kind))
        shapes.append(Text(plot.left - 8, y + 4, write(mark), "mute", "end"))
    return shapes


def heights_right(plot: Plot, marks: Sequence[float], write: Callable[[float], str]) -> list[Shape]:
    """What a second scale's marks stand for, at the right."""
    return [Text(plot.right + 8, plot.y(mark) + 4, write(mark), "mute") for mark in marks]


def across(plot: Plot, marks: Sequence[float], write: Callable[[float], str]) -> list[Shape]:
    """The lines down the plot of what lies across it, and what they stand for at its foot."""
    shapes: list[Shape] = []
    for mark in marks:
        x = plot.left + plot.width * mark / (plot.most or 1)
        kind = "rule" if mark else "axis"
        shapes.append(Line(((x, plot.top), (x, plot.bottom)), kind))
        shapes.append(Text(x, plot.bottom + 16, write(mark), "mute", "middle" if mark else "start"))
    return shapes


def days(plot: Plot, at: Sequence[tuple[float, datetime]], y: float) -> list[Shape]:
    """The dates below the plot, as many as have room: of each place the day, and where several
    would be of one day the time as well."""
    shapes: list[Shape] = []
    free, said = plot.left, ""
    within = bool(at) and _day(at[0][1]) == _day(at[-1][1])
    for x, date in at:
        text = f"{date.astimezone(UTC):%H:%M}" if within else _day(date)
        width = measure(text)
        if x - width / 2 < free or x + width / 2 > plot.right + 8 or text == said:
            continue
        shapes.append(Text(x, y, text, "mute", "middle"))
        free, said = x + width / 2 + APART - width, text
    return shapes


def _day(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b}"


def whole(value: float) -> str:
    """A number on an axis; nothing where it is none that can be counted."""
    return number(value) if value == round(value) else ""


def time(seconds: float) -> str:
    """A duration on an axis, where the figures are round."""
    if not seconds:
        return "0"
    for unit, name in ((3600, "h"), (60, "min"), (1, "s")):
        if seconds >= unit:
            return f"{seconds / unit:.3g}{UNIT}{name}"
    return f"{seconds * 1000:.3g}{UNIT}ms"


def nothing(size: Size, label: str, why: str) -> Drawing:
    """A sheet that says why nothing is on it."""
    height = min(size.height, 120)
    text = Text(size.width / 2, height / 2 + 4, why, "mute", "middle", size=12)
    return Drawing(size.width, height, f"{label}: {why}", (text,))
