"""Sets: who is in one, and the verdict that rolls up from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Body, Request
from sqlalchemy import Connection

from assay import auth
from assay.auth import Caller
from assay.store.catalog.latest import latest_of
from assay.store.catalog.profiles import Kind
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import ReportShape, shape_report
from assay.workspace import sets as workspace
from assay.workspace.qualifying import qualify_each

router = APIRouter(prefix="/api/v3", tags=["Profiles"])


@dataclass(frozen=True, slots=True)
class MemberShape:
    """A member, and the verdict on it: `passed` is null where nothing was judged. A set has no
    `latest` report."""

    id: int
    uuid: str
    name: str
    kind: Kind
    passed: bool | None
    reason: str
    latest: ReportShape | None
    url: str


@dataclass(frozen=True, slots=True)
class SetShape:
    """A set: it fails when one of its members does, at any depth."""

    passed: bool | None
    reason: str
    items: list[MemberShape]


@dataclass(frozen=True, slots=True)
class NewMembers:
    """The ids of the members in their order; they take the place of those before."""

    members: list[int] = field(default_factory=list)


@router.get("/profiles/{profile_id}/members")
def list_members(profile_id: int, request: Request, ours: Ours, who: Who) -> SetShape:
    """The members of a set, each with its verdict, and that on all of it."""
    with ours.stores.catalog.read() as conn:
        return _shape(conn, who, profile_id, base_url(request))


@router.put("/profiles/{profile_id}/members")
def change_members(
    profile_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    to: Annotated[NewMembers, Body(default_factory=NewMembers)],
) -> SetShape:
    """Say who is in a set: profiles and sets of its company, but none that hold it."""
    with ours.stores.catalog.write() as conn:
        workspace.change_members(conn, who, profile_id, to.members)
        return _shape(conn, who, profile_id, base_url(request))


def _shape(conn: Connection, who: Caller, profile_id: int, base: str) -> SetShape:
    found = auth.see_profile(conn, who, profile_id)
    inside = workspace.members(conn, who, found.id)
    verdicts = qualify_each(conn, [found, *inside])
    latest = latest_of(conn, [each.id for each in inside], 1)
    items = [
        MemberShape(
            id=each.id,
            uuid=each.uuid,
            name=each.name,
            kind=each.kind,
            passed=verdicts[each.id].passed,
            reason=verdicts[each.id].reason,
            latest=next((shape_report(report, base) for report in latest[each.id]), None),
            url=f"{base}/profiles/{each.id}",
        )
        for each in inside
    ]
    return SetShape(verdicts[found.id].passed, verdicts[found.id].reason, items)
