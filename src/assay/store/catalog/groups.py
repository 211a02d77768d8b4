"""Groups: the folders of a company's profiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, delete, exists, insert, select, update

from assay.errors import Invalid
from assay.store.catalog.names import tidy
from assay.store.catalog.tables import groups, profiles


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    company_id: int
    name: str
    created_at: datetime
    uuid: str


def make(conn: Connection, *, company: int, name: str, now: datetime) -> Group:
    """A new, empty group. Raises `Invalid` for the name."""
    values = {
        "company_id": company,
        "name": tidy(name),
        "created_at": now,
        "uuid": str(uuid4()),
    }
    return Group(*conn.execute(insert(groups).values(values).returning(groups)).one())


def get(conn: Connection, group_id: int) -> Group | None:
    row = conn.execute(select(groups).where(groups.c.id == group_id)).first()
    return Group(*row) if row else None


def by_uuid(conn: Connection, uuid: str) -> Group | None:
    row = conn.execute(select(groups).where(groups.c.uuid == uuid)).first()
    return Group(*row) if row else None


def of_company(conn: Connection, company_id: int) -> list[Group]:
    """By name."""
    query = select(groups).where(groups.c.company_id == company_id)
    return [Group(*row) for row in conn.execute(query.order_by(groups.c.name, groups.c.id))]


def lock(conn: Connection, group_id: int) -> None:
    """Let nobody else change the group or what is in it until the transaction ends, if they lock
    it, too."""
    conn.execute(select(groups.c.id).where(groups.c.id == group_id).with_for_update())


def rename(conn: Connection, group_id: int, name: str) -> None:
    conn.execute(update(groups).where(groups.c.id == group_id).values(name=tidy(name)))


def remove(conn: Connection, group_id: int) -> None:
    """Delete an empty group. Raises `Invalid` while it has profiles, and for a while after."""
    inside = profiles.c.group_id == group_id
    if conn.scalar(select(exists().where(inside, profiles.c.deleted_at.is_(None)))):
        raise Invalid("The group still has profiles. Move or delete them first.", "group")
    if conn.scalar(select(exists().where(inside))):
        raise Invalid(
            "A profile of the group is still being deleted. Try again in a minute.", "group"
        )
    conn.execute(delete(groups).where(groups.c.id == group_id))
