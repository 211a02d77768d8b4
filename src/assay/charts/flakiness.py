"""Tests down, runs across: what goes back and forth between passing and failing, the worst first.

A test's flakiness is how often it changed between passed and failed, of how often it could have:
n runs have n - 1 places where it may change. Beside it stands in how many runs the test was marked
as flaky by its own tries, which no change shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.charts.axes import Plot, days, nothing
from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Cell, Drawing, Group, Line, Shape, Size, Text
from assay.charts.lettering import cut
from assay.charts.segments import EMPTY
from assay.figures import count, duration, exact, rate
from assay.model import Status
from assay.queries import grid
from assay.queries.flakiness import FlakyTest, list_flaky
from assay.queries.grid import read_cells
from assay.queries.test_errors import SaidError, read_errors_of

ROWS = 20
ROW = 22
NARROW = 9.0  # px of a cell at least: more runs than have room are in the table alone
WIDE = 18.0
WHOLE = 400  # px of height from which on every row is drawn, however high that is
SHARE = 108  # px at the right, for the figures


@dataclass(frozen=True, slots=True)
class Square:
    """A result of a test in a run; `error` is how its failure begins."""

    status: str
    duration: float | None
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A test. `changes` are of `possible` ones; `marked` is in how many runs it passed only at a
    later try. `squares` are as the runs, None where it is not in one."""

    test: str
    name: str
    suite: str
    url: str
    changes: int
    possible: int
    marked: int
    squares: tuple[Square | None, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The runs, oldest first, and the flakiest tests from `offset` on; `more_url` leads to those
    after them."""

    runs: tuple[Ref, ...]
    rows: tuple[Row, ...]
    offset: int
    more_url: str


def read(scope: Scope) -> Heat:
    return look(scope, scope.asked.offset, ROWS)


def look(scope: Scope, offset: int, limit: int) -> Heat:
    """The same, of as many rows as are asked for."""
    runs = tuple(reversed(scope.reports))
    ids = [each.id for each in runs]
    store, profile = scope.results, scope.profile.id
    found = list_flaky(store, profile, ids, offset=offset, limit=limit + 1)
    tests = [each.test for each in found[:limit]]
    cells = read_cells(store, profile, ids, tests)
    said = read_errors_of(store, profile, ids, tests)
    dates = {each.id: each.date for each in runs}
    rows = tuple(_row(each, ids, cells[each.test], said, dates) for each in found[: len(tests)])
    more = scope.chart("flakiness", offset=offset + limit) if len(found) > limit else ""
    return Heat(tuple(map(ref, runs)), rows, offset, more)


def _row(
    test: FlakyTest,
    ids: Sequence[int],
    cells: Sequence[grid.Cell | None],
    said: dict[tuple[int, int], SaidError],
    dates: dict[int, datetime],
) -> Row:
    title = " › ".join((*test.path, test.name))
    squares = tuple(
        _square(title, report, dates[report], cell, said.get((test.test, report))) if cell else None
        for report, cell in zip(ids, cells, strict=True)
    )
    newest = next((each.url for each in reversed(squares) if each), "")
    possible = max(len(ids) - 1, 0)
    suite = " › ".join(test.path)
    return Row(
        f"{test.test:016x}", test.name, suite, newest, test.changes, possible, test.marked, squares
    )


def _square(
    title: str, report: int, date: datetime, cell: grid.Cell, error: SaidError | None
) -> Square:
    status = "flaky" if cell.flaky and cell.status is Status.PASSED else cell.status.value
    parts = (status, duration(cell.duration), exact(date))
    lines = [title, " · ".join(part for part in parts if part)]
    if error and (error.message or error.type):
        lines.append(next(iter((error.message or error.type).strip().splitlines()), ""))
    url = f"/reports/{report}/results/{cell.position}"
    return Square(status, cell.duration, url, "\n".join(lines))


def draw(data: Heat, size: Size) -> Drawing:
    label = f"Flakiness of {len(data.rows)} tests over {len(data.runs)} runs"
    if not data.rows:
        why = "No test changed between passed and failed." if data.runs else EMPTY
        return nothing(size, label, why)
    left = round(size.width * (0.36 if size.slim else 0.32), 1)
    room = size.width - left - SHARE * (0.5 if size.slim else 1)
    width = min(max(room / len(data.runs), NARROW), WIDE)
    shown = min(len(data.runs), int(room / width + 0.001))
    top = 22
    rows = data.rows if size.height >= WHOLE else data.rows[: int((size.height - top - 4) // ROW)]
    plot = Plot(left, top, left + shown * width, top + len(rows) * ROW)
    first = len(data.runs) - shown
    at = [left + (n + 0.5) * width for n in range(shown)]
    dates = [each.date for each in data.runs[first:]]
    shapes: list[Shape] = [*days(plot, list(zip(at, dates, strict=True)), 12)]
    for number, row in enumerate(rows):
        shapes += _drawn(row, first, plot, top + number * ROW, width, size)
    height = plot.bottom + 4
    if first:
        shapes.append(Text(left, height + 12, f"the latest {shown} of {len(data.runs)}", "mute"))
        height += 18
    return Drawing(size.width, height, label, tuple(shapes))


def _drawn(row: Row, first: int, plot: Plot, y: float, width: float, size: Size) -> list[Shape]:
    base = y + ROW / 2 + 4
    title = f"{row.suite} › {row.name}" if row.suite else row.name
    shapes: list[Shape] = [
        Line(((0, y + ROW), (size.width, y + ROW)), "rule"),
        Text(0, base, cut(row.name, plot.left - 12, 12), title=title, url=row.url, size=12),
    ]
    for place, square in enumerate(row.squares[first:]):
        if square:
            x = plot.left + place * width
            gap = 1 if width >= 6 else 0
            cell = Cell(x, y + 3, width - gap, ROW - 6, square.status)
            shapes.append(Group((cell,), square.words, square.url))
    share = rate(row.changes, row.possible)
    shapes.append(Text(plot.right + 10, base, share, "strong", title=_said(row)))
    if row.marked and not size.slim:
        shapes.append(Text(size.width, base, f"{row.marked} × retried", "mute", "end"))
    return shapes


def _said(row: Row) -> str:
    changed = f"{count(row.changes, 'change')} of {row.possible} possible"
    return f"{changed}; marked as flaky in {count(row.marked, 'run')}"


HEADS = (
    Head("Test"),
    Head("Suite"),
    Head("Flakiness", "share"),
    Head("Changes", "number"),
    Head("Possible (runs − 1)", "number"),
    Head("Marked flaky", "number"),
    Head("Failed", "number"),
    Head("Latest"),
)


def table(data: Heat) -> Table:
    return Table(HEADS, tuple(map(_entries, data.rows)), data.more_url)


def _entries(row: Row) -> tuple[Entry, ...]:
    present = [each for each in row.squares if each]
    failed = sum(1 for each in present if each.status in ("failed", "broken"))
    latest = present[-1].status if present else ""
    share = row.changes / row.possible if row.possible else None
    return (
        Entry(row.name, row.url),
        Entry(row.suite),
        Entry(share, row.url),
        Entry(row.changes, row.url),
        Entry(row.possible),
        Entry(row.marked),
        Entry(failed, row.url),
        Entry(latest, row.url, latest),
    )


CHART = Chart(
    name="flakiness",
    title="Flakiness overview",
    about="Tests that go back and forth between passed and failed, run by run, the flakiest first: "
    "how often they changed, of the times they could have (one less than there are runs), and "
    "beside it how often they passed only at a second try.",
    icon="heat",
    fits=frozenset({Fit.FUNCTIONAL}),
    read=read,
    draw=draw,
    table=table,
)
