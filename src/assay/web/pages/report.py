"""A report: the sum of it, what changed, its failures by cause, and its results in six views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.formats import FORMATS
from assay.queries.report_errors import Cause, list_causes
from assay.store.catalog import groups, profiles, reports
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report, State
from assay.web.pages import runs, verdicts, words
from assay.web.pages.frame import Frame, Search
from assay.web.pages.importing import GOING
from assay.web.pages.parts import Chip, Hidden, Link, Run, Tab, Verdict
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
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go

router = APIRouter(include_in_schema=False)

CAUSES = 6
MOST_CAUSES = 50
TITLES = ("Failures", "Changes", "Tree", "Slowest", "All", "Files & log")
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
    nothing: Verdict
    import_url: str
    previous_url: str
    next_url: str


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
    opened = tuple(int(each) for each in open.split(",") if each.isdecimal())[:MOST_OPEN]
    asked = Asked(
        tab if tab in TABS else "failures",
        status if status in STATUSES else "",
        q, cause, change, tuple(path or ()), cursor, opened,
    )  # fmt: skip
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
    if report.state in GOING and report.import_id:
        return go(f"/imports/{report.import_id}")
    return show("report", build(guest, report, asked))


@router.get("/reports/{report_id}/results/{position}/fold")
def show_fold(guest: Guest, report_id: int, position: int) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
    return show("_fold", fold(context(guest.ours.stores, report), position))


def build(guest: Visit, report: Report, asked: Asked) -> ReportPage:
    """The page of a report the guest may see."""
    stores = guest.ours.stores
    done = report.state is State.DONE
    causes = list_causes(stores.results, report.profile_id, report.id, MOST_CAUSES) if done else []
    view = VIEWS[asked.tab](guest, report, asked) if done else View()
    with stores.catalog.read() as conn:
        profile = profiles.get(conn, report.profile_id)
        assert profile is not None
        before, after = reports.previous(conn, report), reports.next_(conn, report)
        around = _frame(conn, guest, report, profile)
    return ReportPage(
        frame=around,
        url=f"/reports/{report.id}",
        profile_id=report.profile_id,
        run=runs.run(report),
        origin=ORIGINS.get(report.origin, report.origin) or "origin unknown",
        unread=not done,
        verdict=verdicts.of_report(report, len(causes)),
        numbers=_numbers(report),
        changes=_changes(report),
        versus=Link(f"#{before.id}", f"/reports/{before.id}") if before else None,
        causes=_causes(report, asked, causes),
        tabs=_tabs(report, asked),
        filters=_filters(report, asked, view) if view.filtered else None,
        rows=view.rows if view.rows and view.rows.items else None,
        tree=view.tree,
        papers=view.papers,
        nothing=view.nothing,
        import_url=f"/imports/{report.import_id}" if report.import_id else "",
        previous_url=asked.url(before.id, path=(), cause="") if before else "",
        next_url=asked.url(after.id, path=(), cause="") if after else "",
    )


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


def _numbers(report: Report) -> tuple[Chip, ...]:
    found = [(status, getattr(report.counts, status)) for status in STATUSES]
    return tuple(
        Chip(status, Asked("all", status).url(report.id), status, count=n)
        for status, n in found
        if n or status == "passed"
    )


def _changes(report: Report) -> tuple[Chip, ...]:
    changes = report.changes
    found = [(change, getattr(changes, change.value), *CHANGES[change]) for change in CHANGES]
    return tuple(
        Chip(_changed(n, what), Asked("changes", change=change.value).url(report.id), status)
        for change, n, what, status in found
        if n
    )


def _changed(n: int, what: str) -> str:
    nouns = what.startswith("new")
    return words.count(n, what) if nouns else f"{words.number(n)} {what}"


def _causes(report: Report, asked: Asked, causes: Sequence[Cause]) -> tuple[CauseRow, ...]:
    shown = causes[:CAUSES]
    return tuple(
        CauseRow(
            words.said(each.type, each.fingerprint or each.message) or "no message",
            _switch(report, asked, f"{each.error:x}"),
            each.count,
            asked.cause == f"{each.error:x}",
        )
        for each in shown
    )


def _switch(report: Report, asked: Asked, cause: str) -> str:
    return Asked("failures", cause="" if asked.cause == cause else cause).url(report.id)


def _tabs(report: Report, asked: Asked) -> tuple[Tab, ...]:
    changes = report.changes
    changed = sum(getattr(changes, each.value) for each in CHANGES)
    counts = {
        "failures": verdicts.failures(report),
        "changes": changed,
        "all": report.counts.total,
    }
    return tuple(
        Tab(title, Asked(tab).url(report.id), asked.tab == tab, counts.get(tab))
        for tab, title in zip(TABS, TITLES, strict=True)
    )


def _filters(report: Report, asked: Asked, view: View) -> Filters:
    kept = [(name, getattr(asked, name)) for name in ("tab", "status", "cause", "change")]
    filtered = asked.q or asked.status or asked.cause
    return Filters(
        hidden=tuple(Hidden(name, value) for name, value in kept if value),
        q=asked.q,
        chips=view.chips,
        clear_url=Asked(asked.tab).url(report.id) if filtered else "",
        searched=view.searched,
    )
