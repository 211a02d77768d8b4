"""A report: the sum of it, what changed, its failures by cause, its results in several views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.responses import Response

from assay import auth
from assay.formats import FORMATS
from assay.queries.measured import has_measurements
from assay.queries.report_errors import Cause, list_causes
from assay.store.catalog import groups, reports
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report, State
from assay.web.pages import publicity, running, runs, verdicts, words
from assay.web.pages.comparison import address
from assay.web.pages.exports import EXPORTS
from assay.web.pages.frame import Frame, Search
from assay.web.pages.importing import GOING
from assay.web.pages.measurements import Table
from assay.web.pages.parts import Chip, Hidden, Link, Public, Run, Tab, Verdict
from assay.web.pages.place import Scene
from assay.web.pages.publicity import Subject, way
from assay.web.pages.report_views import (
    CHANGES,
    STATUSES,
    TABS,
    VIEWS,
    Asked,
    Papers,
    Rows,
    Tree,
    View,
)
from assay.web.pages.rows import MOST_OPEN, context, fold
from assay.web.pages.running import Running
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go, may_edit

router = APIRouter(include_in_schema=False)

READ = (State.DONE, State.RUNNING)
CAUSES = 6
MOST_CAUSES = 50
TITLES = ("Failures", "Changes", "Tree", "Slowest", "Measured", "All", "Files & log")
ORIGINS = {each.name: each.title for each in FORMATS}


@dataclass(frozen=True, slots=True)
class CauseRow:
    title: str
    url: str
    count: int
    on: bool


@dataclass(frozen=True, slots=True)
class Filters:
    hidden: tuple[Hidden, ...]
    q: str
    chips: tuple[Chip, ...]
    clear_url: str
    searched: bool


@dataclass(frozen=True, slots=True)
class ExportLink:
    """A way to take the report out, with what it is good for."""

    title: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    frame: Frame
    url: str
    profile_id: int
    run: Run
    origin: str
    unread: bool
    verdict: Verdict
    numbers: tuple[Chip, ...]
    changes: tuple[Chip, ...]
    versus: Link | None
    causes: tuple[CauseRow, ...]
    tabs: tuple[Tab, ...]
    filters: Filters | None
    rows: Rows | None
    tree: Tree | None
    papers: Papers | None
    measured: Table | None
    more_url: str
    nothing: Verdict
    import_url: str
    act_url: str
    compare: Link | None
    previous_url: str
    next_url: str
    public: Public | None = None
    sharing_url: str = ""
    running: Running | None = None
    exports: tuple[ExportLink, ...] = ()


Words = Annotated[str, Query(max_length=500)]


@router.get("/reports/{report_id}")
def show_report(
    guest: Guest,
    report_id: int,
    tab: str = "failures",
    status: str = "",
    q: Words = "",
    cause: Words = "",
    change: str = "",
    path: Annotated[list[str] | None, Query()] = None,
    cursor: str | None = None,
    open: str = "",  # noqa: A002
) -> Response:
    asked = ask(tab, status, q, cause, change, path, cursor, open)
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
        profile = auth.see_profile(conn, guest.who, report.profile_id)
        around = _frame(conn, guest, report, profile)
        about = Subject(profile, report.id)
        public = publicity.mark(conn, guest, about)
        going_on = running.of_report(conn, report)
    if report.state in GOING and report.import_id:
        return go(f"/imports/{report.import_id}")
    page = build(Scene(guest.ours.stores, report), around, asked)
    act_url = f"/profiles/{profile.id}/reports/act" if may_edit(guest, profile) else ""
    page = replace(page, public=public, sharing_url=way(guest, about), act_url=act_url)
    return show("report", replace(page, exports=_exports(report), running=going_on))


@router.get("/reports/{report_id}/running")
def show_running(guest: Guest, report_id: int, seen: str = "") -> Response:
    """What has come of a run since the page was shown, for the page that asks again and again: the
    same view of it, as htmx tells its address. Nothing where nothing came."""
    asked = _asked_at(guest.request.headers.get("hx-current-url", ""))
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
        profile = auth.see_profile(conn, guest.who, report.profile_id)
        around = _frame(conn, guest, report, profile)
        going_on = running.of_report(conn, report)
    if going_on is None:
        address = asked.url(f"/reports/{report_id}")
        return Response(headers={"hx-redirect": address})
    if going_on.seen == seen:
        return Response(status_code=204)
    page = build(Scene(guest.ours.stores, report), around, asked)
    return show("_running", replace(page, running=going_on))


def _asked_at(address: str) -> Asked:
    """What a page's address asks for."""
    query = QueryParams(urlsplit(address).query)
    first = {name: query.get(name, "") for name in ("tab", "status", "q", "cause", "change")}
    return ask(
        **first,
        path=query.getlist("path"),
        cursor=query.get("cursor"),
        opened=query.get("open", ""),
    )


def _exports(report: Report) -> tuple[ExportLink, ...]:
    """The ways to take out a report that has been read."""
    if report.state is not State.DONE:
        return ()
    base = f"/api/v3/reports/{report.id}/export"
    return tuple(ExportLink(each.title, f"{base}/{each.name}", each.words) for each in EXPORTS)


def ask(
    tab: str,
    status: str,
    q: str,
    cause: str,
    change: str,
    path: Sequence[str] | None,
    cursor: str | None,
    opened: str,
) -> Asked:
    """What an address asks for, from its parameters; where it makes no sense, the usual."""
    rows = tuple(int(each) for each in opened.split(",") if each.isdecimal())[:MOST_OPEN]
    return Asked(
        tab if tab in TABS else "failures",
        status if status in STATUSES else "",
        q,
        cause,
        change,
        tuple(path or ()),
        cursor,
        rows,
    )


@router.get("/reports/{report_id}/results/{position}/fold")
def show_fold(guest: Guest, report_id: int, position: int) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
    return show("_fold", fold(context(Scene(guest.ours.stores, report)), position))


def build(scene: Scene, around: Frame, asked: Asked) -> ReportPage:
    """The page of a report that may be seen, within its frame."""
    stores, report, place = scene.stores, scene.report, scene.place
    done = report.state is State.DONE
    read = report.state in READ
    if asked.tab in _untold(report):
        asked = replace(asked, tab="failures")
    causes = list_causes(stores.results, report.profile_id, report.id, MOST_CAUSES) if read else []
    view = VIEWS[asked.tab](scene, asked) if read else _unread(scene, asked)
    with stores.catalog.read() as conn:
        before = reports.previous(conn, report, place.keys)
        after = reports.next_(conn, report, place.keys)
    return ReportPage(
        frame=around,
        url=scene.at,
        profile_id=report.profile_id,
        run=runs.run(report, place),
        origin=ORIGINS.get(report.origin, report.origin) or "origin unknown",
        unread=not read,
        verdict=verdicts.of_report(report, len(causes)),
        numbers=_numbers(scene),
        changes=_changes(scene),
        versus=_versus(scene, before) if before and done else None,
        causes=_causes(scene, asked, causes),
        tabs=_tabs(scene, asked),
        filters=_filters(scene, asked, view) if view.filtered else None,
        rows=view.rows if view.rows and view.rows.items else None,
        tree=view.tree,
        papers=view.papers,
        measured=view.measured,
        more_url=view.more_url,
        nothing=view.nothing,
        import_url=f"/imports/{report.import_id}" if report.import_id else "",
        act_url="",
        compare=Link("Compare with …", f"{scene.at}/compare") if done and place.members else None,
        previous_url=_beside(scene, asked, before) if before else "",
        next_url=_beside(scene, asked, after) if after else "",
    )


def _versus(scene: Scene, before: Report) -> Link:
    """The report it is told against: for members, both beside each other."""
    if not scene.place.members:
        return Link(f"#{before.id}", scene.place.report(before.id))
    return Link(f"#{before.id}", address(before.id, scene.report.id))


def _unread(scene: Scene, asked: Asked) -> View:
    """Of a report that could not be read, what was sent."""
    told = scene.report.state is State.FAILED and "files" not in scene.hidden
    return VIEWS["files"](scene, asked) if told else View()


def _beside(scene: Scene, asked: Asked, other: Report) -> str:
    """The address of the same view of another report."""
    return asked.url(scene.place.report(other.id), path=(), cause="")


def _frame(conn: Connection, guest: Visit, report: Report, profile: Profile) -> Frame:
    group = groups.get(conn, profile.group_id)
    company = f"/companies/{profile.company_id}"
    hidden = (Hidden("tab", "all"),)
    return frame(
        conn,
        guest,
        f"Report #{report.id}",
        company=profile.company_id,
        profile=profile.id,
        crumbs=(
            Link(group.name if group else "", company),
            Link(profile.name, f"/profiles/{profile.id}"),
        ),
        search=Search(f"/reports/{report.id}", "Search this report", hidden=hidden),
    )


def _numbers(scene: Scene) -> tuple[Chip, ...]:
    found = [(status, getattr(scene.report.counts, status)) for status in STATUSES]
    return tuple(
        Chip(status, Asked("all", status).url(scene.at), status, count=n)
        for status, n in found
        if n or status == "passed"
    )


def _changes(scene: Scene) -> tuple[Chip, ...]:
    changes = scene.report.changes
    found = [(change, getattr(changes, change.value), *CHANGES[change]) for change in CHANGES]
    return tuple(
        Chip(_changed(n, what), Asked("changes", change=change.value).url(scene.at), status)
        for change, n, what, status in found
        if n
    )


def _changed(n: int, what: str) -> str:
    nouns = what.startswith("new")
    return words.count(n, what) if nouns else f"{words.number(n)} {what}"


def _causes(scene: Scene, asked: Asked, causes: Sequence[Cause]) -> tuple[CauseRow, ...]:
    shown = causes[:CAUSES]
    return tuple(
        CauseRow(
            words.said(each.type, each.fingerprint or each.message) or "no message",
            _switch(scene, asked, f"{each.error:x}"),
            each.count,
            asked.cause == f"{each.error:x}",
        )
        for each in shown
    )


def _switch(scene: Scene, asked: Asked, cause: str) -> str:
    return Asked("failures", cause="" if asked.cause == cause else cause).url(scene.at)


def _tabs(scene: Scene, asked: Asked) -> tuple[Tab, ...]:
    report, changes = scene.report, scene.report.changes
    changed = sum(getattr(changes, each.value) for each in CHANGES)
    counts = {
        "failures": verdicts.failures(report),
        "changes": changed,
        "all": report.counts.total,
    }
    return tuple(
        Tab(title, Asked(tab).url(scene.at), asked.tab == tab, counts.get(tab))
        for tab, title in zip(TABS, TITLES, strict=True)
        if tab not in scene.hidden | _untold(report) and (tab != "measured" or _is_measured(scene))
    )


def _untold(report: Report) -> frozenset[str]:
    """The views that say nothing before a report is whole."""
    return frozenset({"changes"} if report.state is State.RUNNING else ())


def _is_measured(scene: Scene) -> bool:
    return has_measurements(scene.stores.results, scene.report.profile_id, scene.report.id)


def _filters(scene: Scene, asked: Asked, view: View) -> Filters:
    kept = [(name, getattr(asked, name)) for name in ("tab", "status", "cause", "change")]
    filtered = asked.q or asked.status or asked.cause
    return Filters(
        hidden=tuple(Hidden(name, value) for name, value in kept if value),
        q=asked.q,
        chips=view.chips,
        clear_url=Asked(asked.tab).url(scene.at) if filtered else "",
        searched=view.searched,
    )
