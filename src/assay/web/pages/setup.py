"""The first page of a new server: who owns it, and where the first reports go."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from assay import auth
from assay.auth.passwords import SHORTEST
from assay.errors import Invalid, NotAllowed
from assay.store.catalog import users
from assay.web.pages import first_report
from assay.web.pages.frame import Frame
from assay.web.pages.view import show
from assay.web.pages.visit import bare, go, welcome
from assay.web.request import refuse_other_sites, services
from assay.workspace import accounts
from assay.workspace.accounts import Beginning
from assay.workspace.audit import note

router = APIRouter(include_in_schema=False)

UNKNOWN = (
    "This address sets up a new server, once, and needs the token that the server has written into "
    "its log when it started. Open the whole address from there"
)


@dataclass(frozen=True, slots=True)
class SetupPage:
    """The form, as far as it was filled in."""

    frame: Frame
    token: str
    name: str = ""
    email: str = ""
    company: str = ""
    group: str = ""
    profile: str = ""
    problem: str = ""
    least: int = SHORTEST


@router.get("/setup")
def show_setup(request: Request, token: str = "") -> Response:
    if not _is_new(request):
        return go("/login")
    _require(request, token)
    return show("setup", SetupPage(_frame(request), token))


@router.post("/setup")
def set_up(
    request: Request,
    token: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    company: Annotated[str, Form()] = "",
    group: Annotated[str, Form()] = "",
    profile: Annotated[str, Form()] = "",
) -> Response:
    """Makes all that a first import needs, a key too, and leads on to the profile."""
    refuse_other_sites(request)
    if not _is_new(request):
        return go("/login")
    _require(request, token)
    ours = services(request)
    try:
        first = Beginning(email, name, auth.hash_password(password), company, group, profile)
        with ours.stores.catalog.write() as conn:
            user, made = accounts.set_up(conn, first, ours.clock())
            secret = first_report.make_key(conn, user.id, made, ours.clock())
    except Invalid as error:
        page = SetupPage(_frame(request), token, name, email, company, group, profile, str(error))
        return show("setup", page, 422)
    note("server set up", None, user=user.id, company=made.company_id, profile=made.id)
    answer = welcome(request, user.id, f"/profiles/{made.id}")
    first_report.lend(ours, answer, made.id, secret)
    return answer


def _is_new(request: Request) -> bool:
    with services(request).stores.catalog.read() as conn:
        return not users.exist(conn)


def _require(request: Request, token: str) -> None:
    expected = services(request).setup_token
    if not expected or not secrets.compare_digest(token.encode(), expected.encode()):
        raise NotAllowed(UNKNOWN)


def _frame(request: Request) -> Frame:
    return bare(request, "Set up Assay", services(request).clock())
