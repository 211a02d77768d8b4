"""The people of a company, and the invitations to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from assay import auth
from assay.auth import Right
from assay.store.catalog import invitations, members
from assay.store.catalog.invitations import Invitation
from assay.store.catalog.members import Role
from assay.web.request import Ours, Services, Who, base_url
from assay.web.shapes import Listing
from assay.workspace import invitations as inviting
from assay.workspace import people
from assay.workspace.letters import Sender

router = APIRouter(prefix="/api/v3/companies/{company_id}", tags=["People"])


@dataclass(frozen=True, slots=True)
class MemberShape:
    """`last_seen_at` is for those to know who may invite."""

    user_id: int
    name: str
    email: str
    role: Role
    since: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationShape:
    """`link` is told once, by a server that cannot mail it: hand it over."""

    id: int
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    link: str | None = None


@dataclass(frozen=True, slots=True)
class NewRole:
    role: Role = Role.READ_ONLY


@dataclass(frozen=True, slots=True)
class NewInvitation:
    email: str = ""
    role: Role = Role.USER


@router.get("/members")
def list_members(company_id: int, ours: Ours, who: Who) -> Listing[MemberShape]:
    """The members, by name."""
    with ours.stores.catalog.read() as conn:
        auth.see_company(conn, who, company_id)
        found = members.of_company(conn, company_id)
    knows = who.may(Right.INVITE, company_id)
    rows = [
        MemberShape(m.user_id, m.name, m.email, m.role, m.created_at, m.seen_at if knows else None)
        for m in found
    ]
    return Listing(rows, None)


@router.patch("/members/{user_id}", status_code=204, response_class=Response)
def change_role(
    company_id: int,
    user_id: int,
    ours: Ours,
    who: Who,
    to: Annotated[NewRole, Body(default_factory=NewRole)],
) -> None:
    """Change a member's role. Nobody gives or takes a role above their own, and a company keeps an
    owner."""
    with ours.stores.catalog.write() as conn:
        people.change_role(conn, who, company_id, user_id, to.role)


@router.delete("/members/{user_id}", status_code=204, response_class=Response)
def remove_member(company_id: int, user_id: int, ours: Ours, who: Who) -> None:
    """Remove a member; what they sent stays. A company keeps an owner."""
    with ours.stores.catalog.write() as conn:
        people.remove_member(conn, who, company_id, user_id)


@router.get("/invitations")
def list_invitations(company_id: int, ours: Ours, who: Who) -> Listing[InvitationShape]:
    """The invitations that nobody has accepted yet."""
    with ours.stores.catalog.read() as conn:
        auth.see_company(conn, who, company_id, Right.INVITE)
        found = invitations.of_company(conn, company_id)
    return Listing([_shape(each) for each in found], None)


@router.post("/invitations", status_code=201)
def invite(
    company_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    new: Annotated[NewInvitation, Body(default_factory=NewInvitation)],
) -> InvitationShape:
    """Invite somebody, by a mail with a link that is good for 14 days. An open invitation to the
    same address is replaced."""
    sender = _sender(ours, request)
    with ours.stores.catalog.write() as conn:
        sent = inviting.invite(conn, who, company_id, new.email, new.role, sender, ours.clock())
    return _shape(sent.invitation, sent.link)


@router.post("/invitations/{invitation_id}/resend")
def resend(
    company_id: int, invitation_id: int, request: Request, ours: Ours, who: Who
) -> InvitationShape:
    """Send an invitation again, with a new link; the one before is good for nothing."""
    with ours.stores.catalog.write() as conn:
        auth.see_company(conn, who, company_id, Right.INVITE)
        sent = inviting.resend(conn, who, invitation_id, _sender(ours, request), ours.clock())
    return _shape(sent.invitation, sent.link)


@router.delete("/invitations/{invitation_id}", status_code=204, response_class=Response)
def withdraw(company_id: int, invitation_id: int, ours: Ours, who: Who) -> None:
    """Withdraw an invitation."""
    with ours.stores.catalog.write() as conn:
        auth.see_company(conn, who, company_id, Right.INVITE)
        inviting.withdraw(conn, who, invitation_id)


def _sender(ours: Services, request: Request) -> Sender:
    return Sender(ours.settings, base_url(request))


def _shape(found: Invitation, link: str = "") -> InvitationShape:
    return InvitationShape(
        found.id, found.email, found.role, found.created_at, found.expires_at, link or None
    )
