"""Companies: the workspaces that people are members of and that groups and profiles live in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from assay.store.catalog.names import tidy
from assay.store.catalog.tables import companies


@dataclass(frozen=True, slots=True)
class Company:
    id: int
    name: str
    created_at: datetime


def make(conn: Connection, *, name: str, now: datetime) -> Company:
    """A new company. It has no members yet; see `members.add`. Raises `Invalid` for the name."""
    values = {"name": tidy(name), "created_at": now}
    row = conn.execute(insert(companies).values(values).returning(companies)).one()
    return Company(*row)


def get(conn: Connection, company_id: int) -> Company | None:
    row = conn.execute(select(companies).where(companies.c.id == company_id)).first()
    return Company(*row) if row else None


def several(conn: Connection, ids: Iterable[int]) -> list[Company]:
    """Those of the companies that exist, by name."""
    query = select(companies).where(companies.c.id.in_(list(ids)))
    return [Company(*row) for row in conn.execute(query.order_by(companies.c.name, companies.c.id))]


def rename(conn: Connection, company_id: int, name: str) -> None:
    conn.execute(update(companies).where(companies.c.id == company_id).values(name=tidy(name)))


def remove(conn: Connection, company_id: int) -> None:
    """Delete it with all that is in it. Results and blobs are the caller's to clear."""
    conn.execute(delete(companies).where(companies.c.id == company_id))
