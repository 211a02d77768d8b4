"""A profile over its reports: what ended how, and how long the runs took.

Failures have a lane and a scale of their own below the line, so that five of five thousand are
still seen; everything else stands above it, with the duration as a line over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.rows import Counts

WIDTH = 1120
HEIGHT = 176
LEFT = 44
RIGHT = 52
ABOVE = (10.0, 96.0)  # the lane of what is no failure: top, bottom
BELOW = (99.0, 150.0)  # the lane of failures
CALM = ("passed", "flaky", "skipped", "unknown")
BAD = ("failed", "broken")
WIDEST = 28.0
ROOM = 5  # failures that their lane has room for at least: one alone is small
LABELS = 8


@dataclass(frozen=True, slots=True)
class Point:
    """One report."""

    report: int
    url: str
    date: datetime
    words: str
    counts: Counts
    duration: float | None


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of a bar."""

    status: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One report, placed."""

    point: Point
    x: float
    width: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A text on an axis."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The drawing. `line` holds the points of the duration's line, in pieces without holes."""

    columns: tuple[Column, ...]
    line: tuple[str, ...]
    dates: tuple[Label, ...]
    most: int
    worst: int
    longest: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    zero: float = ABOVE[1]


def data(points: Sequence[Point]) -> dict[str, list[object]]:
    """The same as columns for the chart in the browser; durations in seconds, times in ms."""
    columns: dict[str, list[object]] = {
        "report": [point.report for point in points],
        "url": [point.url for point in points],
        "date": [round(point.date.timestamp() * 1000) for point in points],
        "words": [point.words for point in points],
        "duration": [None if p.duration is None else round(p.duration, 3) for p in points],
    }
    columns["passed"] = [point.counts.passed - point.counts.flaky for point in points]
    for status in (*CALM[1:], *BAD):
        columns[status] = [getattr(point.counts, status) for point in points]
    return columns


def draw(points: Sequence[Point]) -> Trend:
    """Places the reports, oldest first, on a drawing of `WIDTH` by `HEIGHT`."""
    most = max((_calm(point.counts) for point in points), default=0)
    worst = max((_bad(point.counts) for point in points), default=0)
    worst = max(worst, ROOM) if worst else 0
    longest = max((point.duration or 0.0 for point in points), default=0.0)
    step = min((WIDTH - LEFT - RIGHT) / max(len(points), 1), WIDEST)
    columns = tuple(
        Column(
            point,
            round(LEFT + at * step, 2),
            round(max(step * 0.8, 0.8), 2),
            (*_stack(point.counts, most), *_hang(point.counts, worst)),
        )
        for at, point in enumerate(points)
    )
    return Trend(columns, _line(points, step, longest), _dates(points, step), most, worst, longest)


def _calm(counts: Counts) -> int:
    return counts.total - _bad(counts)


def _bad(counts: Counts) -> int:
    return counts.failed + counts.broken


def _stack(counts: Counts, most: int) -> list[Box]:
    top, y = ABOVE
    numbers = {status: getattr(counts, status) for status in CALM}
    numbers["passed"] -= counts.flaky
    boxes = []
    for status, n in numbers.items():
        if n > 0:
            height = max((ABOVE[1] - top) * n / most, 0.8)
            y -= height
            boxes.append(Box(status, round(y, 2), round(height, 2)))
    return boxes


def _hang(counts: Counts, worst: int) -> list[Box]:
    y, bottom = BELOW
    boxes = []
    for status in BAD:
        n = getattr(counts, status)
        if n > 0:
            height = max((bottom - BELOW[0]) * n / worst, 3.0)
            boxes.append(Box(status, round(y, 2), round(height, 2)))
            y += height
    return boxes


def _line(points: Sequence[Point], step: float, longest: float) -> tuple[str, ...]:
    top, bottom = ABOVE
    pieces: list[list[str]] = [[]]
    for at, point in enumerate(points):
        if point.duration is None or not longest:
            pieces.append([])
            continue
        y = bottom - (bottom - top - 6) * point.duration / longest
        pieces[-1].append(f"{LEFT + (at + 0.4) * step:.1f},{y:.1f}")
    return tuple(" ".join(piece) for piece in pieces if len(piece) > 1)


def _dates(points: Sequence[Point], step: float) -> tuple[Label, ...]:
    apart = max(1, round(len(points) / LABELS), round(64 / step))
    return tuple(
        Label(f"{point.date.day} {point.date:%b}", round(LEFT + at * step, 2), HEIGHT - 8)
        for at, point in enumerate(points)
        if at % apart == 0
    )
