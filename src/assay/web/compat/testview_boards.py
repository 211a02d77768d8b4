"""XL TestView's dashboards and reports, as its internal API has them: dashboards with their tiles
on the same grid of twelve columns, reports as the figures of our charts.

A dashboard's name there is its UUID. A tile says which report it is by its type (`xlt.Pie`); our
charts that have none there say their own name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller, Right
from assay.charts import find
from assay.charts.chart import Asked, Value, ask
from assay.errors import Invalid, NotFound, TooLarge
from assay.store.catalog import dashboards, groups, profiles
from assay.store.catalog.dashboards import RELOAD, Dashboard, Tile
from assay.web.charting import Charted, charted
from assay.web.compat import testview_places as places
from assay.web.request import Ours, Who
from assay.workspace import dashboards as workspace
from assay.workspace.dashboards import Draft

router = APIRouter(prefix="/api/internal", include_in_schema=False)

ROOT = "Configuration/Dashboards"
LARGEST = 1_000_000  # bytes of a dashboard; its clients name no type of content
SPAN = "14d"
"""What a report looks at where nothing is said: XL TestView's two weeks."""

JsonObject = dict[str, Any]


class TileItem(msgspec.Struct):
    """A tile as a client sends one; what else it sends is let be."""

    testSpecification: str = ""  # noqa: N815
    reportType: str = ""  # noqa: N815
    id: str = ""
    title: str = ""
    x: int = 0
    y: int = 0
    w: int = 6
    h: int = 4


class BoardItem(msgspec.Struct):
    """A dashboard as a client sends one."""

    title: str = ""
    autoReloadInterval: int = RELOAD  # noqa: N815
    dashboardTiles: list[TileItem] = []  # noqa: N815


async def sent(request: Request, _who: Who) -> BoardItem:
    """The dashboard in the body, for those who are known. Raises `Invalid`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise TooLarge(f"A dashboard has at most {LARGEST} bytes.")
    try:
        return msgspec.json.decode(bytes(body) or b"{}", type=BoardItem)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"This is no dashboard: {error}", "body") from None


Sent = Annotated[BoardItem, Depends(sent)]


@router.get("/dashboards")
def list_dashboards(ours: Ours, who: Who) -> list[JsonObject]:
    """Those of all the caller's companies, by title."""
    with ours.stores.catalog.read() as conn:
        seen = [each.id for each in auth.visible_companies(conn, who)]
        return [_shape(conn, who, each) for each in dashboards.of_companies(conn, seen)]


@router.post("/dashboards", status_code=201)
def make_dashboard(ours: Ours, who: Who, item: Sent) -> JsonObject:
    """In the company of the first tile's profile; without tiles where a new project would be."""
    now = ours.clock()
    with ours.stores.catalog.write() as conn:
        drafts = _drafts(conn, who, item, ())
        first = profiles.get(conn, drafts[0].profile) if drafts else places.key_profile(conn, who)
        company, seconds = places.home(who, first), item.autoReloadInterval
        made = workspace.make(conn, who, company, item.title, now, reload_seconds=seconds)
        workspace.save(conn, who, made.id, drafts, now)
        return _shape(conn, who, made)


@router.get("/dashboards/{name:path}")
def show_dashboard(name: str, ours: Ours, who: Who) -> JsonObject:
    with ours.stores.catalog.read() as conn:
        return _shape(conn, who, _find(conn, who, name))


@router.put("/dashboards/{name:path}")
def put_dashboard(name: str, ours: Ours, who: Who, item: Sent) -> JsonObject:
    """The whole of it; tiles it does not name are no more."""
    now = ours.clock()
    with ours.stores.catalog.write() as conn:
        found = _find(conn, who, name, Right.EDIT)
        title = item.title or found.name
        workspace.change(conn, who, found.id, title, item.autoReloadInterval, now)
        before = dashboards.tiles_of(conn, found.id)
        workspace.save(conn, who, found.id, _drafts(conn, who, item, before), now)
        return _shape(conn, who, auth.see_dashboard(conn, who, found.id))


@router.get("/reports/{report_type}/testspecification/{specification:path}")
def show_report(
    report_type: str,
    specification: str,
    ours: Ours,
    who: Who,
    date: str = "",
    range_: Annotated[str, Query(alias="range")] = "",
    max_results: Annotated[int, Query(alias="maxResults", ge=0, le=100_000)] = 0,
    start: Annotated[str, Query(alias="startDate")] = "",
    end: Annotated[str, Query(alias="endDate")] = "",
    tags: Annotated[list[str] | None, Query()] = None,
) -> JsonObject:
    """What the chart of that type finds, as a table in XL TestView's words and as we have it."""
    named = [tag for each in tags or () for tag in each.split(",")]
    until, span = _moment(end or date), range_ or _span(start, end or date, ours.clock())
    span = span or (str(max_results) if max_results else SPAN)
    asked = ask({"until": [until], "range": [_days(span)], "tag": named})
    with ours.stores.catalog.read() as conn:
        profile = places.see_specification(conn, who, specification)
    return _report(charted(ours, who, profile.id, report_type, asked), asked)


def _find(conn: Connection, who: Caller, name: str, right: Right = Right.VIEW) -> Dashboard:
    found = dashboards.by_uuid(conn, places.bare(name))
    if found is None or who.role_in(found.company_id) is None:
        raise NotFound(f"There is no dashboard {name[:200]}, or you may not see it.")
    return auth.see_dashboard(conn, who, found.id, right)


def _drafts(conn: Connection, who: Caller, item: BoardItem, before: Sequence[Tile]) -> list[Draft]:
    """A tile that was there keeps what XL TestView has no word for."""
    known = {each.uuid: each.options for each in before}
    return [
        Draft(
            profile=places.see_specification(conn, who, each.testSpecification).id,
            chart=each.reportType,
            x=each.x,
            y=each.y,
            w=each.w,
            h=each.h,
            title=each.title,
            uuid=places.bare(each.id),
            options=known.get(places.bare(each.id), {}),
        )
        for each in item.dashboardTiles
    ]


def _shape(conn: Connection, who: Caller, found: Dashboard) -> JsonObject:
    at = f"{ROOT}/{found.uuid}"
    return {
        "id": at,
        "name": found.uuid,
        "type": "xlt.Dashboard",
        "title": found.name,
        "autoReloadInterval": found.reload_seconds,
        "dashboardTiles": [
            _tile(conn, at, each) for each in workspace.tiles_in_sight(conn, found, who)
        ],
    }


def _tile(conn: Connection, at: str, tile: Tile) -> JsonObject:
    chart, profile = find(tile.chart), profiles.get(conn, tile.profile_id)
    group = groups.get(conn, profile.group_id) if profile else None
    assert profile is not None
    assert group is not None
    return {
        "id": f"{at}/{tile.uuid}",
        "type": "xlt.DashboardTile",
        "x": tile.x,
        "y": tile.y,
        "w": tile.w,
        "h": tile.h,
        "title": workspace.called(tile),
        "testSpecification": places.specification_path(group, profile),
        "reportType": chart.xlt[0] if chart and chart.xlt else tile.chart,
        "reportName": chart.title if chart else tile.chart,
        "reportIcon": chart.icon if chart else "",
        "showCaseDate": False,
    }


def _report(found: Charted, asked: Asked) -> JsonObject:
    table = found.table()
    return {
        "title": found.chart.title,
        "description": found.chart.about,
        "reportType": found.chart.xlt[0] if found.chart.xlt else found.chart.name,
        "range": asked.range,
        "header": [{"name": each.title, "kind": each.kind} for each in table.heads],
        "body": [[_entry(e.value, e.url) for e in row] for row in table.rows],
        "data": msgspec.to_builtins(found.data),
    }


def _entry(value: Value, url: str) -> object:
    plain = value.isoformat() if isinstance(value, datetime) else value
    return {"v": plain, "ref": url} if url else plain


def _moment(text: str) -> str:
    """A moment in milliseconds since 1970, as its clients say it, or in words of ISO 8601."""
    if not (text.isdecimal() and len(text) > len("20260131")):
        return text
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text[:14]))).isoformat()


def _span(start: str, end: str, now: datetime) -> str:
    """How many days there are from a start on; empty without one."""
    since = Asked(until=_moment(start)).end if start else None
    if since is None:
        return ""
    until = Asked(until=_moment(end)).end if end and end != "now" else now
    return f"{max(-((since - (until or now)) // timedelta(days=1)), 1)}d"


def _days(span: str) -> str:
    """XL TestView's own words for a range (days, "2 weeks") in ours."""
    number, _, unit = span.strip().partition(" ")
    return f"{number}{unit[:1].lower()}" if unit else number
