"""What a chart is: what is asked of it, what it looks at, what it finds, and how that is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from assay.charts.drawing import Drawing, Size
from assay.errors import Invalid
from assay.store.catalog.profiles import Kind, Profile
from assay.store.catalog.reports import Report
from assay.store.results import Results

Data = TypeVar("Data")

MOST = 500
"""Reports that a chart looks at; of a longer window, the newest of them."""

RANGE = "30"
_RANGE = re.compile(r"(\d{1,4})([dw]?)")
_DAYS = {"d": 1, "w": 7}
LONGEST_PATH = 64
LONGEST_NAME = 255  # of a metric
MOST_COLUMNS = 20  # that can be asked for


class Fit(StrEnum):
    """What a chart has something to say of."""

    FUNCTIONAL = "functional"  # tests that pass or fail
    PERFORMANCE = "performance"  # load tests, with what they measured
    SET = "set"  # several profiles, the newest report of each


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks: the reports until a day (`until`, none: now) within `range`, days
    (14d), weeks (3w) or a number of reports (20), that have every one of `tags` and come from
    `branch`; what lies below `path`; a `metric` of what was measured; `columns` beside those that a
    table has; of a list, the rows from `offset` or after `cursor` on."""

    until: str = ""
    range: str = RANGE
    tags: tuple[str, ...] = ()
    branch: str = ""
    path: tuple[str, ...] = ()
    metric: str = ""
    columns: tuple[str, ...] = ()
    offset: int = 0
    cursor: str = ""

    @property
    def parts(self) -> tuple[int, str]:
        """The number of the range, and its unit: d, w or none."""
        return _parts(self.range)

    @property
    def end(self) -> datetime | None:
        """The moment after the last that counts; None for now."""
        return _moment(self.until) if self.until else None

    @property
    def span(self) -> timedelta | None:
        """How long before that, where days were asked for."""
        number, unit = self.parts
        return timedelta(days=number * _DAYS[unit]) if unit else None

    @property
    def count(self) -> int:
        """How many reports at most."""
        number, unit = self.parts
        return MOST if unit else min(max(number, 1), MOST)

    def query(self, **other: Any) -> str:
        """The address' query for the same with something else."""
        first: dict[str, Any] = {"offset": 0, "cursor": ""}
        it = replace(self, **first | other)
        pairs: list[tuple[str, object]] = [("until", it.until)]
        pairs += [("range", it.range if it.range != RANGE else ""), ("branch", it.branch)]
        pairs += [("tag", tag) for tag in it.tags]
        pairs += [("path", title) for title in it.path]
        pairs += [("metric", it.metric), *(("column", each) for each in it.columns)]
        pairs += [("offset", it.offset or ""), ("cursor", it.cursor)]
        kept = [(name, value) for name, value in pairs if value != "" or name == "path"]
        return urlencode(kept)


def ask(params: Mapping[str, list[str]]) -> Asked:
    """What a query asks. Raises `Invalid` for what no chart understands."""

    def last(name: str) -> str:
        return next(iter(params.get(name, [])[-1:]), "").strip()

    def several(name: str) -> tuple[str, ...]:
        found = (value.strip() for value in params.get(name, []))
        return tuple(dict.fromkeys(value for value in found if value))

    unit = last("unit") if last("unit") in _DAYS else ""
    span = last("range") or last("last") or RANGE
    asked = Asked(
        until=last("until") if last("until") != "now" else "",
        range=f"{span}{unit}" if span.isdecimal() else span,
        tags=several("tag"),
        branch=last("branch"),
        path=tuple(params.get("path", []))[:LONGEST_PATH],
        metric=last("metric")[:LONGEST_NAME],
        columns=several("column")[:MOST_COLUMNS],
        offset=int(last("offset")) if re.fullmatch(r"\d{1,6}", last("offset")) else 0,
        cursor=last("cursor"),
    )
    _parts(asked.range)
    _ = asked.end
    return asked


def _parts(text: str) -> tuple[int, str]:
    found = _RANGE.fullmatch(text)
    if found is None:
        said = f"{text[:40]!r} is no range. Ask for days (14d), weeks (3w) or reports (20)."
        raise Invalid(said, "range")
    return int(found[1]), found[2]


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        at = at + timedelta(days=1) if len(text) == len("2026-01-31") else at
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        said = f"{text[:40]!r} is no date. Write it as 2026-01-31, or 2026-01-31T18:00:00Z."
        raise Invalid(said, "until") from None


@dataclass(frozen=True, slots=True)
class Ref:
    """A report, as what a chart finds names it."""

    id: int
    url: str
    date: datetime
    build: str = ""


def ref(report: Report) -> Ref:
    """The same as `report`, in short."""
    return Ref(report.id, f"/reports/{report.id}", report.date, report.build)


@dataclass(frozen=True, slots=True)
class Source:
    """A profile with those of its reports that a chart looks at, the newest first; `earlier` are
    the last ones before the newest, for what is compared with them."""

    profile: Profile
    reports: tuple[Report, ...]
    earlier: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a chart may look at. `sources` is the profile itself, or the members of a set of which
    the caller may see that they are there."""

    results: Results
    profile: Profile
    asked: Asked
    now: datetime
    sources: tuple[Source, ...]

    @property
    def several(self) -> bool:
        """Whether it is a set, whose members the sources are."""
        return self.profile.kind is Kind.SET

    @property
    def reports(self) -> tuple[Report, ...]:
        """The window's reports, the newest first; of a set, the newest of each member."""
        return self.latest if self.several else self.source.reports

    @property
    def latest(self) -> tuple[Report, ...]:
        """The newest report of the window, of each source that has one."""
        return tuple(each.reports[0] for each in self.sources if each.reports)

    @property
    def source(self) -> Source:
        """The profile itself, or the first member."""
        return self.sources[0] if self.sources else Source(self.profile, ())

    def chart(self, name: str, **other: Any) -> str:
        """The address of a chart of the same with something else."""
        query = self.asked.query(**other)
        at = f"/profiles/{self.profile.id}/charts/{name}"
        return f"{at}?{query}" if query else at


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a table. `kind` says how its values are written: text, number, seconds, moment,
    share (of 1), or status."""

    title: str
    kind: str = "text"


Value = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A value in a table, and where the rows behind it are."""

    value: Value
    url: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a chart shows, as rows; `more` is the address of those that follow."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Entry, ...], ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a chart lets its reader choose: the parameter of the address, and the values that it may
    have with their titles. Of one with `several`, each of those `chosen` can be taken away."""

    name: str
    title: str
    options: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class Chart(Generic[Data]):
    """A kind of chart. `about` is what its card says; `xlt` are the types of XL TestView's reports
    that it answers for; a `tabular` one is its table, and is drawn only where a picture is asked
    for. `trail` is there where a chart follows `path`: where it has got to; `choices` where there
    is something to choose beside the reports."""

    name: str
    title: str
    about: str
    icon: str
    fits: frozenset[Fit]
    read: Callable[[Scope], Data]
    draw: Callable[[Data, Size], Drawing]
    table: Callable[[Data], Table]
    xlt: tuple[str, ...] = ()
    tabular: bool = False
    trail: Callable[[Data], tuple[str, ...]] | None = None
    choices: Callable[[Data], tuple[Choice, ...]] | None = None
