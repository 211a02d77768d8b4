"""One's companies: which, in what role; and a new one, which needs only a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from assay import auth
from assay.errors import Invalid
from assay.web.pages.frame import Frame
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import companies, people

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Mine:
    """A company, and what one is there."""

    title: str
    url: str
    role: str


@dataclass(frozen=True, slots=True)
class CompaniesPage:
    frame: Frame
    mine: tuple[Mine, ...]
    name: str = ""
    problem: str = ""


@router.get("/")
def show_home(guest: Guest) -> Response:
    """To the first company, by name; someone without any can make one."""
    with guest.ours.stores.catalog.read() as conn:
        known = auth.visible_companies(conn, guest.who)
    return go(f"/companies/{known[0].id}" if known else "/companies")


@router.get("/companies")
def show_companies(guest: Guest) -> Response:
    return show("companies", build(guest))


@router.post("/companies")
def make_company(guest: Guest, name: Annotated[str, Form()] = "") -> Response:
    try:
        with guest.ours.stores.catalog.write() as conn:
            made = companies.make_company(conn, guest.who, name, guest.now)
    except Invalid as error:
        return show("companies", build(guest, name, str(error)), 422)
    return go(f"/companies/{made.id}")


def build(guest: Visit, name: str = "", problem: str = "") -> CompaniesPage:
    """The page, with a name that was tried and what is wrong with it."""
    with guest.ours.stores.catalog.read() as conn:
        found = auth.visible_companies(conn, guest.who)
        around = frame(conn, guest, "Companies")
    roles = guest.who.memberships
    mine = (Mine(c.name, f"/companies/{c.id}", people.title(roles[c.id])) for c in found)
    return CompaniesPage(around, tuple(mine), name, problem)
