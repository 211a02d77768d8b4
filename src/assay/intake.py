"""Takes in zips that hold runs of tests: divides them, leaves out what is known, records the rest.

All of a delivery's runs are recorded in one transaction, or none is. A delivery that cannot be read
is kept as a failed import with its bytes, like any other, and has no key: it may come again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import Connection

from assay import sandbox, upkeep
from assay.dividing import Divided, Division, Portion, divide
from assay.errors import Interrupted, Malformed, Unavailable
from assay.notify import telling
from assay.settings import Settings
from assay.store import Stores
from assay.store.blobs import Stored
from assay.store.catalog import imports, reports, run_keys, trash
from assay.store.catalog.imports import Delivery, Import, LogEntry
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import State
from assay.testtools import ANY, tool_of

log = structlog.get_logger()

FUTURE = timedelta(days=1)
"""A date further ahead than this is a wrong clock, not a run of tests."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A zip that came for a profile, alone below its prefix in the blob store. `mark` tells two
    builds of the same second apart; `options` are those of each run's import."""

    profile: Profile
    user: int
    key: int | None
    name: str
    stored: Stored
    mark: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return self.stored.key.rpartition("/")[0]

    @property
    def formatter(self) -> str:
        """The format of the profile's tool; empty for one that delivers several."""
        return tool_of(self.profile.tool).format

    @property
    def pattern(self) -> str:
        """Which files count; empty for all."""
        tool = tool_of(self.profile.tool)
        return self.profile.pattern or (tool.pattern if tool is not ANY else "")


@dataclass(frozen=True, slots=True)
class _New:
    """A run that is to be recorded, its bytes already below a prefix of its own."""

    key: str
    options: dict[str, Any]
    files: list[Delivery]


def take_in(stores: Stores, settings: Settings, parcel: Parcel, now: datetime) -> list[Import]:
    """The imports of a parcel's new runs, on disk and waiting to be read; none where all of it is
    known. Raises `Malformed` for one that cannot be read, and keeps it as a failed import; and
    `Unavailable` where it was not read for a reason that is not its own."""
    try:
        with _spooled(settings) as spool:
            divided = sandbox.perform(
                _task(stores, settings, parcel, spool), divide, Divided, lambda _percent: None
            )
            new = [_new(stores, parcel, divided, each, spool, now) for each in divided.portions]
    except Malformed as error:
        _refuse(stores, settings, parcel, str(error), now)
        raise
    except Interrupted as error:
        stores.blobs.delete(parcel.prefix)
        raise Unavailable("The server was stopped while it read this. Send it again") from error
    except BaseException:
        stores.blobs.delete(parcel.prefix)
        raise
    with stores.catalog.write() as conn:
        run_keys.lock(conn, parcel.profile.id)
        known = run_keys.known(conn, parcel.profile.id, [each.key for each in new])
        made = [_record(conn, parcel, each, now) for each in new if each.key not in known]
    kept = {each.files[0].blob for each in new if each.key not in known}
    _let_go(stores, parcel, new, kept)
    log.info("runs came", profile=parcel.profile.id, new=len(made), known=len(new) - len(made))
    return made


def withdraw(stores: Stores, made: Sequence[Import], now: datetime) -> None:
    """Take back what came of a delivery of which one run has failed: none of it is to show. The
    failed import stays where people find out why."""
    with stores.catalog.read() as conn:
        found = [reports.get(conn, each.report_id) for each in made]
    rest = [each for each in found if each and each.state is not State.FAILED]
    upkeep.delete(stores, rest, now)
    with stores.catalog.write() as conn:
        trash.doom(conn, [each.id for each in rest])


@contextmanager
def _spooled(settings: Settings) -> Iterator[Path]:
    settings.spool.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="dividing-", dir=settings.spool))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _task(stores: Stores, settings: Settings, parcel: Parcel, spool: Path) -> Division:
    with stores.catalog.read() as conn:
        known = run_keys.known(conn, parcel.profile.id)
    return Division(
        path=stores.blobs.file(parcel.stored.key, spool),
        name=parcel.name,
        formatter=parcel.formatter,
        pattern=parcel.pattern,
        known=sorted(known),
        mark=parcel.mark,
        spool=spool,
        max_unpacked=settings.max_unpacked_bytes,
        max_members=settings.max_members,
        memory=settings.parser_memory,
        seconds=settings.parser_seconds,
    )


def _new(
    stores: Stores, parcel: Parcel, divided: Divided, run: Portion, spool: Path, now: datetime
) -> _New:
    """What is recorded of a run, with its files in the blob store."""
    options = parcel.options | {"strict": True}
    if run.date and run.date <= now + FUTURE:
        options["date"] = run.date.isoformat()
    if not run.pieces:
        options |= {"pattern": divided.pattern} if divided.pattern else {}
        options |= {"aside": True} if divided.aside else {}
        return _New(run.key, options, [_whole(parcel)])
    prefix = f"uploads/{uuid4().hex}"
    files = []
    for number, piece in enumerate(run.pieces):
        blob = f"{prefix}/{number}"
        stores.blobs.put(blob, spool / piece.file)
        files.append(Delivery(piece.name, blob, piece.size, piece.sha256, piece.kind))
    return _New(run.key, options | {"ignore_old_report_date": True}, files)


def _whole(parcel: Parcel) -> Delivery:
    stored = parcel.stored
    return Delivery(parcel.name, stored.key, stored.size, stored.sha256)


def _record(conn: Connection, parcel: Parcel, new: _New, now: datetime) -> Import:
    made = imports.record(
        conn,
        profile=parcel.profile.id,
        user=parcel.user,
        key=parcel.key,
        formatter=parcel.formatter,
        options=new.options,
        files=new.files,
        now=now,
    )
    run_keys.keep(conn, parcel.profile.id, new.key, made.report_id)
    return made


def _let_go(stores: Stores, parcel: Parcel, new: Sequence[_New], kept: set[str]) -> None:
    """Remove the bytes that no import has: of the zip, if its runs have them, and of known runs."""
    blobs = {parcel.stored.key, *(each.files[0].blob for each in new)}
    for blob in blobs - kept:
        stores.blobs.delete(blob.rpartition("/")[0])


def _refuse(
    stores: Stores, settings: Settings, parcel: Parcel, message: str, now: datetime
) -> None:
    """Keep a parcel that cannot be read where people look for it, and tell them."""
    options = parcel.options | {"strict": True}
    options |= {"pattern": parcel.pattern} if parcel.pattern else {}
    with stores.catalog.write() as conn:
        made = imports.record(
            conn,
            profile=parcel.profile.id,
            user=parcel.user,
            key=parcel.key,
            formatter=parcel.formatter,
            options=options,
            files=[_whole(parcel)],
            now=now,
        )
        imports.refuse(conn, made.id, message, now)
        imports.log(conn, made.id, [LogEntry("error", message)], now)
        reports.fail(conn, made.report_id, now=now)
        telling.tell_failure(conn, settings, made, message, now)
