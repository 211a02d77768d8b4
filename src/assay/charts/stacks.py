"""Rows of stacked bars: a title, how many ended how, and where the rest of the story is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.charts.axes import Plot, nothing
from assay.charts.drawing import Bar, Drawing, Group, Line, Shape, Size, Text
from assay.charts.lettering import cut, measure
from assay.figures import count, number
from assay.rows import Counts

ORDER = ("failed", "broken", "flaky", "unknown", "passed", "skipped")
"""From the worst to what says least; the worst stand at the axis."""

LEAST = 3.0  # px of the smallest share of failures
ROW, BAR = 26, 12
HEAD = 26
FOOT = 22


@dataclass(frozen=True, slots=True)
class Stack:
    """One row; `numbers` says how many ended how, by status, in any order, and `words` the same
    where the statuses mean something else."""

    title: str
    url: str
    numbers: Mapping[str, int]
    words: str = ""


def numbers(counts: Counts) -> dict[str, int]:
    """How many results ended how; one that passed in the end is counted as flaky alone."""
    found = {status: getattr(counts, status) for status in ORDER}
    found["passed"] -= found["flaky"]
    return {status: n for status, n in found.items() if n > 0}


def said(of: Mapping[str, int]) -> str:
    """ "2 failed, 40 passed"."""
    return ", ".join(f"{number(of[status])} {status}" for status in ORDER if of.get(status))


def draw(stacks: Sequence[Stack], size: Size, heading: str, empty: str, names: str) -> Drawing:
    """The rows, as many as there is room for; what has none is counted below. `names` is what a
    row is one of, `empty` why there is none."""
    if not stacks:
        return nothing(size, heading, empty)
    room = max(int((size.height - HEAD - FOOT) // ROW), 3)
    shown = stacks[:room] if len(stacks) <= room else stacks[: room - 1]
    most = max(sum(each.numbers.values()) for each in shown)
    left = _left(shown, size)
    bottom = HEAD + len(shown) * ROW
    plot = Plot(left, HEAD, size.width - _right(shown), bottom, 1)
    shapes: list[Shape] = [Text(0, 14, cut(heading, size.width, 12), "strong", size=12)]
    shapes += [_row(each, at, plot, most) for at, each in enumerate(shown)]
    shapes.append(Line(((left, HEAD), (left, bottom)), "axis"))
    if len(stacks) > len(shown):
        rest = count(len(stacks) - len(shown), f"more {names}", f"more {names}s")
        shapes.append(Text(left, bottom + 16, f"and {rest}", "mute"))
    height = bottom + (FOOT if len(stacks) > len(shown) else 6)
    return Drawing(size.width, height, heading, tuple(shapes))


def _left(shown: Sequence[Stack], size: Size) -> float:
    widest = max(measure(each.title, 12) for each in shown)
    return round(min(widest + 12, size.width * (0.42 if size.slim else 0.36)), 1)


def _right(shown: Sequence[Stack]) -> float:
    return max(measure(_words(each)) for each in shown) + 10


def _words(stack: Stack) -> str:
    if stack.words:
        return stack.words
    of = stack.numbers
    bad = of.get("failed", 0) + of.get("broken", 0)
    total = sum(of.values())
    return f"{number(bad)} of {number(total)}" if bad else number(total)


def _row(stack: Stack, at: int, plot: Plot, most: int) -> Group:
    top = plot.top + at * ROW
    middle = top + ROW / 2
    bad = stack.numbers.get("failed", 0) + stack.numbers.get("broken", 0)
    shapes: list[Bar | Text] = [
        Bar(0, top, plot.right + _right([stack]), ROW, "hit"),
        Text(plot.left - 8, middle + 4, cut(stack.title, plot.left - 8, 12), "", "end", size=12),
    ]
    x = plot.left
    for status in ORDER:
        n = stack.numbers.get(status, 0)
        if n:
            width = max(plot.width * n / most, LEAST if status != "passed" else 1)
            shapes.append(Bar(x, middle - BAR / 2, width, BAR, f"{status} soft"))
            x += width
    shapes.append(Text(x + 6, middle + 4, _words(stack), "bad" if bad else "mute"))
    return Group(tuple(shapes), f"{stack.title}: {stack.words or said(stack.numbers)}", stack.url)
