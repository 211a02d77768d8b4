"""Groups and profiles: made, renamed, moved, given away and deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller, Right
from assay.errors import Invalid
from assay.gates import BUILT_IN
from assay.store.catalog import groups, members, profiles
from assay.store.catalog.groups import Group
from assay.store.catalog.profiles import PASSIVE, Intake, Kind, Profile
from assay.testtools import ANY, read_tool
from assay.workspace.audit import note
from assay.workspace.companies import require_name

LONGEST_PATTERN = 1000

MADE = (Kind.PASSIVE, Kind.SET)
"""What a new profile can be; it becomes active or executable later, see `origins`."""


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


def make_profile(
    conn: Connection,
    who: Caller,
    group_id: int,
    name: str,
    now: datetime,
    intake: Intake = PASSIVE,
) -> Profile:
    """A new profile, which is theirs. Raises `Invalid` for its name and for what it takes in."""
    auth.edit_group(conn, who, group_id)
    if intake.kind not in MADE:
        raise Invalid(
            f"A profile becomes {intake.kind.value} when it is given a job or a source. Make a "
            "passive one first.",
            "kind",
        )
    made = profiles.make(
        conn, group=group_id, name=name, owner=who.user.id, intake=checked(intake), now=now
    )
    note("profile made", who, group=group_id, profile=made.id, kind=made.kind.value)
    return made


def change_intake(conn: Connection, who: Caller, profile_id: int, intake: Intake) -> None:
    """Change what a profile takes in, from the next delivery on. Raises `Invalid`."""
    found = auth.edit_profile(conn, who, profile_id)
    wanted = check_intake(found, intake)
    if wanted == found.intake:
        return
    profiles.set_intake(conn, found.id, wanted)
    note("intake of a profile changed", who, profile=found.id, kind=wanted.kind.value)


def check_intake(found: Profile, intake: Intake) -> Intake:
    """As `checked`; its kind is not changed this way."""
    if intake.kind is not found.kind:
        raise Invalid(
            "A set stays a set, and nothing else becomes one. What is given a job or a source is "
            "executable or active by that.",
            "kind",
        )
    return checked(intake)


def checked(intake: Intake) -> Intake:
    """The same with its names as they are written. Raises `Invalid` for what there is not. A set
    has no tool, pattern or qualification, as it takes nothing in."""
    if intake.kind is Kind.SET:
        return Intake(Kind.SET)
    tool = read_tool(intake.tool).type if intake.tool.strip() else ""
    return Intake(
        intake.kind,
        "" if tool == ANY.type else tool,
        _pattern(intake.pattern),
        read_qualification(intake.qualification),
    )


def read_qualification(name: str) -> str:
    """The type of a built-in gate, named in any case; no name is none. Raises `Invalid`."""
    sought = name.strip().lower()
    found = {each.lower(): each for each in ("", *BUILT_IN)}.get(sought)
    if found is None:
        known = ", ".join(BUILT_IN)
        message = f"There is no qualification {name.strip()[:80]!r}. There are {known}."
        raise Invalid(message, "qualification")
    return found


def _pattern(text: str) -> str:
    """Ant patterns with commas between them, tidied."""
    neat = ", ".join(part for each in text.split(",") if (part := " ".join(each.split())))
    if len(neat) > LONGEST_PATTERN:
        raise Invalid(f"A pattern has {LONGEST_PATTERN} characters at most.", "pattern")
    return neat


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
