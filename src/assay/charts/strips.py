"""Lines one below the other, each with its name, a scale of its own, and its latest figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assay.charts.axes import Plot, days, heights, nothing, scale
from assay.charts.drawing import Bar, Dot, Drawing, Group, Line, Shape, Size, Text
from assay.charts.lettering import cut, measure
from assay.charts.timeline import places
from assay.figures import change, count, exact, number

ROW, SLIM = 40, 58
LINE = 26  # px of a strip's height that its line has
MANY = 20  # rows, where there is room for them
ROOMY = 400  # px of height from which on there is
HIT = 10  # px around a point
DOTS = 100  # points of a line beyond which only the steps are marked
ALONE = 380  # px at most
ALIKE = 0.005
"""What differs by a smaller share is as before."""

ARROWS = {True: "▲", False: "▼"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A point of a line: of which run, its value and that in words. One that is a step has a `mood`
    (good, bad) and says how much it `moved`."""

    place: int
    value: float
    said: str
    url: str
    mood: str = ""
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A line; `latest` is its last figure in words, `moved` how much that differs from what is
    usual, and `mood` how that is written."""

    title: str
    suite: str
    url: str
    readings: tuple[Reading, ...]
    latest: str
    moved: str
    mood: str

    @property
    def name(self) -> str:
        return f"{self.suite} › {self.title}" if self.suite else self.title


@dataclass(frozen=True, slots=True)
class Axis:
    """When the runs were, and how values are written."""

    dates: tuple[datetime, ...]
    write: Callable[[float], str]
    seconds: bool


def moved(before: float | None, now: float) -> str:
    """ "▲ 25 %"; nothing where it is about as before."""
    if before is None or abs(now - before) < ALIKE * abs(before) or before == now:
        return ""
    said = change(before, now).lstrip("+-")
    if before and abs(now / before) >= 10:
        said = f"× {number(now / before)}"
    return f"{ARROWS[now > before]} {said}".strip()


def draw(
    strips: Sequence[Strip], axis: Axis, size: Size, label: str, why: str, *, alone: bool
) -> Drawing:
    """As many strips as there is room for, or one that has the sheet; `why` there are none."""
    known = [each for each in strips if each.readings]
    if not known:
        return nothing(size, label, why)
    return _one(known[0], axis, size, label) if alone else _all(known, axis, size, label)


def _all(strips: Sequence[Strip], axis: Axis, size: Size, label: str) -> Drawing:
    tall = SLIM if size.slim else ROW
    room = MANY if size.height >= ROOMY else max(int((size.height - 44) // tall), 2)
    shown, top = strips[:room], 22.0
    right = size.width - _right(shown, size)
    left = 0.0 if size.slim else min(max(measure(e.name, 12) for e in shown) + 16, size.width * 0.3)
    plot = Plot(left, top, right - 8, top + tall * len(shown))
    at = places(plot, axis.dates)
    shapes: list[Shape] = [Text(0, 12, label, "strong"), *_heads(right, size)]
    for row, strip in enumerate(shown):
        y = top + row * tall
        shapes.append(Line(((0, y), (size.width, y)), "rule"))
        shapes += _named(strip, size, plot, y, tall)
        shapes += _line(
            strip, axis, replace(plot, top=y + tall - LINE - 5, bottom=y + tall - 5), at
        )
    height = plot.bottom + 18
    shapes += days(plot, list(zip(at, axis.dates, strict=True)), height)
    if len(strips) > len(shown):
        height += 18
        rest = f"and {count(len(strips) - len(shown), 'more request')}"
        shapes.append(Text(0, height, rest, "mute"))
    return Drawing(size.width, height + 4, label, tuple(shapes))


def _right(shown: Sequence[Strip], size: Size) -> float:
    latest = max(measure(each.latest, 12) for each in shown) + 12
    return latest if size.slim else latest + max(*(measure(e.moved) for e in shown), 60) + 14


def _heads(right: float, size: Size) -> list[Shape]:
    if size.slim:
        return [Text(size.width, 12, "latest", "mute", "end")]
    return [Text(right, 12, "latest", "mute"), Text(size.width, 12, "on usual", "mute", "end")]


def _named(strip: Strip, size: Size, plot: Plot, y: float, tall: float) -> list[Shape]:
    """The name, and what the line has come to."""
    base, last = y + tall / 2 + 4, strip.readings[-1].url
    room = size.width - measure(strip.moved) - 12 if size.slim else plot.left - 16
    where = y + 18 if size.slim else base
    name = cut(strip.name, room, 12)
    named = Text(0, where, name, "", title=strip.name, url=strip.url, size=12)
    moved = Text(size.width, where, strip.moved, strip.mood, "end")
    x, y, anchor = (size.width, y + 42, "end") if size.slim else (plot.right + 8, base, "start")
    return [named, moved, Text(x, y, strip.latest, "strong", anchor, url=last, size=12)]


def _line(strip: Strip, axis: Axis, plot: Plot, at: Sequence[float]) -> list[Shape]:
    most = max(each.value for each in strip.readings)
    plot = replace(plot, most=most or 1)
    shapes: list[Shape] = [Line(((plot.left, plot.bottom), (plot.right, plot.bottom)), "rule")]
    shapes += [Line(piece, "line thin") for piece in _pieces(strip, plot, at)]
    return [*shapes, *_points(strip, axis, plot, at, 2.0)]


def _pieces(strip: Strip, plot: Plot, at: Sequence[float]) -> list[list[tuple[float, float]]]:
    """The line, with holes where a run has nothing of it."""
    pieces: list[list[tuple[float, float]]] = []
    before = -2
    for each in strip.readings:
        if each.place != before + 1:
            pieces.append([])
        pieces[-1].append((at[each.place], plot.y(each.value)))
        before = each.place
    return [piece for piece in pieces if len(piece) > 1]


def _points(
    strip: Strip, axis: Axis, plot: Plot, at: Sequence[float], radius: float
) -> list[Shape]:
    """What can be clicked: every point where they are few enough to be hit, the steps always."""
    few = len(axis.dates) <= DOTS
    shown = [each for each in strip.readings if few or each.mood or each is strip.readings[-1]]
    return [_point(strip, each, axis, plot, at[each.place], radius) for each in shown]


def _point(
    strip: Strip, reading: Reading, axis: Axis, plot: Plot, x: float, radius: float
) -> Group:
    y = plot.y(reading.value)
    hit = Bar(x - HIT / 2, plot.top - 2, HIT, plot.bottom - plot.top + 4, "hit")
    said = f"{strip.name}\n{reading.said} · {exact(axis.dates[reading.place])}"
    mark = _step(reading, x, y) if reading.mood else Dot(x, y, radius)
    return Group((hit, mark), said, reading.url)


def _step(reading: Reading, x: float, y: float) -> Line:
    """A triangle that points to where it went."""
    up = 1 if reading.moved.startswith(ARROWS[True]) else -1
    corners = ((x - 5.5, y + 5 * up), (x, y - 5 * up), (x + 5.5, y + 5 * up))
    return Line(corners, "failed" if reading.mood == "bad" else "passed")


def _one(strip: Strip, axis: Axis, size: Size, label: str) -> Drawing:
    """One line on the whole sheet, with what its steps amount to."""
    height = min(size.height, ALONE)
    marks = scale(max(each.value for each in strip.readings), seconds=axis.seconds)
    left = max(measure(axis.write(mark)) for mark in marks) + 14
    plot = Plot(left, 44, size.width - 24, height - 26, marks[-1])
    at = places(plot, axis.dates)
    name = cut(strip.name, size.width, 12)
    shapes: list[Shape] = [Text(0, 14, name, "strong", title=strip.name, size=12)]
    shapes += [Text(0, 30, label, "mute"), *heights(plot, marks, axis.write)]
    shapes += [Line(piece, "line") for piece in _pieces(strip, plot, at)]
    shapes += _points(strip, axis, plot, at, 3.0)
    for each in strip.readings:
        if each.mood:
            x, y = at[each.place], plot.y(each.value) - 10
            shapes.append(Text(x, y, each.moved, each.mood, "middle"))
    shapes += days(plot, list(zip(at, axis.dates, strict=True)), plot.bottom + 18)
    return Drawing(size.width, height, label, tuple(shapes))
