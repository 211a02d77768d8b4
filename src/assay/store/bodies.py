"""How the wide text of a result or container is kept: small as it stands, large compressed alone.

An engine compresses thousands of rows together, which suits small texts: they take half of what
they take alone. A large one would make its neighbours' readers decompress it with theirs, hundreds
of megabytes for one result, so it is a zstd frame by itself.
"""

from __future__ import annotations

import zstandard

LARGE = 4_096
"""Bytes. Two thousand neighbours of this size are read in a hundredth of a second."""

_FRAME = b"\x28\xb5\x2f\xfd"
"""How a zstd frame begins (RFC 8878), and JSON never does."""


def pack(body: bytes) -> bytes:
    """`body` as it goes into the store."""
    return zstandard.compress(body) if len(body) > LARGE else body


def unpack(stored: bytes) -> bytes:
    """The body that was packed as `stored`."""
    return zstandard.decompress(stored) if stored.startswith(_FRAME) else stored
