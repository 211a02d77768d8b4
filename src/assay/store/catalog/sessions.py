"""Sessions: a browser that someone signed in with. The token is in its cookie, the hash here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from assay.store.catalog import secrets
from assay.store.catalog.tables import sessions

LIFETIME = timedelta(days=30)
RENEWED_AFTER = timedelta(days=1)
AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Session:
    """`agent` is what the browser calls itself."""

    user_id: int
    agent: str
    started_at: datetime
    renewed_at: datetime
    expires_at: datetime


def start(conn: Connection, *, user: int, now: datetime, agent: str = "") -> str:
    """The token of a new session, good for 30 days."""
    token = secrets.make()
    conn.execute(
        insert(sessions).values(
            token_hash=secrets.hashed(token),
            user_id=user,
            agent=agent[:AGENT_LENGTH],
            started_at=now,
            renewed_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return token


def find(conn: Connection, token: str, now: datetime) -> Session | None:
    """The session of a token, unless it ended."""
    s = sessions.c
    query = select(s.user_id, s.agent, s.started_at, s.renewed_at, s.expires_at)
    row = conn.execute(
        query.where(s.token_hash == secrets.hashed(token), s.expires_at > now)
    ).first()
    return Session(*row) if row else None


def is_due(session: Session, now: datetime) -> bool:
    """Whether it is time to `renew` it (once a day, so that not every page view writes)."""
    return now - session.renewed_at >= RENEWED_AFTER


def renew(conn: Connection, token: str, now: datetime) -> None:
    """Make it good for another 30 days."""
    conn.execute(
        update(sessions)
        .where(sessions.c.token_hash == secrets.hashed(token), sessions.c.expires_at > now)
        .values(renewed_at=now, expires_at=now + LIFETIME)
    )


def end(conn: Connection, token: str) -> None:
    conn.execute(delete(sessions).where(sessions.c.token_hash == secrets.hashed(token)))


def end_all(conn: Connection, user_id: int) -> None:
    """Sign someone out everywhere."""
    conn.execute(delete(sessions).where(sessions.c.user_id == user_id))


def sweep(conn: Connection, now: datetime) -> None:
    """Forget the sessions that ended by themselves."""
    conn.execute(delete(sessions).where(sessions.c.expires_at <= now))
