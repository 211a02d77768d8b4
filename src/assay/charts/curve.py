"""One number over its latest readings, as a line: does it rise or fall?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 160
HEIGHT = 24
INSET = 2.5


@dataclass(frozen=True, slots=True)
class Curve:
    """The line as SVG's `points`, and where its last point lies; empty with fewer than two
    readings."""

    points: str
    x: float
    y: float
    title: str
    width: int = WIDTH
    height: int = HEIGHT


def draw(values: Sequence[float]) -> Curve:
    """The curve of `values`, oldest first, between the least and the greatest of them."""
    if len(values) < 2:
        return Curve("", 0.0, 0.0, "")
    least, most = min(values), max(values)
    spread = most - least
    step = (WIDTH - 2 * INSET) / (len(values) - 1)
    places = [
        (round(INSET + at * step, 1), _height((value - least) / spread if spread else 0.5))
        for at, value in enumerate(values)
    ]
    line = " ".join(f"{x},{y}" for x, y in places)
    return Curve(line, *places[-1], f"{len(values)} readings, the newest at the right")


def _height(share: float) -> float:
    return round(HEIGHT - INSET - share * (HEIGHT - 2 * INSET), 1)
