"""A table as a drawing, for where a picture of it is asked for: as many rows as have room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assay.charts.axes import nothing
from assay.charts.chart import Entry, Head, Table
from assay.charts.drawing import Cell, Drawing, Line, Shape, Size, Text
from assay.charts.lettering import cut, measure
from assay.figures import count
from assay.figures import measure as written

ROW = 24
GAP = 16
WIDEST, LEAST = 320, 60  # px of a column
MARK = 18  # px of a status before a text
RIGHT = frozenset({"number", "seconds", "share"})


def draw(table: Table, size: Size, label: str, empty: str) -> Drawing:
    """The table's heads and its first rows; columns that have no room are left out."""
    if not table.rows:
        return nothing(size, label, empty)
    room = max(int((size.height - ROW - 20) // ROW), 3)
    rows = table.rows[:room]
    texts = [
        [text(entry, head) for entry, head in zip(row, table.heads, strict=True)] for row in rows
    ]
    wide = _widths(rows, table.heads, texts, size.width)
    shapes: list[Shape] = [Line(((0, ROW), (size.width, ROW)), "axis")]
    for number, (row, said) in enumerate(zip(rows, texts, strict=True), 1):
        shapes += _row(table.heads, row, said, wide, ROW * (number + 1) - 8)
        shapes.append(Line(((0, ROW * (number + 1)), (size.width, ROW * (number + 1))), "rule"))
    heads = tuple(Entry(None) for _ in table.heads)
    shapes += _row(table.heads, heads, [each.title for each in table.heads], wide, ROW - 8, "mute")
    height = ROW * (len(rows) + 1) + 4
    if len(table.rows) > len(rows):
        height += 18
        rest = count(len(table.rows) - len(rows), "more row")
        shapes.append(Text(0, height - 6, f"and {rest}", "mute"))
    return Drawing(size.width, height, label, tuple(shapes))


def text(entry: Entry, head: Head) -> str:
    """A value as people write it."""
    value = entry.value
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        return value
    metric, unit = ("rate", "") if head.kind == "share" else ("", "")
    return written(metric, value, "s" if head.kind == "seconds" else unit)


def _widths(
    rows: Sequence[Sequence[Entry]],
    heads: Sequence[Head],
    texts: Sequence[Sequence[str]],
    room: float,
) -> list[float]:
    """As wide as each has to be; the widest give way first."""
    wide = []
    for at, head in enumerate(heads):
        mark = MARK if any(row[at].status for row in rows) else 0
        widest = max(measure(text, 12) for text in (head.title, *(row[at] for row in texts)))
        wide.append(min(widest + mark, WIDEST))
    while sum(wide) + GAP * len(wide) > room and max(wide) > LEAST:
        at = wide.index(max(wide))
        wide[at] *= 0.85
    return wide


def _row(
    heads: Sequence[Head],
    row: Sequence[Entry],
    said: Sequence[str],
    wide: Sequence[float],
    y: float,
    kind: str = "",
) -> list[Shape]:
    shapes: list[Shape] = []
    x = 0.0
    for head, entry, words, width in zip(heads, row, said, wide, strict=True):
        mark = MARK if entry.status else 0
        if mark:
            shapes.append(Cell(x, y - 11, 14, 14, entry.status))
        right = head.kind in RIGHT
        shapes.append(
            Text(
                x + width if right else x + mark,
                y,
                cut(words, width - mark + 1, 12),
                kind,
                "end" if right else "start",
                title=words,
                url=entry.url,
                size=12,
            )
        )
        x += width + GAP
    return shapes
