"""Sets: profiles that tell of other profiles instead of reports of their own."""

from __future__ import annotations

from sqlalchemy import Connection, select

from assay.store.catalog.profiles import Kind, Profile
from assay.store.catalog.tables import profiles, set_members

DEPTH = 8
"""Sets within sets that are followed; nobody has more, and a circle ends here too."""


def members(conn: Connection, set_id: int) -> list[int]:
    """The ids of the members that are there, in the order they were put in."""
    kept = set_members.c.set_id == set_id, profiles.c.deleted_at.is_(None)
    query = select(set_members.c.member_id)
    query = query.join(profiles, profiles.c.id == set_members.c.member_id).where(*kept)
    return list(conn.scalars(query.order_by(set_members.c.place, set_members.c.member_id)))


def flat(conn: Connection, found: Profile) -> list[int]:
    """The ids of the profiles with reports that the set `found` tells of: those of sets within it
    instead of these, each once."""
    leaves: dict[int, None] = {}
    seen, level = {found.id}, [found.id]
    for _ in range(DEPTH):
        inside = [each for set_id in level for each in members(conn, set_id)]
        new = [each for each in dict.fromkeys(inside) if each not in seen]
        if not new:
            break
        seen |= set(new)
        kinds = dict(_kinds(conn, new))
        level = [each for each in new if kinds.get(each) == Kind.SET]
        leaves |= dict.fromkeys(each for each in new if kinds.get(each) != Kind.SET)
    return list(leaves)


def _kinds(conn: Connection, ids: list[int]) -> list[tuple[int, str]]:
    query = select(profiles.c.id, profiles.c.kind).where(profiles.c.id.in_(ids))
    return [(row.id, row.kind) for row in conn.execute(query)]
