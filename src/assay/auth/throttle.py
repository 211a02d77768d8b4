"""Slows down the guessing of passwords. Keys are never slowed down: they cannot be guessed."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from assay.errors import Unavailable

TRIES = 10
TRIES_OF_AN_ADDRESS = 100
WINDOW = timedelta(minutes=15)
REMEMBERED = 10_000


class TooManyTries(Unavailable):
    """Too many tries, at passwords most of all; `wait` says for how long the door stays shut."""

    def __init__(self, wait: timedelta) -> None:
        minutes = max(1, round(wait.total_seconds() / 60))
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(f"Too many tries. Try again in {minutes} {unit}.")
        self.wait = wait


class Throttle:
    """Counts tries by e-mail and address together, and by address alone, in this process.

    It remembers a bounded number of them and forgets the oldest first.
    """

    def __init__(self, tries: int = TRIES, window: timedelta = WINDOW) -> None:
        self._tries = tries
        self._window = window
        self._lock = Lock()
        self._seen: OrderedDict[tuple[str, str], tuple[int, datetime]] = OrderedDict()

    def enter(self, email: str, address: str, now: datetime) -> None:
        """Count a try before it is made. Raises `TooManyTries`."""
        with self._lock:
            self._count(("", address), TRIES_OF_AN_ADDRESS, now)
            self._count((email, address), self._tries, now)

    def forgive(self, email: str, address: str) -> None:
        """The password was right: those tries no longer count."""
        with self._lock:
            count, _ = self._seen.pop((email, address), (0, None))
            everyone = self._seen.get(("", address))
            if everyone:
                self._seen["", address] = max(0, everyone[0] - count), everyone[1]

    def _count(self, who: tuple[str, str], limit: int, now: datetime) -> None:
        count, since = self._seen.get(who, (0, now))
        if now - since >= self._window:
            count, since = 0, now
        if count >= limit:
            raise TooManyTries(since + self._window - now)
        self._seen[who] = count + 1, since
        self._seen.move_to_end(who)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
