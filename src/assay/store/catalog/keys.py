"""API keys: named, scoped, revocable; shown once, stored as a hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, insert, or_, select, update

from assay.errors import Invalid
from assay.store.catalog import secrets
from assay.store.catalog.names import tidy
from assay.store.catalog.tables import api_keys

PREFIX = "assay_"
HINT_LENGTH = len(PREFIX) + 4
USE_IS_NOTED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a key is for; it can never do more than its user may."""

    IMPORT = "import"
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Key:
    """`hint` is how the secret begins. With `profile_id` it is good for that profile only."""

    id: int
    user_id: int
    profile_id: int | None
    name: str
    hint: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


def make(
    conn: Connection,
    *,
    user: int,
    name: str,
    scopes: Iterable[Scope | str],
    profile: int | None = None,
    now: datetime,
    expires: datetime | None = None,
) -> tuple[Key, str]:
    """A new key and its secret, which nothing can tell again.

    Raises `Invalid` for the name, and for no scope or one that does not exist.
    """
    secret = PREFIX + secrets.make()
    row = conn.execute(
        insert(api_keys)
        .values(
            user_id=user,
            profile_id=profile,
            name=tidy(name),
            secret_hash=secrets.hashed(secret),
            hint=secret[:HINT_LENGTH],
            scopes=" ".join(sorted(_checked(scopes))),
            created_at=now,
            expires_at=expires,
        )
        .returning(*_COLUMNS)
    ).one()
    return _key(*row), secret


def find(conn: Connection, secret: str, now: datetime) -> Key | None:
    """The key with this secret, unless it was revoked or has expired."""
    k = api_keys.c
    row = conn.execute(
        select(*_COLUMNS).where(
            k.secret_hash == secrets.hashed(secret),
            k.revoked_at.is_(None),
            or_(k.expires_at.is_(None), k.expires_at > now),
        )
    ).first()
    return _key(*row) if row else None


def get(conn: Connection, key_id: int) -> Key | None:
    """Any key, a revoked one too."""
    row = conn.execute(select(*_COLUMNS).where(api_keys.c.id == key_id)).first()
    return _key(*row) if row else None


def of_user(conn: Connection, user_id: int, *, revoked: bool = False) -> list[Key]:
    """The user's keys, the newest first; those that were revoked only when asked for."""
    query = select(*_COLUMNS).where(api_keys.c.user_id == user_id)
    if not revoked:
        query = query.where(api_keys.c.revoked_at.is_(None))
    return [_key(*row) for row in conn.execute(query.order_by(api_keys.c.id.desc()))]


def is_due(key: Key, now: datetime) -> bool:
    """Whether it is time to `touch` it (once a minute, so that not every request writes)."""
    return key.last_used_at is None or now - key.last_used_at >= USE_IS_NOTED_EVERY


def touch(conn: Connection, key_id: int, now: datetime) -> None:
    """Note that it was used."""
    conn.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=now))


def revoke(conn: Connection, key_id: int, now: datetime) -> None:
    """Make it useless for ever. Its row stays: imports name the key they came with."""
    unrevoked = (api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    conn.execute(update(api_keys).where(*unrevoked).values(revoked_at=now))


_COLUMNS = [column for column in api_keys.c if column.name != "secret_hash"]


def _key(
    number: int,
    user: int,
    profile: int | None,
    name: str,
    hint: str,
    scopes: str,
    *times: datetime | None,
) -> Key:
    granted = frozenset(map(Scope, scopes.split()))
    return Key(number, user, profile, name, hint, granted, *times)  # type: ignore[arg-type]


def _checked(scopes: Iterable[Scope | str]) -> set[Scope]:
    try:
        wanted = {Scope(scope) for scope in scopes}
    except ValueError:
        raise Invalid(f"A key's scopes are {', '.join(Scope)}.", "scopes") from None
    if not wanted:
        raise Invalid(f"Choose at least one scope: {', '.join(Scope)}.", "scopes")
    return wanted
