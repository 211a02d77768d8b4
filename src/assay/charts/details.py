"""One run: its tests in a table, those that failed first."""

from __future__ import annotations

from dataclasses import dataclass

from assay.charts import sheet
from assay.charts.chart import Chart, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Drawing, Size
from assay.charts.segments import EMPTY
from assay.queries.report_results import ListedResult, list_results

PAGE = 100


@dataclass(frozen=True, slots=True)
class Detail:
    """A result; `error` is how its failure begins."""

    status: str
    name: str
    suite: str
    duration: float | None
    error: str
    url: str


@dataclass(frozen=True, slots=True)
class Details:
    """Results of the report, failures first; `more_url` leads to those after them."""

    report: Ref | None
    results: tuple[Detail, ...]
    more_url: str


def read(scope: Scope) -> Details:
    newest = next(iter(scope.source.reports), None)
    if newest is None:
        return Details(None, (), "")
    page = list_results(
        scope.results,
        scope.profile.id,
        newest.id,
        path=scope.asked.path,
        cursor=scope.asked.cursor or None,
        limit=PAGE,
    )
    own = ref(newest)
    more = scope.chart("details", cursor=page.next) if page.next else ""
    return Details(own, tuple(_detail(own, each) for each in page.items), more)


def _detail(own: Ref, found: ListedResult) -> Detail:
    status = "flaky" if found.flaky and found.status == "passed" else found.status.value
    error = said(found.type, found.message)
    suite = " › ".join(found.path)
    url = f"{own.url}/results/{found.position}"
    return Detail(status, found.name, suite, found.duration, error, url)


def said(kind: str, message: str) -> str:
    """The first line of what an error says, with its type where that is not in it."""
    line = next((line.strip() for line in message.splitlines() if line.strip()), "")
    return line if not kind or line.startswith(kind) else ": ".join(filter(None, (kind, line)))


def draw(data: Details, size: Size) -> Drawing:
    return sheet.draw(table(data), size, "The tests of the latest run", EMPTY)


HEADS = (Head("Result"), Head("Test"), Head("Suite"), Head("Duration", "seconds"), Head("Error"))


def table(data: Details) -> Table:
    return Table(HEADS, tuple(map(_row, data.results)), data.more_url)


def _row(found: Detail) -> tuple[Entry, ...]:
    return (
        Entry(found.status, found.url, found.status),
        Entry(found.name, found.url),
        Entry(found.suite),
        Entry(found.duration, found.url),
        Entry(found.error, found.url if found.error else ""),
    )


CHART = Chart(
    name="details",
    title="Details",
    about="The tests of the latest run, passed and failed, with durations and errors.",
    icon="rows",
    fits=frozenset({Fit.FUNCTIONAL}),
    read=read,
    draw=draw,
    table=table,
    tabular=True,
)
