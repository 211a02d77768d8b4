"""A profile: its verdict, its trend, and its tests and reports in three views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from assay import auth
from assay.charts import spark, trend
from assay.charts.spark import Spark
from assay.charts.trend import Trend
from assay.queries.profile_tests import Sort
from assay.queries.report_errors import list_causes
from assay.store.catalog import companies, groups, reports
from assay.store.catalog.profiles import Kind, Profile
from assay.store.catalog.reports import Report
from assay.web.pages import first_report, pending, profile_set, publicity, runs, setbacks, verdicts
from assay.web.pages.bell import Bell, bell
from assay.web.pages.first_report import Empty
from assay.web.pages.frame import Frame, Search
from assay.web.pages.notices import Notice, read_notice
from assay.web.pages.parts import Chip, Hidden, Link, Option, Public, Run, Tab, Verdict
from assay.web.pages.pending import Pending, Starter
from assay.web.pages.profile_views import TABS, VIEWS, Asked, Grid, Reports, Tests, profile_tabs
from assay.web.pages.publicity import Subject, way
from assay.web.pages.setbacks import Setback
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, may_edit

router = APIRouter(include_in_schema=False)

LATEST = 90  # reports that the server draws, and that a verdict looks back on
CHARTED = 500  # reports that the chart in the browser shows
SPARK = 30
CAUSES = 50

PLACEHOLDERS = {
    "grid": "Search names of tests",
    "reports": "Search branch, commit, build, tags",
    "tests": "Search names of tests",
}
NOTHING = {
    "grid": "No test is like that.",
    "reports": "No report is like that.",
    "tests": "No test is like that.",
}


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """Either `empty`, or all the rest."""

    frame: Frame
    id: int
    url: str
    import_url: str
    upload_url: str
    bell: Bell
    empty: Empty | None
    setback: Setback | None
    notice: Notice | None = None
    may_edit: bool = False
    verdict: Verdict | None = None
    newest: Run | None = None
    rate: str = ""
    spark: Spark | None = None
    trend: Trend | None = None
    trend_url: str = ""
    tabs: tuple[Tab, ...] = ()
    tab: str = ""
    q: str = ""
    metadata: str = ""
    placeholder: str = ""
    branches: tuple[Option, ...] = ()
    filtered: bool = False
    plain_url: str = ""
    chips: tuple[Chip, ...] = ()
    said: str = ""
    nothing: str = ""
    grid: Grid | None = None
    runs: Reports | None = None
    tests: Tests | None = None
    public: Public | None = None
    sharing_url: str = ""
    pending: Pending | None = None
    starter: Starter | None = None


Words = Annotated[str, Query(max_length=500)]


@router.get("/profiles/{profile_id}")
def show_profile(
    guest: Guest,
    profile_id: int,
    tab: str = "grid",
    q: Words = "",
    branch: Words = "",
    cursor: str | None = None,
    sort: Sort = Sort.FAILURES,
    metadata: Words = "",
) -> Response:
    asked = Asked(tab if tab in TABS else "grid", q, branch, cursor, sort.value, metadata)
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, guest.who, profile_id)
        if profile.kind is Kind.SET:
            return show("set", profile_set.build(conn, guest, profile))
        latest = reports.of_profile(conn, profile.id, limit=LATEST, branch=branch or None)
        if not latest and not branch:
            return show("profile", _vacant(conn, guest, profile))
        around = _frame(conn, guest, profile, asked)
        ring = bell(conn, guest, profile)
        branches = reports.branches(conn, profile.id)
        setback = setbacks.of_profile(conn, profile.id)
        about = Subject(profile, None)
        public = publicity.mark(conn, guest, about)
        notice = read_notice(conn, guest, profile)
        waiting = pending.of_profile(conn, guest, profile)
    page = replace(
        build(guest, profile, around, ring, latest, branches, asked),
        setback=setback,
        public=public,
        sharing_url=way(guest, about),
        notice=notice,
        pending=waiting,
        starter=pending.starter(guest, profile),
    )
    return show("profile", page)


@router.get("/profiles/{profile_id}/reports")
def show_reports(
    guest: Guest, profile_id: int, q: Words = "", branch: Words = "", cursor: str | None = None
) -> Response:
    return show_profile(guest, profile_id, "reports", q, branch, cursor)


@router.get("/profiles/{profile_id}/trend")
def show_trend(guest: Guest, profile_id: int, branch: Words = "") -> Response:
    """The trend chart's figures, oldest report first, a list for each."""
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, guest.who, profile_id)
        found = reports.of_profile(conn, profile.id, limit=CHARTED, branch=branch or None)
    return JSONResponse(trend.data([runs.point(report) for report in reversed(found)]))


def build(
    guest: Visit,
    profile: Profile,
    around: Frame,
    ring: Bell,
    latest: Sequence[Report],
    branches: Sequence[str],
    asked: Asked,
) -> ProfilePage:
    """The page of a profile that has reports; `latest` are of the branch that was asked for."""
    results = guest.ours.stores.results
    newest = latest[0] if latest else None
    causes = list_causes(results, profile.id, newest.id, CAUSES) if newest else []
    view = VIEWS[asked.tab](guest, profile, latest, asked)
    branch = urlencode({"branch": asked.branch}) if asked.branch else ""
    return ProfilePage(
        frame=around,
        id=profile.id,
        url=f"/profiles/{profile.id}",
        import_url=f"{guest.base}/api/v2/profile/{profile.id}/import",
        upload_url=f"/upload?profile={profile.id}",
        bell=ring,
        empty=None,
        setback=None,
        may_edit=may_edit(guest, profile),
        verdict=verdicts.of_profile(latest, len(causes), guest.now) if newest else None,
        newest=runs.run(newest) if newest else None,
        rate=runs.pass_rate(newest.counts) if newest else "",
        spark=spark.draw([each.counts for each in reversed(latest)], SPARK),
        trend=trend.draw([runs.point(each) for each in reversed(latest)]),
        trend_url=f"/profiles/{profile.id}/trend?{branch}".rstrip("?"),
        tabs=profile_tabs(
            profile.id,
            may_edit=may_edit(guest, profile),
            current=asked.tab,
            branch=asked.branch,
        ),
        tab=asked.tab,
        q=asked.q,
        metadata=asked.metadata,
        placeholder=PLACEHOLDERS[asked.tab],
        branches=_branches(branches, asked.branch),
        filtered=bool(asked.q or asked.branch or asked.metadata),
        plain_url=Asked(asked.tab).url(profile.id),
        chips=view.chips,
        said=view.said,
        nothing=NOTHING[asked.tab],
        grid=view.grid,
        runs=view.runs,
        tests=view.tests,
    )


def _frame(conn: Connection, guest: Visit, profile: Profile, asked: Asked) -> Frame:
    group = groups.get(conn, profile.group_id)
    company = companies.get(conn, profile.company_id)
    url = f"/companies/{profile.company_id}"
    hidden = (Hidden("tab", "tests"),)
    return frame(
        conn,
        guest,
        profile.name,
        company=profile.company_id,
        profile=profile.id,
        crumbs=(
            Link(company.name if company else "", url),
            Link(group.name if group else "", f"{url}#g{profile.group_id}"),
        ),
        search=Search(
            f"/profiles/{profile.id}",
            f"Search tests in {profile.name}",
            asked.q if asked.tab == "tests" else "",
            hidden,
        ),
    )


def _branches(known: Sequence[str], chosen: str) -> tuple[Option, ...]:
    if not known:
        return ()
    options = (Option(each, each, each == chosen) for each in known)
    return (Option("", "Every branch", not chosen), *options)


def _vacant(conn: Connection, guest: Visit, profile: Profile) -> ProfilePage:
    around = _frame(conn, guest, profile, Asked())
    return ProfilePage(
        frame=around,
        id=profile.id,
        url=f"/profiles/{profile.id}",
        import_url=f"{guest.base}/api/v2/profile/{profile.id}/import",
        upload_url=f"/upload?profile={profile.id}",
        bell=bell(conn, guest, profile),
        empty=first_report.build(conn, guest, profile, around.crumbs[-1].title),
        setback=None,  # `empty` tells of it
        sharing_url=way(guest, Subject(profile, None)),
        may_edit=may_edit(guest, profile),
        notice=read_notice(conn, guest, profile),
        pending=pending.of_profile(conn, guest, profile),
        starter=pending.starter(guest, profile),
    )
