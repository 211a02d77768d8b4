"""Companies: made by anyone with an account, renamed by their moderators, ended by their owners."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller, Right
from assay.errors import Invalid
from assay.store.catalog import companies, members
from assay.store.catalog.companies import Company
from assay.store.catalog.members import Role
from assay.workspace.audit import note


def make_company(conn: Connection, who: Caller, name: str, now: datetime) -> Company:
    """A new company, which is theirs. Raises `Invalid` for the name."""
    user = auth.require_writer(who)
    made = companies.make(conn, name=name, now=now)
    members.add(conn, company=made.id, user=user.id, role=Role.OWNER, now=now)
    note("company made", who, company=made.id)
    return made


def rename_company(conn: Connection, who: Caller, company_id: int, name: str) -> None:
    auth.see_company(conn, who, company_id, Right.COMPANY)
    companies.rename(conn, company_id, name)
    note("company renamed", who, company=company_id)


def delete_company(
    conn: Connection, who: Caller, company_id: int, typed: str, now: datetime
) -> None:
    """End it with all that is in it, at once for all who look. `typed` has to be its name, or
    `Invalid` is raised."""
    found = auth.see_company(conn, who, company_id, Right.DELETE_COMPANY)
    require_name(found.name, typed)
    companies.hide(conn, company_id, now)
    note("company deleted", who, company=company_id)


def require_name(name: str, typed: str) -> None:
    """Raise `Invalid` unless the name of what is to be deleted was typed."""
    if " ".join(typed.split()) != name:
        raise Invalid(f"Nothing was deleted: to delete it, type its name, {name}.", "typed")
