"""Companies: the workspaces that people are members of and that groups and profiles live in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from assay.store.catalog.names import tidy
from assay.store.catalog.tables import (
    companies,
    groups,
    invitations,
    memberships,
    profiles,
    reports,
)


@dataclass(frozen=True, slots=True)
class Company:
    id: int
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Contents:
    """How much goes with a company when it is deleted."""

    groups: int
    profiles: int
    reports: int
    members: int


def make(conn: Connection, *, name: str, now: datetime) -> Company:
    """A new company. It has no members yet; see `members.add`. Raises `Invalid` for the name."""
    values = {"name": tidy(name), "created_at": now}
    row = conn.execute(insert(companies).values(values).returning(*_COLUMNS)).one()
    return Company(*row)


def get(conn: Connection, company_id: int) -> Company | None:
    row = conn.execute(select(*_COLUMNS).where(companies.c.id == company_id, _KEPT)).first()
    return Company(*row) if row else None


def several(conn: Connection, ids: Iterable[int]) -> list[Company]:
    """Those of the companies that exist, by name."""
    query = select(*_COLUMNS).where(companies.c.id.in_(list(ids)), _KEPT)
    return [Company(*row) for row in conn.execute(query.order_by(companies.c.name, companies.c.id))]


def contents(conn: Connection, company_id: int) -> Contents:
    """What is in it."""
    kept = profiles.c.company_id == company_id, profiles.c.deleted_at.is_(None)
    inside = select(profiles.c.id).where(*kept)
    shown = reports.c.profile_id.in_(inside), reports.c.deleted_at.is_(None)
    numbers = (
        select(func.count()).where(groups.c.company_id == company_id),
        select(func.count()).where(*kept),
        select(func.count()).where(*shown),
        select(func.count()).where(memberships.c.company_id == company_id),
    )
    return Contents(*(conn.execute(query).scalar_one() for query in numbers))


def lock(conn: Connection, company_id: int) -> None:
    """Let nobody else change the company or what is in it until the transaction ends, if they lock
    it, too."""
    conn.execute(select(companies.c.id).where(companies.c.id == company_id).with_for_update())


def rename(conn: Connection, company_id: int, name: str) -> None:
    conn.execute(update(companies).where(companies.c.id == company_id).values(name=tidy(name)))


def hide(conn: Connection, company_id: int, now: datetime) -> None:
    """Delete it for all who look: it has no members, invitations or profiles any more. The rest
    follows; see `assay.removal`."""
    conn.execute(update(companies).where(companies.c.id == company_id).values(deleted_at=now))
    mine = profiles.c.company_id == company_id, profiles.c.deleted_at.is_(None)
    conn.execute(update(profiles).where(*mine).values(deleted_at=now))
    for table in (memberships, invitations):
        conn.execute(delete(table).where(table.c.company_id == company_id))


def hidden(conn: Connection) -> list[int]:
    """The ids of those that were deleted and are empty by now."""
    empty = ~exists().where(profiles.c.company_id == companies.c.id)
    return list(conn.scalars(select(companies.c.id).where(~_KEPT, empty)))


def remove(conn: Connection, company_id: int) -> None:
    """Delete it with all that is in it. Results and blobs are the caller's to clear."""
    conn.execute(delete(companies).where(companies.c.id == company_id))


_COLUMNS = (companies.c.id, companies.c.name, companies.c.created_at)
_KEPT = companies.c.deleted_at.is_(None)
