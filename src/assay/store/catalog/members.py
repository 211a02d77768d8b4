"""Members: who belongs to which company, in which role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from assay.errors import Invalid
from assay.store.catalog.tables import (
    api_keys,
    memberships,
    profiles,
    sessions,
    subscriptions,
    users,
)


class Role(StrEnum):
    """From the least to the most; what each may do is the table in `assay.auth`."""

    READ_ONLY = "read_only"
    USER = "user"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Member:
    company_id: int
    user_id: int
    role: Role
    created_at: datetime
    email: str
    name: str
    seen_at: datetime | None
    """The last visit known: sessions note them once a day, keys once a minute."""


def add(conn: Connection, *, company: int, user: int, role: Role, now: datetime) -> None:
    """Raises `Invalid` for someone who is a member already."""
    if role_of(conn, company=company, user=user) is not None:
        raise Invalid("This user is a member of the company already.", "user")
    values = {"company_id": company, "user_id": user, "role": role.value, "created_at": now}
    conn.execute(insert(memberships).values(values))


def role_of(conn: Connection, *, company: int, user: int) -> Role | None:
    """None for a stranger."""
    role = conn.scalar(select(memberships.c.role).where(_is(company, user)))
    return Role(role) if role else None


def of_user(conn: Connection, user_id: int) -> dict[int, Role]:
    """The user's role by company id."""
    query = select(memberships.c.company_id, memberships.c.role)
    rows = conn.execute(query.where(memberships.c.user_id == user_id))
    return {company: Role(role) for company, role in rows}


def of_company(conn: Connection, company_id: int) -> list[Member]:
    """By name."""
    m = memberships.c
    visited = select(func.max(sessions.c.renewed_at)).where(sessions.c.user_id == m.user_id)
    used = select(func.max(api_keys.c.last_used_at)).where(api_keys.c.user_id == m.user_id)
    seen = visited.scalar_subquery(), used.scalar_subquery()
    rows = conn.execute(
        select(m.company_id, m.user_id, m.role, m.created_at, users.c.email, users.c.name, *seen)
        .join(users, users.c.id == m.user_id)
        .where(m.company_id == company_id)
        .order_by(users.c.name, users.c.id)
    )
    return [
        Member(row[0], row[1], Role(row[2]), *row[3:6], max(filter(None, row[6:]), default=None))
        for row in rows
    ]


def set_role(conn: Connection, *, company: int, user: int, role: Role) -> None:
    """Raises `Invalid` when that would leave the company without an owner."""
    if role is not Role.OWNER:
        _keep_an_owner(conn, company, user)
    conn.execute(update(memberships).where(_is(company, user)).values(role=role.value))


def remove(conn: Connection, *, company: int, user: int) -> None:
    """They own none of its profiles any more and are told nothing of them. Raises `Invalid` when
    that would leave the company without an owner."""
    _keep_an_owner(conn, company, user)
    conn.execute(delete(memberships).where(_is(company, user)))
    theirs = profiles.c.company_id == company, profiles.c.owner_id == user
    conn.execute(update(profiles).where(*theirs).values(owner_id=None))
    inside = select(profiles.c.id).where(profiles.c.company_id == company)
    told = subscriptions.c.user_id == user, subscriptions.c.profile_id.in_(inside)
    conn.execute(delete(subscriptions).where(*told))


def _is(company: int, user: int) -> ColumnElement[bool]:
    return and_(memberships.c.company_id == company, memberships.c.user_id == user)


def _keep_an_owner(conn: Connection, company: int, user: int) -> None:
    owning = memberships.c.company_id == company, memberships.c.role == Role.OWNER.value
    locked = select(memberships.c.user_id).where(*owning).with_for_update()
    if set(conn.scalars(locked)) == {user}:
        raise Invalid("A company needs an owner. Make someone else one first.", "role")
