"""A new profile or set, with all that can be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from assay import auth
from assay.errors import Invalid
from assay.store.catalog import companies
from assay.store.catalog.profiles import PASSIVE, Intake, Kind
from assay.web.pages.frame import Frame
from assay.web.pages.intake_form import IntakeForm, Sent, intake_form
from assay.web.pages.parts import Link
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import profiles as workspace

router = APIRouter(include_in_schema=False, prefix="/groups/{group_id}/profiles")


@dataclass(frozen=True, slots=True)
class NewProfilePage:
    frame: Frame
    url: str
    name: str
    form: IntakeForm
    problem: str = ""


@router.get("/new")
def show_form(guest: Guest, group_id: int, kind: str = "") -> Response:
    asked = Intake(Kind.SET) if kind == Kind.SET.value else PASSIVE
    return show("new_profile", _page(guest, group_id, "", asked))


@router.post("")
def make(guest: Guest, group_id: int, intake: Sent, name: Annotated[str, Form()] = "") -> Response:
    try:
        with guest.ours.stores.catalog.write() as conn:
            made = workspace.make_profile(conn, guest.who, group_id, name, guest.now, intake)
    except Invalid as error:
        return show("new_profile", _page(guest, group_id, name, intake, str(error)), 422)
    return go(f"/profiles/{made.id}")


def _page(
    guest: Visit, group_id: int, name: str, intake: Intake, problem: str = ""
) -> NewProfilePage:
    with guest.ours.stores.catalog.read() as conn:
        found = auth.edit_group(conn, guest.who, group_id)
        company = companies.get(conn, found.company_id)
        url = f"/companies/{found.company_id}"
        crumbs = (
            Link(company.name if company else "", url),
            Link(found.name, f"{url}#g{found.id}"),
        )
        around = frame(conn, guest, "New profile", company=found.company_id, crumbs=crumbs)
    form = intake_form(intake, new=True)
    return NewProfilePage(around, f"/groups/{found.id}/profiles", name, form, problem)
