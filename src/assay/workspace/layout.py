"""The grid of a dashboard: where tiles may be, and how they settle where they would overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.errors import Invalid

COLUMNS = 12
TALLEST = 24  # rows that a tile may have
LOWEST = 144  # rows that a dashboard may have; the stylesheet of the grid has as many
SMALLEST = (2, 2)  # columns and rows, less shows nothing


@dataclass(frozen=True, slots=True)
class Box:
    """`w` columns by `h` rows from column `x` and row `y` on, both counted from 0."""

    x: int
    y: int
    w: int
    h: int

    def meets(self, other: Box) -> bool:
        """Whether the two overlap."""
        across = self.x < other.x + other.w and other.x < self.x + self.w
        return across and self.y < other.y + other.h and other.y < self.y + self.h


def check(box: Box, title: str) -> None:
    """Raise `Invalid` for a box that is not on the grid; `title` says which."""
    least_w, least_h = SMALLEST
    if not (least_w <= box.w <= COLUMNS and least_h <= box.h <= TALLEST):
        raise Invalid(
            f"{title} is {box.w} by {box.h}: a tile is {least_w} to {COLUMNS} columns wide and "
            f"{least_h} to {TALLEST} rows high.",
            "tiles",
        )
    if not (0 <= box.x <= COLUMNS - box.w and 0 <= box.y < LOWEST):
        raise Invalid(
            f"{title} is at column {box.x}, row {box.y}: with {box.w} columns it begins in columns "
            f"0 to {COLUMNS - box.w}, and in rows 0 to {LOWEST - 1}.",
            "tiles",
        )


def settle(boxes: Sequence[Box]) -> list[Box]:
    """The boxes in their order, none over another, each as high up as those above it let it be.

    From the top left on, a box that would lie on one that has its place is put below that. Raises
    `Invalid` where the grid is not long enough.
    """
    settled: dict[int, Box] = {}
    for number in sorted(range(len(boxes)), key=lambda each: (boxes[each].y, boxes[each].x)):
        settled[number] = _placed(boxes[number], list(settled.values()))
    if any(each.y + each.h > LOWEST for each in settled.values()):
        raise Invalid(f"The tiles are more than {LOWEST} rows high together.", "tiles")
    return [settled[number] for number in range(len(boxes))]


def below(boxes: Sequence[Box]) -> int:
    """The first row under all of them."""
    return max((each.y + each.h for each in boxes), default=0)


def _placed(box: Box, others: Sequence[Box]) -> Box:
    at = box
    while any(at.meets(each) for each in others):
        at = Box(at.x, at.y + 1, at.w, at.h)
    while at.y and not any(Box(at.x, at.y - 1, at.w, at.h).meets(each) for each in others):
        at = Box(at.x, at.y - 1, at.w, at.h)
    return at
