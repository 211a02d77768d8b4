"""The people of a company: who is in it, in what role, and who was invited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.auth import Right
from assay.errors import Invalid
from assay.notify.post import can_mail
from assay.store.catalog import invitations, members
from assay.store.catalog.invitations import Invitation
from assay.store.catalog.members import Member, Role
from assay.web.pages.company import tabs
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link, Option, Tab, Verdict
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import invitations as inviting
from assay.workspace import people
from assay.workspace.invitations import Sent
from assay.workspace.letters import Sender

router = APIRouter(include_in_schema=False, prefix="/companies/{company_id}")

SAID = {
    "sent": "The invitation is on its way.",
    "withdrawn": "The invitation is withdrawn. Its link is good for nothing.",
    "role": "The role is changed.",
    "removed": "They are no member any more.",
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A member. `roles` to choose from, none where the guest may not change theirs."""

    id: int
    name: str
    email: str
    role: str
    since: datetime
    seen: datetime | None
    you: bool
    roles: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """`late` when its link is too old."""

    id: int
    email: str
    role: str
    sent: datetime
    expires: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """A link to hand over, the one time it is shown."""

    email: str
    link: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    frame: Frame
    url: str
    tabs: tuple[Tab, ...]
    people: tuple[PersonRow, ...]
    invitations: tuple[InvitationRow, ...]
    roles: tuple[Option, ...]
    may_invite: bool
    mails: bool
    email: str = ""
    said: Verdict | None = None
    handed: Handed | None = None


@router.get("/people")
def show_people(guest: Guest, company_id: int, done: str = "") -> Response:
    said = Verdict("passed", SAID[done]) if done in SAID else None
    return show("company_people", replace(_page(guest, company_id), said=said))


@router.post("/invitations")
def invite(
    guest: Guest,
    company_id: int,
    email: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()] = Role.USER,
) -> Response:
    def ask(conn: Connection) -> Sent:
        who, now = guest.who, guest.now
        return inviting.invite(conn, who, company_id, email, role, _sender(guest), now)

    return _send(guest, company_id, ask, email)


@router.post("/invitations/{invitation_id}/again")
def send_again(guest: Guest, company_id: int, invitation_id: int) -> Response:
    def ask(conn: Connection) -> Sent:
        return inviting.resend(conn, guest.who, invitation_id, _sender(guest), guest.now)

    return _send(guest, company_id, ask)


@router.post("/invitations/{invitation_id}/withdraw")
def withdraw(guest: Guest, company_id: int, invitation_id: int) -> Response:
    with guest.ours.stores.catalog.write() as conn:
        inviting.withdraw(conn, guest.who, invitation_id)
    return go(f"/companies/{company_id}/people?done=withdrawn")


@router.post("/members/{user_id}/role")
def change_role(
    guest: Guest, company_id: int, user_id: int, role: Annotated[Role, Form()] = Role.READ_ONLY
) -> Response:
    def change(conn: Connection) -> None:
        people.change_role(conn, guest.who, company_id, user_id, role)

    return _change(guest, company_id, change, "role")


@router.post("/members/{user_id}/remove")
def remove(guest: Guest, company_id: int, user_id: int) -> Response:
    def change(conn: Connection) -> None:
        people.remove_member(conn, guest.who, company_id, user_id)

    return _change(guest, company_id, change, "removed")


def _send(
    guest: Visit, company_id: int, ask: Callable[[Connection], Sent], email: str = ""
) -> Response:
    """Where no mail can go, the answer is the page itself: the link is nowhere to be found
    afterwards."""
    try:
        with guest.ours.stores.catalog.write() as conn:
            sent = ask(conn)
    except Invalid as error:
        return _refuse(guest, company_id, error, email)
    if not sent.link:
        return go(f"/companies/{company_id}/people?done=sent#invitations")
    handed = Handed(sent.invitation.email, sent.link)
    answer = show("company_people", replace(_page(guest, company_id), handed=handed))
    answer.headers["cache-control"] = "no-store"
    return answer


def _change(
    guest: Visit, company_id: int, change: Callable[[Connection], None], done: str
) -> Response:
    try:
        with guest.ours.stores.catalog.write() as conn:
            change(conn)
    except Invalid as error:
        return _refuse(guest, company_id, error)
    return go(f"/companies/{company_id}/people?done={done}")


def _refuse(guest: Visit, company_id: int, error: Invalid, email: str = "") -> Response:
    said = Verdict("failed", str(error))
    page = replace(_page(guest, company_id), said=said, email=email)
    return show("company_people", page, 422)


def _sender(guest: Visit) -> Sender:
    return Sender(guest.ours.settings, guest.base)


def _page(guest: Visit, company_id: int) -> PeoplePage:
    with guest.ours.stores.catalog.read() as conn:
        company = auth.see_company(conn, guest.who, company_id)
        url = f"/companies/{company.id}"
        crumbs = (Link(company.name, url),)
        around = frame(conn, guest, "People", company=company.id, crumbs=crumbs)
        found = members.of_company(conn, company.id)
        may_invite = guest.who.may(Right.INVITE, company.id)
        open_ = invitations.of_company(conn, company.id) if may_invite else []
    grants = people.grants(guest.who, company.id)
    return PeoplePage(
        frame=around,
        url=url,
        tabs=tabs(company.id, "People"),
        people=tuple(_row(guest, each, grants) for each in found),
        invitations=tuple(_invited(each, guest.now) for each in open_),
        roles=_options(grants, Role.USER),
        may_invite=may_invite,
        mails=can_mail(guest.ours.settings),
    )


def _row(guest: Visit, member: Member, grants: tuple[Role, ...]) -> PersonRow:
    """When somebody was here last is for those to know who look after the company."""
    return PersonRow(
        id=member.user_id,
        name=member.name,
        email=member.email,
        role=people.title(member.role),
        since=member.created_at,
        seen=member.seen_at if grants else None,
        you=member.user_id == guest.who.user.id,
        roles=_options(grants, member.role) if member.role in grants else (),
    )


def _invited(found: Invitation, now: datetime) -> InvitationRow:
    role, late = people.title(found.role), found.expires_at <= now
    return InvitationRow(found.id, found.email, role, found.created_at, found.expires_at, late)


def _options(roles: tuple[Role, ...], chosen: Role) -> tuple[Option, ...]:
    return tuple(Option(each.value, people.title(each), each is chosen) for each in roles)
