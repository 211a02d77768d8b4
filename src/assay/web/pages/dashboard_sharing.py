"""Making a dashboard public, giving it another address, and making it private again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.auth import Caller, Right
from assay.web.pages import boards
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Verdict
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, go
from assay.workspace import dashboards as workspace

router = APIRouter(include_in_schema=False, prefix="/dashboards/{dashboard_id}/sharing")

DONE = {
    "public": "This is public now: whoever has the address may look at it.",
    "renewed": "This has a new address. The one before opens nothing any more.",
    "stopped": "This is private again: the address opens nothing any more.",
}


@dataclass(frozen=True, slots=True)
class DashboardSharingPage:
    """`share_url` is empty while it is private; `profiles` are whose figures guests see."""

    frame: Frame
    url: str
    may_edit: bool
    verdict: Verdict
    said: Verdict | None
    share_url: str
    embed: str
    profiles: tuple[str, ...]


@router.get("")
def show_dashboard_sharing(guest: Guest, dashboard_id: int, done: str = "") -> Response:
    with guest.ours.stores.catalog.read() as conn:
        found = auth.see_dashboard(conn, guest.who, dashboard_id)
        around = boards.around(conn, guest, found, "Sharing")
        shown = boards.names(conn, workspace.tiles_in_sight(conn, found, None))
    url = f"{guest.base}{found.public_path}" if found.share_key else ""
    page = DashboardSharingPage(
        frame=around,
        url=f"{found.path}/sharing",
        may_edit=guest.who.may(Right.PUBLIC, found.company_id),
        verdict=_verdict(bool(url)),
        said=Verdict("passed", DONE[done]) if done in DONE else None,
        share_url=url,
        embed=f"{url}?full=1",
        profiles=tuple(sorted(shown.values())),
    )
    return show("dashboard_sharing", page)


@router.post("")
def share_dashboard(guest: Guest, dashboard_id: int) -> Response:
    return _change(guest, dashboard_id, workspace.share, "public")


@router.post("/key")
def renew_dashboard_key(guest: Guest, dashboard_id: int) -> Response:
    return _change(guest, dashboard_id, workspace.renew_key, "renewed")


@router.post("/stop")
def stop_sharing_dashboard(guest: Guest, dashboard_id: int) -> Response:
    return _change(guest, dashboard_id, workspace.stop_sharing, "stopped")


def _change(
    guest: Visit, dashboard_id: int, change: Callable[[Connection, Caller, int], object], done: str
) -> Response:
    with guest.ours.stores.catalog.write() as conn:
        change(conn, guest.who, dashboard_id)
    return go(f"/dashboards/{dashboard_id}/sharing?done={done}")


def _verdict(public: bool) -> Verdict:
    if public:
        return Verdict("info", "This dashboard is public.")
    return Verdict("none", "This dashboard is private.", "Only members can look at it.")
