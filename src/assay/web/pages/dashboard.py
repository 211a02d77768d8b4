"""A dashboard to look at: its tiles, the time they look at, the whole screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import JSONResponse, Response

from assay import auth
from assay.auth import Right
from assay.errors import Invalid
from assay.store.catalog import dashboards
from assay.store.catalog.dashboards import Dashboard
from assay.store.catalog.names import LONGEST
from assay.web.pages import boards
from assay.web.pages.boards import Control, TileView, Wanted
from assay.web.pages.dashboard_edit import show_editor
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Option, Public
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, go
from assay.workspace import dashboards as workspace

router = APIRouter(include_in_schema=False, prefix="/dashboards/{dashboard_id}")


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """`reload_seconds` is 0 where nothing new can come: in a stretch of time that is over.
    `stamp` is another one whenever the dashboard was changed."""

    frame: Frame
    url: str
    list_url: str
    others: tuple[Option, ...]
    control: Control
    tiles: tuple[TileView, ...]
    reload_seconds: int
    stamp: str
    full: bool
    full_url: str
    sharing_url: str
    may_edit: bool
    public: Public | None


@router.get("")
def show_dashboard(
    guest: Guest, dashboard_id: int, edit: bool = False, full: bool = False
) -> Response:
    if edit:
        return show_editor(guest, dashboard_id)
    return show("dashboard", build(guest, dashboard_id, wanted_of(guest), full=full))


@router.get("/stamp")
def show_stamp(guest: Guest, dashboard_id: int) -> Response:
    """When the dashboard was changed, for pages that stay open."""
    with guest.ours.stores.catalog.read() as conn:
        found = auth.see_dashboard(conn, guest.who, dashboard_id)
    return JSONResponse({"stamp": boards.stamp(found)})


@router.post("/copy")
def copy_dashboard(guest: Guest, dashboard_id: int) -> Response:
    """Another one with the same tiles, to be edited."""
    with guest.ours.stores.catalog.write() as conn:
        found = auth.see_dashboard(conn, guest.who, dashboard_id, Right.EDIT)
        made = workspace.make(
            conn,
            guest.who,
            found.company_id,
            f"Copy of {found.name}"[:LONGEST],
            guest.now,
            reload_seconds=found.reload_seconds,
            like=found.id,
        )
    return go(f"{made.path}?edit=1")


@router.post("/delete")
def delete_dashboard(
    guest: Guest, dashboard_id: int, sure: Annotated[bool, Form()] = False
) -> Response:
    with guest.ours.stores.catalog.write() as conn:
        auth.see_dashboard(conn, guest.who, dashboard_id, Right.EDIT)
        if not sure:
            raise Invalid("Say that the dashboard is to be deleted: sure=true.", "sure")
        found = workspace.delete(conn, guest.who, dashboard_id)
    return go(f"/companies/{found.company_id}/dashboards?deleted=1")


def wanted_of(guest: Visit) -> Wanted:
    """What the page's address asks of all tiles."""
    return boards.wanted_of(guest.request)


def build(guest: Visit, dashboard_id: int, wanted: Wanted, *, full: bool) -> DashboardPage:
    """The page of what `guest` may see."""
    with guest.ours.stores.catalog.read() as conn:
        found = auth.see_dashboard(conn, guest.who, dashboard_id)
        around = boards.around(conn, guest, found)
        tiles = workspace.tiles_in_sight(conn, found, guest.who)
        called = boards.names(conn, tiles)
        above = boards.control(conn, found.path, tiles, wanted)
        siblings = dashboards.of_companies(conn, [found.company_id])
    over = wanted.end is not None and wanted.end < guest.now
    rest = f"&{above.query}" if above.query else ""
    return DashboardPage(
        frame=around,
        url=found.path,
        list_url=f"/companies/{found.company_id}/dashboards",
        others=tuple(Option(each.path, each.name, each.id == found.id) for each in siblings),
        control=above,
        tiles=tuple(boards.view(each, called[each.profile_id], wanted) for each in tiles),
        reload_seconds=0 if over else found.reload_seconds,
        stamp=boards.stamp(found),
        full=full,
        full_url=f"{found.path}?full=1{rest}",
        sharing_url=f"{found.path}/sharing" if _may(guest, found, Right.PUBLIC) else "",
        may_edit=_may(guest, found, Right.EDIT),
        public=public_mark(guest, found),
    )


def public_mark(guest: Visit, found: Dashboard) -> Public | None:
    """What the page says of itself; None for what is private."""
    if not found.share_key:
        return None
    return Public(f"{guest.base}{found.public_path}", None, f"{found.path}/sharing")


def _may(guest: Visit, found: Dashboard, right: Right) -> bool:
    return guest.who.may(right, found.company_id)
