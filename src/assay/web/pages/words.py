"""How Assay's pages write names, distances in time and errors; figures as everywhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assay.figures import (
    UNIT,
    change,
    count,
    date,
    day,
    duration,
    exact,
    machine,
    measure,
    number,
    rate,
    short,
    size,
)

__all__ = [
    "UNIT",
    "change",
    "count",
    "date",
    "day",
    "duration",
    "exact",
    "machine",
    "measure",
    "number",
    "rate",
    "short",
    "size",
]

BETWEEN = " \u203a "  # between the titles of containers
TAIL = 14  # how much of a long name's end is always kept in sight
SHORT = 32  # a name up to this long is never cut

ORDINALS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the pieces that let a page cut it in the middle; `whole` is what gets copied."""

    path: str
    head: str
    tail: str
    whole: str


def ordinal(value: int) -> str:
    """3 → "3rd"."""
    teen = 10 <= value % 100 <= 20
    return f"{number(value)}{'th' if teen else ORDINALS.get(value % 10, 'th')}"


def relative(at: datetime, now: datetime) -> str:
    """How long ago, while that says more than the date does."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    gone = (now - at).total_seconds()
    if gone < -60:
        return _date(at, now)
    if gone < 45:
        return "just now"
    if gone < 3570:
        return f"{max(1, round(gone / 60))}{UNIT}min ago"
    if gone < 6 * 3600 or at.date() == now.date():
        return f"{round(gone / 3600)}{UNIT}h ago"
    return _date(at, now)


def ahead(at: datetime, now: datetime) -> str:
    """How long until then: "in 3 min"."""
    left = max(0.0, (at - now).total_seconds())
    if left < 45:
        return "in a moment"
    if left < 3570:
        return f"in {max(1, round(left / 60))}{UNIT}min"
    return f"in {round(left / 3600)}{UNIT}h"


def since(at: datetime, now: datetime) -> str:
    """Since when: "in the last 3 h" within a day, "since 12 Mar" before."""
    gone = (now - at).total_seconds()
    if 0 <= gone < 3570:
        return f"in the last {max(1, round(gone / 60))}{UNIT}min"
    if 0 <= gone < 86_400:
        return f"in the last {round(gone / 3600)}{UNIT}h"
    return f"since {_date(at.astimezone(UTC), now.astimezone(UTC))}"


def _date(at: datetime, now: datetime) -> str:
    if at.date() == now.date() - timedelta(days=1):
        return f"yesterday {at:%H:%M}"
    if abs((now - at).days) < 7:
        return f"{at:%a} {at:%H:%M}"
    return f"{at.day} {at:%b}" if at.year == now.year else f"{at.day} {at:%b %Y}"


def name(path: Sequence[str], title: str) -> Name:
    """A test's name with the titles above it."""
    title = title or "(no name)"
    head, tail = halves(title)
    above = BETWEEN.join(path)
    return Name(above + BETWEEN if above else "", head, tail, BETWEEN.join((*path, title)))


def halves(text: str) -> tuple[str, str]:
    """A text in two: what may be cut short, and the end that stays. No letter is torn apart."""
    if len(text) <= SHORT:
        return text, ""
    at = len(text) - TAIL
    while at > len(text) // 2 and _joins(text, at):
        at -= 1
    return text[:at], text[at:]


def _joins(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it (accents, emoji families)."""
    return (
        unicodedata.category(text[at]) in {"Mn", "Me", "Mc", "Cf", "Sk"} or text[at - 1] == "\u200d"
    )


def first_line(text: str, limit: int = 300) -> str:
    """The first line that says something, cut at `limit` characters."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def said(kind: str, message: str) -> str:
    """An error in one line, "TimeoutError: waiting for #pay"; a type is not said twice."""
    line = first_line(message)
    last = kind.rsplit(".", 1)[-1]
    if not kind or line.startswith((kind, last)):
        return line
    return f"{last}: {line}" if line else last


def initials(who: str) -> str:
    """One or two letters for a face: "Ada Lovelace" → "AL", "bob@…" → "B"."""
    parts = [part for part in who.split("@")[0].replace(".", " ").split() if part]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper() or "?"
