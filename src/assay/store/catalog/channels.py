"""Channels: where a profile's reports are told of beside the mails of its members. What `config`
holds is known to the channel's kind, see `assay.notify`; some of it is secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from assay.store.catalog.names import tidy
from assay.store.catalog.tables import channels


@dataclass(frozen=True, slots=True)
class ChannelRow:
    id: int
    profile_id: int
    kind: str
    name: str
    condition: str
    config: dict[str, str] = field(repr=False)
    creator_id: int | None
    created_at: datetime


def make(
    conn: Connection,
    *,
    profile: int,
    kind: str,
    name: str,
    condition: str,
    config: dict[str, str],
    creator: int | None,
    now: datetime,
) -> ChannelRow:
    """A new channel. Raises `Invalid` for the name."""
    values = {
        "profile_id": profile,
        "kind": kind,
        "name": tidy(name),
        "condition": condition,
        "config": config,
        "creator_id": creator,
        "created_at": now,
    }
    return _channel(conn.execute(insert(channels).values(values).returning(channels)).one())


def change(
    conn: Connection, channel_id: int, *, name: str, condition: str, config: dict[str, str]
) -> None:
    """Raises `Invalid` for the name."""
    values = {"name": tidy(name), "condition": condition, "config": config}
    conn.execute(update(channels).where(channels.c.id == channel_id).values(values))


def get(conn: Connection, channel_id: int) -> ChannelRow | None:
    row = conn.execute(select(channels).where(channels.c.id == channel_id)).first()
    return _channel(row) if row else None


def of_profile(conn: Connection, profile_id: int) -> list[ChannelRow]:
    """In the order they were made."""
    query = select(channels).where(channels.c.profile_id == profile_id).order_by(channels.c.id)
    return [_channel(row) for row in conn.execute(query)]


def remove(conn: Connection, channel_id: int) -> None:
    """Delete it with what is still to be sent there."""
    conn.execute(delete(channels).where(channels.c.id == channel_id))


def _channel(row: Row[Any]) -> ChannelRow:
    return ChannelRow(**dict(zip(ChannelRow.__dataclass_fields__, row, strict=True)))
