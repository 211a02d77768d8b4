"""Runs in a table: the gate's verdict, when each began, how long it took, and what was sent along
with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assay import gates
from assay.charts import sheet
from assay.charts.chart import Chart, Choice, Entry, Fit, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Drawing, Size
from assay.charts.segments import EMPTY
from assay.charts.telling import ended, outcome
from assay.store.catalog.reports import Report

EXTRA = 4  # columns of metadata, where nobody asks for others
KNOWN = 200
LONGEST = 120  # characters of a value
MARKS = {"pass": "passed", "fail": "failed"}


@dataclass(frozen=True, slots=True)
class Run:
    """A run; `gate` is pass, fail or none, and `reason` why it failed. `extra` are its metadata in
    the order of the overview's columns."""

    run: Ref
    profile: str
    gate: str | None
    reason: str
    status: str
    words: str
    duration: float | None
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The runs, newest first; `columns` are the metadata that were asked for, or that most of them
    have, and `known` those that there are. `several`: they are of the members of a set."""

    columns: tuple[str, ...]
    known: tuple[str, ...]
    runs: tuple[Run, ...]
    several: bool


def read(scope: Scope) -> Overview:
    names = {each.profile.id: each.profile.name for each in scope.sources}
    known = _known(scope.reports)
    columns = scope.asked.columns or known[:EXTRA]
    runs = tuple(_run(each, names[each.profile_id], columns) for each in scope.reports)
    return Overview(columns, known, runs, scope.several)


def _known(found: Sequence[Report]) -> tuple[str, ...]:
    """The metadata that reports have, the most frequent first."""
    often = Counter(name for each in found for name, value in each.metadata.items() if value)
    return tuple(name for name, _ in often.most_common(KNOWN))


def _run(report: Report, profile: str, columns: Sequence[str]) -> Run:
    return Run(
        ref(report),
        profile,
        report.gate,
        gates.explain(report.judged) if report.gate == "fail" else "",
        outcome(report.counts),
        ended(report.counts),
        report.duration,
        tuple(report.metadata.get(name, "")[:LONGEST] for name in columns),
    )


def draw(data: Overview, size: Size) -> Drawing:
    return sheet.draw(table(data), size, f"The latest {len(data.runs)} runs", EMPTY)


def table(data: Overview) -> Table:
    own = (Head("Gate"), Head("Started", "moment"), Head("Duration", "seconds"), Head("Results"))
    of = (Head("Profile"),) if data.several else ()
    extra = tuple(Head(name) for name in data.columns)
    return Table((*of, *own, Head("Build"), *extra), tuple(_row(data, each) for each in data.runs))


def _row(data: Overview, run: Run) -> tuple[Entry, ...]:
    verdict = f"failed: {run.reason}" if run.reason else MARKS.get(run.gate or "", "–")
    return (
        *((Entry(run.profile, run.run.url),) if data.several else ()),
        Entry(verdict, run.run.url, MARKS.get(run.gate or "", "")),
        Entry(run.run.date, run.run.url),
        Entry(run.duration, run.run.url),
        Entry(run.words, run.run.url, run.status),
        Entry(run.run.build),
        *(Entry(value) for value in run.extra),
    )


def choices(data: Overview) -> tuple[Choice, ...]:
    options = tuple((name, name) for name in data.known)
    return (Choice("column", "Add a column", options, data.columns, several=True),)


CHART = Chart(
    name="overview",
    title="Test run overview",
    about="The runs in a table: the gate's verdict, when they began, how long they took, how they "
    "ended, and what was sent along with them.",
    icon="rows",
    fits=frozenset(Fit),
    xlt=("xlt.TestRunOverview",),
    read=read,
    draw=draw,
    table=table,
    tabular=True,
    choices=choices,
)
