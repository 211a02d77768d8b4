"""One run, or the latest of each member of a set: which share ended how."""

from __future__ import annotations

from dataclasses import dataclass

from assay.charts.axes import nothing
from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Arc, Bar, Drawing, Group, Shape, Size, Text
from assay.charts.lettering import measure
from assay.charts.segments import EMPTY
from assay.charts.stacks import numbers
from assay.figures import number, rate
from assay.rows import Counts

LEAST = 0.012  # of a turn, for the smallest share there is
GAP = 0.002
KEY = 150  # px of the list beside it


@dataclass(frozen=True, slots=True)
class Slice:
    """A share: how many of all ended so, and where they are listed."""

    status: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Pie:
    """The shares, the worst first; the reports that were counted, of which it has none or more."""

    reports: tuple[Ref, ...]
    total: int
    slices: tuple[Slice, ...]


def read(scope: Scope) -> Pie:
    found = scope.latest
    of = numbers(_sum([each.counts for each in found]))
    own = f"/reports/{found[0].id}" if len(found) == 1 else ""
    return Pie(
        tuple(map(ref, found)),
        sum(of.values()),
        tuple(Slice(status, n, _rows(scope, own, status)) for status, n in of.items()),
    )


def _rows(scope: Scope, own: str, status: str) -> str:
    return f"{own}?tab=all&status={status}" if own else scope.chart("aggregate")


def _sum(counts: list[Counts]) -> Counts:
    names = Counts.__struct_fields__
    return Counts(*(sum(getattr(each, name) for each in counts) for name in names))


def draw(data: Pie, size: Size) -> Drawing:
    label = "Shares of the tests of the latest run"
    if not data.total:
        return nothing(size, label, "No tests." if data.reports else EMPTY)
    beside = size.width >= 2 * KEY
    across = min(size.height, size.width - KEY if beside else size.width, 320)
    outer = across / 2 - 4
    x = outer + 4 if beside else size.width / 2
    shapes: list[Shape] = [*_ring(data, x, across / 2, outer)]
    passed = sum(each.count for each in data.slices if each.status in ("passed", "flaky"))
    big = min(28.0, outer / 3.2)
    shapes += [
        Text(x, across / 2 + big * 0.2, rate(passed, data.total), "strong", "middle", size=big),
        Text(x, across / 2 + big * 0.2 + 16, f"of {number(data.total)} passed", "mute", "middle"),
    ]
    if beside:
        shapes += _key(data, x + outer + 24, across / 2)
    return Drawing(size.width, across, label, tuple(shapes))


def _ring(data: Pie, x: float, y: float, outer: float) -> list[Arc]:
    wide = {each.status: max(each.count / data.total, LEAST) for each in data.slices}
    scale, arcs, start = 1 / sum(wide.values()), [], 0.0
    gap = GAP if len(data.slices) > 1 else 0
    for each in data.slices:
        end = start + wide[each.status] * scale
        title = f"{number(each.count)} {each.status}, {rate(each.count, data.total)}"
        kind = f"{each.status} soft"
        arcs.append(Arc(x, y, outer, outer * 0.66, start, end - gap, kind, title, each.url))
        start = end
    return arcs


def _key(data: Pie, x: float, middle: float) -> list[Shape]:
    top = middle - len(data.slices) * 11
    room = max(measure(number(each.count)) for each in data.slices)
    return [_line(each, x, top + at * 22, room) for at, each in enumerate(data.slices)]


def _line(part: Slice, x: float, y: float, room: float) -> Group:
    return Group(
        (
            Bar(x, y + 5, 11, 11, f"{part.status} soft", radius=2),
            Text(x + 18 + room, y + 15, number(part.count), "strong", "end"),
            Text(x + 26 + room, y + 15, part.status),
        ),
        f"{number(part.count)} {part.status}",
        part.url,
    )


def table(data: Pie) -> Table:
    heads = (Head("Result"), Head("Tests", "number"), Head("Share", "share"))
    return Table(heads, tuple(_row(each, data.total) for each in data.slices))


def _row(part: Slice, total: int) -> tuple[Entry, ...]:
    share = part.count / total if total else None
    named = Entry(part.status, part.url, part.status)
    return named, Entry(part.count, part.url), Entry(share)


CHART = Chart(
    name="pie",
    title="Pie chart",
    about="Which share of the tests of the latest run passed, failed or ended in another way.",
    icon="pie",
    fits=frozenset({Fit.FUNCTIONAL, Fit.SET}),
    xlt=("xlt.Pie",),
    read=read,
    draw=draw,
    table=table,
)
