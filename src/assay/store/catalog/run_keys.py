"""Keys of runs: what tells a run of tests from the others of its profile, so that it is imported
once, however often it is sent. One whose report failed, was deleted or went to another profile does
not count: the run may come again."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from assay.store.catalog.reports import State
from assay.store.catalog.tables import profiles, reports, run_keys


def lock(conn: Connection, profile_id: int) -> None:
    """Let nobody else enter runs of the profile before this transaction has ended."""
    conn.execute(select(profiles.c.id).where(profiles.c.id == profile_id).with_for_update())


def known(
    conn: Connection, profile_id: int, among: Collection[str] | None = None
) -> frozenset[str]:
    """The keys of runs that the profile has, or is reading just now; those `among` these, where
    they are given."""
    counts = reports.c.state.not_in([State.FAILED.value, State.DELETED.value])
    query = (
        select(run_keys.c.key)
        .join(reports, reports.c.id == run_keys.c.report_id)
        .where(run_keys.c.profile_id == profile_id, reports.c.profile_id == profile_id, counts)
    )
    if among is not None:
        query = query.where(run_keys.c.key.in_(list(among)))
    return frozenset(conn.scalars(query))


def keep(conn: Connection, profile_id: int, key: str, report_id: int) -> None:
    """Enter a run that is not known."""
    mine = run_keys.c.profile_id == profile_id, run_keys.c.key == key
    conn.execute(delete(run_keys).where(*mine))
    values = {"profile_id": profile_id, "key": key, "report_id": report_id}
    conn.execute(insert(run_keys).values(values))
