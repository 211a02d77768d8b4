"""Many reports of a profile at once, and the trash."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import Field

from assay import auth, upkeep
from assay.errors import Invalid, NotFound
from assay.store.catalog import trash
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report
from assay.web.api.reports import trashed_since
from assay.web.request import Ours, Services, Who, base_url
from assay.web.shapes import ReportShape, shape_report

router = APIRouter(prefix="/api/v3", tags=["Reports"])

LISTED = 500

Id = Annotated[int, Path(ge=1, lt=2**31)]


def editable(profile_id: Id, ours: Ours, who: Who) -> Profile:
    """The profile, for those who may change its reports: asked before a body is looked at."""
    with ours.stores.catalog.read() as conn:
        return auth.edit_profile(conn, who, profile_id)


Editable = Annotated[Profile, Depends(editable)]


class Act(StrEnum):
    """What is done to all of them."""

    DELETE = "delete"
    RESTORE = "restore"
    TAG = "tag"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class BulkShape:
    """`ids` are of reports of the profile (for restore: in its trash). `add_tags` and `drop_tags`
    are for tag, `profile_id` for move."""

    act: Act
    ids: Annotated[list[int], Field(min_length=1, max_length=upkeep.AT_ONCE)]
    add_tags: list[str] = field(default_factory=list)
    drop_tags: list[str] = field(default_factory=list)
    profile_id: int | None = None


@dataclass(frozen=True, slots=True)
class BulkAnswer:
    """The reports it was done to."""

    ids: list[int]


@dataclass(frozen=True, slots=True)
class TrashedShape:
    """A report that can be had back `until` then."""

    report: ReportShape
    deleted_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class TrashShape:
    """What was deleted, the latest first; `total` may be more than are listed."""

    items: list[TrashedShape]
    total: int


@router.post("/profiles/{profile_id}/reports/bulk")
def change_reports(within: Editable, wanted: BulkShape, ours: Ours, who: Who) -> BulkAnswer:
    """Delete, restore, tag or move up to 200 reports of a profile: all of them, or where one is
    none of the profile's, none."""
    found = _find(ours, who, within.id, wanted)
    now = ours.clock()
    if wanted.act is Act.DELETE:
        upkeep.delete(ours.stores, found, now)
    elif wanted.act is Act.RESTORE:
        upkeep.restore(ours.stores, found, now)
    elif wanted.act is Act.TAG:
        upkeep.tag(ours.stores, found, wanted.add_tags, wanted.drop_tags, now)
    else:
        _move(ours, who, found, wanted.profile_id)
    ours.wake()
    return BulkAnswer([each.id for each in found])


@router.get("/profiles/{profile_id}/trash")
def list_trash(within: Editable, request: Request, ours: Ours) -> TrashShape:
    """The reports of a profile that were deleted and can be had back."""
    since = trashed_since(ours)
    with ours.stores.catalog.read() as conn:
        found = trash.of_profile(conn, within.id, since, limit=LISTED)
        total = trash.count(conn, within.id, since)
    kept = timedelta(days=ours.settings.trash_days)
    base = base_url(request)
    items = [
        TrashedShape(shape_report(each, base), each.deleted_at, each.deleted_at + kept)
        for each in found
        if each.deleted_at
    ]
    return TrashShape(items, total)


def _find(ours: Services, who: Who, profile_id: int, wanted: BulkShape) -> list[Report]:
    """The reports that are meant. Raises `NotFound` where one is not among the profile's."""
    ids = list(dict.fromkeys(wanted.ids))
    with ours.stores.catalog.read() as conn:
        if wanted.act is Act.RESTORE:
            since = trashed_since(ours)
            found = trash.of_profile(conn, profile_id, since, limit=len(ids), ids=ids)
        else:
            found = [auth.edit_report(conn, who, each) for each in ids]
    known = {each.id for each in found if each.profile_id == profile_id}
    for each in ids:
        if each not in known:
            where = "in the trash of " if wanted.act is Act.RESTORE else "in "
            raise NotFound(f"There is no report {each} {where}profile {profile_id}.")
    return found


def _move(ours: Services, who: Who, found: list[Report], profile_id: int | None) -> None:
    if profile_id is None:
        raise Invalid("Say where to: profile_id is missing", "profile_id")
    with ours.stores.catalog.read() as conn:
        to = auth.edit_profile(conn, who, profile_id)
    upkeep.move(ours.stores, found, to, ours.clock())
