"""Reports that are streamed while their run goes on: they are added to, read meanwhile, and ended.

What has come is safe in a journal, and is read again from its beginning, by the same steps as an
import, whenever there is more of it: not too often, and only to be looked at. Nothing is labelled,
compared or told before the end; then the journal is the raw upload of an ordinary import.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import structlog
from prometheus_client import Histogram

from assay import ingest
from assay.errors import AssayError, Gone, Malformed, OutOfStep, TooLarge, Unavailable
from assay.job import Job, LeaseLostError, spooled
from assay.reading import Given
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import imports, runs
from assay.store.catalog.imports import Import, LogEntry
from assay.store.journal import Journal

log = structlog.get_logger()

READ_SECONDS = Histogram("assay_run_read_seconds", "Time a reading of an unfinished run took")

REST_SECONDS = 5.0
REST_FACTOR = 10
"""A run is left alone for so long after it was read, or for so many times what that took: reading
it again and again takes a tenth of a worker's time at most."""

TAIL = 65_536
"""Bytes that are looked through at a time for the end of the last whole line."""


def limit(settings: Settings, formatter: str) -> int:
    """How many bytes a run may have: as many as an upload."""
    return settings.max_upload_bytes if formatter else settings.max_detect_bytes


def append(
    stores: Stores, settings: Settings, found: Import, start: int, data: bytes, now: datetime
) -> int:
    """Add to a run what begins at byte `start` of it; returns where it ends now, on disk.

    Raises `OutOfStep` where it ends elsewhere, `TooLarge`, and `Gone` where it has ended.
    """
    with stores.catalog.write() as conn:
        run = runs.lock(conn, found.id)
        if run is None:
            raise Gone("This run has ended, and takes no more lines.")
        if start != run.size:
            raise OutOfStep(run.size)
        end = start + len(data)
        most = limit(settings, found.formatter)
        if end > most:
            raise TooLarge(
                f"A run may have {most / 1_000_000:,.0f} MB, and that is reached. What came before "
                "is kept; end the run, and send the rest as another"
            )
        if data:
            Journal(stores.blobs, run.journal).append(start, data)
            runs.extend(conn, found.id, end, now)
    return end


def end(stores: Stores, import_id: str, now: datetime, warning: str = "") -> bool:
    """Have a run read as a whole, with a `warning` in its log; false where it has ended."""
    with stores.catalog.write() as conn:
        ended = runs.end(conn, import_id)
        if ended and warning:
            imports.log(conn, import_id, [LogEntry("warning", warning)], now)
    return ended


def end_silent(stores: Stores, settings: Settings, now: datetime) -> None:
    """End runs that nobody has added to for a while."""
    before = now - timedelta(seconds=settings.run_idle_seconds)
    with stores.catalog.read() as conn:
        found = runs.silent(conn, before)
    for each in found:
        warning = (
            f"Nothing came for {settings.run_idle_seconds / 60:,.3g} minutes, so the run was taken "
            "to have ended; that it has, nobody said. What had come until then was read"
        )
        if end(stores, each, now, warning):
            log.warning("run ended in silence", id=each)


def read_once(
    stores: Stores, settings: Settings, worker: str, clock: Callable[[], datetime]
) -> bool:
    """Claim one run and read what has come of it; false when there is none."""
    with stores.catalog.read() as conn:
        if not runs.waiting(conn, clock()):
            return False
    lease = timedelta(seconds=settings.lease_seconds)
    with stores.catalog.write() as conn:
        found = runs.claim(conn, worker=worker, now=clock(), lease=lease)
    if found is None:
        return False
    with spooled(settings, found) as spool:
        _read(Job(stores, settings, found, worker, clock, spool, live=True))
    return True


def _read(job: Job) -> None:
    """Show what has come so far. What is wrong with it may be right when it is whole, so it is said
    and no more; and a run that has ended meanwhile is read by another."""
    start = perf_counter()
    with job.stores.catalog.read() as conn:
        run = runs.get(conn, job.job.id)
    if run is None:
        return
    message = ""
    try:
        _show(job, run)
    except LeaseLostError:
        pass  # whoever took it waits for us to let go
    except Unavailable:
        raise
    except AssayError as error:
        message = str(error)
    seconds = perf_counter() - start
    READ_SECONDS.observe(seconds)
    rest = timedelta(seconds=max(REST_SECONDS, seconds * REST_FACTOR))
    with job.stores.catalog.write() as conn:
        runs.let_go(
            conn,
            job.job.id,
            job.worker,
            read_to=run.size,
            next_at=job.clock() + rest,
            message=message,
        )


def _show(job: Job, run: runs.Run) -> None:
    with job.stores.catalog.read() as conn:
        file = imports.files(conn, job.job.id)[0]
    path = job.spool / "journal"
    Journal(job.stores.blobs, run.journal).copy(run.size, path)
    if not cut(path):
        return
    job.outcome = ingest.read(job, [Given(path, file.file, file.kind)])
    if job.outcome.summary is None:
        said = (line.message for line in job.outcome.log if line.level != "warning")
        raise Malformed(next(said, "Nothing of what has come so far is a report"))
    for step in (ingest.write, ingest.keep_assets, ingest.publish):
        step(job)


def cut(path: Path) -> int:
    """Take away what stands behind the last line break of a file, for a line that is still coming
    says nothing, or something wrong. Its length then."""
    with path.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            begin = max(0, end - TAIL)
            file.seek(begin)
            found = file.read(end - begin).rfind(b"\n")
            if found >= 0:
                return file.truncate(begin + found + 1)
            end = begin
        return file.truncate(0)
