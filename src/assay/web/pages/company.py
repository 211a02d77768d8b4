"""A company: its groups and profiles, how each is doing, and the forms that make new ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.errors import Invalid
from assay.web.pages import verdicts
from assay.web.pages.frame import Frame, Search
from assay.web.pages.parts import Group, Option, Tab, Verdict
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import profiles as workspace

router = APIRouter(include_in_schema=False)

TABS = (
    ("Profiles", ""),
    ("Dashboards", "/dashboards"),
    ("Reports", "/reports"),
    ("People", "/people"),
    ("Settings", "/settings"),
)


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """`groups` are those that the search leaves; the frame's rail always holds all."""

    frame: Frame
    id: int
    url: str
    verdict: Verdict | None
    tabs: tuple[Tab, ...]
    groups: tuple[Group, ...]
    group_options: tuple[Option, ...]
    may_edit: bool
    first_steps: bool
    no_profiles: bool
    no_match: bool
    problem: str = ""


@router.get("/companies/{company_id}")
def show_company(guest: Guest, company_id: int, q: str = "") -> Response:
    with guest.ours.stores.catalog.read() as conn:
        return show("company", build(conn, guest, company_id, q))


@router.post("/groups")
def make_group(
    guest: Guest, company: Annotated[int, Form()], name: Annotated[str, Form()]
) -> Response:
    try:
        with guest.ours.stores.catalog.write() as conn:
            workspace.make_group(conn, guest.who, company, name, guest.now)
    except Invalid as error:
        return _again(guest, company, error)
    return go(f"/companies/{company}")


@router.post("/profiles")
def make_profile(
    guest: Guest, group: Annotated[int, Form()], name: Annotated[str, Form()]
) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        within = auth.edit_group(conn, guest.who, group)
    try:
        with guest.ours.stores.catalog.write() as conn:
            made = workspace.make_profile(conn, guest.who, group, name, guest.now)
    except Invalid as error:
        return _again(guest, within.company_id, error)
    return go(f"/profiles/{made.id}")


def _again(guest: Visit, company: int, error: Invalid) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        page = build(conn, guest, company, "")
    return show("company", replace(page, problem=str(error)), 422)


def build(conn: Connection, guest: Visit, company_id: int, q: str) -> CompanyPage:
    """The page of a company that `guest` belongs to; raises `NotFound` for any other."""
    found = auth.see_company(conn, guest.who, company_id)
    url = f"/companies/{found.id}"
    around = frame(
        conn, guest, found.name, company=found.id, search=Search(url, "Search profiles", q)
    )
    all_of_them = [profile for group in around.groups for profile in group.profiles]
    shown = _like(around.groups, q)
    return CompanyPage(
        frame=around,
        id=found.id,
        url=url,
        verdict=verdicts.of_company(all_of_them, guest.now),
        tabs=tabs(found.id, "Profiles"),
        groups=shown,
        group_options=tuple(Option(str(each.id), each.title) for each in around.groups),
        may_edit=guest.who.may(auth.Right.EDIT, found.id),
        first_steps=not any(profile.newest for profile in all_of_them),
        no_profiles=not all_of_them,
        no_match=bool(q and around.groups and not shown),
    )


def tabs(company_id: int, current: str) -> tuple[Tab, ...]:
    """What there is of a company."""
    url = f"/companies/{company_id}"
    return tuple(Tab(title, url + path, title == current) for title, path in TABS)


def _like(found: tuple[Group, ...], q: str) -> tuple[Group, ...]:
    """The groups with the profiles whose name, or whose group's name, holds `q`."""
    wanted = q.strip().casefold()
    if not wanted:
        return found
    kept = (
        replace(group, profiles=tuple(
            profile for profile in group.profiles
            if wanted in f"{group.title} {profile.title} {profile.id}".casefold()
        ))
        for group in found
    )  # fmt: skip
    return tuple(group for group in kept if group.profiles)
