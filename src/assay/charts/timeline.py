"""Where moments lie on an axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assay.charts.axes import Plot

INSET = 6


def places(plot: Plot, dates: Sequence[datetime]) -> list[float]:
    """The x of each date, the first at the left and the last at the right; in the middle where
    they are one."""
    if not dates:
        return []
    first, last = min(dates), max(dates)
    span = (last - first).total_seconds()
    room = plot.width - 2 * INSET
    if not span:
        return [round(plot.left + plot.width / 2, 2)] * len(dates)
    return [
        round(plot.left + INSET + room * (each - first).total_seconds() / span, 2) for each in dates
    ]
