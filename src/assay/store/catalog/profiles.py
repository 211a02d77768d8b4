"""Profiles: where one kind of test reports to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


def make(
    conn: Connection, *, group: int, name: str, owner: int | None = None, now: datetime
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


def give(conn: Connection, profile_id: int, owner: int | None) -> None:
    """Make someone its owner: the one who is told when something about the profile breaks."""
    conn.execute(update(profiles).where(profiles.c.id == profile_id).values(owner_id=owner))


def move(conn: Connection, profile_id: int, group: int) -> None:
    """Put it into another group of its company. Raises `Invalid` for a group of another one."""
    profile, to = get(conn, profile_id), groups.get(conn, group)
    if profile is None or to is None or profile.company_id != to.company_id:
        raise Invalid("A profile moves only between the groups of its company.", "group")
    conn.execute(update(profiles).where(profiles.c.id == profile_id).values(group_id=group))


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
