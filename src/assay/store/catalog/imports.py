"""Imports: one delivery each, and the queue that workers take them from.

Their state is the queue: a worker claims one for a while (a lease), and says from time to time that
it lives. One that died loses its lease, and the import is begun afresh by another. `worker` is a
name that no other process or thread has, not even after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    exists,
    insert,
    or_,
    select,
    update,
)

from assay.store.catalog import reports
from assay.store.catalog.reports import State
from assay.store.catalog.tables import WAITING, import_files, import_log, imports, runs
from assay.store.catalog.tables import reports as reports_table

EDITED = "edited"
"""Among the options: what people have said of the report since it was sent."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file as it came: `file` is its name as sent, a whole path too; `blob` is the key of its
    bytes, `size` their number; `kind` is "file" or "attachment"."""

    file: str
    blob: str
    size: int
    sha256: str
    kind: str = "file"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """`level` is info, warning or error; `where` is a place in the file; `at` is set by `log`."""

    level: str
    message: str
    file: str = ""
    where: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """`progress` is in percent, `tries` how often a worker began it. `message` is for people.
    `delivery` is what the client calls it, so that sending it again does not import it twice."""

    id: str
    profile_id: int
    report_id: int
    user_id: int | None
    key_id: int | None
    state: State
    formatter: str
    options: dict[str, Any]
    progress: int
    message: str
    tries: int
    worker: str | None
    lease_until: datetime | None
    received_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    delivery: str | None


def record(
    conn: Connection,
    *,
    profile: int,
    user: int | None,
    key: int | None,
    formatter: str,
    options: dict[str, Any],
    files: Sequence[Delivery],
    delivery: str | None = None,
    state: State = State.RECEIVED,
    now: datetime,
) -> Import:
    """Enter a delivery whose bytes are safe. Its report is made with it, so its id can be told.

    `delivery` is the client's own name for it, at most one import of a profile has it.
    """
    number = str(uuid4())
    report = reports.make(conn, profile=profile, import_id=number, state=state, now=now)
    values = {
        "id": number,
        "profile_id": profile,
        "report_id": report.id,
        "user_id": user,
        "key_id": key,
        "state": state.value,
        "formatter": formatter,
        "options": options,
        "message": "",
        "received_at": now,
        "delivery": delivery,
    }
    row = conn.execute(insert(imports).values(values).returning(imports)).one()
    if files:
        rows = [asdict(f) | {"import_id": number, "number": n} for n, f in enumerate(files)]
        conn.execute(insert(import_files), rows)
    return read_import(row)


def waiting(conn: Connection, now: datetime) -> bool:
    """Whether there is something to claim: a look that takes no lock."""
    return bool(conn.scalar(select(exists().where(*_claimable(now)))))


def under_way(conn: Connection, profiles: Collection[int]) -> bool:
    """Whether something that was sent to one of these profiles is still to be read, or still comes
    in."""
    coming = select(runs.c.import_id).where(runs.c.import_id == imports.c.id)
    mine = imports.c.profile_id.in_(profiles)
    for unfinished in (WAITING, coming.exists()):
        if conn.scalar(select(exists().where(unfinished, mine))):
            return True
    return False


def claim(
    conn: Connection,
    *,
    worker: str,
    now: datetime,
    lease: timedelta,
    max_tries: int,
    lost: Callable[[Import], None] = lambda _import: None,
) -> Import | None:
    """The import that waits longest, now this worker's until the lease runs out; or None.

    One whose lease ran out `max_tries` times is not tried again: it ends as failed, and `lost` is
    called with it, with `finished_at` as it was before.
    """
    oldest = select(imports).where(*_claimable(now)).order_by(imports.c.received_at, imports.c.id)
    unlocked = oldest.limit(1).with_for_update(skip_locked=True)
    while row := conn.execute(unlocked).first():
        found = read_import(row)
        if found.tries < max_tries:
            return _take(conn, found, worker, now, now + lease)
        lost(_give_up(conn, found, now))
    return None


def renew(conn: Connection, import_id: str, worker: str, now: datetime, lease: timedelta) -> bool:
    """Keep it for longer. False when it is no longer this worker's, who then has to stop."""
    return _change(conn, import_id, worker, lease_until=now + lease)


def progress(conn: Connection, import_id: str, worker: str, percent: int) -> bool:
    """Say how far it is. False when it is no longer this worker's."""
    return _change(conn, import_id, worker, progress=max(0, min(percent, 100)))


def finish(
    conn: Connection,
    import_id: str,
    worker: str,
    *,
    state: State | str,
    message: str,
    now: datetime,
) -> bool:
    """End it as done or failed. False when it is no longer this worker's: then undo all else."""
    end = {"state": State(state).value, "message": message, "finished_at": now}
    return _change(conn, import_id, worker, **end, progress=100, lease_until=None)


def refuse(conn: Connection, import_id: str, message: str, now: datetime) -> None:
    """End one that nobody has begun: it was found to be of no use when it came."""
    end = {"state": State.FAILED.value, "message": message, "finished_at": now, "progress": 100}
    conn.execute(update(imports).where(imports.c.id == import_id).values(end))


def again(conn: Connection, import_id: str) -> bool:
    """Put an import that ended back into the queue, to be read afresh; `finished_at` goes on saying
    that it ended before. False while it has not, and for a report that is deleted."""
    query = update(imports).where(imports.c.id == import_id, *_ENDED).values(_FRESH)
    return conn.execute(query).rowcount == 1


def end(conn: Connection, report_ids: Sequence[int], message: str, now: datetime) -> None:
    """End those of these reports' imports that are still to be done: whoever works on one loses
    it."""
    values = {"state": State.DELETED.value, "message": message, "finished_at": now}
    query = update(imports).where(imports.c.report_id.in_(list(report_ids)), _OPEN)
    conn.execute(query.values(values | {"worker": None, "lease_until": None}))


def resume(conn: Connection, report_id: int) -> State:
    """Begin a report's import afresh if `end` has ended it. What its state is then."""
    mine = imports.c.report_id == report_id
    stopped = imports.c.state == State.DELETED.value
    conn.execute(update(imports).where(mine, stopped).values(_FRESH | {"finished_at": None}))
    state = conn.scalar(select(imports.c.state).where(mine))
    return State(state) if state else State.DONE


def move(conn: Connection, import_id: str, profile_id: int) -> None:
    """Have it read afresh into another profile, however far it is. There, a delivery of the same
    name is another one."""
    theirs = imports.alias()
    taken = exists().where(
        theirs.c.profile_id == profile_id, theirs.c.delivery == imports.c.delivery
    )
    mine = imports.c.id == import_id
    conn.execute(update(imports).where(mine, taken).values(delivery=None))
    conn.execute(update(imports).where(mine).values(_FRESH | {"profile_id": profile_id}))


def edits(conn: Connection, import_id: str) -> dict[str, Any]:
    """What people have said of the report since: it outweighs what the files say."""
    options = conn.scalar(select(imports.c.options).where(imports.c.id == import_id))
    return dict((options or {}).get(EDITED, {}))


def edit(conn: Connection, import_id: str, changed: dict[str, Any]) -> None:
    """Remember what a person says of the report, for when it is read again."""
    options = conn.scalar(select(imports.c.options).where(imports.c.id == import_id)) or {}
    options = options | {EDITED: options.get(EDITED, {}) | changed}
    conn.execute(update(imports).where(imports.c.id == import_id).values(options=options))


def cancel(conn: Connection, profile_id: int, now: datetime) -> bool:
    """End those of a profile that nobody works at, for it is being deleted. Whether somebody
    works at one."""
    mine = imports.c.profile_id == profile_id
    end = {"state": State.DELETED.value, "message": "Its profile was deleted.", "finished_at": now}
    conn.execute(update(imports).where(mine, *_claimable(now)).values(end))
    conn.execute(update(imports).where(mine, _RUNNING, ~held(now)).values(end))
    return bool(conn.scalar(select(exists().where(mine, _OPEN))))


def release(conn: Connection, now: datetime) -> int:
    """End every lease, for a process that knows itself to be the only one. How many there were."""
    conn.execute(update(imports).where(~_PROCESSED, _OPEN).values(lease_until=None))
    return conn.execute(update(imports).where(_PROCESSED).values(lease_until=now)).rowcount


def ended(conn: Connection, *, report: int | None = None, profile: int | None = None) -> list[str]:
    """The ids of imports that are done or failed: of a report, of a profile, or all; without those
    of deleted reports."""
    query = select(imports.c.id).where(*_ENDED)
    if report is not None:
        query = query.where(imports.c.report_id == report)
    if profile is not None:
        query = query.where(imports.c.profile_id == profile)
    return list(conn.scalars(query.order_by(imports.c.received_at)))


def log(conn: Connection, import_id: str, entries: Sequence[LogEntry], now: datetime) -> None:
    """Add to what is told of it on its page."""
    if entries:
        rows = [asdict(entry) | {"import_id": import_id, "at": now} for entry in entries]
        conn.execute(insert(import_log), rows)


def get(conn: Connection, import_id: str) -> Import | None:
    row = conn.execute(select(imports).where(imports.c.id == import_id)).first()
    return read_import(row) if row else None


def of_delivery(conn: Connection, profile_id: int, delivery: str) -> Import | None:
    """What the client has sent before under this name."""
    mine = imports.c.profile_id == profile_id, imports.c.delivery == delivery
    row = conn.execute(select(imports).where(*mine)).first()
    return read_import(row) if row else None


def of_report(conn: Connection, report_id: int) -> Import | None:
    row = conn.execute(select(imports).where(imports.c.report_id == report_id)).first()
    return read_import(row) if row else None


def of_profile(conn: Connection, profile_id: int, *, limit: int) -> list[Import]:
    """The newest first, without those of deleted reports."""
    query = select(imports).where(imports.c.profile_id == profile_id, _SHOWN)
    newest = query.order_by(imports.c.received_at.desc(), imports.c.id).limit(limit)
    return [read_import(row) for row in conn.execute(newest)]


def files(conn: Connection, import_id: str) -> list[Delivery]:
    """In the order they were sent."""
    f = import_files.c
    query = select(f.file, f.blob, f.size, f.sha256, f.kind).where(f.import_id == import_id)
    return [Delivery(*row) for row in conn.execute(query.order_by(f.number))]


def uploads(conn: Connection) -> set[str]:
    """Where the bytes of all deliveries are."""
    blobs = conn.scalars(select(import_files.c.blob))
    return {blob.rpartition("/")[0] for blob in blobs}


def log_of(conn: Connection, import_id: str) -> list[LogEntry]:
    """In the order it happened."""
    entry = import_log.c
    query = select(entry.level, entry.message, entry.file, entry.where, entry.at)
    rows = conn.execute(query.where(entry.import_id == import_id).order_by(entry.id))
    return [LogEntry(*row) for row in rows]


_RUNNING = imports.c.state == State.RUNNING.value
_PROCESSED = imports.c.state == State.PROCESSING.value
_OPEN = imports.c.state.in_([State.RUNNING.value, State.RECEIVED.value, State.PROCESSING.value])
_HOLDABLE = imports.c.state.in_([State.RUNNING.value, State.PROCESSING.value])
_SHOWN = ~exists().where(
    reports_table.c.id == imports.c.report_id, reports_table.c.state == State.DELETED.value
)
_ENDED = imports.c.state.in_([State.DONE.value, State.FAILED.value]), _SHOWN
_FRESH: dict[str, Any] = {
    "state": State.RECEIVED.value,
    "tries": 0,
    "progress": 0,
    "message": "",
    "worker": None,
    "lease_until": None,
}
"""`finished_at` stays: an import that ended before has been told of, and is not told of again."""


def _claimable(now: datetime) -> tuple[Any, ...]:
    left = and_(imports.c.state == State.PROCESSING.value, imports.c.lease_until < now)
    fresh = and_(imports.c.state == State.RECEIVED.value, ~held(now))
    return WAITING, or_(fresh, left)


def held(now: datetime) -> ColumnElement[bool]:
    """Whether somebody works at it just now."""
    return and_(imports.c.lease_until.is_not(None), imports.c.lease_until >= now)


def _take(conn: Connection, found: Import, worker: str, now: datetime, until: datetime) -> Import:
    values = {
        "state": State.PROCESSING.value,
        "worker": worker,
        "lease_until": until,
        "started_at": now,
        "progress": 0,
        "tries": found.tries + 1,
    }
    mine = update(imports).where(imports.c.id == found.id).values(values).returning(imports)
    row = conn.execute(mine).one()
    reports.begin(conn, found.report_id, now)
    if found.tries:
        message = f"Begun again (try {found.tries + 1}): the worker before did not finish."
        log(conn, found.id, [LogEntry("warning", message)], now)
    return read_import(row)


def _give_up(conn: Connection, found: Import, now: datetime) -> Import:
    message = (
        f"Given up after {found.tries} tries: each time the worker stopped before it was done. "
        "The files are kept; look into the server's log for the cause, then process them again."
    )
    end = {"state": State.FAILED.value, "message": message, "finished_at": now, "lease_until": None}
    conn.execute(update(imports).where(imports.c.id == found.id).values(end))
    log(conn, found.id, [LogEntry("error", message)], now)
    reports.fail(conn, found.report_id, now=now)
    return replace(found, state=State.FAILED, message=message)


def _change(conn: Connection, import_id: str, worker: str, **values: Any) -> bool:
    mine = (
        imports.c.id == import_id,
        imports.c.worker == worker,
        _HOLDABLE,
    )
    return conn.execute(update(imports).where(*mine).values(**values)).rowcount == 1


def read_import(row: Row[Any]) -> Import:
    """A whole row of the table as an import."""
    values = dict(zip(Import.__dataclass_fields__, row, strict=True))
    return Import(**values | {"state": State(values["state"])})
