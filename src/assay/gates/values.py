"""What stands behind a rule's name: numbers, shares, times, and growth against earlier reports.

Each `read_…` takes the text as it was written and raises `ValueError` for what it cannot be; how
it should have been written is said by the rule's kind (`assay.gates.kinds`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

LONG_TERM = 20
"""Reports that an average is of where the rule does not say: as many as are looked through for what
a test was before, some weeks of nightly runs."""

MOST_REPORTS = 100
"""Reports an average can be of."""

DIGITS = 6
"""Decimals at most to tell a value from its limit."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of tests, or with `share` so many per cent of them."""

    number: float
    share: bool = False

    def __str__(self) -> str:
        return percent(self.number) if self.share else f"{self.number:,.0f}"


@dataclass(frozen=True, slots=True)
class Share:
    """So many per cent."""

    percent: float

    def __str__(self) -> str:
        return percent(self.percent)


@dataclass(frozen=True, slots=True)
class Span:
    """A time."""

    seconds: float

    def __str__(self) -> str:
        return span(self.seconds)


@dataclass(frozen=True, slots=True)
class Growth:
    """So many per cent of the average of the `last` reports before."""

    percent: float
    last: int = LONG_TERM

    def __str__(self) -> str:
        return f"{percent(self.percent)} of the average of the last {self.last}"


_NUMBER = r"(\d{1,9}(?:\.\d{1,6})?)"
_AT_MOST = re.compile(r"^(?:at most|max(?:imum)?|<=|≤)\s*", re.IGNORECASE)
_AT_LEAST = re.compile(r"^(?:at least|min(?:imum)?\b|>=|≥)\s*", re.IGNORECASE)
_COUNT = re.compile(r"(\d{1,9})(?:\s+tests?)?")
_PERCENT = re.compile(rf"{_NUMBER}\s*%")
_GROWTH = re.compile(
    rf"{_NUMBER}\s*%\s+of\s+the\s+(?:long-term\s+)?"
    r"(?:average|(?:average\s+of\s+the\s+)?last\s+(\d{1,4}))(?:\s+reports?)?",
    re.IGNORECASE,
)
_PART = re.compile(rf"{_NUMBER}\s*([a-z]+)\s*", re.IGNORECASE)

UNITS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
}


def read_most(text: str) -> Amount:
    """`3` or `2 %`."""
    return _amount(_AT_MOST.sub("", text))


def read_least(text: str) -> Amount:
    """`500`."""
    found = _amount(_AT_LEAST.sub("", text))
    if found.share:
        raise ValueError(text)
    return found


def read_number(text: str) -> Amount:
    """`3`, and no share."""
    found = read_most(text)
    if found.share:
        raise ValueError(text)
    return found


def read_least_share(text: str) -> Share:
    """`99 %`."""
    return Share(_share(_AT_LEAST.sub("", text)))


def read_most_share(text: str) -> Share:
    """`1 %`."""
    return Share(_share(_AT_MOST.sub("", text)))


def read_time(text: str) -> Span | Growth:
    """`10 min`, `1 h 30 min`, `300 ms`; `110 % of the average of the last 20`."""
    text = _AT_MOST.sub("", text)
    grown = _GROWTH.fullmatch(text)
    return _growth(grown) if grown else Span(_seconds(text))


def _growth(found: re.Match[str]) -> Growth:
    last = int(found[2] or LONG_TERM)
    if not 1 <= last <= MOST_REPORTS:
        raise ValueError(found[0])
    return Growth(float(found[1]), last)


def _seconds(text: str) -> float:
    at, total = 0, 0.0
    while found := _PART.match(text, at):
        if found[2].lower() not in UNITS:
            raise ValueError(text)
        total += float(found[1]) * UNITS[found[2].lower()]
        at = found.end()
    if not text or at != len(text):
        raise ValueError(text)
    return total


def _amount(text: str) -> Amount:
    found = _COUNT.fullmatch(text)
    return Amount(int(found[1])) if found else Amount(_share(text), share=True)


def _share(text: str) -> float:
    found = _PERCENT.fullmatch(text)
    if not found or float(found[1]) > 100:
        raise ValueError(text)
    return float(found[1])


def percent(value: float, digits: int = 1) -> str:
    """99 → "99 %", 98.25 → "98.2 %"."""
    return f"{_short(value, digits)} %"


def span(seconds: float, digits: int = 2) -> str:
    """0.3 → "300 ms", 1.237 → "1.24 s", 484 → "8 min 4 s"."""
    if seconds < 1:
        return f"{_short(seconds * 1000, max(0, digits - 2))} ms"
    if seconds < 60:
        return f"{_short(seconds, digits)} s"
    minutes, rest = divmod(round(seconds, max(0, digits - 2)), 60)
    hours, minutes = divmod(int(minutes), 60)
    named = ((str(hours), "h"), (str(minutes), "min"), (_short(rest, max(0, digits - 2)), "s"))
    return " ".join(f"{number} {unit}" for number, unit in named if number != "0")


def apart(say: Callable[[float, int], str], value: float, limit: float) -> tuple[str, str]:
    """Both in words, with as many decimals as tell them apart: "99.97 %" and "100 %"."""
    for digits in range(1, DIGITS + 1):
        said = say(value, digits), say(limit, digits)
        if said[0] != said[1] or value == limit:
            break
    return said


def _short(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
