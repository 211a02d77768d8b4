"""A person's visit to a page: who, when, what they may see; and the frame around all they see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.exceptions import HTTPException
from sqlalchemy import Connection
from starlette.datastructures import URL
from starlette.responses import RedirectResponse, Response

from assay import auth
from assay.auth import Caller
from assay.charts.spark import RUNS
from assay.formats import FORMATS
from assay.store.catalog import groups, profiles, sessions, sets
from assay.store.catalog.latest import latest_of
from assay.store.catalog.profiles import Kind
from assay.web.pages import runs, words
from assay.web.pages.frame import THEMES, Choices, Frame, Person, Search, Upload
from assay.web.pages.parts import Group, Link, Option, Profile
from assay.web.request import COOKIE, Services, base_url, known_caller, services

THEME = "assay_theme"
"""The cookie that remembers light or dark."""

CURL = """curl -X POST "{base}/api/v2/profile/{{profile}}/import" \\
  -H "x-api-key: {key}" \\
  -F "file[]=@report.xml\""""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of someone who is signed in."""

    request: Request
    ours: Services
    who: Caller
    now: datetime

    @property
    def base(self) -> str:
        """The address of this server."""
        return base_url(self.request)

    @property
    def url(self) -> URL:
        """The address asked for."""
        return self.request.url


def visit(request: Request) -> Visit:
    """The visit; a stranger is sent to the door, and from there back to where they wanted to go."""
    who = known_caller(request)
    if who is None:
        raise HTTPException(303, headers={"location": door(request)})
    ours = services(request)
    return Visit(request, ours, who, ours.clock())


Guest = Annotated[Visit, Depends(visit)]


def door(request: Request) -> str:
    """The sign-in page that leads back to this request's page."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = wanted if request.method == "GET" and wanted != "/" else ""
    return f"/login?next={quote(back)}" if back else "/login"


def go(url: str) -> RedirectResponse:
    """To another page, after a form."""
    return RedirectResponse(url, 303)


def keep_signed_in(ours: Services, answer: Response, token: str) -> None:
    """Give the browser the token of a session."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=round(sessions.LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=ours.settings.secure_cookies,
    )


def welcome(request: Request, user: int, url: str) -> Response:
    """To a page, signed in from now on."""
    ours = services(request)
    with ours.stores.catalog.write() as conn:
        agent = request.headers.get("user-agent", "")
        token = sessions.start(conn, user=user, now=ours.clock(), agent=agent)
    answer = go(url)
    keep_signed_in(ours, answer, token)
    return answer


def theme_of(request: Request) -> str:
    """What the person chose, or nothing for the system's."""
    chosen = request.cookies.get(THEME, "")
    return chosen if chosen in {value for value, *_ in THEMES} else ""


def bare(request: Request, title: str, now: datetime) -> Frame:
    """The frame for someone who is not known."""
    return Frame(title, now, theme_of(request))


def anyones_frame(request: Request, title: str, *crumbs: Link) -> Frame:
    """The frame of a page that tells of the program alone: for those who are signed in their own,
    for strangers a bare one."""
    who, ours = known_caller(request), services(request)
    if who is None:
        return replace(bare(request, title, ours.clock()), crumbs=crumbs)
    with ours.stores.catalog.read() as conn:
        return frame(conn, Visit(request, ours, who, ours.clock()), title, crumbs=crumbs)


def frame(
    conn: Connection,
    guest: Visit,
    title: str,
    *,
    company: int | None = None,
    profile: int | None = None,
    crumbs: Sequence[Link] = (),
    search: Search | None = None,
) -> Frame:
    """The frame for `guest`, within a company (their first, without one) and maybe a profile."""
    known = auth.visible_companies(conn, guest.who)
    here = next((each for each in known if each.id == company), known[0] if known else None)
    rail = _rail(conn, guest, here.id, profile) if here else ()
    return Frame(
        title=title,
        now=guest.now,
        theme=theme_of(guest.request),
        person=_person(guest.who),
        company=Link(here.name, f"/companies/{here.id}") if here else None,
        companies=tuple(Link(each.name, f"/companies/{each.id}") for each in known),
        groups=rail,
        crumbs=tuple(crumbs),
        search=search,
        upload=upload_form(conn, guest, profile),
        copy_id=str(profile) if profile else "",
    )


def _person(who: Caller) -> Person:
    return Person(who.user.name, who.user.email, words.initials(who.user.name or who.user.email))


def _rail(conn: Connection, guest: Visit, company: int, current: int | None) -> tuple[Group, ...]:
    seen = auth.visible_profiles(conn, guest.who, company)
    latest = latest_of(conn, [each.id for each in seen], RUNS)
    some = any(each.kind is Kind.SET for each in seen)
    members = sets.of_company(conn, company) if some else {}

    def line(found: profiles.Profile) -> Profile:
        if found.kind is not Kind.SET:
            return runs.profile(found, latest[found.id], current)
        told = runs.rolled_up(found, latest, sets.tested(members, found.id))
        return replace(told, current=found.id == current)

    return tuple(
        Group(each.id, each.name, tuple(line(p) for p in seen if p.group_id == each.id))
        for each in groups.of_company(conn, company)
    )


def choices(
    conn: Connection,
    guest: Visit,
    chosen: int | None = None,
    right: auth.Right = auth.Right.IMPORT,
) -> tuple[Choices, ...]:
    """The profiles with reports in which `guest` has that right, by group, for a select."""
    known = [each for each in auth.visible_profiles(conn, guest.who) if each.kind is not Kind.SET]
    seen = [p for p in known if guest.who.may(right, p.company_id, p.id)]
    titles = {
        group.id: group.name
        for company in sorted({p.company_id for p in seen})
        for group in groups.of_company(conn, company)
    }
    return tuple(
        Choices(title, tuple(_option(p, chosen) for p in seen if p.group_id == number))
        for number, title in titles.items()
        if any(p.group_id == number for p in seen)
    )


def _option(profile: profiles.Profile, chosen: int | None) -> Option:
    return Option(str(profile.id), profile.name, profile.id == chosen)


def may_import(guest: Visit, profile: profiles.Profile) -> bool:
    """Whether an upload to the profile would be taken."""
    return guest.who.may(auth.Right.IMPORT, profile.company_id, profile.id)


def may_edit(guest: Visit, profile: profiles.Profile) -> bool:
    """Whether the profile's settings are the guest's to change."""
    return guest.who.may(auth.Right.EDIT, profile.company_id, profile.id)


def upload_form(conn: Connection, guest: Visit, profile: int | None) -> Upload | None:
    """The upload dialog, for those who may import into any profile."""
    found = choices(conn, guest, profile)
    if not found:
        return None
    ids = [option.value for group in found for option in group.options]
    chosen = str(profile) if str(profile) in ids else ids[0]
    pattern = CURL.format(base=guest.base, key="YOUR_KEY")
    return Upload(
        url=f"/upload?profile={chosen}",
        profile=chosen,
        groups=found,
        formats=tuple(Option(each.name, each.title) for each in FORMATS),
        curl=pattern.replace("{profile}", chosen),
        curl_pattern=pattern,
    )
