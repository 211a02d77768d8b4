"""Runs of tests that were asked for, and are made elsewhere.

`due_at` is the queue: whoever claims one puts it behind a lease, and is the only one to act on it
until then. A run is not begun twice: before the other side is called its state says so, and one
that is found in that state has perhaps begun.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, exists, func, insert, select, update

from assay.store.catalog.tables import executions

LONGEST_MESSAGE = 1000


class ExecutionState(StrEnum):
    """To be started, being started, under way, ended with its report, ended without."""

    WAITING = "waiting"
    STARTING = "starting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Execution:
    """`id` is a UUID. `kind` is of the other side, `known` what that calls it, `due_at` when it is
    looked at next. It goes on until it has `ended_at`; `report_id` is what came of it. Nobody's
    `user_id` is a schedule's."""

    id: str
    profile_id: int
    user_id: int | None
    state: ExecutionState
    kind: str
    url: str
    message: str
    parameters: dict[str, Any]
    known: dict[str, Any]
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    report_id: int | None


def make(
    conn: Connection,
    *,
    profile: int,
    user: int | None,
    kind: str,
    parameters: dict[str, str],
    now: datetime,
) -> Execution:
    """Enter a run that is to be started now."""
    values = {
        "id": str(uuid4()),
        "profile_id": profile,
        "user_id": user,
        "state": ExecutionState.WAITING.value,
        "kind": kind,
        "url": "",
        "message": "",
        "parameters": parameters,
        "known": {},
        "created_at": now,
        "due_at": now,
    }
    return _read(conn.execute(insert(executions).values(values).returning(executions)).one())


def get(conn: Connection, number: str) -> Execution | None:
    row = conn.execute(select(executions).where(executions.c.id == number)).first()
    return _read(row) if row else None


def under_way(conn: Connection, profiles: Collection[int]) -> bool:
    """Whether a run of one of these profiles goes on."""
    mine = executions.c.profile_id.in_(profiles), _OPEN
    return bool(conn.scalar(select(exists().where(*mine))))


def count_open(conn: Connection, profile_id: int) -> int:
    """How many of a profile go on."""
    query = select(func.count()).where(executions.c.profile_id == profile_id, _OPEN)
    return conn.scalar(query) or 0


def open_of(conn: Connection, profile_id: int) -> list[Execution]:
    """Those of a profile that go on, the oldest first."""
    query = select(executions).where(executions.c.profile_id == profile_id, _OPEN)
    rows = conn.execute(query.order_by(executions.c.created_at, executions.c.id))
    return [_read(row) for row in rows]


def of_profile(conn: Connection, profile_id: int, *, limit: int) -> list[Execution]:
    """The newest first."""
    query = select(executions).where(executions.c.profile_id == profile_id)
    newest = query.order_by(executions.c.created_at.desc(), executions.c.id).limit(limit)
    return [_read(row) for row in conn.execute(newest)]


def usual_seconds(conn: Connection, profile_id: int, *, last: int) -> float | None:
    """How long it took until the reports of the last ones came: the median; None if none did."""
    e = executions.c
    brought = e.profile_id == profile_id, e.state == ExecutionState.DONE.value
    query = select(e.created_at, e.ended_at).where(*brought, e.ended_at.is_not(None))
    rows = conn.execute(query.order_by(e.created_at.desc()).limit(last)).all()
    took = [(end - begin).total_seconds() for begin, end in rows]
    return median(took) if took else None


def due(conn: Connection, now: datetime) -> bool:
    """Whether there is something to claim: a look that takes no lock."""
    return bool(conn.scalar(select(exists().where(*_claimable(now)))))


def claim(conn: Connection, *, now: datetime, lease: timedelta, limit: int) -> list[Execution]:
    """Those that are due longest, now the caller's until the lease runs out."""
    oldest = select(executions.c.id).where(*_claimable(now))
    oldest = oldest.order_by(executions.c.due_at, executions.c.id).limit(limit)
    found = list(conn.scalars(oldest.with_for_update(skip_locked=True)))
    return [taken for each in found if (taken := _take(conn, each, now, lease))]


def change(conn: Connection, taken: Execution, **values: Any) -> bool:
    """Change one that is the caller's. False when it is no longer, or has ended."""
    if "message" in values:
        values["message"] = values["message"][:LONGEST_MESSAGE]
    mine = executions.c.id == taken.id, executions.c.due_at == taken.due_at, _OPEN
    return conn.execute(update(executions).where(*mine).values(values)).rowcount == 1


def fail(conn: Connection, number: str, message: str, now: datetime) -> bool:
    """End it without a report. False when it had ended."""
    values = _end(ExecutionState.FAILED, message, now)
    mine = executions.c.id == number, _OPEN
    return conn.execute(update(executions).where(*mine).values(values)).rowcount == 1


def bind(
    conn: Connection, number: str, report: int, state: ExecutionState, message: str, now: datetime
) -> bool:
    """Say which report came of it, which ends it; one that was given up, too. False where it has a
    report already."""
    values = _end(state, message, now) | {"report_id": report}
    mine = executions.c.id == number, executions.c.report_id.is_(None)
    return conn.execute(update(executions).where(*mine).values(values)).rowcount == 1


_OPEN = executions.c.ended_at.is_(None)


def _claimable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return executions.c.due_at <= now, _OPEN


def _take(conn: Connection, number: str, now: datetime, lease: timedelta) -> Execution | None:
    mine = update(executions).where(executions.c.id == number, *_claimable(now))
    row = conn.execute(mine.values(due_at=now + lease).returning(executions)).first()
    return _read(row) if row else None


def _end(state: ExecutionState, message: str, now: datetime) -> dict[str, Any]:
    told = message[:LONGEST_MESSAGE]
    return {"state": state.value, "message": told, "ended_at": now, "due_at": None}


def _read(row: Row[Any]) -> Execution:
    values = dict(zip(Execution.__dataclass_fields__, row, strict=True))
    return Execution(**values | {"state": ExecutionState(values["state"])})
