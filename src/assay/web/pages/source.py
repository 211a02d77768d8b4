"""The source of an active profile: from where its results are fetched, which, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth, sources
from assay.allowed import sources_for
from assay.errors import AssayError, Invalid
from assay.schedules import read_schedule
from assay.sources import Setup
from assay.store.catalog.profiles import Kind, Profile
from assay.testtools import tool_of
from assay.web.pages import words
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link, Option, Verdict
from assay.web.pages.setup_forms import Given, ScheduleInput, schedule_input, schedule_text
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import origins
from assay.workspace.origins import WantedSource

router = APIRouter(include_in_schema=False, prefix="/profiles/{profile_id}")

SAID = {
    "saved": "The source is saved. Import on the profile's page fetches what is there.",
    "removed": "The source is removed. The profile takes the reports that are sent to it.",
}


@dataclass(frozen=True, slots=True)
class Matching:
    """What is there now, in words; the first names of it, and how many more."""

    status: str
    lead: str
    newest: datetime | None = None
    names: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class SourceForm:
    """`usual` are the files that count without a pattern."""

    sources: tuple[Option, ...]
    folder: str
    pattern: str
    usual: str
    schedule: ScheduleInput


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Without `form` there is no source to choose. `active` when the profile has one; `matching` is
    of what the form says. `looked` is what came of the last look."""

    frame: Frame
    url: str
    active: bool
    form: SourceForm | None
    schedule: str
    due: datetime | None
    matching: Matching | None = None
    looked: Verdict | None = None
    looked_at: datetime | None = None
    said: Verdict | None = None
    is_set: bool = False


def read_wanted(given: Given) -> WantedSource:
    return _wanted(given)


Wanted = Annotated[WantedSource, Depends(read_wanted)]
Text = Annotated[str | None, Query(max_length=2000)]


@router.get("/source")
def show_source(
    guest: Guest,
    profile_id: int,
    source: Text = None,
    folder: Text = None,
    pattern: Text = None,
    every: str = "",
    at: str = "",
    day: str = "",
    done: str = "",
) -> Response:
    """The page as it is kept or, where the address names a source, as that would be."""
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.edit_profile(conn, guest.who, profile_id)
        known = sources.active_setup(profile)
        wanted = _known(profile, known)
        if source is not None:
            timed = schedule_text({"every": every, "at": at, "day": day})
            wanted = WantedSource(source, folder or "", pattern or "", timed)
        page = build(conn, guest, profile, wanted)
    matching = None
    if source is not None or known is not None:
        matching = _matching(guest, profile, wanted)
    said = Verdict("passed", SAID[done]) if done in SAID else None
    return show("source", replace(page, matching=matching, said=said))


@router.post("/source")
def save_source(guest: Guest, profile_id: int, wanted: Wanted) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.edit_profile(conn, guest.who, profile_id)
    settings = guest.ours.settings
    try:
        with guest.ours.stores.catalog.write() as conn:
            origins.set_source(conn, guest.who, settings, profile.id, wanted, guest.now)
    except Invalid as error:
        with guest.ours.stores.catalog.read() as conn:
            page = build(conn, guest, profile, wanted)
        said = Verdict("failed", f"Nothing was changed. {error}.")
        return show("source", replace(page, said=said), 422)
    return go(f"/profiles/{profile.id}/source?done=saved")


@router.post("/source/remove")
def remove_source(guest: Guest, profile_id: int) -> Response:
    with guest.ours.stores.catalog.write() as conn:
        origins.remove_source(conn, guest.who, profile_id, guest.now)
    return go(f"/profiles/{profile_id}/source?done=removed")


@router.post("/collect")
def collect(guest: Guest, profile_id: int) -> Response:
    """Fetch what is there, and show how it is read; else the profile's page says why not."""
    ours = guest.ours
    with ours.stores.catalog.read() as conn:
        profile = auth.import_into(conn, guest.who, profile_id)
    try:
        user = guest.who.user.id
        done = sources.collect(ours.stores, ours.settings, profile, user=user, now=guest.now)
    except AssayError:
        if sources.active_setup(profile) is None:
            raise
        return go(f"/profiles/{profile.id}?looked=1")
    ours.wake()
    return go(f"/imports/{done.found.id}" if done.found else f"/profiles/{profile.id}?looked=1")


def build(conn: Connection, guest: Visit, profile: Profile, wanted: WantedSource) -> SourcePage:
    """The page of a profile that `guest` may change, its form as someone wants it."""
    url = f"/profiles/{profile.id}"
    setup = sources.active_setup(profile)
    allowed = sources_for(guest.ours.settings, profile.company_id)
    options = tuple(Option(each.name, each.name, each.name == wanted.source) for each in allowed)
    is_set = profile.kind is Kind.SET
    return SourcePage(
        frame=frame(
            conn,
            guest,
            "Source",
            company=profile.company_id,
            profile=profile.id,
            crumbs=(Link(profile.name, url), Link("Settings", f"{url}/settings")),
        ),
        url=url,
        active=setup is not None,
        form=_form(profile, wanted, options) if options and not is_set else None,
        schedule=setup.times.words if setup and profile.due_at else "",
        due=profile.due_at if setup else None,
        looked=_looked(setup) if setup and setup.said else None,
        looked_at=setup.looked_at if setup else None,
        is_set=is_set,
    )


def _form(profile: Profile, wanted: WantedSource, options: tuple[Option, ...]) -> SourceForm:
    try:
        schedule = read_schedule(wanted.schedule)
    except Invalid:
        schedule = read_schedule("")
    usual = tool_of(profile.tool).pattern
    return SourceForm(options, wanted.folder, wanted.pattern, usual, schedule_input(schedule))


def _known(profile: Profile, setup: Setup | None) -> WantedSource:
    if setup is None:
        return WantedSource("", "", profile.pattern)
    return WantedSource(setup.source, setup.folder, profile.pattern, setup.schedule)


def _wanted(given: Given) -> WantedSource:
    named = {name: given.get(name, "") for name in ("source", "folder", "pattern")}
    return WantedSource(**named, schedule=schedule_text(given))


def _matching(guest: Visit, profile: Profile, wanted: WantedSource) -> Matching:
    settings = guest.ours.settings
    pattern = wanted.pattern.strip() or tool_of(profile.tool).pattern
    try:
        setup = origins.read_source(settings, profile, replace(wanted, schedule=""))
        found = sources.preview(settings, profile, setup, pattern)
    except AssayError as error:
        return Matching("failed", f"{error}.")
    if not found.count:
        return Matching("unknown", f"No file matches {pattern} there now.")
    verb = "matches" if found.count == 1 else "match"
    lead = f"{words.count(found.count, 'file')} {verb}, {words.size(found.size)}"
    return Matching("passed", lead, found.newest, found.names, found.count - len(found.names))


def _looked(setup: Setup) -> Verdict:
    return Verdict("failed" if setup.failed else "passed", setup.said)
