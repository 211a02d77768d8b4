"""A profile's name, group and owner, its ids, and its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.errors import Invalid
from assay.store.catalog import companies, groups, members
from assay.store.catalog.profiles import Kind, Profile
from assay.web.intakes import change_intake
from assay.web.pages.frame import Frame
from assay.web.pages.intake_form import IntakeForm, Sent, intake_form
from assay.web.pages.parts import Link, Option, Verdict
from assay.web.pages.publicity import Subject, way
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import profiles as workspace

router = APIRouter(include_in_schema=False, prefix="/profiles/{profile_id}")

SAID = {"saved": "The changes are saved."}


@dataclass(frozen=True, slots=True)
class ProfileSettingsPage:
    """`pages` are the settings that have pages of their own."""

    frame: Frame
    id: int
    uuid: str
    url: str
    import_url: str
    name: str
    groups: tuple[Option, ...]
    owners: tuple[Option, ...]
    intake: IntakeForm | None
    pages: tuple[Link, ...]
    said: Verdict | None = None


@router.get("/settings")
def show_settings(guest: Guest, profile_id: int, done: str = "") -> Response:
    said = Verdict("passed", SAID[done]) if done in SAID else None
    return show("profile_settings", replace(_page(guest, profile_id), said=said))


@router.post("/settings")
def save(
    guest: Guest,
    profile_id: int,
    name: Annotated[str, Form()] = "",
    group: Annotated[int, Form()] = 0,
    owner: Annotated[str, Form()] = "",
) -> Response:
    def change(conn: Connection) -> None:
        workspace.rename_profile(conn, guest.who, profile_id, name)
        workspace.move_profile(conn, guest.who, profile_id, group)
        given = int(owner) if owner.isdecimal() else None
        workspace.give_profile(conn, guest.who, profile_id, given)

    return _change(guest, profile_id, change) or go(f"/profiles/{profile_id}/settings?done=saved")


@router.post("/intake")
def save_intake(guest: Guest, profile_id: int, sent: Sent) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        found = auth.edit_profile(conn, guest.who, profile_id)
    try:
        change_intake(guest.ours, guest.who, profile_id, replace(sent, kind=found.kind))
    except Invalid as error:
        page = replace(_page(guest, profile_id), said=Verdict("failed", str(error)))
        return show("profile_settings", page, 422)
    return go(f"/profiles/{profile_id}/settings?done=saved")


@router.post("/delete")
def delete(guest: Guest, profile_id: int, typed: Annotated[str, Form()] = "") -> Response:
    with guest.ours.stores.catalog.read() as conn:
        found = auth.edit_profile(conn, guest.who, profile_id)

    def change(conn: Connection) -> None:
        workspace.delete_profile(conn, guest.who, profile_id, typed, guest.now)

    return _change(guest, profile_id, change) or go(f"/companies/{found.company_id}")


def _change(guest: Visit, profile_id: int, change: Callable[[Connection], None]) -> Response | None:
    """The page that says what is wrong, or None where nothing is."""
    try:
        with guest.ours.stores.catalog.write() as conn:
            change(conn)
    except Invalid as error:
        page = replace(_page(guest, profile_id), said=Verdict("failed", str(error)))
        return show("profile_settings", page, 422)
    return None


def _page(guest: Visit, profile_id: int) -> ProfileSettingsPage:
    with guest.ours.stores.catalog.read() as conn:
        found = auth.edit_profile(conn, guest.who, profile_id)
        url = f"/profiles/{found.id}"
        return ProfileSettingsPage(
            frame=_frame(conn, guest, found),
            id=found.id,
            uuid=found.uuid,
            url=url,
            import_url=f"{guest.base}/api/v2/profile/{found.id}/import",
            name=found.name,
            groups=tuple(
                Option(str(each.id), each.name, each.id == found.group_id)
                for each in groups.of_company(conn, found.company_id)
            ),
            owners=_owners(conn, found),
            intake=None if found.kind is Kind.SET else intake_form(found.intake, new=False),
            pages=_pages(guest, found),
        )


def _pages(guest: Visit, found: Profile) -> tuple[Link, ...]:
    """Sharing is for those alone who may make things public."""
    has_own = found.kind is not Kind.SET
    pages = (
        Link("Job" if has_own else "", f"/profiles/{found.id}/job"),
        Link("Source" if has_own else "", f"/profiles/{found.id}/source"),
        Link("Notifications and channels", f"/profiles/{found.id}/notifications"),
        Link("Sharing and badges", way(guest, Subject(found, None))),
    )
    return tuple(each for each in pages if each.url and each.title)


def _frame(conn: Connection, guest: Visit, found: Profile) -> Frame:
    company = companies.get(conn, found.company_id)
    at = f"/companies/{found.company_id}"
    crumbs = (Link(company.name if company else "", at), Link(found.name, f"/profiles/{found.id}"))
    return frame(conn, guest, "Settings", company=found.company_id, profile=found.id, crumbs=crumbs)


def _owners(conn: Connection, found: Profile) -> tuple[Option, ...]:
    people = (
        Option(str(each.user_id), f"{each.name} ({each.email})", each.user_id == found.owner_id)
        for each in members.of_company(conn, found.company_id)
    )
    return (Option("", "Nobody", found.owner_id is None), *people)
