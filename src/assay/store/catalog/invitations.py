"""Invitations: who was asked into which company, as what. The token is in the letter, the hash
here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from assay.store.catalog import secrets, users
from assay.store.catalog.members import Role
from assay.store.catalog.tables import invitations

LIFETIME = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Invitation:
    """`email` is as `users.address` makes it. `inviter_id` is None for someone who has left."""

    id: int
    company_id: int
    email: str
    role: Role
    inviter_id: int | None
    created_at: datetime
    expires_at: datetime


def make(
    conn: Connection, *, company: int, email: str, role: Role, inviter: int, now: datetime
) -> tuple[Invitation, str]:
    """An invitation and its token, which nothing can tell again. It takes the place of one that
    was sent to the same address before. Raises `Invalid` for what is no address."""
    known = users.checked(email)
    mine = invitations.c.company_id == company, invitations.c.email == known, _OPEN
    conn.execute(delete(invitations).where(*mine))
    token = secrets.make()
    values = {
        "company_id": company,
        "email": known,
        "role": role.value,
        "token_hash": secrets.hashed(token),
        "inviter_id": inviter,
        "created_at": now,
        "expires_at": now + LIFETIME,
    }
    row = conn.execute(insert(invitations).values(values).returning(*_COLUMNS)).one()
    return _invitation(*row), token


def renew(conn: Connection, invitation: Invitation, now: datetime) -> tuple[Invitation, str]:
    """The same with a new token, good for another 14 days; the one before is good for nothing."""
    token = secrets.make()
    values = {"token_hash": secrets.hashed(token), "expires_at": now + LIFETIME}
    conn.execute(update(invitations).where(invitations.c.id == invitation.id).values(values))
    return replace(invitation, expires_at=now + LIFETIME), token


def find(conn: Connection, token: str, now: datetime) -> Invitation | None:
    """The invitation of a token, unless it was accepted or withdrawn or is too old."""
    known = invitations.c.token_hash == secrets.hashed(token)
    return _first(conn, known & (invitations.c.expires_at > now))


def get(conn: Connection, invitation_id: int) -> Invitation | None:
    """An open one, though it may be too old."""
    return _first(conn, invitations.c.id == invitation_id)


def of_company(conn: Connection, company_id: int) -> list[Invitation]:
    """The open ones, those too old among them, by address."""
    query = select(*_COLUMNS).where(invitations.c.company_id == company_id, _OPEN)
    rows = conn.execute(query.order_by(invitations.c.email, invitations.c.id))
    return [_invitation(*row) for row in rows]


def accept(conn: Connection, invitation_id: int, now: datetime) -> None:
    """Note that they came."""
    mine = update(invitations).where(invitations.c.id == invitation_id)
    conn.execute(mine.values(accepted_at=now))


def withdraw(conn: Connection, invitation_id: int) -> None:
    conn.execute(delete(invitations).where(invitations.c.id == invitation_id, _OPEN))


_OPEN = invitations.c.accepted_at.is_(None)
_COLUMNS = [c for c in invitations.c if c.name not in ("token_hash", "accepted_at")]


def _first(conn: Connection, condition: ColumnElement[bool]) -> Invitation | None:
    row = conn.execute(select(*_COLUMNS).where(condition, _OPEN)).first()
    return _invitation(*row) if row else None


def _invitation(
    number: int,
    company: int,
    email: str,
    role: str,
    inviter: int | None,
    created: datetime,
    expires: datetime,
) -> Invitation:
    return Invitation(number, company, email, Role(role), inviter, created, expires)
