"""One import while a worker has it: what its steps share, and how long it is theirs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from assay.errors import AssayError
from assay.history import Place
from assay.reading import LogLine, Outcome
from assay.rows import Summary
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import imports
from assay.store.catalog.imports import Import, LogEntry


class LeaseLostError(AssayError):
    """Another worker has taken this import over; what we made of it is dropped."""


@dataclass(slots=True)
class Job:
    """One import while it is worked on. A `live` one goes on meanwhile: what has come so far is
    shown, and nothing is said of it before it is whole."""

    stores: Stores
    settings: Settings
    job: Import
    worker: str
    clock: Callable[[], datetime]
    spool: Path
    outcome: Outcome | None = None
    places: set[Place] = field(default_factory=set)  # that the report came to, or left
    live: bool = False

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.settings.lease_seconds)

    def hold(self, conn: Connection) -> None:
        """Make sure that the import is ours still. Raises `LeaseLostError`."""
        if not imports.renew(conn, self.job.id, self.worker, self.clock(), self.lease):
            raise LeaseLostError

    def beat(self, percent: int) -> None:
        """Say that we are alive and how far, or stop if that no longer matters."""
        with self.stores.catalog.write() as conn:
            self.hold(conn)
            imports.progress(conn, self.job.id, self.worker, 0 if self.live else percent)

    def tell(self, lines: Sequence[LogLine]) -> None:
        """Add to the import's log."""
        entries = [LogEntry(line.level, line.message, line.file, line.where) for line in lines]
        if entries and not self.live:
            with self.stores.catalog.write() as conn:
                imports.log(conn, self.job.id, entries, self.clock())

    def asks(self, option: str, *, default: bool = False) -> bool:
        """What the client said of one of the options that are true or false."""
        return bool(self.job.options.get(option, default))

    def read(self) -> Outcome:
        assert self.outcome is not None
        return self.outcome

    def summary(self) -> Summary:
        found = self.read().summary
        assert found is not None
        return found


@contextmanager
def spooled(settings: Settings, found: Import) -> Iterator[Path]:
    """A folder for what comes of an import until it is stored; gone afterwards."""
    settings.spool.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix=f"{found.report_id}-", dir=settings.spool))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
