"""Companies and their groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from assay import auth
from assay.auth import Caller
from assay.store.catalog import groups, reports
from assay.store.catalog.companies import Company
from assay.store.catalog.groups import Group
from assay.web.api.profiles import Cursor, Limit
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import (
    PAGE,
    Listing,
    ReportShape,
    read_report_cursor,
    report_cursor,
    shape_report,
)
from assay.workspace import companies as workspace
from assay.workspace import profiles as inside

router = APIRouter(prefix="/api/v3", tags=["Companies and groups"])


@dataclass(frozen=True, slots=True)
class CompanyShape:
    """A workspace and its people. `role` is the caller's."""

    id: int
    name: str
    role: str
    created_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class GroupShape:
    """A folder of profiles."""

    id: int
    name: str
    company_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Name:
    name: str = ""


Named = Annotated[Name, Body(default_factory=Name)]


@router.get("/companies")
def list_companies(request: Request, ours: Ours, who: Who) -> Listing[CompanyShape]:
    """The companies the caller is a member of, by name. No others can be found."""
    with ours.stores.catalog.read() as conn:
        found = auth.visible_companies(conn, who)
    return Listing([_company(each, who, base_url(request)) for each in found], None)


@router.post("/companies", status_code=201)
def make_company(request: Request, ours: Ours, who: Who, new: Named) -> CompanyShape:
    """Make a company, which the caller owns. A key needs the scope write, for every profile."""
    with ours.stores.catalog.write() as conn:
        made = workspace.make_company(conn, who, new.name, ours.clock())
    return CompanyShape(
        made.id, made.name, "owner", made.created_at, f"{base_url(request)}/companies/{made.id}"
    )


@router.get("/companies/{company_id}")
def show_company(company_id: int, request: Request, ours: Ours, who: Who) -> CompanyShape:
    with ours.stores.catalog.read() as conn:
        found = auth.see_company(conn, who, company_id)
    return _company(found, who, base_url(request))


@router.patch("/companies/{company_id}")
def rename_company(
    company_id: int, request: Request, ours: Ours, who: Who, to: Named
) -> CompanyShape:
    """Rename a company, as a moderator or above."""
    with ours.stores.catalog.write() as conn:
        workspace.rename_company(conn, who, company_id, to.name)
        found = auth.see_company(conn, who, company_id)
    return _company(found, who, base_url(request))


@router.delete("/companies/{company_id}", status_code=204, response_class=Response)
def delete_company(
    company_id: int,
    ours: Ours,
    who: Who,
    name: Annotated[str, Query(description="The company's name, so that it is no slip")] = "",
) -> None:
    """Delete a company with all that is in it, for good. Only its owner, signed in, may: no key."""
    with ours.stores.catalog.write() as conn:
        workspace.delete_company(conn, who, company_id, name, ours.clock())


@router.get("/companies/{company_id}/reports")
def list_reports(
    company_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    q: Annotated[str | None, Query(description="Words in branch, commit, build or tags")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Listing[ReportShape]:
    """The reports of all the company's profiles, the newest first by the date the tests ran."""
    before = read_report_cursor(cursor)
    with ours.stores.catalog.read() as conn:
        auth.see_company(conn, who, company_id)
        found = reports.of_company(conn, company_id, limit=limit, before=before, q=q)
    base = base_url(request)
    return Listing([shape_report(each, base) for each in found], report_cursor(found, limit))


@router.get("/companies/{company_id}/groups")
def list_groups(company_id: int, ours: Ours, who: Who) -> Listing[GroupShape]:
    """The company's groups, by name."""
    with ours.stores.catalog.read() as conn:
        auth.see_company(conn, who, company_id)
        found = groups.of_company(conn, company_id)
    return Listing([_group(each) for each in found], None)


@router.post("/companies/{company_id}/groups", status_code=201)
def make_group(company_id: int, ours: Ours, who: Who, new: Named) -> GroupShape:
    """Make a group."""
    with ours.stores.catalog.write() as conn:
        return _group(inside.make_group(conn, who, company_id, new.name, ours.clock()))


@router.patch("/groups/{group_id}")
def rename_group(group_id: int, ours: Ours, who: Who, to: Named) -> GroupShape:
    """Rename a group."""
    with ours.stores.catalog.write() as conn:
        inside.rename_group(conn, who, group_id, to.name)
        return _group(auth.edit_group(conn, who, group_id))


@router.delete("/groups/{group_id}", status_code=204, response_class=Response)
def delete_group(group_id: int, ours: Ours, who: Who) -> None:
    """Delete a group that has no profiles."""
    with ours.stores.catalog.write() as conn:
        inside.delete_group(conn, who, group_id)


def _company(found: Company, who: Caller, base: str) -> CompanyShape:
    role = who.memberships[found.id].value
    return CompanyShape(
        found.id, found.name, role, found.created_at, f"{base}/companies/{found.id}"
    )


def _group(found: Group) -> GroupShape:
    return GroupShape(found.id, found.name, found.company_id, found.created_at)
