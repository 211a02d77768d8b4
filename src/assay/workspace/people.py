"""The members of a company: what each may do is changed by those who may do as much themselves."""

from __future__ import annotations

from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller, Right
from assay.errors import NotAllowed, NotFound
from assay.store.catalog import members
from assay.store.catalog.members import Role
from assay.workspace.audit import note

ROLES = tuple(Role)


def title(role: Role) -> str:
    """ "read_only" → "Read Only"."""
    return role.value.replace("_", " ").title()


def grants(who: Caller, company_id: int) -> tuple[Role, ...]:
    """The roles they may give to others: none, or up to their own."""
    own = who.role_in(company_id)
    if own is None or not who.may(Right.INVITE, company_id):
        return ()
    return ROLES[: ROLES.index(own) + 1]


def change_role(conn: Connection, who: Caller, company_id: int, user_id: int, role: Role) -> None:
    """Raises `NotAllowed` for a role, old or new, above their own; `Invalid` where no owner would
    be left."""
    auth.see_company(conn, who, company_id, Right.COMPANY)
    _require_reach(who, company_id, _role_of(conn, company_id, user_id))
    _require_reach(who, company_id, role)
    members.set_role(conn, company=company_id, user=user_id, role=role)
    note("role changed", who, company=company_id, member=user_id, role=role.value)


def remove_member(conn: Connection, who: Caller, company_id: int, user_id: int) -> None:
    """Raises as `change_role` does. Whoever removes themselves leaves, which everybody may."""
    if user_id == who.user.id:
        leave(conn, who, company_id)
        return
    auth.see_company(conn, who, company_id, Right.COMPANY)
    _require_reach(who, company_id, _role_of(conn, company_id, user_id))
    members.remove(conn, company=company_id, user=user_id)
    note("member removed", who, company=company_id, member=user_id)


def leave(conn: Connection, who: Caller, company_id: int) -> None:
    """Raises `Invalid` for the last owner, `NotAllowed` for a key."""
    auth.see_company(conn, who, company_id)
    user = auth.require_person(who)
    members.remove(conn, company=company_id, user=user.id)
    note("company left", who, company=company_id)


def require_grant(who: Caller, company_id: int, role: Role) -> None:
    """Raise `NotAllowed` for a role above their own."""
    _require_reach(who, company_id, role)


def _require_reach(who: Caller, company_id: int, role: Role) -> None:
    own = who.role_in(company_id)
    if own is None or ROLES.index(role) > ROLES.index(own):
        as_what = title(own) if own else "nobody"
        raise NotAllowed(
            f"You are {as_what} here: the role {title(role)} is given and taken only by those "
            "who have it, or one above it."
        )


def _role_of(conn: Connection, company_id: int, user_id: int) -> Role:
    role = members.role_of(conn, company=company_id, user=user_id)
    if role is None:
        raise NotFound(f"The company has no member {user_id}.")
    return role
