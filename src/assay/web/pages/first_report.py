"""The way to a profile's first report: a key for it, a command with the key in place, a place to
drop a file, and word of what has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.formats import FORMATS
from assay.store.catalog import imports, keys, reports
from assay.store.catalog.imports import Import
from assay.store.catalog.keys import Scope
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import State
from assay.web.pages import runs
from assay.web.pages.view import show
from assay.web.pages.visit import CURL, Guest, Visit, go, may_import
from assay.web.request import Services
from assay.workspace.audit import note

router = APIRouter(include_in_schema=False, prefix="/profiles/{profile_id}")

LENT = "assay_first_key"
LENT_SECONDS = 3600
"""How long the page of an empty profile can show the key that was made on it. Its secret is
nowhere but in this one browser's cookie, for this one profile's pages."""


@dataclass(frozen=True, slots=True)
class KnownFormat:
    title: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has come so far. `url` leads to it; `going` while there is something to wait for."""

    status: str
    lead: str
    rest: str
    url: str
    link: str
    going: bool
    poll_url: str


@dataclass(frozen=True, slots=True)
class Empty:
    """How to fill a profile that has no report. `secret` is its fresh key, or nothing."""

    curl: str
    secret: str
    may_import: bool
    group: str
    formats: tuple[KnownFormat, ...]
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class WaitingPage:
    waiting: Waiting


@router.post("/key")
def make_first_key(guest: Guest, profile_id: int) -> Response:
    user = auth.require_person(guest.who)
    with guest.ours.stores.catalog.write() as conn:
        profile = auth.import_into(conn, guest.who, profile_id)
        secret = make_key(conn, user.id, profile, guest.now)
    note("key made", guest.who, profile=profile.id)
    answer = go(f"/profiles/{profile.id}")
    lend(guest.ours, answer, profile.id, secret)
    return answer


@router.get("/waiting")
def show_waiting(guest: Guest, profile_id: int) -> Response:
    """For the page of an empty profile, which asks again and again."""
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, guest.who, profile_id)
        return show("_waiting", WaitingPage(_waiting(conn, profile)))


def make_key(conn: Connection, user: int, profile: Profile, now: datetime) -> str:
    """The secret of a key that may only import, and only there."""
    name = f"First key of {profile.name}"[:100]
    scopes = [Scope.IMPORT]
    return keys.make(conn, user=user, name=name, scopes=scopes, profile=profile.id, now=now)[1]


def lend(ours: Services, answer: Response, profile: int, secret: str) -> None:
    """Let the profile's page show a key for an hour, in this browser."""
    answer.set_cookie(
        LENT,
        secret,
        max_age=LENT_SECONDS,
        path=f"/profiles/{profile}",
        httponly=True,
        samesite="lax",
        secure=ours.settings.secure_cookies,
    )


def build(conn: Connection, guest: Visit, profile: Profile, group: str) -> Empty:
    """What the page of a profile without reports says."""
    secret = _lent(conn, guest, profile)
    pattern = CURL.format(base=guest.base, key=secret or "YOUR_KEY")
    return Empty(
        curl=pattern.replace("{profile}", str(profile.id)),
        secret=secret,
        may_import=may_import(guest, profile),
        group=group,
        formats=tuple(
            KnownFormat(each.title, f"/formats/{each.name}", each.how or each.made_by)
            for each in FORMATS
        ),
        waiting=_waiting(conn, profile),
    )


def _lent(conn: Connection, guest: Visit, profile: Profile) -> str:
    """The secret this browser was lent, while it is good for the profile."""
    secret = guest.request.cookies.get(LENT, "")
    key = keys.find(conn, secret, guest.now) if secret else None
    mine = key is not None and key.user_id == guest.who.user.id and key.profile_id == profile.id
    return secret if mine else ""


def _waiting(conn: Connection, profile: Profile) -> Waiting:
    poll = f"/profiles/{profile.id}/waiting"
    newest = next(iter(imports.of_profile(conn, profile.id, limit=1)), None)
    done = next(iter(reports.of_profile(conn, profile.id, limit=1)), None)
    if done is not None:
        rest, url = runs.sentence(done.counts), f"/reports/{done.id}"
        return Waiting(runs.mark(done), "It arrived:", rest, url, "Open the report", False, poll)
    if newest is None:
        lead, rest = "Waiting for the first report …", "This changes by itself when it comes."
        return Waiting("running", lead, rest, "", "", True, poll)
    return _came(newest, poll)


def _came(newest: Import, poll: str) -> Waiting:
    url = f"/imports/{newest.id}"
    if newest.state is State.FAILED:
        lead = "Something came, and could not be read:"
        return Waiting("failed", lead, newest.message, url, "What it said", True, poll)
    if newest.state is State.RUNNING:
        url = f"/reports/{newest.report_id}"
        return Waiting("running", "The first run goes on.", "", url, "Watch it", True, poll)
    return Waiting("running", "It has come, and is being read …", "", url, "Watch it", True, poll)
