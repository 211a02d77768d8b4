"""Invitations: the only way into a company that is not one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller, Right
from assay.errors import Invalid, NotAllowed, NotFound
from assay.notify.post import can_mail, post_mail
from assay.store.catalog import companies, invitations, members, users
from assay.store.catalog.companies import Company
from assay.store.catalog.invitations import Invitation
from assay.store.catalog.members import Role
from assay.store.catalog.users import User
from assay.workspace import letters
from assay.workspace.audit import note
from assay.workspace.letters import Sender
from assay.workspace.people import require_grant, title

GONE = (
    "This invitation is not good any more: it was accepted or withdrawn, or is older than 14 days. "
    "Ask whoever sent it for another"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation on its way. With `link` there is no mail: the inviter hands it over."""

    invitation: Invitation
    link: str


def invite(
    conn: Connection,
    who: Caller,
    company_id: int,
    email: str,
    role: Role,
    sender: Sender,
    now: datetime,
) -> Sent:
    """Ask someone into the company. Raises `Invalid` for an address that is none or a member's,
    `NotAllowed` for a role above one's own."""
    company = auth.see_company(conn, who, company_id, Right.INVITE)
    require_grant(who, company_id, role)
    known = users.by_email(conn, email)
    if known and members.role_of(conn, company=company_id, user=known.id):
        raise Invalid(f"{known.email} is a member already.", "email")
    made, token = invitations.make(
        conn, company=company_id, email=email, role=role, inviter=who.user.id, now=now
    )
    note("invitation sent", who, company=company_id, invitation=made.id, role=role.value)
    return _send(conn, who, company, made, token, sender, now)


def resend(
    conn: Connection, who: Caller, invitation_id: int, sender: Sender, now: datetime
) -> Sent:
    """Send it again, with a new link; the one before is good for nothing."""
    found, company = _open(conn, who, invitation_id)
    require_grant(who, company.id, found.role)
    found, token = invitations.renew(conn, found, now)
    note("invitation sent again", who, company=company.id, invitation=found.id)
    return _send(conn, who, company, found, token, sender, now)


def withdraw(conn: Connection, who: Caller, invitation_id: int) -> Company:
    """Make it good for nothing. Returns the company."""
    found, company = _open(conn, who, invitation_id)
    invitations.withdraw(conn, found.id)
    note("invitation withdrawn", who, company=company.id, invitation=found.id)
    return company


def read(conn: Connection, token: str, now: datetime) -> tuple[Invitation, Company]:
    """What a link invites to. Raises `NotFound` for one that is good for nothing."""
    found = invitations.find(conn, token, now)
    company = companies.get(conn, found.company_id) if found else None
    if found is None or company is None:
        raise NotFound(GONE)
    return found, company


def accept(conn: Connection, who: Caller, token: str, now: datetime) -> Company:
    """Join, as whoever was invited. Raises `NotAllowed` for anyone else."""
    found, company = read(conn, token, now)
    user = auth.require_person(who)
    if user.email != found.email:
        raise NotAllowed(
            f"This invitation is for {found.email}, and you are signed in as {user.email}."
        )
    _join(conn, found, user, now)
    note("invitation accepted", who, company=company.id, invitation=found.id)
    return company


def enter(
    conn: Connection, token: str, *, name: str, password_hash: str, now: datetime
) -> tuple[User, Company]:
    """Join, as someone who had no account. Raises `Invalid` for the name, or where the address
    has an account by now."""
    found, company = read(conn, token, now)
    user = users.make(conn, email=found.email, name=name, password_hash=password_hash, now=now)
    _join(conn, found, user, now)
    note("invitation accepted by somebody new", None, company=company.id, user=user.id)
    return user, company


def _open(conn: Connection, who: Caller, invitation_id: int) -> tuple[Invitation, Company]:
    found = invitations.get(conn, invitation_id)
    if found is None or who.role_in(found.company_id) is None:
        raise NotFound(f"There is no invitation {invitation_id}, or you may not see it.")
    return found, auth.see_company(conn, who, found.company_id, Right.INVITE)


def _join(conn: Connection, found: Invitation, user: User, now: datetime) -> None:
    invitations.accept(conn, found.id, now)
    if members.role_of(conn, company=found.company_id, user=user.id) is None:
        members.add(conn, company=found.company_id, user=user.id, role=found.role, now=now)


def _send(
    conn: Connection,
    who: Caller,
    company: Company,
    found: Invitation,
    token: str,
    sender: Sender,
    now: datetime,
) -> Sent:
    link = f"{sender.base}/invitations/{token}"
    if not can_mail(sender.settings):
        return Sent(found, link)
    letter = letters.invitation(found.email, who.user.name, company.name, title(found.role), link)
    key = f"invitation {found.id} {now.isoformat()}"
    post_mail(conn, letter, key=key, now=now, company=company.id)
    return Sent(found, "")
