"""Shares: a report, or a whole profile, that anyone who has its address may read.

The key in the address is the whole secret. It is kept readable, so that members can pass the
address on. What has ended opens nothing, and needs no clearing away: shared again, it has the key
it had before, until the key is renewed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    insert,
    nulls_first,
    or_,
    select,
    update,
)

from assay.errors import Invalid
from assay.store.catalog.tables import profiles, reports, shares

USUAL = timedelta(days=30)
"""How long something is public where nothing else is said."""

MOST_KEYS = 10_000
"""Public reports of a profile that a guest can walk through."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of the whole profile where `report_id` is None. `until` is None for no end; with `history`
    a guest can go on to the profile's other public reports that have it too."""

    id: int
    key: str
    profile_id: int
    report_id: int | None
    until: datetime | None
    history: bool
    creator_id: int | None
    created_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Whether its address works."""
        return self.until is None or now < self.until

    @property
    def path(self) -> str:
        """The path of its address."""
        if self.report_id is None:
            return f"/profiles/{self.profile_id}/public/{self.key}"
        return f"/reports/{self.report_id}/public/{self.key}"


def put(
    conn: Connection,
    *,
    profile: int,
    report: int | None = None,
    until: datetime | None,
    history: bool = False,
    creator: int | None = None,
    now: datetime,
) -> Share:
    """Share it, or change how it is shared: the key stays what it is. Raises `Invalid` for an end
    that is over."""
    if until is not None and until <= now:
        raise Invalid("This end is over already: choose a later one, or none.", "until")
    conn.execute(select(profiles.c.id).where(profiles.c.id == profile).with_for_update())
    terms: dict[str, object] = {"until": until, "history": history or report is None}
    found = of_report(conn, report) if report is not None else of_profile(conn, profile)
    if found is not None:
        return _change(conn, found, terms)
    values = terms | {
        "key": _new_key(),
        "profile_id": profile,
        "report_id": report,
        "creator_id": creator,
        "created_at": now,
    }
    return Share(*conn.execute(insert(shares).values(values).returning(shares)).one())


def renew(conn: Connection, share: Share) -> Share:
    """Give it another key: the address it had opens nothing any more."""
    return _change(conn, share, {"key": _new_key()})


def stop(conn: Connection, share: Share) -> None:
    """Make it private. Shared again, it has another key."""
    conn.execute(delete(shares).where(shares.c.id == share.id))


def by_key(conn: Connection, key: str) -> Share | None:
    """One that has ended too."""
    return _first(conn, shares.c.key == key)


def of_report(conn: Connection, report_id: int) -> Share | None:
    """The report's own; one that has ended too."""
    return _first(conn, shares.c.report_id == report_id)


def of_profile(conn: Connection, profile_id: int) -> Share | None:
    """That of the whole profile; one that has ended too."""
    return _first(conn, _whole(profile_id))


def within(conn: Connection, profile_id: int) -> list[Share]:
    """All in a profile, ended ones too: that of the whole, then its reports', the newest first."""
    query = select(shares).outerjoin(reports, shares.c.report_id == reports.c.id)
    query = query.where(or_(_whole(profile_id), reports.c.profile_id == profile_id))
    ordered = query.order_by(nulls_first(shares.c.report_id.desc()))
    return [Share(*row) for row in conn.execute(ordered)]


def with_history(conn: Connection, profile_id: int, now: datetime) -> dict[int, str]:
    """The keys of the profile's reports that a guest can walk through, by the report's id."""
    query = (
        select(shares.c.report_id, shares.c.key)
        .join(reports, shares.c.report_id == reports.c.id)
        .where(
            reports.c.profile_id == profile_id,
            shares.c.history,
            or_(shares.c.until.is_(None), shares.c.until > now),
        )
        .order_by(reports.c.date.desc(), reports.c.id.desc())
        .limit(MOST_KEYS)
    )
    return {report: key for report, key in conn.execute(query) if report is not None}


def _whole(profile_id: int) -> ColumnElement[bool]:
    return and_(shares.c.profile_id == profile_id, shares.c.report_id.is_(None))


def _new_key() -> str:
    """128 random bits, in the form Calliope's public addresses have."""
    return str(UUID(bytes=token_bytes(16)))


def _change(conn: Connection, share: Share, values: dict[str, object]) -> Share:
    changed = update(shares).where(shares.c.id == share.id).values(values).returning(shares)
    return Share(*conn.execute(changed).one())


def _first(conn: Connection, condition: ColumnElement[bool]) -> Share | None:
    row = conn.execute(select(shares).where(condition)).first()
    return Share(*row) if row else None
