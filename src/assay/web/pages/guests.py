"""A guest's visit: someone with the address of something public, who need not be known.

Guests see the pages of members without all that is the house's own: the frame has no company, no
people, no search, and what it links to stays within what was shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from assay import auth
from assay.errors import NotFound
from assay.store.catalog import profiles, shares
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report
from assay.store.catalog.shares import Share
from assay.web.pages.frame import Card, Frame
from assay.web.pages.parts import Link, Public
from assay.web.pages.place import Place, Scene
from assay.web.pages.visit import bare
from assay.web.request import COOKIE, Services, base_url, services

OURS = frozenset({"files"})
"""Views of a report that are for members: what was sent, and what the import said."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the address has opened."""

    request: Request
    ours: Services
    now: datetime
    share: Share
    profile: Profile

    @property
    def base(self) -> str:
        """The address of this server."""
        return base_url(self.request)

    def public(self, full_url: str) -> Public:
        """What the page says of itself; `full_url` is told to those who may go there."""
        url = f"{self.base}{self.request.url.path}"
        member = self._is_member()
        return Public(url, self.share.until, full_url=full_url if member else "")

    def frame(self, title: str, crumbs: Sequence[Link], card: Card) -> Frame:
        """What stands around a guest's page."""
        around = bare(self.request, title, self.now)
        return replace(around, crumbs=tuple(crumbs), home=self.share.path, card=card)

    def _is_member(self) -> bool:
        token = self.request.cookies.get(COOKIE)
        who = auth.caller_by_session(self.ours.stores.catalog, token, self.now) if token else None
        profile = self.profile
        return who is not None and who.may(auth.Right.VIEW, profile.company_id, profile.id)


def open_profile(request: Request, profile_id: int, key: str) -> Shared:
    """The profile that a guest's address names. Raises `NotFound`."""
    ours = services(request)
    now = ours.clock()
    with ours.stores.catalog.read() as conn:
        share, profile = auth.shared_profile(conn, profile_id, key, now)
    return Shared(request, ours, now, share, profile)


def open_report(request: Request, report_id: int, key: str) -> tuple[Shared, Scene]:
    """The report that a guest's address names, opened by its own key or, where the address has a
    profile before it, by the profile's. Raises `NotFound`."""
    ours, profile_id = services(request), request.path_params.get("profile_id", "")
    now = ours.clock()
    with ours.stores.catalog.read() as conn:
        if not profile_id:
            share, report = auth.shared_report(conn, report_id, key, now)
        elif profile_id.isdecimal():
            share, report = auth.shared_within(conn, int(profile_id), report_id, key, now)
        else:
            raise NotFound(auth.NOTHING)
        profile = profiles.get(conn, report.profile_id)
        assert profile is not None
        place = _place(conn, share, report, now)
    alone = place.keys is not None and len(place.keys) == 1
    scene = Scene(ours.stores, report, place, OURS | {"changes"} if alone else OURS)
    return Shared(request, ours, now, share, profile), scene


def _place(conn: Connection, share: Share, report: Report, now: datetime) -> Place:
    if share.report_id is None:
        return Place(share.path)
    others = shares.with_history(conn, report.profile_id, now) if share.history else {}
    return Place(keys=others | {report.id: share.key})


SharedProfile = Annotated[Shared, Depends(open_profile)]
SharedReport = Annotated[tuple[Shared, Scene], Depends(open_report)]
