"""Two runs: which tests of each segment changed between passed and failed, level by level."""

from __future__ import annotations

from dataclasses import dataclass

from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Drawing, Size
from assay.charts.segments import EMPTY
from assay.charts.stacks import Stack
from assay.charts.stacks import draw as draw_stacks
from assay.figures import count, number
from assay.queries.changes import ChangedSegment, list_changed_segments
from assay.queries.levels import step_in


@dataclass(frozen=True, slots=True)
class Part:
    """A segment; `rows_url` is where its tests are listed."""

    title: str
    test: bool
    new_failures: int
    fixed: int
    url: str
    rows_url: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed below `path` in `report` since `before`, the run before it: a test is compared
    with its own last result, if that run lacks it."""

    path: tuple[str, ...]
    report: Ref | None
    before: Ref | None
    parts: tuple[Part, ...]


def read(scope: Scope) -> Difference:
    newest = next(iter(scope.source.reports), None)
    if newest is None:
        return Difference(scope.asked.path, None, None, ())
    earlier = scope.source.earlier
    store, profile = scope.results, scope.profile.id
    path = step_in(store, {newest.id: profile}, scope.asked.path)
    ids = [each.id for each in earlier]
    found = list_changed_segments(store, profile, newest.id, ids, path)
    before = ref(earlier[0]) if earlier else None
    own = ref(newest)
    return Difference(path, own, before, tuple(_part(scope, path, own, each) for each in found))


def _part(scope: Scope, path: tuple[str, ...], own: Ref, found: ChangedSegment) -> Part:
    at = own.url
    test = f"{at}/results/{found.position}"
    deeper = scope.chart("difference", path=(*path, found.title))
    return Part(
        found.title,
        found.leaf,
        found.new_failures,
        found.fixed,
        test if found.leaf else deeper,
        test if found.leaf else f"{at}?tab=changes",
    )


def draw(data: Difference, size: Size) -> Drawing:
    where = f" in {' › '.join(data.path)}" if data.path else ""
    stacks = [_stack(each) for each in data.parts]
    return draw_stacks(
        stacks, size, f"Began to fail, or were fixed{where}", _why_nothing(data), "segment"
    )


def _stack(part: Part) -> Stack:
    broke, fixed = part.new_failures, part.fixed
    said = (count(broke, "new failure") if broke else "", f"{number(fixed)} fixed" if fixed else "")
    numbers = {"failed": broke, "passed": fixed}
    return Stack(part.title, part.url, numbers, ", ".join(filter(None, said)))


def _why_nothing(data: Difference) -> str:
    if data.report is None:
        return EMPTY
    return "No test changed." if data.before else "There is no run before this one."


def table(data: Difference) -> Table:
    heads = (Head("Name"), Head("New failures", "number"), Head("Fixed", "number"))
    return Table(heads, tuple(_row(each) for each in data.parts))


def _row(part: Part) -> tuple[Entry, ...]:
    counts = ((part.new_failures, "new_failures"), (part.fixed, "fixed"))
    return (
        Entry(part.title, part.url),
        *(
            Entry(n, part.rows_url if part.test else f"{part.rows_url}&change={change}")
            if n
            else Entry(n)
            for n, change in counts
        ),
    )


CHART = Chart(
    name="difference",
    title="Diff bar chart",
    about="Which tests began to fail, and which were fixed, since the run before, segment by "
    "segment. A click goes a level deeper.",
    icon="stack",
    fits=frozenset({Fit.FUNCTIONAL}),
    read=read,
    draw=draw,
    table=table,
    trail=lambda data: data.path,
)
