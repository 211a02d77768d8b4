"""Two runs: the tests that changed between passed and failed, in a table."""

from __future__ import annotations

from dataclasses import dataclass

from assay.charts import sheet
from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.details import said
from assay.charts.drawing import Drawing, Size
from assay.charts.segments import EMPTY
from assay.queries.changes import Change, ChangedTest, list_changes

EACH = 250  # tests of each kind
KINDS = (
    (Change.NEW_FAILURE, "new failure"),
    (Change.FIXED, "fixed"),
    (Change.NEW_TEST, "new test"),
    (Change.GONE, "gone"),
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A test that changed, and its result: of the run, or of the one before where it is gone."""

    change: str
    status: str
    name: str
    suite: str
    duration: float | None
    error: str
    url: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed in `report` since `before`. Of each kind there are 250 at most, with the
    addresses of the whole lists in `more`."""

    report: Ref | None
    before: Ref | None
    tests: tuple[Changed, ...]
    more: tuple[str, ...]


def read(scope: Scope) -> Comparison:
    newest = next(iter(scope.source.reports), None)
    earlier = [each.id for each in scope.source.earlier]
    if newest is None or not earlier:
        return Comparison(ref(newest) if newest else None, None, (), ())
    about = (scope.results, scope.profile.id, newest.id, earlier)
    tests: list[Changed] = []
    more: list[str] = []
    for change, name in KINDS:
        page = list_changes(*about, change, limit=EACH)
        shown = earlier[0] if change is Change.GONE else newest.id
        tests += [_changed(name, f"/reports/{shown}", each) for each in page.items]
        more += [f"/reports/{newest.id}?tab=changes&change={change}"] if page.next else []
    return Comparison(ref(newest), ref(scope.source.earlier[0]), tuple(tests), tuple(more))


def _changed(name: str, at: str, found: ChangedTest) -> Changed:
    return Changed(
        name,
        found.status.value,
        found.name,
        " › ".join(found.path),
        found.duration,
        said(found.type, found.message),
        f"{at}/results/{found.position}",
    )


def draw(data: Comparison, size: Size) -> Drawing:
    if data.report is None:
        why = EMPTY
    else:
        why = "No test changed." if data.before else "There is no run before this one."
    return sheet.draw(table(data), size, "The tests that changed since the run before", why)


HEADS = (
    Head("Change"),
    Head("Result"),
    Head("Test"),
    Head("Suite"),
    Head("Duration", "seconds"),
    Head("Error"),
)


def table(data: Comparison) -> Table:
    return Table(HEADS, tuple(map(_row, data.tests)), next(iter(data.more), ""))


def _row(found: Changed) -> tuple[Entry, ...]:
    return (
        Entry(found.change, found.url),
        Entry(found.status, found.url, found.status),
        Entry(found.name, found.url),
        Entry(found.suite),
        Entry(found.duration, found.url),
        Entry(found.error, found.url if found.error else ""),
    )


CHART = Chart(
    name="comparison",
    title="Historical comparison details",
    about="The tests that changed since the run before: began to fail, were fixed, are new or "
    "gone.",
    icon="swap",
    fits=frozenset({Fit.FUNCTIONAL}),
    read=read,
    draw=draw,
    table=table,
    tabular=True,
)
