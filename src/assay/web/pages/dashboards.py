"""A company's dashboards, and the form that makes another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.auth import Right
from assay.errors import Invalid
from assay.store.catalog import dashboards
from assay.store.catalog.dashboards import RELOAD, Dashboard, Tile
from assay.web.pages.boards import Place
from assay.web.pages.company import tabs
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link, Option, Tab
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import dashboards as workspace
from assay.workspace.first_board import make_first
from assay.workspace.layout import below

router = APIRouter(include_in_schema=False)

LEAST_ROWS = 6  # of the small plan beside a name


@dataclass(frozen=True, slots=True)
class Plan:
    """The layout of a dashboard, very small."""

    places: tuple[Place, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A dashboard in the list."""

    title: str
    url: str
    tiles: int
    updated_at: datetime
    public: bool
    plan: Plan


@dataclass(frozen=True, slots=True)
class DashboardsPage:
    """`likes` are those a new one can be a copy of; `ready` when there are reports to show."""

    frame: Frame
    url: str
    tabs: tuple[Tab, ...]
    listed: tuple[Listed, ...]
    likes: tuple[Option, ...]
    may_edit: bool
    ready: bool
    seconds: str
    name: str = ""
    problem: str = ""
    deleted: str = ""


@router.get("/companies/{company_id}/dashboards")
def show_dashboards(guest: Guest, company_id: int, deleted: str = "") -> Response:
    """The list; a company's first visit finds one that was made for it."""
    with guest.ours.stores.catalog.read() as conn:
        auth.see_company(conn, guest.who, company_id)
        given = dashboards.was_given_one(conn, company_id)
    if not given:
        with guest.ours.stores.catalog.write() as conn:
            make_first(conn, guest.ours.stores.results, company_id, guest.now)
    return show("dashboards", build(guest, company_id, deleted=deleted[:200]))


@router.post("/companies/{company_id}/dashboards")
def make_dashboard(
    guest: Guest,
    company_id: int,
    name: Annotated[str, Form()] = "",
    reload_seconds: Annotated[str, Form()] = str(RELOAD),
    like: Annotated[str, Form()] = "",
) -> Response:
    try:
        with guest.ours.stores.catalog.write() as conn:
            made = workspace.make(
                conn,
                guest.who,
                company_id,
                name,
                guest.now,
                reload_seconds=seconds_of(reload_seconds),
                like=int(like) if like.isdecimal() else None,
            )
    except Invalid as error:
        page = build(guest, company_id, name, reload_seconds, like, str(error))
        return show("dashboards", page, 422)
    return go(f"{made.path}?edit=1")


def seconds_of(text: str) -> int:
    """Whole seconds, as a form says them. Raises `Invalid`."""
    if not text.strip().isdecimal():
        raise Invalid(f"{text[:40]!r} is no number of seconds.", "reload_seconds")
    return int(text.strip()[:9])


def build(
    guest: Visit,
    company_id: int,
    name: str = "",
    seconds: str = str(RELOAD),
    like: str = "",
    problem: str = "",
    deleted: str = "",
) -> DashboardsPage:
    with guest.ours.stores.catalog.read() as conn:
        company = auth.see_company(conn, guest.who, company_id)
        url = f"/companies/{company.id}"
        around = frame(
            conn, guest, "Dashboards", company=company.id, crumbs=(Link(company.name, url),)
        )
        found = _listed(conn, company.id)
    return DashboardsPage(
        frame=around,
        url=f"{url}/dashboards",
        tabs=tabs(company.id, "Dashboards"),
        listed=tuple(_row(each, tiles) for each, tiles in found),
        likes=tuple(Option(str(each.id), each.name, str(each.id) == like) for each, _ in found),
        may_edit=guest.who.may(Right.EDIT, company.id),
        ready=any(profile.newest for group in around.groups for profile in group.profiles),
        seconds=seconds,
        name=name,
        problem=problem,
        deleted=deleted,
    )


def _listed(conn: Connection, company_id: int) -> list[tuple[Dashboard, list[Tile]]]:
    found = dashboards.of_companies(conn, [company_id])
    tiles = dashboards.tiles_of_all(conn, [each.id for each in found])
    return [(each, tiles[each.id]) for each in found]


def _row(found: Dashboard, tiles: Sequence[Tile]) -> Listed:
    rows = max(below([workspace.box_of(each) for each in tiles]), LEAST_ROWS)
    return Listed(
        title=found.name,
        url=found.path,
        tiles=len(tiles),
        updated_at=found.updated_at,
        public=bool(found.share_key),
        plan=Plan(tuple(Place(each.x, each.y, each.w, each.h) for each in tiles), rows),
    )
