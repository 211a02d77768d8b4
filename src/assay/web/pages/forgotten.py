"""For those who have forgotten their password: asking for a link, and what the link leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from assay.auth.passwords import SHORTEST
from assay.errors import Invalid
from assay.notify.post import can_mail
from assay.store.catalog import users
from assay.web.pages.frame import Frame
from assay.web.pages.view import show
from assay.web.pages.visit import bare, welcome
from assay.web.request import Services, address, refuse_other_sites, services
from assay.workspace import accounts
from assay.workspace.letters import Sender

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ForgottenPage:
    """`mails` whether this server can send one; `sent` once it was asked to."""

    frame: Frame
    mails: bool
    email: str = ""
    sent: bool = False


@dataclass(frozen=True, slots=True)
class ResetPage:
    frame: Frame
    url: str
    email: str
    least: int
    problem: str = ""


@router.get("/forgot")
def show_forgotten(request: Request) -> Response:
    ours = services(request)
    frame = bare(request, "Forgotten password", ours.clock())
    return show("forgotten", ForgottenPage(frame, can_mail(ours.settings)))


@router.post("/forgot")
def ask(request: Request, email: Annotated[str, Form()] = "") -> Response:
    """The answer is the same, and as quick, whether or not anyone has the address: what is to be
    done is done after it."""
    refuse_other_sites(request)
    ours = services(request)
    now, mails = ours.clock(), can_mail(ours.settings)
    ours.throttle.enter(f"forgot {users.address(email)}", address(request), now)
    frame = bare(request, "Forgotten password", now)
    answer = show("forgotten", ForgottenPage(frame, mails, email, sent=mails))
    answer.background = BackgroundTask(_mail, ours, email)
    return answer


@router.get("/reset/{token}")
def show_reset(request: Request, token: str) -> Response:
    return show("reset", _page(request, token))


@router.post("/reset/{token}")
def reset(request: Request, token: str, password: Annotated[str, Form()] = "") -> Response:
    """Signs out every other session; this browser is signed in."""
    refuse_other_sites(request)
    ours, page = services(request), _page(request, token)
    try:
        with ours.stores.catalog.write() as conn:
            user = accounts.reset(conn, token, password, ours.clock())
    except Invalid as error:
        return show("reset", _page(request, token, str(error)), 422)
    ours.throttle.forgive(page.email, address(request))
    return welcome(request, user.id, "/")


def _mail(ours: Services, email: str) -> None:
    """The link leads to the address in the settings, never to the one in the request: whoever asks
    need not be whose mail it is, and could have it lead to a server of their own."""
    with ours.stores.catalog.write() as conn:
        accounts.forgot(conn, email, Sender(ours.settings, ours.settings.home), ours.clock())


def _page(request: Request, token: str, problem: str = "") -> ResetPage:
    ours = services(request)
    with ours.stores.catalog.read() as conn:
        user = accounts.who_forgot(conn, token, ours.clock())
    frame = bare(request, "New password", ours.clock())
    return ResetPage(frame, f"/reset/{quote(token)}", user.email, SHORTEST, problem)
