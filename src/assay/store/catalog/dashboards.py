"""Dashboards of a company, with the tiles on their grids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from assay.store.catalog.names import tidy
from assay.store.catalog.tables import companies, dashboards, profiles, reports, tiles

RELOAD = 60
"""Seconds from one look at the newest to the next, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Whoever has `share_key` may look at it; empty while it is private."""

    id: int
    uuid: str
    company_id: int
    name: str
    reload_seconds: int
    creator_id: int | None
    created_at: datetime
    updated_at: datetime
    share_key: str

    @property
    def path(self) -> str:
        """The path of its address."""
        return f"/dashboards/{self.id}"

    @property
    def public_path(self) -> str:
        """The path that guests have; it opens nothing while there is no key."""
        return f"{self.path}/public/{self.share_key}"


@dataclass(frozen=True, slots=True)
class Tile:
    """A chart of a profile, `w` columns by `h` rows of the grid from (`x`, `y`) on. `options` are
    what the chart is asked, by the names that its address has for it, each with its values."""

    uuid: str
    profile_id: int
    chart: str
    title: str
    x: int
    y: int
    w: int
    h: int
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)


def make(
    conn: Connection,
    *,
    company: int,
    name: str,
    reload_seconds: int = RELOAD,
    creator: int | None = None,
    now: datetime,
) -> Dashboard:
    """A new one, without tiles. Raises `Invalid` for the name."""
    values = {
        "uuid": str(uuid4()),
        "company_id": company,
        "name": tidy(name),
        "reload_seconds": reload_seconds,
        "creator_id": creator,
        "created_at": now,
        "updated_at": now,
    }
    return _read(conn.execute(insert(dashboards).values(values).returning(dashboards)).one())


def get(conn: Connection, dashboard_id: int) -> Dashboard | None:
    return _first(conn, dashboards.c.id == dashboard_id)


def by_uuid(conn: Connection, uuid: str) -> Dashboard | None:
    return _first(conn, dashboards.c.uuid == uuid)


def of_companies(conn: Connection, company_ids: Iterable[int]) -> list[Dashboard]:
    """Those of all these companies, by name."""
    query = select(dashboards).where(dashboards.c.company_id.in_(list(company_ids)))
    ordered = query.order_by(dashboards.c.name, dashboards.c.id)
    return [_read(row) for row in conn.execute(ordered)]


def change(
    conn: Connection, dashboard_id: int, *, name: str, reload_seconds: int, now: datetime
) -> None:
    """Raises `Invalid` for the name."""
    values = {"name": tidy(name), "reload_seconds": reload_seconds, "updated_at": now}
    conn.execute(update(dashboards).where(dashboards.c.id == dashboard_id).values(values))


def share(conn: Connection, dashboard_id: int) -> None:
    """Give it a key, in place of the one it had: 128 random bits."""
    _set_key(conn, dashboard_id, str(UUID(bytes=token_bytes(16))))


def stop_sharing(conn: Connection, dashboard_id: int) -> None:
    _set_key(conn, dashboard_id, None)


def remove(conn: Connection, dashboard_id: int) -> None:
    conn.execute(delete(dashboards).where(dashboards.c.id == dashboard_id))


def tiles_of(conn: Connection, dashboard_id: int) -> list[Tile]:
    """In the order they are read; without those of profiles that were deleted."""
    return tiles_of_all(conn, [dashboard_id])[dashboard_id]


def tiles_of_all(conn: Connection, dashboard_ids: Iterable[int]) -> dict[int, list[Tile]]:
    """The same for many dashboards."""
    found: dict[int, list[Tile]] = {each: [] for each in dashboard_ids}
    query = (
        select(tiles.c.dashboard_id, *_TILE)
        .join(profiles, profiles.c.id == tiles.c.profile_id)
        .where(tiles.c.dashboard_id.in_(list(found)), profiles.c.deleted_at.is_(None))
        .order_by(tiles.c.y, tiles.c.x, tiles.c.id)
    )
    for dashboard_id, *values in conn.execute(query):
        found[dashboard_id].append(Tile(*values))
    return found


def put_tiles(conn: Connection, dashboard_id: int, placed: Sequence[Tile], now: datetime) -> None:
    """Give it these tiles, in place of those it had."""
    conn.execute(delete(tiles).where(tiles.c.dashboard_id == dashboard_id))
    if placed:
        rows = [asdict(each) | {"dashboard_id": dashboard_id} for each in placed]
        conn.execute(insert(tiles), rows)
    mine = dashboards.c.id == dashboard_id
    conn.execute(update(dashboards).where(mine).values(updated_at=now))


def claim_first(conn: Connection, company_id: int, now: datetime) -> bool:
    """Whether the company is to be given its first dashboard now: true once, for one caller."""
    mine = companies.c.id == company_id, companies.c.boarded_at.is_(None)
    return bool(conn.execute(update(companies).where(*mine).values(boarded_at=now)).rowcount)


def was_given_one(conn: Connection, company_id: int) -> bool:
    """Whether the company has been given its first dashboard."""
    query = select(companies.c.boarded_at).where(companies.c.id == company_id)
    return conn.scalar(query) is not None


def busiest(conn: Connection, company_id: int, since: datetime, limit: int) -> list[int]:
    """The ids of the company's profiles with the most reports from `since` on, and of those with
    the most at all where these are too few."""
    recent = func.count().filter(reports.c.date >= since)
    query = (
        select(reports.c.profile_id)
        .join(profiles, profiles.c.id == reports.c.profile_id)
        .where(
            profiles.c.company_id == company_id,
            profiles.c.deleted_at.is_(None),
            reports.c.state == "done",
        )
        .group_by(reports.c.profile_id)
        .order_by(recent.desc(), func.count().desc(), reports.c.profile_id)
        .limit(limit)
    )
    return list(conn.scalars(query))


_TILE = [tiles.c[name] for name in Tile.__dataclass_fields__]


def _set_key(conn: Connection, dashboard_id: int, key: str | None) -> None:
    mine = dashboards.c.id == dashboard_id
    conn.execute(update(dashboards).where(mine).values(share_key=key))


def _read(row: Sequence[Any]) -> Dashboard:
    values = dict(zip(Dashboard.__dataclass_fields__, row, strict=True))
    return Dashboard(**values | {"share_key": values["share_key"] or ""})


def _first(conn: Connection, condition: ColumnElement[bool]) -> Dashboard | None:
    row = conn.execute(select(dashboards).where(condition)).first()
    return _read(row) if row else None
