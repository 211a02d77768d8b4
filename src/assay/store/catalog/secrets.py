"""Keys and session tokens: made at random, told once, stored as a hash.

They hold 256 random bits, so a plain SHA-256 is enough (nothing can be guessed, unlike passwords)
and can be looked up by an index.
"""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

RANDOM_BYTES = 32


def make() -> str:
    """43 URL-safe characters."""
    return token_urlsafe(RANDOM_BYTES)


def hashed(secret: str) -> str:
    """64 hexadecimal digits."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
