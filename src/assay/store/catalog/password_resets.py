"""One-time links for those who have forgotten their password; stored as hashes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, insert, select

from assay.store.catalog import secrets
from assay.store.catalog.tables import password_resets

LIFETIME = timedelta(hours=1)
APART = timedelta(minutes=5)
"""Nobody's letter-box is filled by others who ask for them again and again."""


def make(conn: Connection, *, user: int, now: datetime) -> str | None:
    """The token of a link that is good for an hour, once. The links before it are good for
    nothing. None when the last was made just now."""
    p = password_resets.c
    if conn.scalar(select(exists().where(p.user_id == user, p.created_at > now - APART))):
        return None
    end_all(conn, user)
    token = secrets.make()
    values = {"user_id": user, "created_at": now, "expires_at": now + LIFETIME}
    conn.execute(insert(password_resets).values(token_hash=secrets.hashed(token), **values))
    return token


def find(conn: Connection, token: str, now: datetime) -> int | None:
    """The id of the user the link is for; None when it was used or is too old."""
    p = password_resets.c
    known = p.token_hash == secrets.hashed(token), p.expires_at > now
    return conn.scalar(select(p.user_id).where(*known))


def end_all(conn: Connection, user_id: int) -> None:
    """Make a user's links useless."""
    conn.execute(delete(password_resets).where(password_resets.c.user_id == user_id))
