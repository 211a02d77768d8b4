"""From what a request brings (a key, a password, a session's token) to the caller."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from assay.auth.passwords import rehash_password, verify_password
from assay.auth.rights import Caller
from assay.auth.throttle import Throttle
from assay.errors import Unauthenticated, Unavailable
from assay.store.catalog import Catalog, keys, members, sessions, users
from assay.store.catalog.keys import Key
from assay.store.catalog.users import User

SCHEMES = frozenset({"bearer", "token", "privatetoken"})
TOKEN = re.compile(r'token\s*=\s*"?([^",\s]*)"?', re.IGNORECASE)
"""Some clients write `Token token="…"`, as Rails does, with the quotes or without."""

UNKNOWN_KEY = (
    "This API key is unknown, was revoked or has expired. Make one on the page Account and send it "
    "in the header x-api-key."
)
WRONG_PASSWORD = "The e-mail or the password is wrong."  # noqa: S105


@dataclass(frozen=True, slots=True)
class Credentials:
    """What came in the headers. With `email` it is Basic, and either half may be a key."""

    secret: str = field(repr=False)
    email: str | None = None


def credentials(headers: Mapping[str, str]) -> Credentials | None:
    """What the request says of its caller, in any of the forms that clients send it; else None.

    `headers` is asked for lower-case names. The scheme of another program in between (Digest,
    Negotiate) is not for us.
    """
    key = headers.get("x-api-key", "").strip()
    if key:
        return Credentials(key)
    scheme, _, rest = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "basic":
        return _basic(rest)
    if scheme.lower() in SCHEMES:
        named = TOKEN.match(rest.strip())
        rest = named[1] if named else rest
    elif scheme.startswith(keys.PREFIX):
        rest = scheme
    else:
        return None
    return Credentials(rest.strip()) if rest.strip() else None


def caller_by_key(
    catalog: Catalog,
    found: Credentials,
    now: datetime,
    *,
    throttle: Throttle | None = None,
    address: str = "",
) -> Caller:
    """Who the key, or the Basic user and password, belongs to. Raises `Unauthenticated`.

    Keys are looked for first and never slowed down; guessing passwords is, given a `throttle`.
    """
    with catalog.read() as conn:
        key = keys.find(conn, found.secret, now)
        if key is None and found.email:
            key = keys.find(conn, found.email, now)
        caller = _acting(conn, key.user_id, key) if key else None
    if caller is not None and caller.key is not None:
        _note_use(catalog, caller.key, now)
        return caller
    if not found.email:
        raise Unauthenticated(UNKNOWN_KEY)
    user = _checked(catalog, throttle, found.email, found.secret, address, now)
    with catalog.read() as conn:
        return Caller(user, None, members.of_user(conn, user.id))


def caller_by_session(catalog: Catalog, token: str, now: datetime) -> Caller | None:
    """Who is signed in with this token, good for 30 days from the last visit; else None."""
    with catalog.read() as conn:
        session = sessions.find(conn, token, now)
        caller = _acting(conn, session.user_id, None) if session else None
    if session is not None and sessions.is_due(session, now):
        with suppress(Unavailable), catalog.write() as conn:  # reading goes on with a full disk
            sessions.renew(conn, token, now)
    return caller


def sign_in(
    catalog: Catalog,
    throttle: Throttle,
    *,
    email: str,
    password: str,
    address: str,
    agent: str = "",
    now: datetime,
) -> str:
    """The token of a new session. `address` is the caller's on the network.

    Raises `Unauthenticated` in the same words and after the same time whether the e-mail or the
    password is wrong, and `TooManyTries` after ten wrong passwords.
    """
    user = _checked(catalog, throttle, email, password, address, now)
    with catalog.write() as conn:
        sessions.sweep(conn, now)
        return sessions.start(conn, user=user.id, now=now, agent=agent)


def sign_out(catalog: Catalog, token: str) -> None:
    with catalog.write() as conn:
        sessions.end(conn, token)


def _basic(encoded: str) -> Credentials | None:
    try:
        name, colon, password = b64decode(encoded, validate=True).decode().partition(":")
    except (NotBase64, ValueError):
        return None
    if not colon or not (name or password):
        return None
    return Credentials(password, name) if password else Credentials(name)


def _acting(conn: Connection, user_id: int, key: Key | None) -> Caller | None:
    user = users.get(conn, user_id)
    return Caller(user, key, members.of_user(conn, user_id)) if user else None


def _note_use(catalog: Catalog, key: Key, now: datetime) -> None:
    if keys.is_due(key, now):
        with suppress(Unavailable), catalog.write() as conn:  # reading goes on with a full disk
            keys.touch(conn, key.id, now)


def _checked(
    catalog: Catalog,
    throttle: Throttle | None,
    email: str,
    password: str,
    address: str,
    now: datetime,
) -> User:
    """The user, who has shown the password. It is verified outside any transaction, for it is
    slow on purpose."""
    email = users.address(email)
    if throttle is not None:
        throttle.enter(email, address, now)
    with catalog.read() as conn:
        user = users.by_email(conn, email)
    if not verify_password(user.password_hash if user else None, password) or user is None:
        raise Unauthenticated(WRONG_PASSWORD)
    if throttle is not None:
        throttle.forgive(email, address)
    if renewed := rehash_password(user.password_hash, password):
        with suppress(Unavailable), catalog.write() as conn:
            users.set_password(conn, user.id, renewed)
    return user
