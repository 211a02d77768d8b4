"""An account of one's own, where the server is open to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from assay import auth
from assay.auth.passwords import SHORTEST
from assay.errors import Invalid
from assay.store.catalog import users
from assay.web.pages.frame import Frame
from assay.web.pages.view import show
from assay.web.pages.visit import bare, welcome
from assay.web.request import address, refuse_other_sites, services
from assay.workspace import accounts

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class RegisterPage:
    frame: Frame
    least: int = SHORTEST
    name: str = ""
    email: str = ""
    problem: str = ""


@router.get("/register")
def show_register(request: Request) -> Response:
    ours = services(request)
    accounts.require_open(ours.settings)
    return show("register", RegisterPage(bare(request, "New account", ours.clock())))


@router.post("/register")
def register(
    request: Request,
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Leads on to a company of one's own."""
    refuse_other_sites(request)
    ours = services(request)
    accounts.require_open(ours.settings)
    now = ours.clock()
    ours.throttle.enter(f"register {users.address(email)}", address(request), now)
    try:
        hashed = auth.hash_password(password)
        with ours.stores.catalog.write() as conn:
            user = accounts.register(
                conn, ours.settings, email=email, name=name, password_hash=hashed, now=now
            )
    except Invalid as error:
        frame = bare(request, "New account", now)
        page = RegisterPage(frame, name=name, email=email, problem=str(error))
        return show("register", page, 422)
    return welcome(request, user.id, "/companies")
