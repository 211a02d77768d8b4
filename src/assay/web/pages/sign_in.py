"""The door: signing in, and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from assay import auth
from assay.errors import AssayError
from assay.store.catalog import users
from assay.web.pages.frame import Frame
from assay.web.pages.view import show
from assay.web.pages.visit import bare, go, keep_signed_in
from assay.web.request import COOKIE, address, known_caller, refuse_other_sites, services

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form; `next` is where it leads, `problem` why it did not. `new` while nobody has an
    account, `open` where anybody may make one."""

    frame: Frame
    new: bool
    open: bool
    next: str = "/"
    email: str = ""
    problem: str = ""


@router.get("/login")
def show_sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002
    if known_caller(request):
        return go(inside(next))
    return show("sign_in", _page(request, next))


@router.post("/login")
def sign_in(
    request: Request,
    email: Annotated[str, Form()],
    password: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    refuse_other_sites(request)
    ours = services(request)
    try:
        token = auth.sign_in(
            ours.stores.catalog,
            ours.throttle,
            email=email,
            password=password,
            address=address(request),
            agent=request.headers.get("user-agent", ""),
            now=ours.clock(),
        )
    except AssayError as error:
        return show("sign_in", _page(request, next, email, str(error)), 401)
    answer = go(inside(next))
    keep_signed_in(ours, answer, token)
    return answer


@router.post("/logout")
def sign_out(request: Request) -> Response:
    refuse_other_sites(request)
    ours = services(request)
    if token := request.cookies.get(COOKIE):
        auth.sign_out(ours.stores.catalog, token)
    answer = go("/login")
    answer.delete_cookie(COOKIE)
    return answer


def _page(request: Request, wanted: str, email: str = "", problem: str = "") -> SignInPage:
    ours = services(request)
    with ours.stores.catalog.read() as conn:
        new = not users.exist(conn)
    is_open = ours.settings.sign_up == "open" and not new
    frame = bare(request, "Sign in", ours.clock())
    return SignInPage(frame, new, is_open, inside(wanted), email, problem)


def inside(url: str) -> str:
    """The address, if it is one of our own pages; else the first page."""
    own = url.startswith("/") and not url.startswith(("//", "/\\"))
    return url if own and not any(ord(letter) < 32 for letter in url) else "/"
