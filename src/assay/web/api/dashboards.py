"""Dashboards: made, looked up, arranged and shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.auth import Caller, Right
from assay.errors import NotFound
from assay.store.catalog import dashboards
from assay.store.catalog.dashboards import RELOAD, Dashboard, Tile
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import Listing
from assay.workspace import dashboards as workspace
from assay.workspace.dashboards import Draft
from assay.workspace.layout import COLUMNS, LOWEST, TALLEST

router = APIRouter(prefix="/api/v3", tags=["Dashboards"])


@dataclass(frozen=True, slots=True)
class TileShape:
    """A chart of a profile on the grid of twelve columns, `w` by `h` from (`x`, `y`) on, both
    counted from 0. `options` are what its chart is asked, as in the chart's own address."""

    uuid: str
    profile_id: int
    chart: str
    title: str
    x: int
    y: int
    w: int
    h: int
    options: dict[str, list[str]]
    url: str


@dataclass(frozen=True, slots=True)
class DashboardShape:
    """Several charts side by side; `tiles` in the order they are read. `public` says whether guests
    may look."""

    id: int
    uuid: str
    company_id: int
    name: str
    reload_seconds: int
    created_at: datetime
    updated_at: datetime
    public: bool
    url: str
    tiles: list[TileShape]


@dataclass(frozen=True, slots=True)
class DashboardShareShape:
    """Whoever has `url` may look without a key."""

    dashboard_id: int
    url: str


class NewTile(BaseModel):
    """A tile. Where two would overlap, the lower one makes room downwards, and what has nothing
    above it rises."""

    profile_id: int
    chart: str = Field(description="A chart that fits it: GET /profiles/{id}/charts lists them")
    title: str = Field("", description="Empty: what the chart is called")
    x: int = Field(0, ge=0, lt=COLUMNS)
    y: int = Field(0, ge=0, lt=LOWEST)
    w: int = Field(6, ge=2, le=COLUMNS)
    h: int = Field(4, ge=2, le=TALLEST)
    options: dict[str, list[str]] = Field(
        default_factory=dict,
        description="range, branch, tag and path, each with its values",
        examples=[{"range": ["14d"], "tag": ["nightly"]}],
    )
    uuid: str = Field("", description="That of the tile it was, or none for a new one")

    def draft(self) -> Draft:
        named = self.model_dump(exclude={"profile_id"})
        return Draft(profile=self.profile_id, **named)


class NewDashboard(BaseModel):
    name: str
    reload_seconds: int = RELOAD
    copy_of: int | None = Field(None, description="A dashboard whose tiles it begins with")
    tiles: list[NewTile] | None = None


class Changes(BaseModel):
    """What is left out stays as it is."""

    name: str | None = None
    reload_seconds: int | None = None
    tiles: list[NewTile] | None = Field(None, description="All tiles it is to have")


@router.get("/companies/{company_id}/dashboards")
def list_dashboards(
    company_id: int, request: Request, ours: Ours, who: Who
) -> Listing[DashboardShape]:
    """The company's dashboards with their tiles, by name."""
    with ours.stores.catalog.read() as conn:
        auth.see_company(conn, who, company_id)
        found = dashboards.of_companies(conn, [company_id])
        base = base_url(request)
        return Listing([_shape(conn, each, who, base) for each in found], None)


@router.post("/companies/{company_id}/dashboards", status_code=201)
def make_dashboard(
    company_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    new: Annotated[NewDashboard | None, Body()] = None,
) -> DashboardShape:
    """Make a dashboard, with tiles or without."""
    wanted, now = new or NewDashboard(name=""), ours.clock()
    with ours.stores.catalog.write() as conn:
        made = workspace.make(
            conn,
            who,
            company_id,
            wanted.name,
            now,
            reload_seconds=wanted.reload_seconds,
            like=wanted.copy_of,
        )
        if wanted.tiles is not None:
            workspace.save(conn, who, made.id, [each.draft() for each in wanted.tiles], now)
        return _shape(conn, made, who, base_url(request))


@router.get("/dashboards/{dashboard_id}")
def show_dashboard(dashboard_id: int, request: Request, ours: Ours, who: Who) -> DashboardShape:
    with ours.stores.catalog.read() as conn:
        found = auth.see_dashboard(conn, who, dashboard_id)
        return _shape(conn, found, who, base_url(request))


@router.patch("/dashboards/{dashboard_id}")
def change_dashboard(
    dashboard_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    to: Annotated[Changes | None, Body()] = None,
) -> DashboardShape:
    """Rename or rearrange a dashboard: all in one go, or nothing."""
    wanted, now = to or Changes(), ours.clock()
    with ours.stores.catalog.write() as conn:
        found = auth.see_dashboard(conn, who, dashboard_id, Right.EDIT)
        name = found.name if wanted.name is None else wanted.name
        seconds = wanted.reload_seconds
        reload_seconds = found.reload_seconds if seconds is None else seconds
        workspace.change(conn, who, found.id, name, reload_seconds, now)
        if wanted.tiles is not None:
            workspace.save(conn, who, found.id, [each.draft() for each in wanted.tiles], now)
        changed = auth.see_dashboard(conn, who, found.id)
        return _shape(conn, changed, who, base_url(request))


@router.delete("/dashboards/{dashboard_id}", status_code=204, response_class=Response)
def delete_dashboard(dashboard_id: int, ours: Ours, who: Who) -> None:
    """Delete a dashboard. The profiles it shows stay."""
    with ours.stores.catalog.write() as conn:
        workspace.delete(conn, who, dashboard_id)


@router.get("/dashboards/{dashboard_id}/share")
def show_dashboard_share(
    dashboard_id: int, request: Request, ours: Ours, who: Who
) -> DashboardShareShape:
    """Where a dashboard is public; 404 when it is not."""
    with ours.stores.catalog.read() as conn:
        return _share(auth.see_dashboard(conn, who, dashboard_id), request)


@router.put("/dashboards/{dashboard_id}/share")
def share_dashboard(
    dashboard_id: int, request: Request, ours: Ours, who: Who
) -> DashboardShareShape:
    """Make a dashboard public, as a moderator or above; one that is public keeps its address."""
    with ours.stores.catalog.write() as conn:
        return _share(workspace.share(conn, who, dashboard_id), request)


@router.post("/dashboards/{dashboard_id}/share/key")
def renew_dashboard_key(
    dashboard_id: int, request: Request, ours: Ours, who: Who
) -> DashboardShareShape:
    """Give a public dashboard another address; the one before opens nothing any more."""
    with ours.stores.catalog.write() as conn:
        return _share(workspace.renew_key(conn, who, dashboard_id), request)


@router.delete("/dashboards/{dashboard_id}/share", status_code=204, response_class=Response)
def stop_sharing_dashboard(dashboard_id: int, ours: Ours, who: Who) -> None:
    """Make a dashboard private again, at once."""
    with ours.stores.catalog.write() as conn:
        workspace.stop_sharing(conn, who, dashboard_id)


def _share(found: Dashboard, request: Request) -> DashboardShareShape:
    if not found.share_key:
        raise NotFound("This dashboard is not public.")
    return DashboardShareShape(found.id, f"{base_url(request)}{found.public_path}")


def _shape(conn: Connection, found: Dashboard, who: Caller, base: str) -> DashboardShape:
    tiles = workspace.tiles_in_sight(conn, found, who)
    return DashboardShape(
        id=found.id,
        uuid=found.uuid,
        company_id=found.company_id,
        name=found.name,
        reload_seconds=found.reload_seconds,
        created_at=found.created_at,
        updated_at=found.updated_at,
        public=bool(found.share_key),
        url=f"{base}{found.path}",
        tiles=[_tile(each, base) for each in tiles],
    )


def _tile(tile: Tile, base: str) -> TileShape:
    return TileShape(
        uuid=tile.uuid,
        profile_id=tile.profile_id,
        chart=tile.chart,
        title=tile.title,
        x=tile.x,
        y=tile.y,
        w=tile.w,
        h=tile.h,
        options={name: list(values) for name, values in tile.options.items()},
        url=f"{base}/profiles/{tile.profile_id}/charts/{tile.chart}",
    )
