"""A profile's trash: the reports that were deleted, to be had back or removed for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from assay import auth, upkeep
from assay.errors import Invalid
from assay.store.catalog import trash
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report, State
from assay.web.pages import notices, runs
from assay.web.pages.frame import Frame
from assay.web.pages.notices import Notice, kept_since, read_moment
from assay.web.pages.parts import Link, Run
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Thrown:
    """A deleted report, and when it goes for good."""

    run: Run
    deleted: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class TrashPage:
    frame: Frame
    url: str
    days: int
    items: tuple[Thrown, ...]
    total: int
    notice: Notice | None


def edited(guest: Guest, profile_id: int) -> Profile:
    """The profile, for those who may change it: asked before the form is looked at."""
    with guest.ours.stores.catalog.read() as conn:
        return auth.edit_profile(conn, guest.who, profile_id)


Within = Annotated[Profile, Depends(edited)]


@router.get("/profiles/{profile_id}/trash")
def show_trash(guest: Guest, within: Within) -> Response:
    since = kept_since(guest)
    with guest.ours.stores.catalog.read() as conn:
        found = trash.of_profile(conn, within.id, since, limit=upkeep.AT_ONCE)
        page = TrashPage(
            frame=frame(
                conn,
                guest,
                "Trash",
                company=within.company_id,
                profile=within.id,
                crumbs=(Link(within.name, f"/profiles/{within.id}"),),
            ),
            url=f"/profiles/{within.id}/trash",
            days=guest.ours.settings.trash_days,
            items=tuple(_thrown(guest, each) for each in found),
            total=trash.count(conn, within.id, since),
            notice=notices.read_notice(conn, guest, within),
        )
    return show("trash", page)


@router.post("/profiles/{profile_id}/trash")
def act(
    guest: Guest,
    within: Within,
    act: Annotated[str, Form()] = "restore",
    ids: Annotated[list[int] | None, Form()] = None,
    at: Annotated[str, Form()] = "",
) -> Response:
    """Take back or remove the chosen ones, or all that were deleted at one moment."""
    moment = read_moment(at)
    chosen = None if moment else list(dict.fromkeys(ids or []))[: upkeep.AT_ONCE]
    if not (moment or chosen):
        raise Invalid("Select at least one report.", "ids")
    with guest.ours.stores.catalog.read() as conn:
        found = trash.of_profile(
            conn, within.id, kept_since(guest), limit=upkeep.AT_ONCE, at=moment, ids=chosen
        )
    home = f"/profiles/{within.id}"
    if act == "remove":
        with guest.ours.stores.catalog.write() as conn:
            trash.doom(conn, [each.id for each in found])
        return go(f"{home}/trash?did=removed&n={len(found)}")
    upkeep.restore(guest.ours.stores, found, guest.now)
    guest.ours.wake()
    return go(f"{home}?tab=reports&did=restored&n={len(found)}")


def _thrown(guest: Visit, report: Report) -> Thrown:
    deleted = report.deleted_at or guest.now
    until = deleted + timedelta(days=guest.ours.settings.trash_days)
    run = runs.run(replace(report, state=State.DONE))
    if not report.counts.total:
        run = replace(run, status="unknown", words="not read")
    return Thrown(run, deleted, until)
