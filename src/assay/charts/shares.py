"""One bar for one report: what share of it ended how. A failure is never too small to see."""

from __future__ import annotations

from dataclasses import dataclass

from assay.rows import Counts

WIDTH = 100.0
LEAST = 2.0  # of the width, for the smallest share there is
GAP = 0.6
ORDER = ("failed", "broken", "flaky", "unknown", "passed", "skipped")


@dataclass(frozen=True, slots=True)
class Segment:
    """A share, placed on the bar's width of 100."""

    status: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The segments, and the same in words."""

    segments: tuple[Segment, ...]
    title: str


def draw(counts: Counts) -> Bar:
    """The bar of one report; no segments for a report without results."""
    numbers = {status: getattr(counts, status) for status in ORDER}
    numbers["passed"] -= numbers["flaky"]
    present = {status: n for status, n in numbers.items() if n > 0}
    return Bar(_place(present), ", ".join(f"{n:,} {status}" for status, n in present.items()))


def _place(numbers: dict[str, int]) -> tuple[Segment, ...]:
    total = sum(numbers.values())
    room = WIDTH - GAP * (len(numbers) - 1) if numbers else 0
    wide = {status: max(room * n / total, LEAST) for status, n in numbers.items()}
    scale = room / sum(wide.values()) if wide else 0
    segments, x = [], 0.0
    for status, width in wide.items():
        segments.append(Segment(status, round(x, 2), round(width * scale, 2)))
        x += width * scale + GAP
    return tuple(segments)
