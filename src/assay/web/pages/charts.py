"""A profile's charts: which there are, and one of them with its filters and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from sqlalchemy import Connection
from starlette.responses import Response

from assay.charts.chart import Asked, Chart, Choice, Scope
from assay.charts.drawing import Size, svg
from assay.store.catalog import companies, groups, reports, windows
from assay.store.catalog.profiles import Kind, Profile
from assay.web.charting import Charted, asked_of, charted, fitting, scope_of
from assay.web.pages import chart_tables
from assay.web.pages.chart_tables import Sheet
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Hidden, Link, Option, Tab
from assay.web.pages.profile_views import profile_tabs
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, may_edit

router = APIRouter(include_in_schema=False, prefix="/profiles/{profile_id}/charts")

MANY = {"tag": "tags", "column": "columns"}
"""What `Asked` calls the parameters that can be given several times."""

UNITS = (("", "latest reports"), ("d", "days"), ("w", "weeks"))
DESK, PHONE = Size(960, 420), Size(358, 420)
FORMS = (
    ("svg", "SVG", "A drawing, for documents"),
    ("png", "PNG", "A picture, for slides and chats"),
    ("csv", "CSV", "The rows, for spreadsheets"),
    ("json", "JSON", "The figures, for programs"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """A chart to choose."""

    title: str
    about: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class ChartsPage:
    frame: Frame
    tabs: tuple[Tab, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A value that was chosen, and the address without it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Field:
    """Values of a parameter that can be given several times: those that are on, and those that are
    `known` and can be added. `hint` stands in the empty field."""

    name: str
    hint: str
    chips: tuple[Chip, ...]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Select:
    """A parameter of which one value is chosen."""

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the form of a chart's page holds."""

    url: str
    until: str
    number: int
    units: tuple[Option, ...]
    branches: tuple[Option, ...]
    selects: tuple[Select, ...]
    fields: tuple[Field, ...]
    hidden: tuple[Hidden, ...]
    plain_url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Export:
    title: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class ChartPage:
    """One chart. `trail` leads back up from where a click has led, `up_url` one step of it."""

    frame: Frame
    tabs: tuple[Tab, ...]
    others: tuple[Option, ...]
    title: str
    about: str
    said: str
    filters: Filters
    exports: tuple[Export, ...]
    trail: tuple[Link, ...]
    up_url: str
    drawing: Markup
    slim: Markup
    sheet: Sheet
    tabular: bool


@router.get("")
def show_charts(guest: Guest, profile_id: int) -> Response:
    scope = scope_of(guest.ours, guest.who, profile_id, Asked(range="1"))
    with guest.ours.stores.catalog.read() as conn:
        around = _frame(conn, guest, scope.profile, "")
    cards = tuple(_card(scope, each) for each in fitting(scope))
    return show("charts", ChartsPage(around, _tabs(guest, scope.profile), cards))


@router.get("/{chart}")
def show_chart(guest: Guest, profile_id: int, chart: str) -> Response:
    found = charted(guest.ours, guest.who, profile_id, chart, asked_of(guest.request))
    scope = found.scope
    with guest.ours.stores.catalog.read() as conn:
        around = _frame(conn, guest, scope.profile, found.chart.title)
        filters = _filters(conn, found)
    page = ChartPage(
        frame=around,
        tabs=_tabs(guest, scope.profile),
        others=_others(found),
        title=found.chart.title,
        about=found.chart.about,
        said=chart_tables.window(scope),
        filters=filters,
        exports=tuple(Export(title, about, _export(found, end)) for end, title, about in FORMS),
        trail=_trail(found),
        up_url=scope.chart(found.chart.name, path=found.path[:-1]) if scope.asked.path else "",
        drawing=picture(found, DESK),
        slim=picture(found, PHONE),
        sheet=chart_tables.sheet(found.table(), guest.now),
        tabular=found.chart.tabular,
    )
    return show("chart", page)


def picture(found: Charted, size: Size) -> Markup:
    """The drawing as a part of a page; `drawing` escapes all that is not its own."""
    return Markup(svg(found.drawn(size)))  # noqa: S704


def _card(scope: Scope, chart: Chart[Any]) -> Card:
    url = f"/profiles/{scope.profile.id}/charts/{chart.name}"
    return Card(chart.title, chart.about, url, chart.icon)


def _others(found: Charted) -> tuple[Option, ...]:
    here = found.chart.name
    shown = fitting(found.scope)
    listed = shown if found.chart in shown else (found.chart, *shown)
    return tuple(
        Option(found.scope.chart(each.name, path=()), each.title, each.name == here)
        for each in listed
    )


def _export(found: Charted, end: str) -> str:
    query = found.scope.asked.query()
    at = f"/profiles/{found.scope.profile.id}/charts/{found.chart.name}.{end}"
    return f"{at}?{query}" if query else at


def _trail(found: Charted) -> tuple[Link, ...]:
    """The containers that the chart is in; none at the top."""
    if not found.chart.trail or not found.path:
        return ()
    name, path = found.chart.name, found.path
    steps = (
        Link(path[at - 1], found.scope.chart(name, path=path[:at]))
        for at in range(1, len(path) + 1)
    )
    return (Link("All", found.scope.chart(name, path=())), *steps)


def _filters(conn: Connection, found: Charted) -> Filters:
    scope, asked, name = found.scope, found.scope.asked, found.chart.name
    ids = [each.profile.id for each in scope.sources]
    known = sorted({branch for each in ids for branch in reports.branches(conn, each)})
    number, unit = asked.parts
    tags = Choice("tag", "Filter by tag", _alike(windows.tags(conn, ids)), asked.tags, several=True)
    choices = (tags, *(found.chart.choices(found.data) if found.chart.choices else ()))
    return Filters(
        url=f"/profiles/{scope.profile.id}/charts/{name}",
        until=asked.until,
        number=number,
        units=tuple(Option(value, title, value == unit) for value, title in UNITS),
        branches=_branches(known, asked.branch),
        selects=tuple(_select(each) for each in choices if not each.several),
        fields=tuple(_field(scope, name, each) for each in choices if each.several),
        hidden=_hidden(choices, asked),
        plain_url=f"/profiles/{scope.profile.id}/charts/{name}",
        on=asked != replace(Asked(), path=asked.path, offset=asked.offset),
    )


def _alike(values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((each, each) for each in values)


def _select(choice: Choice) -> Select:
    options = (Option(value, title, value in choice.chosen) for value, title in choice.options)
    return Select(choice.name, choice.title, tuple(options))


def _field(scope: Scope, chart: str, choice: Choice) -> Field:
    def without(value: str) -> str:
        kept = tuple(each for each in choice.chosen if each != value)
        return scope.chart(chart, **{MANY[choice.name]: kept})

    chips = tuple(Chip(each, without(each)) for each in choice.chosen)
    known = (value for value, _ in choice.options if value not in choice.chosen)
    return Field(choice.name, choice.title, chips, tuple(known))


def _hidden(choices: Sequence[Choice], asked: Asked) -> tuple[Hidden, ...]:
    """What the form sends along, so that it stays as it is."""
    kept = tuple(
        Hidden(each.name, value) for each in choices if each.several for value in each.chosen
    )
    return (*kept, *(Hidden("path", title) for title in asked.path))


def _branches(known: list[str], chosen: str) -> tuple[Option, ...]:
    if not known and not chosen:
        return ()
    names = known if chosen in known or not chosen else [chosen, *known]
    options = (Option(each, each, each == chosen) for each in names)
    return (Option("", "Every branch", not chosen), *options)


def _tabs(guest: Visit, profile: Profile) -> tuple[Tab, ...]:
    edits, is_set = may_edit(guest, profile), profile.kind is Kind.SET
    return profile_tabs(profile.id, may_edit=edits, current="charts", is_set=is_set)


def _frame(conn: Connection, guest: Visit, profile: Profile, title: str) -> Frame:
    group = groups.get(conn, profile.group_id)
    company = companies.get(conn, profile.company_id)
    url = f"/companies/{profile.company_id}"
    above = (
        Link(company.name if company else "", url),
        Link(group.name if group else "", f"{url}#g{profile.group_id}"),
    )
    own = (Link(profile.name, f"/profiles/{profile.id}"),) if title else ()
    return frame(
        conn,
        guest,
        title or profile.name,
        company=profile.company_id,
        profile=profile.id,
        crumbs=(*above, *own),
    )
