"""Dashboards: made, renamed, filled with tiles, copied, made public and deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller, Right
from assay.charts import CHARTS, find
from assay.charts.chart import Chart, Fit, ask
from assay.errors import Invalid, NotFound
from assay.store.catalog import dashboards, profiles
from assay.store.catalog.dashboards import RELOAD, Dashboard, Tile
from assay.store.catalog.names import LONGEST
from assay.store.catalog.profiles import Kind, Profile
from assay.workspace.audit import note
from assay.workspace.layout import Box, check, settle

MOST_TILES = 60
RELOADS = (10, 86_400)
"""Seconds from one look to the next, at least and at most."""

OPTIONS = ("range", "branch", "tag", "path")
"""What a tile may ask of its chart; from when on is the dashboard's to say."""
MOST_VALUES = 64
LONGEST_VALUE = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A tile as it is asked for. Without a title it is called after its chart; with the `uuid` of a
    tile of the dashboard it takes that one's place."""

    profile: int
    chart: str
    x: int = 0
    y: int = 0
    w: int = 6
    h: int = 4
    title: str = ""
    uuid: str = ""
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)


def make(
    conn: Connection,
    who: Caller,
    company_id: int,
    name: str,
    now: datetime,
    *,
    reload_seconds: int = RELOAD,
    like: int | None = None,
) -> Dashboard:
    """A new one; with the tiles of the dashboard `like`, of the same company."""
    auth.see_company(conn, who, company_id, Right.EDIT)
    made = dashboards.make(
        conn,
        company=company_id,
        name=name,
        reload_seconds=_seconds(reload_seconds),
        creator=who.user.id,
        now=now,
    )
    if like is not None:
        found = auth.see_dashboard(conn, who, like)
        if found.company_id != company_id:
            raise Invalid("A dashboard is copied within its company alone.", "copy_of")
        copies = [replace(each, uuid=str(uuid4())) for each in dashboards.tiles_of(conn, like)]
        dashboards.put_tiles(conn, made.id, copies, now)
    note("dashboard made", who, company=company_id, dashboard=made.id)
    return made


def change(
    conn: Connection, who: Caller, dashboard_id: int, name: str, reload_seconds: int, now: datetime
) -> None:
    auth.see_dashboard(conn, who, dashboard_id, Right.EDIT)
    seconds = _seconds(reload_seconds)
    dashboards.change(conn, dashboard_id, name=name, reload_seconds=seconds, now=now)
    note("dashboard changed", who, dashboard=dashboard_id)


def save(
    conn: Connection, who: Caller, dashboard_id: int, drafts: Sequence[Draft], now: datetime
) -> list[Tile]:
    """Give it these tiles and no others, settled on its grid. Raises `Invalid` for one that cannot
    be: of a profile of another company, of a chart that does not fit it, beside the grid."""
    found = auth.see_dashboard(conn, who, dashboard_id, Right.EDIT)
    for draft in drafts:
        profile = profiles.get(conn, draft.profile)
        if profile is None or not _inside(who, found, profile):
            raise Invalid(f"There is no profile {draft.profile} in this company.", "tiles")
    settled = put(conn, found, drafts, now)
    note("dashboard arranged", who, dashboard=dashboard_id, tiles=len(settled))
    return settled


def put(conn: Connection, within: Dashboard, drafts: Sequence[Draft], now: datetime) -> list[Tile]:
    """The same, asked by nobody."""
    if len(drafts) > MOST_TILES:
        said = f"A dashboard has at most {MOST_TILES} tiles, and these are {len(drafts)}."
        raise Invalid(said, "tiles")
    known = {each.uuid for each in dashboards.tiles_of(conn, within.id)}
    placed = [_tile(conn, draft, known) for draft in drafts]
    if len({each.uuid for each in placed}) < len(placed):
        raise Invalid("Two of the tiles have the same uuid.", "tiles")
    settled = _settled(placed)
    dashboards.put_tiles(conn, within.id, settled, now)
    return settled


def delete(conn: Connection, who: Caller, dashboard_id: int) -> Dashboard:
    found = auth.see_dashboard(conn, who, dashboard_id, Right.EDIT)
    dashboards.remove(conn, dashboard_id)
    note("dashboard deleted", who, dashboard=dashboard_id)
    return found


def share(conn: Connection, who: Caller, dashboard_id: int) -> Dashboard:
    """Make it public at an address of its own. One that is public keeps the address it has."""
    found = auth.see_dashboard(conn, who, dashboard_id, Right.PUBLIC)
    if not found.share_key:
        dashboards.share(conn, dashboard_id)
        note("dashboard shared", who, dashboard=dashboard_id)
    return auth.see_dashboard(conn, who, dashboard_id)


def renew_key(conn: Connection, who: Caller, dashboard_id: int) -> Dashboard:
    """Give a public one another address: the one before opens nothing any more."""
    if not auth.see_dashboard(conn, who, dashboard_id, Right.PUBLIC).share_key:
        raise NotFound("This dashboard is not public.")
    dashboards.share(conn, dashboard_id)
    note("dashboard shared anew", who, dashboard=dashboard_id)
    return auth.see_dashboard(conn, who, dashboard_id)


def stop_sharing(conn: Connection, who: Caller, dashboard_id: int) -> None:
    auth.see_dashboard(conn, who, dashboard_id, Right.PUBLIC)
    dashboards.stop_sharing(conn, dashboard_id)
    note("dashboard private", who, dashboard=dashboard_id)


def tiles_in_sight(conn: Connection, found: Dashboard, who: Caller | None) -> list[Tile]:
    """The tiles of the profiles that the caller may see (None: a guest, who sees what the company
    shares), settled, in the order they are read."""
    there = dashboards.tiles_of(conn, found.id)
    if who is not None:
        there = [each for each in there if who.may(Right.VIEW, found.company_id, each.profile_id)]
    return _settled(there)


def charts_for(profile: Profile) -> tuple[Chart[Any], ...]:
    """Those that could fit a profile of its kind, whatever its reports have in them."""
    is_set = profile.kind is Kind.SET
    return tuple(each for each in CHARTS if (Fit.SET in each.fits if is_set else _alone(each)))


def box_of(tile: Tile) -> Box:
    return Box(tile.x, tile.y, tile.w, tile.h)


def called(tile: Tile) -> str:
    """What is said of a tile: its title, else that of its chart."""
    chart = find(tile.chart)
    return tile.title or (chart.title if chart else tile.chart)


def _alone(chart: Chart[Any]) -> bool:
    return bool(chart.fits - {Fit.SET})


def _settled(placed: Sequence[Tile]) -> list[Tile]:
    """In the order they are read."""
    boxes = settle([box_of(each) for each in placed])
    settled = [replace(tile, x=box.x, y=box.y) for tile, box in zip(placed, boxes, strict=True)]
    return sorted(settled, key=lambda each: (each.y, each.x))


def _seconds(given: int) -> int:
    least, most = RELOADS
    if not least <= given <= most:
        said = f"A dashboard reloads every {least} to {most} seconds, not every {given}."
        raise Invalid(said, "reload_seconds")
    return given


def _tile(conn: Connection, draft: Draft, known: set[str]) -> Tile:
    title = " ".join(draft.title.split())
    if len(title) > LONGEST:
        said = f"The title {title[:40]!r} … has {len(title)} characters; at most {LONGEST} fit."
        raise Invalid(said, "tiles")
    profile = profiles.get(conn, draft.profile)
    if profile is None:
        raise Invalid(f"There is no profile {draft.profile}.", "tiles")
    tile = Tile(
        uuid=draft.uuid if draft.uuid in known else str(uuid4()),
        profile_id=profile.id,
        chart=_chart(profile, draft.chart).name,
        title=title,
        x=draft.x,
        y=draft.y,
        w=draft.w,
        h=draft.h,
        options=_options(draft.options),
    )
    check(box_of(tile), f"The tile {called(tile)!r}")
    return tile


def _inside(who: Caller, within: Dashboard, profile: Profile) -> bool:
    same = profile.company_id == within.company_id
    return same and who.may(Right.VIEW, profile.company_id, profile.id)


def _chart(profile: Profile, name: str) -> Chart[Any]:
    chart, fitting = find(name), charts_for(profile)
    if chart is None or chart not in fitting:
        known = ", ".join(each.name for each in fitting)
        raise Invalid(f"{profile.name} has no chart {name[:40]!r}. It has: {known}.", "tiles")
    return chart


def _options(given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Those that say something. Raises `Invalid` for what no chart understands."""
    kept = {name: [each for each in values if each] for name, values in given.items() if values}
    kept = {name: values for name, values in kept.items() if values}
    unknown = sorted(set(kept) - set(OPTIONS))
    if unknown:
        known = ", ".join(OPTIONS)
        raise Invalid(f"A tile has no option {unknown[0][:40]!r}. It has: {known}.", "tiles")
    for values in kept.values():
        if len(values) > MOST_VALUES or any(len(each) > LONGEST_VALUE for each in values):
            raise Invalid("An option of a tile is too long.", "tiles")
    ask(kept)
    return kept
