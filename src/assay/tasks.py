"""What runs in the background: threads that claim imports and take them their way, and chores
that are done from time to time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import structlog

from assay import executions, ingest, live, removal, rounds
from assay.notify import delivering, telling
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import imports
from assay.store.catalog.imports import Import

log = structlog.get_logger()

POLL_SECONDS = 1.0
"""How soon work is found that another process received."""

PAUSE_SECONDS = 5.0
"""After a fault of this machine (a store that does not answer), before the next try."""

STOP_SECONDS = 10.0
"""How long a server that is told to stop waits for a chore."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Workers:
    """Threads that work while there is work; `wake` says that there is."""

    def __init__(
        self, stores: Stores, settings: Settings, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._stores = stores
        self._settings = settings
        self._clock = clock
        self._work = threading.Semaphore(0)
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(number,), name=f"worker-{number}")
            for number in range(settings.parsers)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Have one idle thread look for work now."""
        self._work.release()

    def stop(self) -> None:
        """Finish what is under way, and end."""
        self._stopping.set()
        for _ in self._threads:
            self._work.release()
        for thread in self._threads:
            thread.join()

    def _loop(self, number: int) -> None:
        worker = f"{socket.gethostname()}-{uuid4().hex[:12]}-{number}"
        while not self._stopping.is_set():
            try:
                if work_once(self._stores, self._settings, worker, self._clock):
                    continue
            except Exception:
                log.exception("worker fault", worker=worker)
                self._stopping.wait(PAUSE_SECONDS)
            self._work.acquire(timeout=POLL_SECONDS)


@dataclass(frozen=True, slots=True)
class Chore:
    """What is done every so many seconds, `first` after so many. Several servers may do it at once,
    on one catalog."""

    name: str
    every: float
    do: Callable[[Stores, Settings, datetime], None]
    first: float = 0


CHORES: tuple[Chore, ...] = (
    Chore("remove deleted", 5, removal.remove_deleted),
    Chore("end silent runs", 5, live.end_silent),
    Chore("purge", 60, removal.purge),
    Chore("sweep", 86_400, removal.sweep, first=600),
    Chore("deliver", 1, delivering.deliver),
    Chore("executions", 1, executions.advance),
    Chore("schedules", 5, rounds.go_round),
    Chore("forget deliveries", 3600, delivering.forget),
)


class Chores:
    """A thread for each chore, until `stop`."""

    def __init__(
        self,
        stores: Stores,
        settings: Settings,
        clock: Callable[[], datetime] = utc_now,
        chores: tuple[Chore, ...] = CHORES,
    ) -> None:
        self._stores = stores
        self._settings = settings
        self._clock = clock
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(each,), name=each.name, daemon=True)
            for each in chores
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is under way, unless that takes long: a chore can be begun again."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def _loop(self, chore: Chore) -> None:
        self._stopping.wait(chore.first)
        while not self._stopping.is_set():
            try:
                chore.do(self._stores, self._settings, self._clock())
            except Exception:
                log.exception("chore fault", chore=chore.name)
                self._stopping.wait(PAUSE_SECONDS)
            self._stopping.wait(chore.every)


def work_once(
    stores: Stores, settings: Settings, worker: str, clock: Callable[[], datetime]
) -> bool:
    """Claim one import and process it, or a run and read what has come of it; false when there was
    neither."""
    found = claim(stores, settings, worker, clock)
    if found is None:
        return live.read_once(stores, settings, worker, clock)
    ingest.process(stores, settings, found, worker, clock)
    return True


def claim(
    stores: Stores, settings: Settings, worker: str, clock: Callable[[], datetime]
) -> Import | None:
    """The import that waits longest, now this worker's. An idle worker only looks, and never holds
    up who is writing."""
    with stores.catalog.read() as conn:
        if not imports.waiting(conn, clock()):
            return None
    with stores.catalog.write() as conn:
        return imports.claim(
            conn,
            worker=worker,
            now=clock(),
            lease=timedelta(seconds=settings.lease_seconds),
            max_tries=settings.max_tries,
            lost=lambda dead: telling.tell_failure(conn, settings, dead, dead.message, clock()),
        )
