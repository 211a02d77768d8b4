"""A dashboard under the hands of someone who changes it: one form holds all of it, and saves all of
it at once. A script moves the tiles about; without one, numbers do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.auth import Right
from assay.charts import find
from assay.charts.chart import Asked
from assay.errors import Invalid
from assay.store.catalog import profiles
from assay.store.catalog.dashboards import Dashboard, Tile
from assay.web.charting import fitting, scope_of
from assay.web.pages import boards
from assay.web.pages.boards import Place, Wanted
from assay.web.pages.dashboards import seconds_of
from assay.web.pages.frame import Choices, Frame
from assay.web.pages.parts import Option
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, go
from assay.workspace import dashboards as workspace
from assay.workspace.dashboards import Draft, charts_for
from assay.workspace.layout import COLUMNS, LOWEST, TALLEST, Box, below

router = APIRouter(include_in_schema=False, prefix="/dashboards/{dashboard_id}")

ROWS = 4
"""How high a new tile is; it is half as wide as the grid."""


MEANWHILE = (
    "Somebody else has saved this dashboard since you began. Below is yours: look at theirs in "
    "another window, or save once more to put yours in its place."
)


@dataclass(frozen=True, slots=True)
class EditTile:
    """A tile with all that can be said of it. `part_url` is what it shows as it was saved."""

    uuid: str
    shown: str
    about: str
    title: str
    at: Place
    profiles: tuple[Choices, ...]
    charts: tuple[Option, ...]
    range: str
    branch: str
    tags: str
    path: str
    part_url: str


@dataclass(frozen=True, slots=True)
class EditPage:
    """`blank` is what a script makes new tiles of; `stamp` says which state was edited."""

    frame: Frame
    url: str
    add_url: str
    name: str
    seconds: str
    stamp: str
    tiles: tuple[EditTile, ...]
    blank: EditTile
    columns: int = COLUMNS
    tallest: int = TALLEST
    lowest: int = LOWEST
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A chart to choose for a new tile."""

    name: str
    title: str
    about: str
    icon: str


@dataclass(frozen=True, slots=True)
class AddPage:
    frame: Frame
    url: str
    back_url: str
    profiles: tuple[Choices, ...]
    profile: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it came: a value a tile in each list."""

    name: str
    seconds: str
    stamp: str
    drafts: tuple[Draft, ...]


Texts = Annotated[list[str] | None, Form()]


def editable(guest: Guest, dashboard_id: int) -> Dashboard:
    """The dashboard, for those who may change it: asked before the form is looked at."""
    with guest.ours.stores.catalog.read() as conn:
        return auth.see_dashboard(conn, guest.who, dashboard_id, Right.EDIT)


Edited = Annotated[Dashboard, Depends(editable)]


def filled(
    _found: Edited,
    name: Annotated[str, Form(max_length=1_000)] = "",
    reload_seconds: Annotated[str, Form(max_length=40)] = "",
    stamp: Annotated[str, Form(max_length=40)] = "",
    tile: Texts = None,
    profile: Texts = None,
    chart: Texts = None,
    title: Texts = None,
    x: Texts = None,
    y: Texts = None,
    w: Texts = None,
    h: Texts = None,
    range_: Annotated[list[str] | None, Form(alias="range")] = None,
    branch: Texts = None,
    tag: Texts = None,
    path: Texts = None,
    drop: Texts = None,
) -> Filled:
    """The form. Raises `Invalid` where a tile lacks a value."""
    lists = (tile, profile, chart, title, x, y, w, h, range_, branch, tag, path)
    columns = [each or [] for each in lists]
    if len({len(each) for each in columns}) > 1:
        raise Invalid("The form is not whole: a tile of it lacks a value.", "tile")
    gone = set(drop or ()) - {""}
    drafts = tuple(_draft(*row) for row in zip(*columns, strict=True) if row[0] not in gone)
    return Filled(name, reload_seconds, stamp, drafts)


@router.post("")
def save_dashboard(
    guest: Guest, found: Edited, form: Annotated[Filled, Depends(filled)]
) -> Response:
    """Name, interval and all tiles; what is not in the form is not on the dashboard any more."""
    try:
        seconds = seconds_of(form.seconds)
        with guest.ours.stores.catalog.write() as conn:
            now_there = auth.see_dashboard(conn, guest.who, found.id, Right.EDIT)
            if form.stamp != boards.stamp(now_there):
                raise Invalid(MEANWHILE, "stamp")
            workspace.change(conn, guest.who, found.id, form.name, seconds, guest.now)
            workspace.save(conn, guest.who, found.id, form.drafts, guest.now)
    except Invalid as error:
        page = _page(guest, found, form.drafts)
        again = replace(page, name=form.name, seconds=form.seconds, problem=str(error))
        return show("dashboard_edit", again, 422)
    return go(found.path)


@router.get("/add")
def show_add(guest: Guest, found: Edited, profile: str = "") -> Response:
    """Where a tile is chosen without script: first the profile, then a chart that fits it."""
    chosen = int(profile) if profile.isdecimal() else 0
    cards: tuple[Card, ...] = ()
    if chosen:
        scope = scope_of(guest.ours, guest.who, chosen, Asked(range="1"))
        cards = tuple(Card(c.name, c.title, c.about, c.icon) for c in fitting(scope))
    with guest.ours.stores.catalog.read() as conn:
        around = boards.around(conn, guest, found, "Add a tile")
    return show(
        "dashboard_add",
        AddPage(
            around,
            f"{found.path}/add",
            f"{found.path}?edit=1",
            _profiles(around, chosen),
            str(chosen or ""),
            cards,
        ),
    )


@router.post("/add")
def add_tile(
    guest: Guest,
    found: Edited,
    profile: Annotated[str, Form()] = "",
    chart: Annotated[str, Form()] = "",
) -> Response:
    """Put a tile under the others."""
    number = int(profile) if profile.isdecimal() else 0
    with guest.ours.stores.catalog.write() as conn:
        there = workspace.tiles_in_sight(conn, found, guest.who)
        under = below([workspace.box_of(each) for each in there])
        new = Draft(number, chart, y=under, w=COLUMNS // 2, h=ROWS)
        drafts = [*map(_as_draft, there), new]
        workspace.save(conn, guest.who, found.id, drafts, guest.now)
    return go(f"{found.path}?edit=1")


def show_editor(guest: Visit, dashboard_id: int) -> Response:
    """The page on which a dashboard is changed, for those who may."""
    with guest.ours.stores.catalog.read() as conn:
        found = auth.see_dashboard(conn, guest.who, dashboard_id, Right.EDIT)
        there = workspace.tiles_in_sight(conn, found, guest.who)
    return show("dashboard_edit", _page(guest, found, [_as_draft(each) for each in there]))


def _page(guest: Visit, found: Dashboard, drafts: Sequence[Draft]) -> EditPage:
    with guest.ours.stores.catalog.read() as conn:
        around = boards.around(conn, guest, found, "Edit")
        tiles = tuple(_tile(conn, around, each) for each in drafts)
    place = Place(0, 0, COLUMNS // 2, ROWS)
    blank = EditTile("", "", "", "", place, _profiles(around, 0), (), "", "", "", "", "")
    return EditPage(
        frame=around,
        url=found.path,
        add_url=f"{found.path}/add",
        name=found.name,
        seconds=str(found.reload_seconds),
        stamp=boards.stamp(found),
        tiles=tiles,
        blank=blank,
    )


def _tile(conn: Connection, around: Frame, draft: Draft) -> EditTile:
    profile = profiles.get(conn, draft.profile)
    own = draft.options
    kept = Tile(
        draft.uuid, draft.profile, draft.chart, draft.title, draft.x, draft.y, draft.w, draft.h, own
    )
    query = boards.query_of(kept, Wanted())
    chart = find(draft.chart)
    return EditTile(
        uuid=draft.uuid,
        shown=workspace.called(kept),
        about=profile.name if profile else "",
        title=draft.title,
        at=Place(draft.x, draft.y, draft.w, draft.h),
        profiles=_profiles(around, draft.profile),
        charts=tuple(
            Option(each.name, each.title, each is chart)
            for each in (charts_for(profile) if profile else ())
        ),
        range=_first(own, "range"),
        branch=_first(own, "branch"),
        tags=", ".join(own.get("tag", ())),
        path="\n".join(own.get("path", ())),
        part_url=f"/profiles/{draft.profile}/charts/{draft.chart}/tile?{query}" if chart else "",
    )


def _profiles(around: Frame, chosen: int) -> tuple[Choices, ...]:
    """The company's profiles, by group, for a select."""
    return tuple(
        Choices(
            group.title,
            tuple(Option(str(p.id), p.title, p.id == chosen) for p in group.profiles),
        )
        for group in around.groups
        if group.profiles
    )


def _as_draft(tile: Tile) -> Draft:
    return Draft(
        tile.profile_id,
        tile.chart,
        tile.x,
        tile.y,
        tile.w,
        tile.h,
        tile.title,
        tile.uuid,
        tile.options,
    )


def _draft(
    uuid: str,
    profile: str,
    chart: str,
    title: str,
    x: str,
    y: str,
    w: str,
    h: str,
    span: str,
    branch: str,
    tags: str,
    path: str,
) -> Draft:
    options = {
        "range": [span.strip()],
        "branch": [branch.strip()],
        "tag": [tag.strip() for tag in tags.split(",")],
        "path": [line.strip() for line in path.splitlines()],
    }
    kept = {name: [each for each in values if each] for name, values in options.items()}
    box = Box(*map(_whole, (x, y, w, h)))
    return Draft(
        int(profile) if profile.isdecimal() else 0,
        chart,
        box.x,
        box.y,
        box.w,
        box.h,
        title,
        uuid,
        {name: values for name, values in kept.items() if values},
    )


def _whole(text: str) -> int:
    """A number of columns or rows; what is none is -1, which no grid has."""
    return int(text.strip()[:6]) if text.strip().isdecimal() else -1


def _first(options: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(options.get(name, ())), "")
