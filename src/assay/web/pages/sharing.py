"""Making a report, or a whole profile, public: until when, at which address, and making it stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.auth import Right
from assay.errors import Invalid
from assay.store.catalog import shares, users
from assay.store.catalog.shares import Share
from assay.web.pages import words
from assay.web.pages.badge import Snippet, snippets
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link, Verdict
from assay.web.pages.publicity import Subject, may_share
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go

router = APIRouter(include_in_schema=False)

DONE = {
    "saved": "Saved. Who has the address may read on until then.",
    "public": "This is public now: whoever has the address may read it.",
    "renewed": "This has a new address. The one before opens nothing any more.",
    "stopped": "This is private again: the address opens nothing any more.",
}
LAST = time(23, 59, 59)
"""A day on which something ends belongs to it whole, in UTC."""


@dataclass(frozen=True, slots=True)
class SharingPage:
    """`share_url` is empty while it is private; `ended` when it was public before."""

    frame: Frame
    url: str
    noun: str
    whole: bool
    may_edit: bool
    verdict: Verdict
    said: Verdict | None
    share_url: str
    ended: bool
    endless: bool
    day: str
    first_day: str
    history: bool
    maker: str
    snippets: tuple[Snippet, ...]


def subject(request: Request, guest: Guest) -> Subject:
    """What the address names, for those who may see it and, to change it, make it public."""
    right = Right.VIEW if request.method == "GET" else Right.PUBLIC
    named = request.path_params
    report, profile = named.get("report_id", ""), named.get("profile_id", "")
    with guest.ours.stores.catalog.read() as conn:
        if report:
            found = auth.see_report(conn, guest.who, _number(report), right)
            profile_id = found.profile_id
        else:
            profile_id = _number(profile)
        seen = auth.see_profile(conn, guest.who, profile_id, right)
    return Subject(seen, _number(report) if report else None)


About = Annotated[Subject, Depends(subject)]


@router.get("/reports/{report_id}/sharing")
@router.get("/profiles/{profile_id}/sharing")
def show_sharing(guest: Guest, about: About, done: str = "") -> Response:
    said = Verdict("passed", DONE[done]) if done in DONE else None
    return show("sharing", build(guest, about, said))


@router.post("/reports/{report_id}/sharing")
@router.post("/profiles/{profile_id}/sharing")
def save_sharing(
    guest: Guest,
    about: About,
    end: Annotated[str, Form()] = "day",
    until: Annotated[str, Form()] = "",
    history: Annotated[bool, Form()] = False,
) -> Response:
    """Make it public, or change until when and how."""
    try:
        last = None if end == "never" else _end_of(until)
        with guest.ours.stores.catalog.write() as conn:
            before = about.share(conn)
            shares.put(
                conn,
                profile=about.profile.id,
                report=about.report,
                until=last,
                history=history,
                creator=guest.who.user.id,
                now=guest.now,
            )
    except Invalid as error:
        page = build(guest, about, Verdict("failed", str(error)))
        return show("sharing", replace(page, endless=end == "never", history=history), 422)
    new = before is None or not before.is_open(guest.now)
    return go(f"{about.sharing_url}?done={'public' if new else 'saved'}")


@router.post("/reports/{report_id}/sharing/key")
@router.post("/profiles/{profile_id}/sharing/key")
def renew_key(guest: Guest, about: About) -> Response:
    return _change(guest, about, shares.renew, "renewed")


@router.post("/reports/{report_id}/sharing/stop")
@router.post("/profiles/{profile_id}/sharing/stop")
def stop_sharing(guest: Guest, about: About) -> Response:
    return _change(guest, about, shares.stop, "stopped")


def build(guest: Visit, about: Subject, said: Verdict | None = None) -> SharingPage:
    """The page of what `guest` may see."""
    with guest.ours.stores.catalog.read() as conn:
        share = about.share(conn)
        maker = users.get(conn, share.creator_id) if share and share.creator_id else None
        around = _frame(conn, guest, about)
    is_open = share is not None and share.is_open(guest.now)
    usual = guest.now + shares.USUAL
    until = share.until if share and is_open else usual
    url = f"{guest.base}{share.path}" if share and is_open else ""
    return SharingPage(
        frame=around,
        url=about.sharing_url,
        noun=about.noun,
        whole=about.report is None,
        may_edit=may_share(guest, about),
        verdict=_verdict(about, share, guest.now),
        said=said,
        share_url=url,
        ended=share is not None and not is_open,
        endless=until is None,
        day=(until or usual).astimezone(UTC).date().isoformat(),
        first_day=guest.now.astimezone(UTC).date().isoformat(),
        history=bool(share and share.history),
        maker=maker.name if maker else "",
        snippets=snippets(url, about.profile.name) if url and about.report is None else (),
    )


def _change(
    guest: Visit, about: Subject, change: Callable[[Connection, Share], object], done: str
) -> Response:
    with guest.ours.stores.catalog.write() as conn:
        share = about.share(conn)
        if share is not None:
            change(conn, share)
    return go(f"{about.sharing_url}?done={done}")


def _frame(conn: Connection, guest: Visit, about: Subject) -> Frame:
    profile = about.profile
    above = [Link(profile.name, f"/profiles/{profile.id}")]
    if about.report is not None:
        above.append(Link(f"Report #{about.report}", about.url))
    return frame(
        conn, guest, "Sharing", company=profile.company_id, profile=profile.id, crumbs=above
    )


def _verdict(about: Subject, share: Share | None, now: datetime) -> Verdict:
    if share is None:
        return Verdict("none", f"This {about.noun} is private.", "Only members can read it.")
    if not share.is_open(now):
        assert share.until is not None
        ended = f"It was public until {words.date(share.until)}; its address opens nothing now."
        return Verdict("none", f"This {about.noun} is private.", ended)
    until = f" until {words.date(share.until)}" if share.until else ", without an end"
    return Verdict("info", f"This {about.noun} is public{until}.")


def _end_of(day: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), LAST, UTC)
    except ValueError:
        raise Invalid("Until when? Choose a day, or no end.", "until") from None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1
