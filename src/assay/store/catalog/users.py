"""Users: people with an account. What they may do is in `members` and `assay.auth`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select, update

from assay.errors import Invalid
from assay.store.catalog.names import tidy
from assay.store.catalog.tables import users


@dataclass(frozen=True, slots=True)
class User:
    """`password_hash` is None for someone who cannot sign in with a password."""

    id: int
    email: str
    name: str
    password_hash: str | None = field(repr=False)
    created_at: datetime


def address(email: str) -> str:
    """An e-mail address as it is stored and looked up: two spellings of it are one account."""
    return email.strip().casefold()


def make(
    conn: Connection, *, email: str, name: str, password_hash: str | None, now: datetime
) -> User:
    """A new user. Raises `Invalid` for the e-mail (no address, or taken) and for the name."""
    known = checked(email)
    if conn.scalar(select(exists().where(users.c.email == known))):
        raise Invalid(f"{known} has an account already.", "email")
    values = {
        "email": known,
        "name": tidy(name),
        "password_hash": password_hash,
        "created_at": now,
    }
    return User(*conn.execute(insert(users).values(values).returning(users)).one())


def get(conn: Connection, user_id: int) -> User | None:
    return _first(conn, users.c.id == user_id)


def by_email(conn: Connection, email: str) -> User | None:
    return _first(conn, users.c.email == address(email))


def exist(conn: Connection) -> bool:
    """Whether anybody has been entered yet."""
    return bool(conn.scalar(select(exists(select(users.c.id)))))


def rename(conn: Connection, user_id: int, name: str) -> None:
    conn.execute(update(users).where(users.c.id == user_id).values(name=tidy(name)))


def set_password(conn: Connection, user_id: int, password_hash: str | None) -> None:
    """Takes a hash: passwords never come as far as the catalog."""
    conn.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash))


def remove(conn: Connection, user_id: int) -> None:
    """Delete the account with its sessions, keys and memberships; what it imported stays."""
    conn.execute(delete(users).where(users.c.id == user_id))


def _first(conn: Connection, condition: ColumnElement[bool]) -> User | None:
    row = conn.execute(select(users).where(condition)).first()
    return User(*row) if row else None


def checked(email: str) -> str:
    """The `address` of an e-mail. Raises `Invalid` for what cannot be one."""
    known = address(email)
    name, at, host = known.rpartition("@")
    if not (name and at and host) or len(known) > 254 or len(known.split()) != 1:
        raise Invalid(f"{email!r} is no e-mail address.", "email")
    return known
