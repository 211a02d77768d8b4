"""When something is done again and again, in few words: "hourly", "daily 02:00". Times are UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from assay.errors import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class Every(StrEnum):
    """How often, in the order in which it is offered."""

    NEVER = ""
    QUARTER = "15 minutes"
    HOUR = "hourly"
    DAY = "daily"
    WEEK = "weekly"


TITLES = {
    Every.NEVER: "Only when asked",
    Every.QUARTER: "Every 15 minutes",
    Every.HOUR: "Every hour",
    Every.DAY: "Every day at",
    Every.WEEK: "Every week on",
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """`at` counts for days and weeks, `day` (0 is Monday) for weeks."""

    every: Every = Every.NEVER
    at: time = time(2)
    day: int = 0

    def __str__(self) -> str:
        """As it is kept, and as `read_schedule` reads it."""
        parts = {
            Every.DAY: f"{self.every} {self.at:%H:%M}",
            Every.WEEK: f"{self.every} {DAYS[self.day]} {self.at:%H:%M}",
        }
        return parts.get(self.every, self.every.value)

    @property
    def words(self) -> str:
        """For people: "every day at 02:00 UTC"."""
        title = TITLES[self.every].lower()
        parts = {
            Every.DAY: f"{title} {self.at:%H:%M} UTC",
            Every.WEEK: f"{title} {DAY_NAMES[self.day]} at {self.at:%H:%M} UTC",
        }
        return parts.get(self.every, title)


def read_schedule(text: str) -> Schedule:
    """The schedule of "", "15 minutes", "hourly", "daily HH:MM" or "weekly mon HH:MM". Raises
    `Invalid`."""
    words = text.lower().split()
    plain = " ".join(words)
    if plain in (Every.NEVER, Every.QUARTER, Every.HOUR):
        return Schedule(Every(plain))
    if len(words) == 2 and words[0] == Every.DAY:
        return Schedule(Every.DAY, _clock(words[1]))
    if len(words) == 3 and words[0] == Every.WEEK and words[1][:3] in DAYS:
        return Schedule(Every.WEEK, _clock(words[2]), DAYS.index(words[1][:3]))
    raise Invalid(
        f"The schedule {text[:60]!r} is not understood. Write hourly, 15 minutes, daily 02:00, "
        "weekly mon 02:00, or nothing",
        "schedule",
    )


def next_due(schedule: Schedule, after: datetime) -> datetime | None:
    """The first moment of the schedule that is later than that; None where there is none."""
    step = NEXT.get(schedule.every)
    return step(schedule, after.astimezone(UTC)) if step else None


def _clock(text: str) -> time:
    found = CLOCK.fullmatch(text)
    if found is None:
        raise Invalid(f"{text[:40]!r} is no time of day. Write it as 02:00, in UTC", "schedule")
    return time(int(found[1]), int(found[2]))


def _next_quarter(_: Schedule, after: datetime) -> datetime:
    hour = after.replace(minute=0, second=0, microsecond=0)
    return hour + timedelta(minutes=15 * (after.minute // 15 + 1))


def _next_hour(_: Schedule, after: datetime) -> datetime:
    return after.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _next_day(schedule: Schedule, after: datetime) -> datetime:
    today = datetime.combine(after.date(), schedule.at, UTC)
    return today if today > after else today + timedelta(days=1)


def _next_week(schedule: Schedule, after: datetime) -> datetime:
    found = _next_day(schedule, after)
    return found + timedelta(days=(schedule.day - found.weekday()) % 7)


NEXT: dict[Every, Callable[[Schedule, datetime], datetime]] = {
    Every.QUARTER: _next_quarter,
    Every.HOUR: _next_hour,
    Every.DAY: _next_day,
    Every.WEEK: _next_week,
}
