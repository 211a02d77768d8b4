"""A company's name, the way out of it, and its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.auth import Right
from assay.errors import Invalid
from assay.store.catalog import companies
from assay.store.catalog.companies import Contents
from assay.web.pages.company import tabs
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link, Tab, Verdict
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import companies as workspace
from assay.workspace import people

router = APIRouter(include_in_schema=False, prefix="/companies/{company_id}")

SAID = {"name": "The name is saved."}


@dataclass(frozen=True, slots=True)
class CompanySettingsPage:
    """`contents` is what goes with the company, for those who may delete it."""

    frame: Frame
    url: str
    tabs: tuple[Tab, ...]
    name: str
    role: str
    may_rename: bool
    contents: Contents | None
    said: Verdict | None = None


@router.get("/settings")
def show_settings(guest: Guest, company_id: int, done: str = "") -> Response:
    said = Verdict("passed", SAID[done]) if done in SAID else None
    return show("company_settings", replace(_page(guest, company_id), said=said))


@router.post("/name")
def rename(guest: Guest, company_id: int, name: Annotated[str, Form()] = "") -> Response:
    def change(conn: Connection) -> None:
        workspace.rename_company(conn, guest.who, company_id, name)

    return _change(guest, company_id, change, f"/companies/{company_id}/settings?done=name")


@router.post("/leave")
def leave(guest: Guest, company_id: int) -> Response:
    def change(conn: Connection) -> None:
        people.leave(conn, guest.who, company_id)

    return _change(guest, company_id, change, "/companies")


@router.post("/delete")
def delete(guest: Guest, company_id: int, typed: Annotated[str, Form()] = "") -> Response:
    def change(conn: Connection) -> None:
        workspace.delete_company(conn, guest.who, company_id, typed, guest.now)

    return _change(guest, company_id, change, "/companies")


def _change(
    guest: Visit, company_id: int, change: Callable[[Connection], None], url: str
) -> Response:
    try:
        with guest.ours.stores.catalog.write() as conn:
            change(conn)
    except Invalid as error:
        page = replace(_page(guest, company_id), said=Verdict("failed", str(error)))
        return show("company_settings", page, 422)
    return go(url)


def _page(guest: Visit, company_id: int) -> CompanySettingsPage:
    may_delete = guest.who.may(Right.DELETE_COMPANY, company_id)
    with guest.ours.stores.catalog.read() as conn:
        company = auth.see_company(conn, guest.who, company_id)
        crumbs = (Link(company.name, f"/companies/{company.id}"),)
        around = frame(conn, guest, "Settings", company=company.id, crumbs=crumbs)
        contents = companies.contents(conn, company.id) if may_delete else None
    return CompanySettingsPage(
        frame=around,
        url=f"/companies/{company.id}",
        tabs=tabs(company.id, "Settings"),
        name=company.name,
        role=people.title(guest.who.memberships[company.id]),
        may_rename=guest.who.may(Right.COMPANY, company.id),
        contents=contents,
    )
