"""Passwords: hashed with Argon2id, at the cost that OWASP's cheat sheet names for a login server
(19 MiB, two passes), a few at a time so that a crowd signing in cannot use up the memory."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from assay.errors import Invalid
from assay.store.catalog import password_resets, sessions, users

SHORTEST, LONGEST = 8, 1000  # characters; NIST SP 800-63B asks for 8 at least, and 64 to fit

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_places = BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """What `users` stores. Raises `Invalid` for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST} characters.", "password")
    with _places:
        return _hasher.hash(_same(password))


def verify_password(known: str | None, password: str) -> bool:
    """Whether it is the one. Without a known hash (no such user) it is False, and takes as long."""
    with _places:
        try:
            right = _hasher.verify(known or _nobodys(), _same(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return right and known is not None


def rehash_password(known: str | None, password: str) -> str | None:
    """The hash of a password just verified, if it was made at another cost than today's."""
    if known is None or not _hasher.check_needs_rehash(known):
        return None
    with _places:
        return _hasher.hash(_same(password))


def set_password(conn: Connection, user_id: int, password: str) -> None:
    """Change it, sign the user out everywhere and end the links that were mailed for a new one.
    Raises `Invalid` as `hash_password` does."""
    users.set_password(conn, user_id, hash_password(password))
    sessions.end_all(conn, user_id)
    password_resets.end_all(conn, user_id)


def _same(password: str) -> bytes:
    """One password, however the keyboard composes its accents."""
    return normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    return _hasher.hash(b"nobody has this password")
