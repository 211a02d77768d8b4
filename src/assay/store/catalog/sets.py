"""Sets: profiles that have no reports of their own, and tell of their members'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, delete, insert, select

from assay.store.catalog.profiles import Kind, Profile
from assay.store.catalog.tables import profiles, set_members

Members = Mapping[int, Sequence[int]]
"""The ids of each set of a company, also of empty ones, to those of its members, in their order. A
profile that is no key is no set."""


def of_company(conn: Connection, company_id: int) -> dict[int, list[int]]:
    """What each set of the company holds, without profiles that were deleted."""
    member = profiles.alias()
    kept = and_(
        set_members.c.set_id == profiles.c.id,
        set_members.c.member_id.in_(select(member.c.id).where(member.c.deleted_at.is_(None))),
    )
    query = (
        select(profiles.c.id, set_members.c.member_id)
        .select_from(profiles)
        .outerjoin(set_members, kept)
        .where(
            profiles.c.company_id == company_id,
            profiles.c.kind == Kind.SET.value,
            profiles.c.deleted_at.is_(None),
        )
        .order_by(profiles.c.id, set_members.c.place)
    )
    found: dict[int, list[int]] = {}
    for number, inside in conn.execute(query):
        found.setdefault(number, []).extend([inside] if inside is not None else [])
    return found


def put(conn: Connection, set_id: int, members: Sequence[int]) -> None:
    """Make these its members, in this order, in place of those it had."""
    conn.execute(delete(set_members).where(set_members.c.set_id == set_id))
    rows = [
        {"set_id": set_id, "member_id": each, "place": place} for place, each in enumerate(members)
    ]
    if rows:
        conn.execute(insert(set_members), rows)


def within(members: Members, number: int) -> list[int]:
    """All that is in a set, at any depth, each once, sets among them; without the set itself."""
    found: dict[int, None] = {}
    waiting = list(members.get(number, ()))
    while waiting:
        each = waiting.pop(0)
        if each not in found and each != number:
            found[each] = None
            waiting = [*members.get(each, ()), *waiting]
    return list(found)


def tested(members: Members, number: int) -> list[int]:
    """The profiles in a set, at any depth, that have reports of their own; for a profile that is no
    set, itself."""
    if number not in members:
        return [number]
    return [each for each in within(members, number) if each not in members]


def flat(conn: Connection, profile: Profile) -> list[int]:
    """`tested`, of one set or profile."""
    if profile.kind is not Kind.SET:
        return [profile.id]
    return tested(of_company(conn, profile.company_id), profile.id)
