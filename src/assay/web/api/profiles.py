"""Profiles, and what can be asked of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.store.catalog import companies, groups, reports
from assay.store.catalog.latest import latest_of
from assay.store.catalog.profiles import Intake, Kind, Profile
from assay.web.intakes import change_intake
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import (
    LARGEST_PAGE,
    PAGE,
    Listing,
    ReportShape,
    read_report_cursor,
    report_cursor,
    shape_report,
)
from assay.workspace import profiles as workspace

router = APIRouter(prefix="/api/v3", tags=["Profiles"])

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Items on a page")]
Cursor = Annotated[str | None, Query(description="`next` of the page before")]


@dataclass(frozen=True, slots=True)
class ProfileShape:
    """Where one kind of test reports to. `kind` says where its reports come from: passive ones are
    sent to; a set has none, and tells of its members. `tool` is what makes them (empty: any), as
    docs/testview.md lists; `pattern` an Ant pattern of the files that count (empty: the tool's);
    `qualification` the built-in gate it asks for (empty: the usual)."""

    id: int
    uuid: str
    name: str
    group_id: int
    group: str
    company_id: int
    company: str
    owner_id: int | None
    kind: Kind
    tool: str
    pattern: str
    qualification: str
    created_at: datetime
    url: str
    latest: ReportShape | None


@dataclass(frozen=True, slots=True)
class NewProfile:
    """See `ProfileShape`."""

    name: str = ""
    kind: Kind = Kind.PASSIVE
    tool: str = ""
    pattern: str = ""
    qualification: str = ""


@dataclass(frozen=True, slots=True)
class ChangedProfile:
    """What is to be changed; the rest stays. `owner_id` is a member of the company, who is told
    when an import fails, or 0 for nobody. `group_id` is a group of the same company."""

    name: str | None = None
    group_id: int | None = None
    owner_id: int | None = None
    tool: str | None = None
    pattern: str | None = None
    qualification: str | None = None


@router.get("/profiles")
def list_profiles(request: Request, ours: Ours, who: Who) -> Listing[ProfileShape]:
    """The profiles the key may see, with the latest report of each."""
    with ours.stores.catalog.read() as conn:
        found = auth.visible_profiles(conn, who)
        latest = latest_of(conn, [each.id for each in found], 1)
        names = {c.id: c.name for c in companies.several(conn, {p.company_id for p in found})}
        titles = {g.id: g.name for each in names for g in groups.of_company(conn, each)}
    base = base_url(request)
    items = [
        _shape(each, titles[each.group_id], names[each.company_id], latest, base) for each in found
    ]
    return Listing(items, None)


@router.get("/profiles/{profile_id}")
def show_profile(profile_id: int, request: Request, ours: Ours, who: Who) -> ProfileShape:
    with ours.stores.catalog.read() as conn:
        return _one(conn, auth.see_profile(conn, who, profile_id), base_url(request))


@router.post("/groups/{group_id}/profiles", status_code=201)
def make_profile(
    group_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    new: Annotated[NewProfile, Body(default_factory=NewProfile)],
) -> ProfileShape:
    """Make a passive profile or a set; the caller owns it. A passive one becomes active or
    executable when it is given a source or a job."""
    intake = Intake(new.kind, new.tool, new.pattern, new.qualification)
    with ours.stores.catalog.write() as conn:
        made = workspace.make_profile(conn, who, group_id, new.name, ours.clock(), intake)
        return _one(conn, made, base_url(request))


@router.patch("/profiles/{profile_id}")
def change_profile(
    profile_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    to: Annotated[ChangedProfile, Body(default_factory=ChangedProfile)],
) -> ProfileShape:
    """Rename a profile, move it to another group of its company, give it to another owner, change
    what it takes in. With another qualification its latest report is judged anew."""
    with ours.stores.catalog.write() as conn:
        found = auth.edit_profile(conn, who, profile_id)
        intake = workspace.check_intake(found, _changed(found.intake, to))
        if to.name is not None:
            workspace.rename_profile(conn, who, profile_id, to.name)
        if to.group_id is not None:
            workspace.move_profile(conn, who, profile_id, to.group_id)
        if to.owner_id is not None:
            workspace.give_profile(conn, who, profile_id, to.owner_id or None)
    if intake != found.intake:
        change_intake(ours, who, profile_id, intake)
    with ours.stores.catalog.read() as conn:
        return _one(conn, auth.edit_profile(conn, who, profile_id), base_url(request))


@router.delete("/profiles/{profile_id}", status_code=204, response_class=Response)
def delete_profile(profile_id: int, ours: Ours, who: Who) -> None:
    """Delete a profile with all its reports, for good: nobody sees it any more, and what it held
    is removed in the background."""
    with ours.stores.catalog.write() as conn:
        workspace.delete_profile(conn, who, profile_id, None, ours.clock())


@router.get("/profiles/{profile_id}/reports")
def list_reports(
    profile_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    branch: str | None = None,
    tag: str | None = None,
    q: Annotated[
        str | None, Query(description="Words in branch, commit, build, tags or metadata")
    ] = None,
    metadata: Annotated[
        str | None, Query(description="What the metadata say, as `name:value`")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Listing[ReportShape]:
    """The profile's reports, the newest first by the date the tests ran."""
    before = read_report_cursor(cursor)
    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        found = reports.of_profile(
            conn,
            profile.id,
            limit=limit,
            before=before,
            branch=branch,
            tag=tag,
            q=q,
            fact=metadata,
        )
    base = base_url(request)
    return Listing([shape_report(each, base) for each in found], report_cursor(found, limit))


def _changed(before: Intake, to: ChangedProfile) -> Intake:
    said = {name: getattr(to, name) for name in ("tool", "pattern", "qualification")}
    return replace(before, **{name: value for name, value in said.items() if value is not None})


def _one(conn: Connection, found: Profile, base: str) -> ProfileShape:
    company = companies.get(conn, found.company_id)
    group = groups.get(conn, found.group_id)
    latest = latest_of(conn, [found.id], 1)
    group_name, company_name = group.name if group else "", company.name if company else ""
    return _shape(found, group_name, company_name, latest, base)


def _shape(
    profile: Profile,
    group: str,
    company: str,
    latest: dict[int, list[reports.Report]],
    base: str,
) -> ProfileShape:
    newest = next(iter(latest.get(profile.id, ())), None)
    return ProfileShape(
        id=profile.id,
        uuid=profile.uuid,
        name=profile.name,
        group_id=profile.group_id,
        group=group,
        company_id=profile.company_id,
        company=company,
        owner_id=profile.owner_id,
        kind=profile.kind,
        tool=profile.tool,
        pattern=profile.pattern,
        qualification=profile.qualification,
        created_at=profile.created_at,
        url=f"{base}/profiles/{profile.id}",
        latest=shape_report(newest, base) if newest else None,
    )
