"""The table under a chart, and what a chart says of the time it looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assay.charts.chart import Entry, Scope, Table
from assay.web.pages import words


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    num: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, written; `at` is there for a moment, `mark` for a status."""

    text: str
    url: str
    num: bool
    mark: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str
    now: datetime


NUMBERS = frozenset({"number", "seconds", "share", "change"})
"""The kinds of columns that stand at the right."""


def sheet(table: Table, now: datetime) -> Sheet:
    """The table as a page writes it."""
    columns = tuple(Column(each.title, each.kind in NUMBERS) for each in table.heads)
    kinds = [each.kind for each in table.heads]
    rows = tuple(
        tuple(_cell(entry, kind) for entry, kind in zip(row, kinds, strict=True))
        for row in table.rows
    )
    return Sheet(columns, rows, table.more, now)


def _cell(entry: Entry, kind: str) -> Cell:
    value = entry.value
    at = value if isinstance(value, datetime) else None
    return Cell(written(entry, kind), entry.url, kind in NUMBERS, entry.status, at)


def written(entry: Entry, kind: str) -> str:
    """A value as people read it; a dash where there is none."""
    value = entry.value
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return words.exact(value)
    if isinstance(value, str):
        return value
    return WRITTEN.get(kind, str)(value)


def _share(value: float) -> str:
    return words.measure("rate", value, "")


WRITTEN: dict[str, Callable[[float], str]] = {
    "number": lambda value: words.measure("", value, ""),
    "seconds": lambda value: words.measure("", value, "s"),
    "share": _share,
}


def window(scope: Scope) -> str:
    """Which reports a chart looks at, in words."""
    found = [date for each in scope.sources for date in (r.date for r in each.reports)]
    if not found:
        return "no report in this stretch of time"
    first, last = min(found), max(found)
    many = words.count(len(found), "report")
    between = words.date(first) if first.date() == last.date() else _between(first, last)
    return f"{many}, {between}"


def _between(first: datetime, last: datetime) -> str:
    return f"{words.date(first)} – {words.date(last)}"
