"""Where a line of figures leaves the level that it had."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

LEAST = 5
"""Figures that make a level: of fewer nobody knows what is usual."""

MOST = 12
"""Figures of the past that count."""

SPREAD = 3.5
"""So many times the usual distance from the median is unusual. 3.5 is what Iglewicz and Hoaglin
recommend of the modified z-score (How to Detect and Handle Outliers, 1993)."""

NORMAL = 1.4826
"""The standard deviation of a normal distribution, of its median absolute deviation."""

SHARE = 0.2
"""What is nearer to the median than this share of it is noise."""


def find_steps(values: Sequence[float | None], least: float = 0.0) -> dict[int, float]:
    """The places where a value is unusual for those before it, with the level that they had. What
    differs by less than `least` is not. A step begins a new level: what stays there is usual."""
    found: dict[int, float] = {}
    level: list[float] = []
    for place, value in enumerate(values):
        if value is None:
            continue
        if len(level) >= LEAST and _far(value, level, least):
            found[place] = median(level)
            level = []
        level = [*level[1 - MOST :], value]
    return found


def usual(values: Sequence[float | None]) -> float | None:
    """The median of what was before the last; None where there is nothing."""
    known = [each for each in values[:-1] if each is not None]
    return median(known[-MOST:]) if known else None


def _far(value: float, level: Sequence[float], least: float) -> bool:
    middle = median(level)
    spread = NORMAL * median(abs(each - middle) for each in level)
    return abs(value - middle) > max(SPREAD * spread, SHARE * abs(middle), least)
