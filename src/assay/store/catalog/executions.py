"""Runs of tests that were asked for, and are made elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from assay.store.catalog.tables import executions


@dataclass(frozen=True, slots=True)
class Execution:
    """`id` is a UUID. `kind` is of the other side, `known` what that calls it, `due_at` when it is
    looked at next. It goes on until it has `ended_at`; `report_id` is what came of it."""

    id: str
    profile_id: int
    user_id: int | None
    state: str
    kind: str
    url: str
    message: str
    parameters: dict[str, Any]
    known: dict[str, Any]
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    report_id: int | None


def get(conn: Connection, number: str) -> Execution | None:
    row = conn.execute(select(executions).where(executions.c.id == number)).first()
    return Execution(*row) if row else None


def under_way(conn: Connection, profiles: Collection[int]) -> bool:
    """Whether a run of one of these profiles goes on."""
    mine = executions.c.profile_id.in_(profiles), executions.c.ended_at.is_(None)
    return bool(conn.scalar(select(exists().where(*mine))))
