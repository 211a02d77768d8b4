"""What an invitation's link leads to: a button for those who have an account, a form for others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from assay import auth
from assay.auth.passwords import SHORTEST
from assay.errors import Invalid, Unauthenticated
from assay.store.catalog import users
from assay.web.pages.frame import Frame
from assay.web.pages.view import show
from assay.web.pages.visit import bare, go, welcome
from assay.web.request import known_caller, refuse_other_sites, services
from assay.workspace import invitations as inviting
from assay.workspace import people

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """`me` is who is signed in, if anyone; `known` whether the address has an account."""

    frame: Frame
    url: str
    company: str
    role: str
    email: str
    me: str
    known: bool
    sign_in_url: str
    least: int
    name: str = ""
    problem: str = ""


@router.get("/invitations/{token}")
def show_invitation(request: Request, token: str) -> Response:
    return show("invitation", _page(request, token))


@router.post("/invitations/{token}")
def accept(
    request: Request,
    token: str,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Join: as who is signed in, else as somebody new."""
    refuse_other_sites(request)
    ours, page = services(request), _page(request, token)
    who = known_caller(request)
    if who is not None:
        with ours.stores.catalog.write() as conn:
            company = inviting.accept(conn, who, token, ours.clock())
        return go(f"/companies/{company.id}")
    if page.known:
        raise Unauthenticated("Sign in to accept the invitation.")
    try:
        hashed = auth.hash_password(password)
        with ours.stores.catalog.write() as conn:
            user, company = inviting.enter(
                conn, token, name=name, password_hash=hashed, now=ours.clock()
            )
    except Invalid as error:
        return show("invitation", replace(page, name=name, problem=str(error)), 422)
    return welcome(request, user.id, f"/companies/{company.id}")


def _page(request: Request, token: str) -> InvitationPage:
    ours, who = services(request), known_caller(request)
    now = ours.clock()
    with ours.stores.catalog.read() as conn:
        found, company = inviting.read(conn, token, now)
        known = users.by_email(conn, found.email) is not None
    url = f"/invitations/{quote(token)}"
    return InvitationPage(
        frame=bare(request, f"Join {company.name}", now),
        url=url,
        company=company.name,
        role=people.title(found.role),
        email=found.email,
        me=who.user.email if who else "",
        known=known,
        sign_in_url=f"/login?next={quote(url)}",
        least=SHORTEST,
    )
