"""Reports: one run of tests each, with its counts, so that no list asks the results store.

A report's place in time is (date, id): `date` is when the tests ran, and one that is delivered late
slots into its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from msgspec.structs import asdict as struct_asdict
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from assay.rows import Counts
from assay.store.catalog import facts
from assay.store.catalog.columns import Words, clean
from assay.store.catalog.tables import profiles, report_tags, reports, shares

TAG_LENGTH = 255
ID_DIGITS = 20
COUNTS = Counts.__struct_fields__


class State(StrEnum):
    """How far a report or its import is."""

    RUNNING = "running"  # it is still coming in; what has come is shown
    RECEIVED = "received"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"
    DELETED = "deleted"  # by a person; it can be had back for a while


@dataclass(frozen=True, slots=True)
class Changes:
    """How many tests changed since the report before it."""

    new_failures: int = 0
    fixed: int = 0
    still_failing: int = 0
    new_tests: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """`duration` is in seconds. Counts mean something once `state` is done; while it is running,
    they say how far it is. `gate` is pass or fail, and `judged` says what each rule found."""

    id: int
    uuid: str
    profile_id: int
    import_id: str | None
    date: datetime
    created_at: datetime
    updated_at: datetime
    origin: str
    state: State
    branch: str
    commit: str
    build: str
    duration: float | None
    tags: list[str]
    metadata: dict[str, str]
    counts: Counts
    changes: Changes
    deleted_at: datetime | None = None
    gate: str | None = None
    judged: list[dict[str, Any]] | None = None


def make(
    conn: Connection,
    *,
    profile: int,
    import_id: str | None,
    state: State = State.RECEIVED,
    now: datetime,
) -> Report:
    """A report that is still to be read: its id can be told, its results not."""
    values: dict[str, Any] = {
        "uuid": str(uuid4()),
        "profile_id": profile,
        "import_id": import_id,
        "date": now,
        "created_at": now,
        "updated_at": now,
        "state": state.value,
        "tags": [],
        "metadata": {},
    } | dict.fromkeys(("origin", "branch", "commit", "build"), "")
    return read_report(conn.execute(insert(reports).values(values).returning(reports)).one())


def begin(conn: Connection, report_id: int, now: datetime) -> None:
    """Say that it is being read. One that was read before keeps being shown meanwhile."""
    waiting = (reports.c.id == report_id, reports.c.state.in_([State.RECEIVED, State.FAILED]))
    values = {"state": State.PROCESSING.value, "updated_at": now}
    conn.execute(update(reports).where(*waiting).values(values))


def publish(
    conn: Connection,
    report_id: int,
    *,
    origin: str,
    date: datetime,
    counts: Counts,
    duration: float | None = None,
    branch: str = "",
    commit: str = "",
    build: str = "",
    tags: Sequence[str] = (),
    metadata: Mapping[str, str] | None = None,
    state: State = State.DONE,
    now: datetime,
) -> None:
    """Make the report visible: its results are in their store. Doing it again replaces all."""
    values = {
        "origin": origin,
        "date": date,
        "duration": duration,
        "branch": branch,
        "commit": commit,
        "build": build,
        "metadata": {clean(name): clean(said) for name, said in (metadata or {}).items()},
        **struct_asdict(counts),
    }
    _set(conn, report_id, state, values, tags, now)


def fail(
    conn: Connection,
    report_id: int,
    *,
    now: datetime,
    origin: str = "",
    date: datetime | None = None,
    tags: Sequence[str] = (),
) -> None:
    """Say that nothing could be read. What else is known of the delivery is kept for its page."""
    values: dict[str, Any] = {"origin": origin} | ({"date": date} if date else {})
    _set(conn, report_id, State.FAILED, values, tags, now)


def set_changes(conn: Connection, report_id: int, changes: Changes) -> None:
    conn.execute(update(reports).where(reports.c.id == report_id).values(asdict(changes)))


def edit(conn: Connection, report_id: int, edits: Mapping[str, Any], now: datetime) -> None:
    """Change what a person says of it: any of date, branch, commit, build, tags."""
    values = {name: value for name, value in edits.items() if name != "tags"}
    values["updated_at"] = now
    conn.execute(update(reports).where(reports.c.id == report_id).values(values))
    if "tags" in edits:
        _tag(conn, report_id, edits["tags"])


def move(conn: Connection, report_id: int, profile_id: int, now: datetime) -> None:
    """Put it into another profile, where it is to be read again before it shows. It is public no
    more: that is for the people of that profile to decide."""
    conn.execute(delete(shares).where(shares.c.report_id == report_id))
    values = {"profile_id": profile_id, "state": State.RECEIVED.value, "updated_at": now}
    conn.execute(update(reports).where(reports.c.id == report_id).values(values))


def owners(conn: Connection) -> dict[int, int]:
    """The profile of every report there is, deleted ones too."""
    rows = conn.execute(select(reports.c.id, reports.c.profile_id))
    return {row.id: row.profile_id for row in rows}


def get(conn: Connection, report_id: int) -> Report | None:
    row = conn.execute(select(reports).where(reports.c.id == report_id)).first()
    return read_report(row) if row else None


def by_uuid(conn: Connection, uuid: str) -> Report | None:
    row = conn.execute(select(reports).where(reports.c.uuid == uuid)).first()
    return read_report(row) if row else None


def of_profile(
    conn: Connection,
    profile_id: int,
    *,
    limit: int,
    before: tuple[datetime, int] | None = None,
    branch: str | None = None,
    tag: str | None = None,
    q: str | None = None,
    fact: str | None = None,
    states: Iterable[State | str] = (State.DONE,),
    among: Collection[int] | None = None,
) -> list[Report]:
    """The newest first; those before a (date, id), and only `among` these ids, when that is given.

    `q` is looked for in branch, commit, build, origin, tags and metadata, in any case of letters; a
    number is also looked for as the report's id. A `fact` of the metadata is `name:value`.
    """
    query = select(reports).where(reports.c.profile_id == profile_id, _in(states))
    if branch is not None:
        query = query.where(reports.c.branch == branch)
    if tag is not None:
        query = query.where(_tagged(report_tags.c.tag == tag[:TAG_LENGTH]))
    if q and q.strip():
        query = query.where(or_(_matches(q.strip()), facts.mentions(profile_id, q.strip())))
    if fact:
        query = query.where(facts.says(profile_id, fact))
    if before is not None:
        query = query.where(_place < before)
    if among is not None:
        query = query.where(reports.c.id.in_(list(among)))
    return _all(conn, query.order_by(*_newest_first).limit(limit))


def of_company(
    conn: Connection,
    company_id: int,
    *,
    limit: int,
    before: tuple[datetime, int] | None = None,
    q: str | None = None,
) -> list[Report]:
    """Those of all its profiles that are done, the newest first; `before` and `q` as above."""
    kept = profiles.c.company_id == company_id, profiles.c.deleted_at.is_(None)
    query = select(reports).join(profiles, profiles.c.id == reports.c.profile_id).where(*kept)
    query = query.where(_in((State.DONE,)))
    if q and q.strip():
        query = query.where(_matches(q.strip()))
    if before is not None:
        query = query.where(_place < before)
    return _all(conn, query.order_by(*_newest_first).limit(limit))


def previous(
    conn: Connection, report: Report, among: Collection[int] | None = None
) -> Report | None:
    """The one that ran before it, among those that are done and, where given, these ids."""
    query = _neighbours(report, among).where(_place < (report.date, report.id))
    return next(iter(_all(conn, query.order_by(*_newest_first).limit(1))), None)


def next_(conn: Connection, report: Report, among: Collection[int] | None = None) -> Report | None:
    """The one that ran after it, in the same way."""
    query = _neighbours(report, among).where(_place > (report.date, report.id))
    return next(iter(_all(conn, query.order_by(reports.c.date, reports.c.id).limit(1))), None)


def following(
    conn: Connection,
    profile_id: int,
    place: tuple[datetime, int],
    *,
    limit: int,
    among: Collection[int] | None = None,
) -> list[Report]:
    """Those that ran after a (date, id), the oldest first, among those that are done."""
    query = select(reports).where(*_done(profile_id, among), _place > place)
    return _all(conn, query.order_by(reports.c.date, reports.c.id).limit(limit))


def sizes_before(
    conn: Connection,
    profile_id: int,
    place: tuple[datetime, int],
    *,
    limit: int,
    among: Collection[int] | None = None,
) -> list[tuple[int, int]]:
    """The ids of those that ran before a (date, id), newest first, with how many results each has:
    for those who need no more of very many."""
    query = select(reports.c.id, reports.c.total).where(*_done(profile_id, among))
    rows = conn.execute(query.where(_place < place).order_by(*_newest_first).limit(limit))
    return [(report, total) for report, total in rows]


def some(conn: Connection, profile_id: int, *, limit: int) -> list[Report]:
    """Any of its reports, in whatever state."""
    query = select(reports).where(reports.c.profile_id == profile_id)
    return _all(conn, query.order_by(reports.c.id).limit(limit))


def newest(conn: Connection, profile_id: int, *, came_before: int) -> Report | None:
    """The last one by date among those whose number is smaller, that is, that came earlier."""
    mine = reports.c.profile_id == profile_id, reports.c.id < came_before, _in([State.DONE])
    query = select(reports).where(*mine).order_by(*_newest_first).limit(1)
    return next(iter(_all(conn, query)), None)


def branches(conn: Connection, profile_id: int) -> list[str]:
    """The branches that reports of the profile name, by name."""
    kept = reports.c.profile_id == profile_id, reports.c.state != State.DELETED.value
    query = select(reports.c.branch).where(*kept).distinct()
    return sorted(branch for branch in conn.scalars(query) if branch)


def remove(conn: Connection, report_id: int) -> None:
    """Delete it with its import and assets. Results and blobs are the caller's to clear."""
    conn.execute(delete(reports).where(reports.c.id == report_id))


_place = tuple_(reports.c.date, reports.c.id)
_newest_first = (reports.c.date.desc(), reports.c.id.desc())
_SEARCHED = (reports.c.branch, reports.c.commit, reports.c.build, reports.c.origin)


def _set(
    conn: Connection,
    report_id: int,
    state: State,
    values: dict[str, Any],
    tags: Sequence[str],
    now: datetime,
) -> None:
    values |= {"state": state.value, "updated_at": now}
    conn.execute(update(reports).where(reports.c.id == report_id).values(values))
    _tag(conn, report_id, tags)


def _tag(conn: Connection, report_id: int, tags: Sequence[str]) -> None:
    distinct = list(dict.fromkeys(clean(tag[:TAG_LENGTH]) for tag in tags if tag))
    conn.execute(update(reports).where(reports.c.id == report_id).values(tags=distinct))
    conn.execute(delete(report_tags).where(report_tags.c.report_id == report_id))
    if distinct:
        rows = [{"report_id": report_id, "tag": tag} for tag in distinct]
        conn.execute(insert(report_tags), rows)


def _in(states: Iterable[State | str]) -> ColumnElement[bool]:
    return reports.c.state.in_([State(state).value for state in states])


def _tagged(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(report_tags.c.report_id == reports.c.id, condition)


def _matches(q: str) -> ColumnElement[bool]:
    def holds(column: ColumnElement[str]) -> ColumnElement[bool]:
        return func.lower(column, type_=Words()).contains(q.lower(), autoescape=True)

    anywhere = [*map(holds, _SEARCHED), _tagged(holds(report_tags.c.tag))]
    if q.isdecimal() and len(q) < ID_DIGITS:
        anywhere.append(reports.c.id == int(q))
    return or_(*anywhere)


def _done(profile_id: int, among: Collection[int] | None = None) -> tuple[ColumnElement[bool], ...]:
    ready = reports.c.profile_id == profile_id, reports.c.state == State.DONE.value
    return ready if among is None else (*ready, reports.c.id.in_(list(among)))


def _neighbours(report: Report, among: Collection[int] | None) -> Select[Any]:
    return select(reports).where(*_done(report.profile_id, among))


def _all(conn: Connection, query: Select[Any]) -> list[Report]:
    return [read_report(row) for row in conn.execute(query)]


_LATE = ("deleted_at", "gate", "judged")
_APART = ("counts", "changes", *_LATE)
_OWN = tuple(name for name in Report.__dataclass_fields__ if name not in _APART)
_AT = {column.name: index for index, column in enumerate(reports.c)}
_COUNTS_AT = slice(_AT["total"], _AT["flaky"] + 1)
_CHANGES_AT = slice(_AT["new_failures"], _AT["gone"] + 1)


def read_report(row: Row[Any]) -> Report:
    """A whole row of the table as a report."""
    own = dict(zip(_OWN, row, strict=False))
    own["state"] = State(own["state"])
    counts, changes = Counts(*row[_COUNTS_AT]), Changes(*row[_CHANGES_AT])
    late = {name: row[_AT[name]] for name in _LATE}
    return Report(**own, counts=counts, changes=changes, **late)
