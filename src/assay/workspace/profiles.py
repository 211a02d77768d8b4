"""Groups and profiles: made, renamed, moved, given away and deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller, Right
from assay.errors import Invalid
from assay.store.catalog import groups, members, profiles
from assay.store.catalog.groups import Group
from assay.store.catalog.profiles import Profile
from assay.workspace.audit import note
from assay.workspace.companies import require_name


def make_group(conn: Connection, who: Caller, company_id: int, name: str, now: datetime) -> Group:
    auth.see_company(conn, who, company_id, Right.EDIT)
    made = groups.make(conn, company=company_id, name=name, now=now)
    note("group made", who, company=company_id, group=made.id)
    return made


def rename_group(conn: Connection, who: Caller, group_id: int, name: str) -> Group:
    found = auth.edit_group(conn, who, group_id)
    groups.rename(conn, group_id, name)
    note("group renamed", who, group=group_id)
    return found


def delete_group(conn: Connection, who: Caller, group_id: int) -> Group:
    """Raises `Invalid` while it has profiles."""
    found = auth.edit_group(conn, who, group_id)
    groups.remove(conn, group_id)
    note("group deleted", who, group=group_id)
    return found


def make_profile(conn: Connection, who: Caller, group_id: int, name: str, now: datetime) -> Profile:
    """A new profile, which is theirs."""
    auth.edit_group(conn, who, group_id)
    made = profiles.make(conn, group=group_id, name=name, owner=who.user.id, now=now)
    note("profile made", who, group=group_id, profile=made.id)
    return made


def rename_profile(conn: Connection, who: Caller, profile_id: int, name: str) -> None:
    found = auth.edit_profile(conn, who, profile_id)
    profiles.rename(conn, found.id, name)
    note("profile renamed", who, profile=found.id)


def move_profile(conn: Connection, who: Caller, profile_id: int, group_id: int) -> None:
    """Into another group of its company. Its reports stay in the company: whoever wants them in
    another one sends them there. Raises `Invalid` for a group of another company."""
    found = auth.edit_profile(conn, who, profile_id)
    if found.group_id == group_id:
        return
    auth.edit_group(conn, who, group_id)
    profiles.move(conn, found.id, group_id)
    note("profile moved", who, profile=found.id, group=group_id)


def give_profile(conn: Connection, who: Caller, profile_id: int, owner: int | None) -> None:
    """To a member of its company, or to nobody. Raises `Invalid` for anyone else."""
    found = auth.edit_profile(conn, who, profile_id)
    if found.owner_id == owner:
        return
    if owner is not None and not members.role_of(conn, company=found.company_id, user=owner):
        raise Invalid("The owner of a profile is a member of its company.", "owner")
    profiles.give(conn, found.id, owner)
    note("profile given", who, profile=found.id, owner=owner or 0)


def delete_profile(
    conn: Connection, who: Caller, profile_id: int, typed: str | None, now: datetime
) -> Profile:
    """End it with its reports, at once for all who look. What was `typed` has to be its name, or
    `Invalid` is raised; None from a program, which does not slip."""
    found = auth.edit_profile(conn, who, profile_id)
    if typed is not None:
        require_name(found.name, typed)
    profiles.hide(conn, found.id, now)
    note("profile deleted", who, profile=found.id)
    return found
