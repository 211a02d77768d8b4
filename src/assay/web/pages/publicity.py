"""What of the house is public, as its own pages say it to members."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from assay.auth import Right
from assay.store.catalog import shares
from assay.store.catalog.profiles import Profile
from assay.store.catalog.shares import Share
from assay.web.pages.parts import Public
from assay.web.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Subject:
    """What is shared: a report of the profile, or without one the whole profile."""

    profile: Profile
    report: int | None

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/profiles/{self.profile.id}" if self.report is None else f"/reports/{self.report}"

    @property
    def noun(self) -> str:
        return "profile" if self.report is None else "report"

    def share(self, conn: Connection) -> Share | None:
        """How it is shared; an ended share too."""
        if self.report is None:
            return shares.of_profile(conn, self.profile.id)
        return shares.of_report(conn, self.report)

    @property
    def sharing_url(self) -> str:
        """Where it is made public, and private again."""
        return f"{self.url}/sharing"


def mark(conn: Connection, guest: Visit, about: Subject) -> Public | None:
    """What its page says of it; None for what is private."""
    share = about.share(conn)
    if share is None or not share.is_open(guest.now):
        return None
    return Public(f"{guest.base}{share.path}", share.until, about.sharing_url)


def way(guest: Visit, about: Subject) -> str:
    """Where `guest` may make it public; empty for those who may not."""
    return about.sharing_url if may_share(guest, about) else ""


def may_share(guest: Visit, about: Subject) -> bool:
    """Whether `guest` may make it public."""
    return guest.who.may(Right.PUBLIC, about.profile.company_id, about.profile.id)
