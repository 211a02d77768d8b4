"""The column types of the catalog: what a value must be to mean the same in both databases."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up only what is called INTEGER, which is 64 bits wide there."""

NOBODY = -1


class Id(TypeDecorator[int]):
    """A 64-bit identity. A number beyond that is looked up as one that nothing has."""

    impl = BIG
    cache_ok = True

    def process_bind_param(self, value: int | None, _: Dialect) -> int | None:
        if value is None or 0 <= value < 2**63:
            return value
        return NOBODY


class Words(TypeDecorator[str]):
    """Text from anywhere. What a database cannot hold (NUL, half a surrogate pair) becomes `�`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        return None if value is None else clean(value)


def clean(text: str) -> str:
    """The text as it will come back."""
    if text.isascii() and text.isprintable():
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


class Moment(TypeDecorator[datetime]):
    """An aware datetime, always UTC when it comes out. SQLite holds it as sortable text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; the catalog takes aware datetimes")
        try:
            return value.astimezone(UTC)
        except OverflowError:  # 0001-01-01T00:00+01:00: what .NET writes for "no date"
            return value.replace(tzinfo=UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
