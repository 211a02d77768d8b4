"""Where things are at XL TestView's API: its projects are our groups, its test specifications our
profiles.

It has two kinds of id for one thing: the public API says a bare UUID; the internal one says a path
that ends in it, and the UUID itself is the `name`. Either is taken wherever an id stands.
"""

from __future__ import annotations

from typing import NoReturn

from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller, Right
from assay.errors import NotAllowed, NotFound
from assay.store.catalog import groups, profiles
from assay.store.catalog.groups import Group
from assay.store.catalog.profiles import Profile

PROJECTS = "Configuration/Projects"


def bare(given: str) -> str:
    """The UUID in an id of either kind."""
    return given.rstrip("/").rpartition("/")[2].lower()


def project_path(group: Group) -> str:
    return f"{PROJECTS}/{group.uuid}"


def specification_path(group: Group, profile: Profile) -> str:
    return f"{project_path(group)}/{profile.uuid}"


def know_project(conn: Connection, who: Caller, given: str) -> Group:
    """The project, for those who may see it or something in it."""
    return auth.know_group(conn, who, _group(conn, who, given).id)


def edit_project(conn: Connection, who: Caller, given: str) -> Group:
    return auth.edit_group(conn, who, _group(conn, who, given).id)


def know_specification(
    conn: Connection, who: Caller, given: str, project: str | None = None
) -> Profile:
    """The test specification, for those who may see it or import into it; it has to be in that
    project, if one is named."""
    return auth.know_profile(conn, who, _profile(conn, who, given, project).id)


def see_specification(conn: Connection, who: Caller, given: str) -> Profile:
    return auth.see_profile(conn, who, _profile(conn, who, given, None).id)


def edit_specification(
    conn: Connection, who: Caller, given: str, project: str | None = None
) -> Profile:
    return auth.edit_profile(conn, who, _profile(conn, who, given, project).id)


def known_projects(conn: Connection, who: Caller) -> list[Group]:
    """All projects of which the caller may see or use something, by title."""
    seen = {each.id for each in auth.visible_companies(conn, who)}
    seen |= {c for c in who.memberships if who.may(Right.IMPORT, c)}
    used = {each.group_id for each in auth.known_profiles(conn, who)}
    found = [
        group
        for company in who.memberships
        for group in groups.of_company(conn, company)
        if company in seen or group.id in used
    ]
    return sorted(found, key=lambda each: (each.name, each.id))


def known_specifications(
    conn: Connection, who: Caller, group: Group | None = None
) -> list[Profile]:
    """Those the caller may see or import into, of one project or of all, by title."""
    found = [p for p in auth.known_profiles(conn, who) if group is None or p.group_id == group.id]
    return sorted(found, key=lambda each: (each.name, each.id))


def home(who: Caller, profile: Profile | None) -> int:
    """The company that a new project is made in: that of the key's profile, else the first of those
    in which the caller may. Raises `NotAllowed` without any."""
    if profile is not None:
        return profile.company_id
    found = sorted(each for each in who.memberships if who.may(Right.EDIT, each))
    if not found:
        raise NotAllowed(
            "You may make projects in no company: it takes the role User, and of a key the scope "
            "write."
        )
    return found[0]


def key_profile(conn: Connection, who: Caller) -> Profile | None:
    """The only profile the caller's key is for, if it is for one."""
    number = who.key.profile_id if who.key else None
    return profiles.get(conn, number) if number else None


def _group(conn: Connection, who: Caller, given: str) -> Group:
    found = groups.by_uuid(conn, bare(given))
    if found is None or who.role_in(found.company_id) is None:
        _refuse("project", given)
    return found


def _profile(conn: Connection, who: Caller, given: str, project: str | None) -> Profile:
    found = profiles.by_uuid(conn, bare(given))
    if found is None or who.role_in(found.company_id) is None:
        _refuse("test specification", given)
    if project is not None and found.group_id != _group(conn, who, project).id:
        _refuse("test specification", f"{given} in project {project}")
    return found


def _refuse(what: str, given: str) -> NoReturn:
    raise NotFound(f"There is no {what} {given[:200]}, or you may not see it.")
