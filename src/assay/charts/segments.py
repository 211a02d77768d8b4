"""What bar charts find: how the results below a container ended, segment by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from assay.charts.chart import Entry, Head, Ref, Scope, Table, ref
from assay.charts.drawing import Drawing, Size
from assay.charts.stacks import Stack, draw, numbers
from assay.queries.levels import Segment, list_segments
from assay.rows import Counts
from assay.store.catalog.reports import Report

HEADS = (
    Head("Name"),
    Head("Tests", "number"),
    *(Head(title, "number") for title in ("Passed", "Failed", "Broken", "Skipped", "Unknown")),
    Head("Flaky", "number"),
    Head("Time", "seconds"),
)
COLUMNS = ("total", "passed", "failed", "broken", "skipped", "unknown", "flaky")
EMPTY = "No report in this stretch of time."


@dataclass(frozen=True, slots=True)
class Part:
    """A segment: a container, or a test (`test`). `rows_url` is where its results are listed."""

    title: str
    test: bool
    counts: Counts
    duration: float | None
    url: str
    rows_url: str


@dataclass(frozen=True, slots=True)
class Level:
    """One level below `path`; `reports` are those that were counted. `more`: there is more."""

    path: tuple[str, ...]
    reports: tuple[Ref, ...]
    parts: tuple[Part, ...]
    more: bool


def read(scope: Scope, chart: str, found: Sequence[Report]) -> Level:
    """The level that the address asks for, of the reports `found`; `chart` is where a segment's
    own segments are drawn."""
    of: Mapping[int, int] = {each.id: each.profile_id for each in found}
    level = list_segments(scope.results, of, scope.asked.path)
    parts = tuple(_part(scope, chart, level.path, each, found) for each in level.items)
    return Level(level.path, tuple(map(ref, found)), parts, level.more)


def _part(
    scope: Scope, chart: str, path: tuple[str, ...], found: Segment, reports: Sequence[Report]
) -> Part:
    own = f"/reports/{found.report}"
    if found.leaf:
        rows = url = f"{own}/results/{found.position}"
    else:
        url = scope.chart(chart, path=(*path, found.title))
        tree = urlencode({"tab": "tree", "path": (*path, found.title)}, doseq=True)
        rows = f"{own}?{tree}" if len(reports) == 1 else url
    return Part(found.title, found.leaf, found.counts, found.duration, url, rows)


def picture(data: Level, size: Size, what: str) -> Drawing:
    """The level as rows of bars."""
    where = f" in {' › '.join(data.path)}" if data.path else ""
    stacks = [Stack(each.title, each.url, numbers(each.counts)) for each in data.parts]
    heading = f"{what}{where}"
    return draw(stacks, size, heading, EMPTY if not data.reports else "No tests here.", "segment")


def rows(data: Level) -> Table:
    """The level as a table."""
    return Table(HEADS, tuple(_row(each) for each in data.parts))


def _row(part: Part) -> tuple[Entry, ...]:
    counts = (getattr(part.counts, name) for name in COLUMNS)
    return (
        Entry(part.title, part.url),
        *(Entry(n, part.rows_url if n else "") for n in counts),
        Entry(part.duration),
    )
