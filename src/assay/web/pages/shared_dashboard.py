"""A dashboard as guests see it: the tiles as they were saved, and no way on from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import JSONResponse, Response

from assay import auth
from assay.charts import find
from assay.charts.drawing import Drawing, Group, Shape, Size, svg
from assay.charts.looking import look
from assay.errors import NotFound
from assay.store.catalog import profiles
from assay.store.catalog.dashboards import Dashboard, Tile
from assay.web.charting import Charted
from assay.web.pages import boards, chart_exports, chart_tables, words
from assay.web.pages.boards import Place, TileView
from assay.web.pages.chart_exports import Side
from assay.web.pages.chart_tables import Sheet
from assay.web.pages.frame import Card, Frame
from assay.web.pages.parts import Public
from assay.web.pages.view import show
from assay.web.pages.visit import bare
from assay.web.request import base_url, known_caller, services
from assay.workspace import dashboards as workspace

router = APIRouter(include_in_schema=False, prefix="/dashboards/{dashboard_id}/public/{key}")


@dataclass(frozen=True, slots=True)
class SharedDashboardPage:
    frame: Frame
    url: str
    public: Public
    tiles: tuple[TileView, ...]
    reload_seconds: int
    stamp: str
    full: bool


@router.get("")
def show_shared_dashboard(
    request: Request, dashboard_id: int, key: str, full: bool = False
) -> Response:
    found, tiles, called = _open(request, dashboard_id, key)
    url = f"{base_url(request)}{found.public_path}"
    page = SharedDashboardPage(
        frame=_frame(request, found, len(tiles)),
        url=found.public_path,
        public=Public(url, None, full_url=found.path if _is_member(request, found) else ""),
        tiles=tuple(_view(found, each, called[each.profile_id]) for each in tiles),
        reload_seconds=found.reload_seconds,
        stamp=boards.stamp(found),
        full=full,
    )
    return show("shared_dashboard", page)


@router.get("/stamp")
def show_shared_stamp(request: Request, dashboard_id: int, key: str) -> Response:
    found, _, _ = _open(request, dashboard_id, key)
    return JSONResponse({"stamp": boards.stamp(found)})


@router.get("/tiles/{uuid}")
def show_shared_tile(
    request: Request, dashboard_id: int, key: str, uuid: str, w: Side = 560, h: Side = 320
) -> Response:
    """The fragment with the chart."""
    found = _charted(request, dashboard_id, key, uuid)
    tabular = found.chart.tabular
    part = chart_exports.Tile(
        title=found.chart.title,
        url="",
        said=chart_tables.window(found.scope),
        drawing=Markup() if tabular else Markup(svg(_drawn(found, Size(w, h)))),  # noqa: S704
        sheet=_unlinked(chart_tables.sheet(found.table(), found.scope.now)) if tabular else None,
    )
    return show("_chart_tile", part)


@router.get("/tiles/{uuid}/picture.svg")
def show_shared_picture(
    request: Request, dashboard_id: int, key: str, uuid: str, w: Side = 560, h: Side = 320
) -> Response:
    """The same as a picture, for browsers without script."""
    found = _charted(request, dashboard_id, key, uuid)
    style = chart_exports.sheet_of("")
    drawn = svg(_drawn(found, Size(w, h)), style=style)
    policy = {"content-security-policy": chart_exports.policy_of(style)}
    return Response(drawn, media_type="image/svg+xml; charset=utf-8", headers=policy)


def unlinked(drawing: Drawing) -> Drawing:
    """The drawing without a way on from it."""
    return replace(drawing, shapes=tuple(map(_alone, drawing.shapes)))


def _alone(shape: Shape) -> Shape:
    if isinstance(shape, Group):
        inside = tuple(replace(each, url="") for each in shape.shapes)
        return replace(shape, url="", shapes=inside)
    return replace(shape, url="")


def _unlinked(sheet: Sheet) -> Sheet:
    rows = tuple(tuple(replace(cell, url="") for cell in row) for row in sheet.rows)
    return replace(sheet, rows=rows, more="")


def _drawn(found: Charted, size: Size) -> Drawing:
    return unlinked(found.drawn(size))


def _open(
    request: Request, dashboard_id: int, key: str
) -> tuple[Dashboard, list[Tile], dict[int, str]]:
    """What the address opens, with the names of its profiles. Raises `NotFound`."""
    with services(request).stores.catalog.read() as conn:
        found = auth.shared_dashboard(conn, dashboard_id, key)
        tiles = workspace.tiles_in_sight(conn, found, None)
        return found, tiles, boards.names(conn, tiles)


def _charted(request: Request, dashboard_id: int, key: str, uuid: str) -> Charted:
    """The chart of one of its tiles, that looks at what was saved and at nothing else."""
    ours = services(request)
    found, tiles, _ = _open(request, dashboard_id, key)
    tile = next((each for each in tiles if each.uuid == uuid), None)
    chart = find(tile.chart) if tile else None
    if tile is None or chart is None:
        raise NotFound(auth.NOTHING)
    with ours.stores.catalog.read() as conn:
        profile = profiles.get(conn, tile.profile_id)
        if profile is None:
            raise NotFound(auth.NOTHING)
        company, asked = found.company_id, boards.asked_by(tile)
        results, now = ours.stores.results, ours.clock()
        scope = look(conn, results, profile, asked, now, lambda it: it.company_id == company)
    return Charted(chart, scope, chart.read(scope))


def _view(found: Dashboard, tile: Tile, profile: str) -> TileView:
    at, size = f"{found.public_path}/tiles/{tile.uuid}", boards.size_of(tile)
    return TileView(
        uuid=tile.uuid,
        title=workspace.called(tile),
        about=profile,
        url="",
        part_url=at,
        picture_url=f"{at}/picture.svg?w={size.width:.0f}&h={size.height:.0f}",
        at=Place(tile.x, tile.y, tile.w, tile.h),
    )


def _frame(request: Request, found: Dashboard, tiles: int) -> Frame:
    card = Card(found.name, words.count(tiles, "chart"), f"{base_url(request)}{found.public_path}")
    around = bare(request, found.name, services(request).clock())
    return replace(around, home=found.public_path, card=card)


def _is_member(request: Request, found: Dashboard) -> bool:
    who = known_caller(request)
    return who is not None and who.may(auth.Right.VIEW, found.company_id)
