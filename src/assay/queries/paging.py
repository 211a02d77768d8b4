"""A part of a long answer, and the cursor that asks for the next part."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from assay.errors import Invalid

T = TypeVar("T")
Key = tuple[float, int]
"""Where a row stands: what it is sorted by, and its position, which is its own."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next` is the cursor of the page that follows, None on the last."""

    items: tuple[T, ...]
    next: str | None = None


def cut(rows: Sequence[T], limit: int, key: Callable[[T], Key]) -> Page[T]:
    """The page of up to `limit` rows, where one more than `limit` was asked for."""
    items = tuple(rows[:limit])
    return Page(items, encode_cursor(key(items[-1])) if len(rows) > limit else None)


def encode_cursor(key: Key) -> str:
    """`key` as text that fits an address and means nothing to its reader."""
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, start: Key) -> Key:
    """The key in `cursor`, `start` without one. Raises `Invalid` for a cursor not made here."""
    if cursor is None:
        return start
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        return msgspec.json.decode(urlsafe_b64decode(padded), type=tuple[float, int])
    except (ValueError, msgspec.MsgspecError) as error:
        raise Invalid(
            "The cursor is not one that this list gave out. Ask again without it.", "cursor"
        ) from error
