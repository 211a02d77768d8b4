"""Moments as people and their tools write them: what Ruby's `String#to_datetime` takes.

Calliope reads its `date` so. The forms that a general reader gets wrong (Ruby puts the day first,
and knows ISO weeks, days of a year and Japanese eras) are made into plain ISO dates for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

from dateutil import parser as general

ERAS = {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}
"""The year before the first of each era that JIS X 0301 has a letter for."""

HOURS = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1,
    "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "IST": 5.5, "SGT": 8, "JST": 9, "KST": 9,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "AST": -4, "ADT": -3, "EST": -5,
    "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Zones by name, in hours: those of RFC 2822, and what Ruby makes of some more."""

Reader = Callable[[re.Match[str]], date]


def _year(text: str) -> int:
    """As Ruby completes two digits: 69 is 1969, 68 is 2068."""
    number = int(text)
    return number if len(text) > 2 else number + (1900 if number >= 69 else 2000)


def _week(found: re.Match[str]) -> date:
    return date.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1))


def _ordinal(found: re.Match[str]) -> date:
    day = date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
    if day.year != int(found[1]):
        raise ValueError("no such day in this year")
    return day


def _era(found: re.Match[str]) -> date:
    return date(ERAS[found[1].upper()] + int(found[2]), int(found[3]), int(found[4]))


def _year_first(found: re.Match[str]) -> date:
    return date(_year(found[1]), int(found[2]), int(found[3] or 1))


def _day_first(found: re.Match[str]) -> date:
    return date(int(found[3]), int(found[2]), int(found[1]))


FORMS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"(\d{4})-?W(\d\d)(?:-?(\d))?(?!\d)", re.IGNORECASE), _week),
    (re.compile(r"([MTSHR])(\d\d)\.(\d\d?)\.(\d\d?)(?!\d)", re.IGNORECASE), _era),
    (re.compile(r"(\d{4})-(\d{3})(?!\d)"), _ordinal),
    (re.compile(r"(\d{4})(\d{3})(?!\d)"), _ordinal),
    (re.compile(r"(\d{4})[-/.](\d\d?)(?:[-/.](\d\d?))?(?!\d)"), _year_first),
    (re.compile(r"(\d\d)[-/.](\d\d?)[-/.](\d\d?)(?!\d)"), _year_first),
    (re.compile(r"(\d\d?)[-/.](\d\d?)[-/.](\d{4})(?!\d)"), _day_first),
)
"""Dates in figures, where a text begins with one; the first that fits counts."""

LOST_PLUS = re.compile(r"^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) (\d\d:?\d\d)$")
"""A zone whose `+` nobody escaped in an address, which makes it a space."""

MIDNIGHT = re.compile(r"[T ]24:?00(?!\d*[1-9])")
"""The end of a day, which ISO 8601 lets one write so."""

GREENWICH = re.compile(r"\b(?:GMT|UTC|UT)(?=[+-]\d)", re.IGNORECASE)
"""`GMT+3` is three hours east to Ruby and most people; to POSIX, and a general reader, west."""

PROBES = (datetime(1904, 1, 1, tzinfo=UTC), datetime(2008, 2, 1, tzinfo=UTC))
"""What is missing is taken from each: where the two readings differ, no year or month was given."""


def read_moment(text: str) -> datetime:
    """The moment, in UTC; without a zone it is UTC, as in Rails. Raises `ValueError`."""
    plain = GREENWICH.sub("", LOST_PLUS.sub(r"\1+\2", _in_iso(text.strip())))
    first, second = (general.parse(plain, default=probe, tzinfos=_zone) for probe in PROBES)
    if first != second:
        raise ValueError("the year or the month is missing")
    return first.astimezone(UTC)


def _in_iso(text: str) -> str:
    for form, read in FORMS:
        if found := form.match(text):
            day, rest = read(found), text[found.end() :].replace("t", "T", 1)
            if MIDNIGHT.match(rest):
                day, rest = day + timedelta(days=1), rest.replace("24", "00", 1)
            return f"{day.isoformat()}{rest}"
    return text


def _zone(name: str | None, seconds: int | None) -> timezone:
    """A zone given by name or in seconds east of Greenwich; UTC where there is none."""
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    if name is None:
        return UTC
    if name.upper() not in HOURS:
        raise ValueError(f"the zone {name} is not known")
    return timezone(timedelta(hours=HOURS[name.upper()]))
