"""Tests: what a result is a result of, across reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from assay import auth
from assay.model import Status
from assay.queries.profile_tests import Sort, TestSummary, list_tests
from assay.queries.test_history import Occurrence, find_test, list_history
from assay.store.catalog import reports
from assay.store.catalog.reports import Report
from assay.web.api.profiles import Cursor, Limit
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import (
    PAGE,
    ErrorShape,
    Listing,
    read_report_cursor,
    read_test_id,
    report_cursor,
    test_id,
)

router = APIRouter(prefix="/api/v3", tags=["Tests"])

HISTORY = 100


@dataclass(frozen=True, slots=True)
class OccurrenceShape:
    """A result of the test, with the report it is in."""

    report_id: int
    date: datetime
    branch: str
    commit: str
    build: str
    position: int
    status: Status
    flaky: bool
    attempts: int
    duration: float | None
    error: ErrorShape | None
    url: str


@dataclass(frozen=True, slots=True)
class HistoryShape:
    """A test and its results, the newest first."""

    test_id: str
    profile_id: int
    path: list[str]
    name: str
    items: list[OccurrenceShape]
    next: str | None


@dataclass(frozen=True, slots=True)
class TestShape:
    """A test of a profile over the reports looked at: how often it ran, failed and was flaky, its
    durations in seconds, and how it went the last time."""

    __test__ = False

    test_id: str
    path: list[str]
    name: str
    runs: int
    failures: int
    flaky: int
    mean_duration: float | None
    median_duration: float | None
    status: Status
    report_id: int
    position: int
    url: str


@router.get("/profiles/{profile_id}/tests")
def list_profile_tests(
    profile_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    q: Annotated[str, Query(description="Words in names and containers")] = "",
    branch: str | None = None,
    sort: Sort = Sort.NAME,
    cursor: Cursor = None,
    limit: Limit = PAGE,
    reports_back: Annotated[int, Query(ge=1, le=500, description="Reports looked at")] = HISTORY,
) -> Listing[TestShape]:
    """The tests of a profile over its latest reports."""
    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        looked_at = reports.of_profile(conn, profile.id, limit=reports_back, branch=branch)
    page = list_tests(
        ours.stores.results,
        profile.id,
        [report.id for report in looked_at],
        q=q,
        sort=sort,
        cursor=cursor,
        limit=limit,
    )
    base = base_url(request)
    return Listing([_shape_test(each, base) for each in page.items], page.next)


@router.get("/tests/{profile_id}/{test}/history")
def show_history(
    profile_id: int,
    test: str,
    request: Request,
    ours: Ours,
    who: Who,
    branch: str | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500, description="Reports looked at")] = HISTORY,
) -> HistoryShape:
    """What became of a test in the profile's reports; `next` leads to older ones."""
    number = read_test_id(test)
    before = read_report_cursor(cursor)
    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        looked_at = reports.of_profile(conn, profile.id, limit=limit, before=before, branch=branch)
    store = ours.stores.results
    name = find_test(store, profile.id, number)
    known = {report.id: report for report in looked_at}
    found = list_history(store, profile.id, number, list(known))
    base = base_url(request)
    items = [_shape(each, known[each.report], base) for each in found]
    following = report_cursor(looked_at, limit)
    return HistoryShape(test_id(number), profile.id, list(name.path), name.name, items, following)


def _shape_test(found: TestSummary, base: str) -> TestShape:
    return TestShape(
        test_id=test_id(found.test),
        path=list(found.path),
        name=found.name,
        runs=found.runs,
        failures=found.failures,
        flaky=found.flaky,
        mean_duration=found.mean,
        median_duration=found.median,
        status=found.status,
        report_id=found.report,
        position=found.position,
        url=f"{base}/reports/{found.report}/results/{found.position}",
    )


def _shape(found: Occurrence, report: Report, base: str) -> OccurrenceShape:
    said = bool(found.type or found.message)
    return OccurrenceShape(
        report_id=report.id,
        date=report.date,
        branch=report.branch,
        commit=report.commit,
        build=report.build,
        position=found.position,
        status=found.status,
        flaky=found.flaky,
        attempts=found.attempts,
        duration=found.duration,
        error=ErrorShape(found.type, found.message) if said else None,
        url=f"{base}/reports/{report.id}/results/{found.position}",
    )
