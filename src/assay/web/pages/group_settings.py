"""A group's name, and its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from assay import auth
from assay.errors import Invalid
from assay.store.catalog import companies, profiles
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import profiles as workspace

router = APIRouter(include_in_schema=False, prefix="/groups/{group_id}")


@dataclass(frozen=True, slots=True)
class GroupSettingsPage:
    frame: Frame
    url: str
    name: str
    profiles: int
    problem: str = ""


@router.get("/settings")
def show_settings(guest: Guest, group_id: int) -> Response:
    return show("group_settings", _page(guest, group_id))


@router.post("/name")
def rename(guest: Guest, group_id: int, name: Annotated[str, Form()] = "") -> Response:
    try:
        with guest.ours.stores.catalog.write() as conn:
            found = workspace.rename_group(conn, guest.who, group_id, name)
    except Invalid as error:
        return _refuse(guest, group_id, error)
    return go(f"/companies/{found.company_id}#g{group_id}")


@router.post("/delete")
def delete(guest: Guest, group_id: int) -> Response:
    try:
        with guest.ours.stores.catalog.write() as conn:
            found = workspace.delete_group(conn, guest.who, group_id)
    except Invalid as error:
        return _refuse(guest, group_id, error)
    return go(f"/companies/{found.company_id}")


def _refuse(guest: Visit, group_id: int, error: Invalid) -> Response:
    return show("group_settings", replace(_page(guest, group_id), problem=str(error)), 422)


def _page(guest: Visit, group_id: int) -> GroupSettingsPage:
    with guest.ours.stores.catalog.read() as conn:
        found = auth.edit_group(conn, guest.who, group_id)
        company = companies.get(conn, found.company_id)
        url = f"/companies/{found.company_id}"
        crumbs = (
            Link(company.name if company else "", url),
            Link(found.name, f"{url}#g{found.id}"),
        )
        around = frame(conn, guest, "Settings", company=found.company_id, crumbs=crumbs)
        inside = len(profiles.of_group(conn, found.id))
    return GroupSettingsPage(around, f"/groups/{found.id}", found.name, inside)
