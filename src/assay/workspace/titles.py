"""Groups and profiles whose names are the only ones of their kind, for programs that look them up
by name. People may give one name twice; they see which is which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller, Right
from assay.errors import Invalid
from assay.store.catalog import companies, groups, profiles
from assay.store.catalog.groups import Group
from assay.store.catalog.names import tidy
from assay.store.catalog.profiles import Intake, Profile
from assay.workspace import profiles as workspace


def make_group(conn: Connection, who: Caller, company_id: int, title: str, now: datetime) -> Group:
    """Raises `Invalid` for a title that a group of the company has."""
    auth.see_company(conn, who, company_id, Right.EDIT)
    _require_free_group(conn, company_id, title)
    return workspace.make_group(conn, who, company_id, title, now)


def rename_group(conn: Connection, who: Caller, group: Group, title: str) -> None:
    """Raises `Invalid` for a title that another group of the company has."""
    _require_free_group(conn, group.company_id, title, group.id)
    workspace.rename_group(conn, who, group.id, title)


def make_profile(
    conn: Connection, who: Caller, group: Group, title: str, intake: Intake, now: datetime
) -> Profile:
    """Raises `Invalid` for a title that a profile of the group has."""
    _require_free_profile(conn, group.id, title)
    return workspace.make_profile(conn, who, group.id, title, now, intake)


def rename_profile(conn: Connection, who: Caller, profile: Profile, title: str) -> None:
    """Raises `Invalid` for a title that another profile of the group has."""
    _require_free_profile(conn, profile.group_id, title, profile.id)
    workspace.rename_profile(conn, who, profile.id, title)


def _require_free_group(conn: Connection, company_id: int, title: str, but: int = 0) -> None:
    name = tidy(title, "title")
    companies.lock(conn, company_id)
    if any(each.name == name and each.id != but for each in groups.of_company(conn, company_id)):
        raise Invalid(f"There is a project called {name!r} already.", "title")


def _require_free_profile(conn: Connection, group_id: int, title: str, but: int = 0) -> None:
    name = tidy(title, "title")
    groups.lock(conn, group_id)
    if any(each.name == name and each.id != but for each in profiles.of_group(conn, group_id)):
        raise Invalid(f"There is a test specification called {name!r} in this project.", "title")
