"""One test over its latest results: a stroke for each, as high as it took long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 56
LEAST = 2


@dataclass(frozen=True, slots=True)
class Point:
    """One result: how it ended, how long it took, where it is read."""

    status: str
    duration: float | None
    title: str
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A point, placed."""

    point: Point
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The strokes, oldest first; `longest` is the scale's top in seconds."""

    strokes: tuple[Stroke, ...]
    longest: float
    height: int = HEIGHT


def draw(points: Sequence[Point]) -> Chart:
    """Places the points, oldest first, from zero to the longest duration among them."""
    longest = max((point.duration or 0.0 for point in points), default=0.0)
    strokes = tuple(_stroke(point, longest) for point in points)
    return Chart(strokes, longest)


def _stroke(point: Point, longest: float) -> Stroke:
    share = (point.duration or 0.0) / longest if longest else 0.0
    height = max(LEAST, round(share * HEIGHT, 1))
    return Stroke(point, round(HEIGHT - height, 1), height)
