"""Profiles: where one kind of test reports to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from assay.errors import Invalid, NotFound
from assay.store.catalog import groups
from assay.store.catalog.names import tidy
from assay.store.catalog.tables import profiles


class Kind(StrEnum):
    """Where the reports of a profile come from."""

    PASSIVE = "passive"  # whoever ran the tests sends them
    ACTIVE = "active"  # they are fetched from a place that the administrator allowed
    EXECUTABLE = "executable"  # a job elsewhere can be started from here, and sends them
    SET = "set"  # it has none of its own, and tells of its members'


@dataclass(frozen=True, slots=True)
class Intake:
    """What a profile takes in; see `Profile`."""

    kind: Kind = Kind.PASSIVE
    tool: str = ""
    pattern: str = ""
    qualification: str = ""


PASSIVE = Intake()


@dataclass(frozen=True, slots=True)
class Profile:
    """`tool` is the name that its maker's tool has at XL TestView's API, `pattern` an Ant pattern
    of the files that count, `qualification` the verdict it asked for there; each may be empty.
    `setup` is what its kind has to know; `due_at` is when its schedule comes round next."""

    id: int
    uuid: str
    company_id: int
    group_id: int
    name: str
    owner_id: int | None
    created_at: datetime
    kind: Kind
    tool: str
    pattern: str
    qualification: str
    setup: dict[str, Any]
    due_at: datetime | None

    @property
    def intake(self) -> Intake:
        return Intake(self.kind, self.tool, self.pattern, self.qualification)


def make(
    conn: Connection,
    *,
    group: int,
    name: str,
    owner: int | None = None,
    intake: Intake = PASSIVE,
    now: datetime,
) -> Profile:
    """A new profile in a group. Raises `NotFound` without that group, `Invalid` for the name."""
    within = groups.get(conn, group)
    if within is None:
        raise NotFound(f"There is no group {group}.")
    row = conn.execute(
        insert(profiles)
        .values(
            uuid=str(uuid4()),
            company_id=within.company_id,
            group_id=group,
            name=tidy(name),
            owner_id=owner,
            created_at=now,
            **_written(intake),
        )
        .returning(*_COLUMNS)
    ).one()
    return _read(row)


def get(conn: Connection, profile_id: int) -> Profile | None:
    return _first(conn, profiles.c.id == profile_id)


def by_uuid(conn: Connection, uuid: str) -> Profile | None:
    return _first(conn, profiles.c.uuid == uuid)


def ids(conn: Connection) -> set[int]:
    """Of all that there are."""
    return set(conn.scalars(select(profiles.c.id)))


def of_company(conn: Connection, company_id: int) -> list[Profile]:
    """By name."""
    return _all(conn, profiles.c.company_id == company_id)


def of_companies(conn: Connection, company_ids: Iterable[int]) -> list[Profile]:
    """Those of all these companies, by name."""
    return _all(conn, profiles.c.company_id.in_(list(company_ids)))


def of_group(conn: Connection, group_id: int) -> list[Profile]:
    """By name."""
    return _all(conn, profiles.c.group_id == group_id)


def rename(conn: Connection, profile_id: int, name: str) -> None:
    conn.execute(update(profiles).where(profiles.c.id == profile_id).values(name=tidy(name)))


def set_intake(conn: Connection, profile_id: int, intake: Intake) -> None:
    """Change what it takes in from now on."""
    conn.execute(update(profiles).where(profiles.c.id == profile_id).values(_written(intake)))


def give(conn: Connection, profile_id: int, owner: int | None) -> None:
    """Make someone its owner: the one who is told when something about the profile breaks."""
    conn.execute(update(profiles).where(profiles.c.id == profile_id).values(owner_id=owner))


def move(conn: Connection, profile_id: int, group: int) -> None:
    """Put it into another group of its company. Raises `Invalid` for a group of another one."""
    profile, to = get(conn, profile_id), groups.get(conn, group)
    if profile is None or to is None or profile.company_id != to.company_id:
        raise Invalid("A profile moves only between the groups of its company.", "group")
    conn.execute(update(profiles).where(profiles.c.id == profile_id).values(group_id=group))


def change_setup(
    conn: Connection, profile_id: int, part: str, value: dict[str, Any] | None
) -> None:
    """Change one part of what its kind has to know, or with None take it away."""
    mine = profiles.c.id == profile_id
    known = conn.scalar(select(profiles.c.setup).where(mine).with_for_update()) or {}
    rest = {name: each for name, each in known.items() if name != part}
    setup = rest if value is None else rest | {part: value}
    conn.execute(update(profiles).where(mine).values(setup=setup or None))


def change_pattern(conn: Connection, profile_id: int, pattern: str) -> None:
    """Say which files count."""
    mine = profiles.c.id == profile_id
    conn.execute(update(profiles).where(mine).values(pattern=pattern))


def become(conn: Connection, profile_id: int, kind: Kind, due_at: datetime | None) -> None:
    """Change where its reports come from, and when its schedule comes round next."""
    mine = profiles.c.id == profile_id
    conn.execute(update(profiles).where(mine).values(kind=kind.value, due_at=due_at))


def due(conn: Connection, now: datetime, *, limit: int) -> list[Profile]:
    """Those whose schedule has come round, for the longest time first."""
    query = select(*_COLUMNS).where(profiles.c.due_at <= now, _KEPT)
    rows = conn.execute(query.order_by(profiles.c.due_at, profiles.c.id).limit(limit))
    return [_read(row) for row in rows]


def pass_on(conn: Connection, found: Profile, due_at: datetime | None) -> bool:
    """Say when its schedule comes round after this time. False where somebody else has: of several
    servers one acts on it."""
    mine = profiles.c.id == found.id, profiles.c.due_at == found.due_at
    return conn.execute(update(profiles).where(*mine).values(due_at=due_at)).rowcount == 1


def hide(conn: Connection, profile_id: int, now: datetime) -> None:
    """Delete it for all who look; the rest follows, see `assay.removal`."""
    conn.execute(update(profiles).where(profiles.c.id == profile_id).values(deleted_at=now))


def hidden(conn: Connection) -> list[int]:
    """The ids of those that were deleted and are not gone yet."""
    return list(conn.scalars(select(profiles.c.id).where(~_KEPT).order_by(profiles.c.id)))


def remove(conn: Connection, profile_id: int) -> None:
    """Delete it with its imports and reports. Results and blobs are the caller's to clear."""
    conn.execute(delete(profiles).where(profiles.c.id == profile_id))


_COLUMNS = [column for column in profiles.c if column.name != "deleted_at"]
_KEPT = profiles.c.deleted_at.is_(None)


def _written(intake: Intake) -> dict[str, str]:
    return asdict(intake) | {"kind": intake.kind.value}


def _read(row: Row[Any]) -> Profile:
    values = dict(zip(Profile.__dataclass_fields__, row, strict=True))
    return Profile(**values | {"kind": Kind(values["kind"]), "setup": values["setup"] or {}})


def _first(conn: Connection, condition: ColumnElement[bool]) -> Profile | None:
    row = conn.execute(select(*_COLUMNS).where(condition, _KEPT)).first()
    return _read(row) if row else None


def _all(conn: Connection, condition: ColumnElement[bool]) -> list[Profile]:
    query = select(*_COLUMNS).where(condition, _KEPT)
    rows = conn.execute(query.order_by(profiles.c.name, profiles.c.id))
    return [_read(row) for row in rows]
