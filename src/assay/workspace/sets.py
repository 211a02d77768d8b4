"""Sets: what is in them, and the verdict that rolls up from there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller
from assay.errors import Invalid, NotFound
from assay.store.catalog import profiles, sets
from assay.store.catalog.profiles import Kind, Profile
from assay.workspace.audit import note

MOST = 200
"""Members of one set. A set of sets holds more."""


def members(conn: Connection, who: Caller, set_id: int) -> list[Profile]:
    """The members of a set that `who` may see, in their order. Raises `NotFound` for a profile that
    is no set."""
    found = auth.see_profile(conn, who, set_id)
    require_set(found)
    known = {each.id: each for each in auth.visible_profiles(conn, who, found.company_id)}
    ids = sets.of_company(conn, found.company_id).get(found.id, [])
    return [known[each] for each in ids if each in known]


def change_members(conn: Connection, who: Caller, set_id: int, wanted: Sequence[int]) -> None:
    """Make these the members of a set, in this order; the same twice counts once. Raises `Invalid`
    for what cannot be a member, and where a set would come to hold itself."""
    found = auth.edit_profile(conn, who, set_id)
    require_set(found)
    ids = list(dict.fromkeys(wanted))
    if len(ids) > MOST:
        raise Invalid(f"A set has {MOST} members at most. Make sets of them first.", "members")
    everything = sets.of_company(conn, found.company_id)
    for each in ids:
        _check_member(conn, who, found, each, everything)
    sets.put(conn, found.id, ids)
    note("members of a set changed", who, profile=found.id, members=len(ids))


def candidates(conn: Connection, who: Caller, found: Profile) -> list[Profile]:
    """What may be put into a set: the profiles of its company, but for itself and for sets that
    hold it already."""
    everything = sets.of_company(conn, found.company_id)
    return [
        each
        for each in auth.visible_profiles(conn, who, found.company_id)
        if not _closes_circle(found.id, each.id, everything)
    ]


def require_set(profile: Profile) -> None:
    """Raise `NotFound` unless it is a set."""
    if profile.kind is not Kind.SET:
        raise NotFound(f"Profile {profile.id} is no set, so it has no members.")


def _check_member(
    conn: Connection, who: Caller, found: Profile, number: int, everything: sets.Members
) -> None:
    member = profiles.get(conn, number)
    if member is None or member.company_id != found.company_id:
        raise Invalid(f"There is no profile {number} in the company of this set.", "members")
    auth.see_profile(conn, who, member.id)
    if _closes_circle(found.id, number, everything):
        raise Invalid(f"{member.name} holds this set, so it cannot be in it.", "members")


def _closes_circle(set_id: int, member: int, everything: sets.Members) -> bool:
    return member == set_id or set_id in sets.within(everything, member)
