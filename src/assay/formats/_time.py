"""Durations and times as tools write them in XML."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

UNITS = {"": 1.0, "s": 1.0, "sec": 1.0, "ms": 0.001, "m": 60.0, "min": 60.0}

NUMBER = re.compile(r"(-?[\d.,' \u00a0]*\d)\s*([a-z]*)", re.IGNORECASE)

GROUPED = re.compile(r"\d{1,3}(?:[,.]\d{3})+")
"""1,234,567"""

CLOCK = re.compile(r"(?:(\d{1,9})[:h])?(\d{1,2})[:m](\d{1,2}(?:[.,]\d+)?)s?")

WAYS = ("%Y%m%d %H:%M:%S.%f", "%Y%m%d %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%Y-%m-%d %H:%M:%S %Z")
"""Other than ISO 8601 and e-mail's: Robot's, C's `ctime`, Ruby's."""

LONGEST = 1e100
"""More are no seconds: sums of others are finite. (Some read counts as durations, too.)"""

FIRST_YEAR = 1980
"""Earlier dates are clocks that were never set, or files that were never given a date."""


def seconds(text: str | None) -> float | None:
    """A duration of 0 or more in seconds, or None for what is none, or beyond `LONGEST`.

    Reads `0.5`, `0,5`, `1,234.5`, `1.234,5`, `250ms` and `1:02:03.4`. A comma alone is a decimal
    one: `1,234` comes from tools in a German locale far more often than from a long test.
    """
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        found = _seconds(text.strip())
    return found if 0 <= found <= LONGEST else None


def _seconds(text: str) -> float:
    if clock := CLOCK.fullmatch(text):
        hours, minutes, rest = clock.groups(default="0")
        return int(hours) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))
    number = NUMBER.fullmatch(text)
    unit = UNITS.get(number[2].lower()) if number else None
    if number is None or unit is None:
        return -1
    return _decimal(number[1]) * unit


def _decimal(text: str) -> float:
    """The last separator, if it stands once, is the decimal one; the others part thousands."""
    separator = max(",.", key=text.rfind)
    if text.count(separator) != 1:
        whole, fraction = text, "0"
    else:
        whole, _, fraction = text.rpartition(separator)
    if separator in whole and not GROUPED.fullmatch(whole):
        return -1
    try:
        return float(re.sub(r"[^\d-]", "", whole or "0") + "." + fraction)
    except ValueError:
        return -1


def moment(text: str | None) -> datetime | None:
    """A point in time in UTC (as which a time without a zone is taken), or None for what is none.

    Reads ISO 8601, the ways of Robot, `ctime` and e-mail, and seconds or milliseconds since 1970.
    """
    if not text:
        return None
    text = text.strip()
    found = _iso(text) or _number(text) or _other(text)
    if found is None or found.year < FIRST_YEAR:
        return None
    return found


def length(started: datetime | None, ended: datetime | None) -> float | None:
    """The seconds between the two; None where one is unknown, or they stand the wrong way."""
    if started is None or ended is None or ended < started:
        return None
    return (ended - started).total_seconds()


def _utc(found: datetime) -> datetime:
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _iso(text: str) -> datetime | None:
    try:
        return _utc(datetime.fromisoformat(text)) if "-" in text or "T" in text else None
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> datetime | None:
    try:
        count = float(text)
        return datetime.fromtimestamp(count / 1000 if count > 1e11 else count, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _other(text: str) -> datetime | None:
    for way in WAYS:
        try:
            return _utc(datetime.strptime(text, way))  # noqa: DTZ007
        except (ValueError, OverflowError):
            continue
    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
