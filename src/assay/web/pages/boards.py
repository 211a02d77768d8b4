"""What a dashboard's pages are made of: the tiles in their places, and what stands above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fastapi import Request
from sqlalchemy import Connection

from assay.charts.chart import Asked, ask
from assay.charts.drawing import Size
from assay.store.catalog import companies, profiles, sets
from assay.store.catalog.dashboards import Dashboard, Tile
from assay.store.catalog.latest import latest_of
from assay.store.catalog.profiles import Kind
from assay.web.charting import asked_of
from assay.web.pages.charts import UNITS, Chip
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Hidden, Link, Option
from assay.web.pages.visit import Visit, frame
from assay.workspace.dashboards import called
from assay.workspace.layout import COLUMNS

SOURCES = 40  # profiles whose newest reports are asked for tags and branches
LEAST = 160  # px of a chart's sides
NEWEST = 20  # of these reports each
COLUMN, ROW, GAP, HEAD = 92, 68, 12, 36  # px, of a tile on a usual screen


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tile is on the grid; `side` is the one it is nearer to."""

    x: int
    y: int
    w: int
    h: int

    @property
    def side(self) -> str:
        return "left" if 2 * self.x + self.w <= COLUMNS else "right"


@dataclass(frozen=True, slots=True)
class TileView:
    """A tile: its chart's page (none for guests), the fragment with the chart, and a picture of it
    for browsers without script."""

    uuid: str
    title: str
    about: str
    url: str
    part_url: str
    picture_url: str
    at: Place


@dataclass(frozen=True, slots=True)
class Control:
    """What is asked of all tiles. `number` is empty where each has its own range; `fixed` when it
    is a stretch of time that is over."""

    url: str
    until: str
    number: str
    units: tuple[Option, ...]
    branches: tuple[Option, ...]
    tags: tuple[Chip, ...]
    known: tuple[str, ...]
    hidden: tuple[Hidden, ...]
    on: bool
    query: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of a dashboard asks of all its tiles; `range` is empty where it does not say
    how far back."""

    until: str = ""
    range: str = ""
    tags: tuple[str, ...] = ()
    branch: str = ""

    @property
    def end(self) -> datetime | None:
        """When the stretch of time ends; None for now."""
        return Asked(until=self.until).end

    def query(self, **other: object) -> str:
        """The address' query, with something else."""
        values = {
            "until": self.until,
            "range": self.range,
            "branch": self.branch,
            "tag": self.tags,
        } | other
        return urlencode({name: value for name, value in values.items() if value}, doseq=True)


def wanted_of(request: Request) -> Wanted:
    """What the address asks. Raises `Invalid`."""
    asked = asked_of(request)
    said = request.query_params.get("range", "").strip()
    return Wanted(asked.until, asked.range if said else "", asked.tags, asked.branch)


def query_of(tile: Tile, wanted: Wanted) -> str:
    """What the tile asks of its chart: its own options, and those of the dashboard before them."""
    own = tile.options
    values = {
        "until": [wanted.until],
        "range": [wanted.range] if wanted.range else list(own.get("range", ())),
        "branch": [wanted.branch] if wanted.branch else list(own.get("branch", ())),
        "tag": list(dict.fromkeys([*own.get("tag", ()), *wanted.tags])),
        "path": list(own.get("path", ())),
    }
    kept = {name: [each for each in many if each] for name, many in values.items()}
    return urlencode({name: many for name, many in kept.items() if many}, doseq=True)


def asked_by(tile: Tile) -> Asked:
    """The same where a dashboard asks nothing of its tiles."""
    return ask({name: list(values) for name, values in tile.options.items()})


def view(tile: Tile, profile: str, wanted: Wanted) -> TileView:
    """A tile as members see it."""
    at = f"/profiles/{tile.profile_id}/charts/{tile.chart}"
    query = query_of(tile, wanted)
    size = size_of(tile)
    sized = f"{query}&w={size.width:.0f}&h={size.height:.0f}".lstrip("&")
    return TileView(
        uuid=tile.uuid,
        title=called(tile),
        about=profile,
        url=f"{at}?{query}" if query else at,
        part_url=f"{at}/tile?{query}" if query else f"{at}/tile",
        picture_url=f"{at}.svg?{sized}",
        at=Place(tile.x, tile.y, tile.w, tile.h),
    )


def size_of(tile: Tile) -> Size:
    """The room for a tile's chart in px, where nobody has measured it."""
    height = tile.h * (ROW + GAP) - GAP - HEAD - 16
    return Size(max(tile.w * COLUMN - 24, LEAST), max(height, LEAST))


def control(conn: Connection, url: str, tiles: Sequence[Tile], wanted: Wanted) -> Control:
    """The row above the tiles."""
    tags, branches = _known(conn, tiles)
    number = wanted.range.rstrip("dw")
    unit = wanted.range[len(number) :]
    return Control(
        url=url,
        until=wanted.until,
        number=number,
        units=tuple(Option(value, title, value == unit) for value, title in UNITS),
        branches=_options(branches, wanted.branch),
        tags=tuple(Chip(each, _without(url, wanted, each)) for each in wanted.tags),
        known=tuple(each for each in tags if each not in wanted.tags),
        hidden=tuple(Hidden("tag", each) for each in wanted.tags),
        on=bool(wanted.query()),
        query=wanted.query(),
    )


def around(conn: Connection, guest: Visit, found: Dashboard, below: str = "") -> Frame:
    """What stands around a page about a dashboard, or one below it of that title."""
    company = companies.get(conn, found.company_id)
    at = f"/companies/{found.company_id}"
    above = (Link(company.name if company else "", at), Link("Dashboards", f"{at}/dashboards"))
    own = (Link(found.name, found.path),) if below else ()
    title = below or found.name
    return frame(conn, guest, title, company=found.company_id, crumbs=(*above, *own))


def stamp(found: Dashboard) -> str:
    """Another one whenever the dashboard was changed."""
    return f"{found.updated_at.timestamp():.6f}"


def names(conn: Connection, tiles: Sequence[Tile]) -> dict[int, str]:
    """The names of the profiles that tiles show."""
    ids = {each.profile_id for each in tiles}
    return {number: found.name for number in ids if (found := profiles.get(conn, number))}


def _without(url: str, wanted: Wanted, tag: str) -> str:
    query = wanted.query(tag=tuple(each for each in wanted.tags if each != tag))
    return f"{url}?{query}" if query else url


def _known(conn: Connection, tiles: Sequence[Tile]) -> tuple[list[str], list[str]]:
    """Tags and branches of the newest reports of the profiles that are shown: all there ever were
    would have to be searched for."""
    ids: dict[int, None] = {}
    for number in dict.fromkeys(each.profile_id for each in tiles):
        found = profiles.get(conn, number)
        if found is not None:
            inside = sets.flat(conn, found) if found.kind is Kind.SET else [number]
            ids |= dict.fromkeys(inside)
    newest = latest_of(conn, list(ids)[:SOURCES], NEWEST)
    seen = [report for reports in newest.values() for report in reports]
    tags = sorted({tag for report in seen for tag in report.tags})
    return tags, sorted({report.branch for report in seen if report.branch})


def _options(known: Sequence[str], chosen: str) -> tuple[Option, ...]:
    if not known and not chosen:
        return ()
    all_of_them = sorted({*known, chosen} - {""})
    options = (Option(each, each, each == chosen) for each in all_of_them)
    return (Option("", "Every branch", not chosen), *options)
