"""Shares: what is public, at which address, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from assay import auth
from assay.auth import Right
from assay.errors import NotFound
from assay.store.catalog import shares
from assay.store.catalog.shares import Share
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import Listing

router = APIRouter(prefix="/api/v3", tags=["Sharing"])


@dataclass(frozen=True, slots=True)
class ShareShape:
    """Whoever has `url` may read it without a key until `until` (null: no end); `open` says whether
    that is still so. `report_id` is null for a whole profile, which always has its `history`."""

    profile_id: int
    report_id: int | None
    url: str
    open: bool
    until: datetime | None
    history: bool
    created_at: datetime


class Terms(BaseModel):
    """How something is to be shared."""

    until: datetime | None = Field(
        None,
        description="When it ends; null for no end. Left out: in 30 days. Without a zone, UTC",
        examples=["2030-01-31T23:59:59Z"],
    )
    history: bool = Field(
        False,
        description="Whether guests can go on to the profile's other public reports with history",
    )

    def end(self, now: datetime) -> datetime | None:
        """When it ends, with a zone."""
        if "until" not in self.model_fields_set:
            return now + shares.USUAL
        naive = self.until is not None and self.until.tzinfo is None
        return self.until.replace(tzinfo=UTC) if naive and self.until else self.until


Asked = Annotated[Terms, Body(default_factory=Terms)]


@router.get("/profiles/{profile_id}/shares")
def list_shares(profile_id: int, request: Request, ours: Ours, who: Who) -> Listing[ShareShape]:
    """What is or was public in a profile: the whole of it first, then its reports, the newest
    first."""
    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        found = shares.within(conn, profile.id)
    return Listing([_shape(each, request, ours) for each in found], None)


@router.get("/reports/{report_id}/share")
def show_report_share(report_id: int, request: Request, ours: Ours, who: Who) -> ShareShape:
    """How a report is public; 404 when it is not."""
    with ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, who, report_id)
        found = _found(shares.of_report(conn, report.id))
    return _shape(found, request, ours)


@router.put("/reports/{report_id}/share")
def share_report(
    report_id: int, terms: Asked, request: Request, ours: Ours, who: Who
) -> ShareShape:
    """Make a report public, or change until when and how; its address stays."""
    now = ours.clock()
    with ours.stores.catalog.write() as conn:
        report = auth.see_report(conn, who, report_id, Right.PUBLIC)
        made = shares.put(
            conn,
            profile=report.profile_id,
            report=report.id,
            until=terms.end(now),
            history=terms.history,
            creator=who.user.id,
            now=now,
        )
    return _shape(made, request, ours)


@router.post("/reports/{report_id}/share/key")
def renew_report_key(report_id: int, request: Request, ours: Ours, who: Who) -> ShareShape:
    """Give a public report another address; the one before opens nothing any more."""
    with ours.stores.catalog.write() as conn:
        report = auth.see_report(conn, who, report_id, Right.PUBLIC)
        made = shares.renew(conn, _found(shares.of_report(conn, report.id)))
    return _shape(made, request, ours)


@router.delete("/reports/{report_id}/share", status_code=204, response_class=Response)
def stop_sharing_report(report_id: int, ours: Ours, who: Who) -> None:
    """Make a report private again, at once."""
    with ours.stores.catalog.write() as conn:
        report = auth.see_report(conn, who, report_id, Right.PUBLIC)
        shares.stop(conn, _found(shares.of_report(conn, report.id)))


@router.get("/profiles/{profile_id}/share")
def show_profile_share(profile_id: int, request: Request, ours: Ours, who: Who) -> ShareShape:
    """How a whole profile is public; 404 when it is not."""
    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        found = _found(shares.of_profile(conn, profile.id))
    return _shape(found, request, ours)


@router.put("/profiles/{profile_id}/share")
def share_profile(
    profile_id: int, terms: Asked, request: Request, ours: Ours, who: Who
) -> ShareShape:
    """Make a whole profile public, with the reports it has and will have; its address stays."""
    now = ours.clock()
    with ours.stores.catalog.write() as conn:
        profile = auth.see_profile(conn, who, profile_id, Right.PUBLIC)
        until = terms.end(now)
        made = shares.put(conn, profile=profile.id, until=until, creator=who.user.id, now=now)
    return _shape(made, request, ours)


@router.post("/profiles/{profile_id}/share/key")
def renew_profile_key(profile_id: int, request: Request, ours: Ours, who: Who) -> ShareShape:
    """Give a public profile another address; badges need the new one too."""
    with ours.stores.catalog.write() as conn:
        profile = auth.see_profile(conn, who, profile_id, Right.PUBLIC)
        made = shares.renew(conn, _found(shares.of_profile(conn, profile.id)))
    return _shape(made, request, ours)


@router.delete("/profiles/{profile_id}/share", status_code=204, response_class=Response)
def stop_sharing_profile(profile_id: int, ours: Ours, who: Who) -> None:
    """Make a profile private again, at once. Reports that are public by themselves stay so."""
    with ours.stores.catalog.write() as conn:
        profile = auth.see_profile(conn, who, profile_id, Right.PUBLIC)
        shares.stop(conn, _found(shares.of_profile(conn, profile.id)))


def _found(share: Share | None) -> Share:
    if share is None:
        raise NotFound("This is not public.")
    return share


def _shape(share: Share, request: Request, ours: Ours) -> ShareShape:
    return ShareShape(
        profile_id=share.profile_id,
        report_id=share.report_id,
        url=f"{base_url(request)}{share.path}",
        open=share.is_open(ours.clock()),
        until=share.until,
        history=share.history,
        created_at=share.created_at,
    )
