"""The gates that people wrote, one a profile, and what gates said of reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from assay.store.catalog.tables import gates, reports


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate's text, and who wrote it last."""

    profile_id: int
    rules: str
    updated_at: datetime
    editor_id: int | None


def get(conn: Connection, profile_id: int) -> GateRow | None:
    row = conn.execute(select(gates).where(gates.c.profile_id == profile_id)).first()
    return GateRow(*row) if row else None


def put(
    conn: Connection, profile_id: int, rules: str, *, editor: int | None, now: datetime
) -> None:
    """Give a profile this gate, in place of the one it had."""
    values = {"rules": rules, "updated_at": now, "editor_id": editor}
    mine = gates.c.profile_id == profile_id
    if not conn.execute(update(gates).where(mine).values(values)).rowcount:
        conn.execute(insert(gates).values(values | {"profile_id": profile_id}))


def drop(conn: Connection, profile_id: int) -> bool:
    """Take a profile's own gate away; false where it had none."""
    return bool(conn.execute(delete(gates).where(gates.c.profile_id == profile_id)).rowcount)


def keep(conn: Connection, report_id: int, gate: str | None, judged: list[dict[str, Any]]) -> None:
    """Keep the verdict on a report, and what each rule said."""
    values = {"gate": gate, "judged": judged}
    conn.execute(update(reports).where(reports.c.id == report_id).values(values))
