"""Runs: deliveries that are still coming in, while the tests go on.

A run is an import in the state running, and its one file is a journal that grows: the size the
catalog knows of it is what was acknowledged. From time to time a worker claims the run, as it would
an import, and reads what has come so far. When the run ends it is an import that waits to be read,
and whoever reads it takes the row here away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, select, update

from assay.store.catalog import imports
from assay.store.catalog.imports import Delivery, Import
from assay.store.catalog.reports import State
from assay.store.catalog.tables import import_files, runs
from assay.store.catalog.tables import imports as table


@dataclass(frozen=True, slots=True)
class Run:
    """`size` is how many bytes of the `journal` (a blob's key) are safe, `read_to` how many of them
    were read, `heard_at` when the last ones came. It is not read again before `next_at`."""

    import_id: str
    journal: str
    size: int
    heard_at: datetime
    read_to: int
    next_at: datetime


def begin(
    conn: Connection,
    *,
    profile: int,
    user: int | None,
    key: int | None,
    formatter: str,
    options: dict[str, Any],
    file: Delivery,
    delivery: str | None,
    now: datetime,
) -> Import:
    """Enter a run of which nothing has come yet; its report shows at once."""
    made = imports.record(
        conn,
        profile=profile,
        user=user,
        key=key,
        formatter=formatter,
        options=options,
        files=[file],
        delivery=delivery,
        state=State.RUNNING,
        now=now,
    )
    values = {"import_id": made.id, "heard_at": now, "read_to": 0, "next_at": now}
    conn.execute(insert(runs).values(values))
    return made


def get(conn: Connection, import_id: str) -> Run | None:
    """The run of an import, until that is read as a whole."""
    row = conn.execute(_select().where(runs.c.import_id == import_id)).first()
    return Run(*row) if row else None


def lock(conn: Connection, import_id: str) -> Run | None:
    """The same, if it goes on, for the one who may add to it until the transaction ends."""
    mine = runs.c.import_id == import_id, table.c.state == State.RUNNING.value
    query = _select().join(table, table.c.id == runs.c.import_id).where(*mine)
    row = conn.execute(query.with_for_update(of=runs)).first()
    return Run(*row) if row else None


def extend(conn: Connection, import_id: str, size: int, now: datetime) -> None:
    """Say that the journal has grown, once its bytes are safe; by whom has locked it."""
    mine = import_files.c.import_id == import_id, import_files.c.number == 0
    conn.execute(update(import_files).where(*mine).values(size=size))
    conn.execute(update(runs).where(runs.c.import_id == import_id).values(heard_at=now))


def end(conn: Connection, import_id: str) -> bool:
    """Have it read as a whole, like any import. False where it does not go on. Who is reading what
    has come so far has to stop, and has it until then: nobody else writes of it meanwhile."""
    if lock(conn, import_id) is None:
        return False
    values = {"state": State.RECEIVED.value, "message": ""}
    conn.execute(update(table).where(table.c.id == import_id).values(values))
    return True


def seal(conn: Connection, import_id: str, size: int, sha256: str) -> None:
    """Make the journal a file like any other."""
    mine = import_files.c.import_id == import_id, import_files.c.number == 0
    conn.execute(update(import_files).where(*mine).values(size=size, sha256=sha256))
    conn.execute(delete(runs).where(runs.c.import_id == import_id))


def waiting(conn: Connection, now: datetime) -> bool:
    """Whether there is one to claim: a look that takes no lock."""
    return bool(conn.scalar(select(exists(_claimable(now)))))


def claim(conn: Connection, *, worker: str, now: datetime, lease: timedelta) -> Import | None:
    """The run that waits longest to be read again, now this worker's until the lease runs out."""
    longest = _claimable(now).order_by(runs.c.next_at).limit(1)
    number = conn.scalar(longest.with_for_update(of=table, skip_locked=True))
    if number is None:
        return None
    mine = update(table).where(table.c.id == number)
    row = conn.execute(mine.values(worker=worker, lease_until=now + lease).returning(table)).one()
    return imports.read_import(row)


def let_go(
    conn: Connection, import_id: str, worker: str, *, read_to: int, next_at: datetime, message: str
) -> None:
    """Say how far it was read and when it may be read again, and what went wrong with it."""
    mine = table.c.id == import_id, table.c.worker == worker, table.c.state.in_(_UNREAD)
    free = {"worker": None, "lease_until": None}
    state = conn.scalar(update(table).where(*mine).values(free).returning(table.c.state))
    if state == State.RUNNING.value:
        told = {"read_to": read_to, "next_at": next_at}
        conn.execute(update(runs).where(runs.c.import_id == import_id).values(told))
        conn.execute(update(table).where(table.c.id == import_id).values(message=message))


def of_profile(conn: Connection, profile_id: int) -> list[Import]:
    """Those of a profile that go on, the newest first."""
    mine = table.c.profile_id == profile_id, table.c.state == State.RUNNING.value
    query = select(table).join(runs, runs.c.import_id == table.c.id).where(*mine)
    rows = conn.execute(query.order_by(table.c.received_at.desc(), table.c.id))
    return [imports.read_import(row) for row in rows]


def count(conn: Connection, profile_id: int) -> int:
    """How many that are."""
    mine = table.c.profile_id == profile_id, table.c.state == State.RUNNING.value
    query = select(func.count()).select_from(runs).join(table, table.c.id == runs.c.import_id)
    return conn.scalar(query.where(*mine)) or 0


def silent(conn: Connection, before: datetime) -> Sequence[str]:
    """The imports of those that go on and of which nothing has come since then."""
    quiet = runs.c.heard_at < before, table.c.state == State.RUNNING.value
    query = select(runs.c.import_id).join(table, table.c.id == runs.c.import_id).where(*quiet)
    return conn.scalars(query).all()


def hear(conn: Connection, now: datetime) -> None:
    """Count the silence of all anew: while no server was there, nobody could be heard."""
    conn.execute(update(runs).values(heard_at=now))


_UNREAD = (State.RUNNING.value, State.RECEIVED.value)
_FILE = and_(import_files.c.import_id == runs.c.import_id, import_files.c.number == 0)


def _select() -> Select[Any]:
    r, f = runs.c, import_files.c
    columns = r.import_id, f.blob, f.size, r.heard_at, r.read_to, r.next_at
    return select(*columns).join_from(runs, import_files, _FILE)


def _claimable(now: datetime) -> Select[Any]:
    """The ids of those that have grown since they were read, and that nobody is reading."""
    query = select(table.c.id).join(runs, runs.c.import_id == table.c.id)
    query = query.join(import_files, _FILE)
    return query.where(
        table.c.state == State.RUNNING.value,
        import_files.c.size > runs.c.read_to,
        runs.c.next_at <= now,
        ~imports.held(now),
    )
