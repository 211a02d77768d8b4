"""Deliveries: what is to be told to whom, until it has been; the outbox of mails and messages.

A row is queued in the transaction of what it tells of, so neither is there without the other. Its
state and `due_at` are the queue: whoever claims one puts `due_at` behind a lease, and is the only
one to send it until then. `key` says what is told to whom, and the same is never queued twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assay.store.catalog.tables import UNSENT, deliveries

INSERT: dict[str, Callable[[Table], Any]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}
LONGEST_MESSAGE = 1000


class DeliveryState(StrEnum):
    """Waiting to be sent (again), sent, or given up."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`kind` is a channel's name, `address` where it goes as people may read it: never a secret.
    `message` is what the receiver answered, or why it could not be sent. `due_at` is its next
    try."""

    id: int
    key: str
    kind: str
    address: str
    company_id: int | None
    profile_id: int | None
    report_id: int | None
    channel_id: int | None
    user_id: int | None
    payload: dict[str, Any]
    state: DeliveryState
    tries: int
    worker: str | None
    message: str
    created_at: datetime
    due_at: datetime
    ended_at: datetime | None

    @property
    def title(self) -> str:
        """What it says, in a line; it outlives the rest of the payload."""
        return str(self.payload.get("title", ""))


def queue(
    conn: Connection,
    *,
    key: str,
    kind: str,
    address: str,
    payload: dict[str, Any],
    now: datetime,
    company: int | None = None,
    profile: int | None = None,
    report: int | None = None,
    channel: int | None = None,
    user: int | None = None,
) -> int | None:
    """Have it sent, from `now` on. Its id; None where the same was queued before."""
    values = {
        "key": key,
        "kind": kind,
        "address": address,
        "company_id": company,
        "profile_id": profile,
        "report_id": report,
        "channel_id": channel,
        "user_id": user,
        "payload": payload,
        "state": DeliveryState.WAITING.value,
        "message": "",
        "created_at": now,
        "due_at": now,
    }
    query = INSERT[conn.dialect.name](deliveries).values(values)
    once = query.on_conflict_do_nothing(index_elements=["key"]).returning(deliveries.c.id)
    number: int | None = conn.scalar(once)
    return number


def due(conn: Connection, now: datetime) -> bool:
    """Whether there is something to claim: a look that takes no lock."""
    return bool(conn.scalar(select(exists().where(*_claimable(now)))))


def claim(
    conn: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[Delivery]:
    """Those that are due longest, now this worker's until the lease runs out."""
    oldest = select(deliveries.c.id).where(*_claimable(now))
    oldest = oldest.order_by(deliveries.c.due_at, deliveries.c.id).limit(limit)
    found = list(conn.scalars(oldest.with_for_update(skip_locked=True)))
    return [taken for each in found if (taken := take(conn, each, worker, now, lease))]


def take(
    conn: Connection, delivery_id: int, worker: str, now: datetime, lease: timedelta
) -> Delivery | None:
    """This one, now this worker's; None unless it is due."""
    mine = update(deliveries).where(deliveries.c.id == delivery_id, *_claimable(now))
    values = {"worker": worker, "due_at": now + lease, "tries": deliveries.c.tries + 1}
    row = conn.execute(mine.values(values).returning(deliveries)).first()
    return _delivery(row) if row else None


def sent(conn: Connection, taken: Delivery, message: str, now: datetime) -> bool:
    """It arrived. All but the title is forgotten with that: a mail may have held a secret link."""
    end = {"state": DeliveryState.SENT.value, "ended_at": now}
    return _change(conn, taken, message, end | {"payload": {"title": taken.title}})


def put_off(conn: Connection, taken: Delivery, message: str, due: datetime) -> bool:
    """It did not arrive, and is tried again at `due`."""
    return _change(conn, taken, message, {"due_at": due})


def give_up(conn: Connection, taken: Delivery, message: str, now: datetime) -> bool:
    """It did not arrive, and no other try is made unless someone asks for one."""
    end = {"state": DeliveryState.FAILED.value, "ended_at": now}
    return _change(conn, taken, message, end)


def hasten(conn: Connection, delivery_id: int, now: datetime) -> bool:
    """Make one that was not sent due now, one that was given up, too. False for any other."""
    unsent = deliveries.c.state != DeliveryState.SENT.value
    fresh = {"state": DeliveryState.WAITING.value, "due_at": now, "ended_at": None}
    mine = update(deliveries).where(deliveries.c.id == delivery_id, unsent)
    return conn.execute(mine.values(fresh)).rowcount == 1


def release(conn: Connection, now: datetime) -> int:
    """End every lease, for a process that knows itself to be the only one. How many there were."""
    held = deliveries.c.worker.is_not(None), UNSENT
    query = update(deliveries).where(*held).values(worker=None, due_at=now)
    return conn.execute(query).rowcount


def get(conn: Connection, delivery_id: int) -> Delivery | None:
    row = conn.execute(select(deliveries).where(deliveries.c.id == delivery_id)).first()
    return _delivery(row) if row else None


def of_profile(conn: Connection, profile_id: int, *, limit: int) -> list[Delivery]:
    """The newest first."""
    return _newest(conn, deliveries.c.profile_id == profile_id, limit)


def of_company(
    conn: Connection, company_id: int, *, limit: int, states: tuple[DeliveryState, ...] = ()
) -> list[Delivery]:
    """The newest first; those in any of these states, where some are given."""
    within = deliveries.c.company_id == company_id
    if states:
        within &= deliveries.c.state.in_([each.value for each in states])
    return _newest(conn, within, limit)


def forget(conn: Connection, before: datetime) -> int:
    """Delete those that ended before then. How many there were."""
    return conn.execute(delete(deliveries).where(deliveries.c.ended_at < before)).rowcount


def _claimable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return UNSENT, deliveries.c.due_at <= now  # type: ignore[return-value]


def _change(conn: Connection, taken: Delivery, message: str, values: dict[str, Any]) -> bool:
    """False when it is no longer this worker's, or no longer there."""
    mine = (
        deliveries.c.id == taken.id,
        deliveries.c.worker == taken.worker,
        deliveries.c.state == DeliveryState.WAITING.value,
    )
    values |= {"message": message[:LONGEST_MESSAGE], "worker": None}
    return conn.execute(update(deliveries).where(*mine).values(values)).rowcount == 1


def _newest(conn: Connection, condition: ColumnElement[bool], limit: int) -> list[Delivery]:
    query: Select[Any] = select(deliveries).where(condition)
    rows = conn.execute(query.order_by(deliveries.c.id.desc()).limit(limit))
    return [_delivery(row) for row in rows]


def _delivery(row: Any) -> Delivery:
    values = dict(zip(Delivery.__dataclass_fields__, row, strict=True))
    return Delivery(**values | {"state": DeliveryState(values["state"])})
