"""Reports: one, two beside each other, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from assay import auth, upkeep
from assay.errors import NotFound
from assay.model import Status
from assay.queries.compare import Compared, Difference, Side, count_differences, list_differences
from assay.removal import remove_reports
from assay.store.catalog import reports
from assay.store.catalog.reports import Report
from assay.upkeep import Edits
from assay.web.api.profiles import Cursor, Limit
from assay.web.request import Ours, Services, Who, base_url
from assay.web.shapes import PAGE, Listing, ReportShape, shape_report, test_id

router = APIRouter(prefix="/api/v3", tags=["Reports"])

Id = Annotated[int, Path(ge=1, lt=2**31)]


def editable(report_id: Id, ours: Ours, who: Who) -> Report:
    """The report, for those who may change it: asked before a body is looked at."""
    with ours.stores.catalog.read() as conn:
        return auth.edit_report(conn, who, report_id)


Editable = Annotated[Report, Depends(editable)]


@dataclass(frozen=True, slots=True)
class ComparedShape:
    """A test in two reports; null where the one lacks it. Durations are in seconds."""

    test_id: str
    path: list[str]
    name: str
    before: Status | None
    after: Status | None
    duration_before: float | None
    duration_after: float | None
    position_before: int | None
    position_after: int | None


@dataclass(frozen=True, slots=True)
class ComparisonShape:
    """`before` and `after`, how many tests differ in which way, and those of one way."""

    before: ReportShape
    after: ReportShape
    counts: dict[Difference, int]
    difference: Difference
    tests: Listing[ComparedShape]


@dataclass(frozen=True, slots=True)
class CorrectionShape:
    """What a person says of a report; `tags` are all it has from now on."""

    date: datetime | None = None
    branch: str | None = None
    commit: str | None = None
    build: str | None = None
    tags: list[str] | None = None


@dataclass(frozen=True, slots=True)
class TargetShape:
    """Where to."""

    profile_id: int


@router.get("/reports/{report_id}")
def show_report(report_id: Id, request: Request, ours: Ours, who: Who) -> ReportShape:
    with ours.stores.catalog.read() as conn:
        found = auth.see_report(conn, who, report_id)
    return shape_report(found, base_url(request))


@router.patch("/reports/{report_id}")
def correct_report(
    found: Editable, said: CorrectionShape, request: Request, ours: Ours
) -> ReportShape:
    """Change what a report says of itself. What is not sent stays; reading the report's files again
    does not undo it. A new `date` gives it, and those after it, other labels and changes."""
    date = aware(said.date) if said.date else None
    edits = Edits(date, said.branch, said.commit, said.build, said.tags)
    upkeep.correct(ours.stores, found, edits, ours.clock())
    return _again(ours, request, found.id)


@router.delete("/reports/{report_id}", status_code=204, response_class=Response)
def delete_report(
    found: Editable,
    ours: Ours,
    forever: Annotated[bool, Query(description="Not into the trash, but for good")] = False,
) -> None:
    """Put a report into the trash, from where it can be had back for some days; then it is removed
    for good, with its files and its raw upload."""
    upkeep.delete(ours.stores, [found], ours.clock())
    if forever:
        remove_reports(ours.stores, [found])


@router.post("/reports/{report_id}/restore")
def restore_report(report_id: Id, request: Request, ours: Ours, who: Who) -> ReportShape:
    """Take a report out of the trash."""
    with ours.stores.catalog.read() as conn:
        found = auth.find_deleted(conn, who, report_id)
        kept = found.deleted_at and found.deleted_at >= trashed_since(ours)
    if not kept:
        raise NotFound(f"Report {report_id} is not in the trash any more.")
    upkeep.restore(ours.stores, [found], ours.clock())
    ours.wake()
    return _again(ours, request, report_id)


@router.post("/reports/{report_id}/move")
def move_report(
    found: Editable, target: TargetShape, request: Request, ours: Ours, who: Who
) -> ReportShape:
    """Put a report into another profile. It is read there from its raw upload: until that is done,
    its `state` is received or processing."""
    with ours.stores.catalog.read() as conn:
        to = auth.edit_profile(conn, who, target.profile_id)
    upkeep.move(ours.stores, [found], to, ours.clock())
    ours.wake()
    return _again(ours, request, found.id)


def trashed_since(ours: Services) -> datetime:
    """What was deleted since then can be had back."""
    return ours.clock() - timedelta(days=ours.settings.trash_days)


def aware(date: datetime) -> datetime:
    """A date without a zone is in UTC."""
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _again(ours: Services, request: Request, report_id: int) -> ReportShape:
    with ours.stores.catalog.read() as conn:
        found = reports.get(conn, report_id)
    if found is None:
        raise NotFound(f"Report {report_id} is gone.")
    return shape_report(found, base_url(request))


@router.get("/reports/{report_id}/compare/{other_id}")
def compare_reports(
    report_id: Id,
    other_id: Id,
    request: Request,
    ours: Ours,
    who: Who,
    difference: Difference = Difference.BROKE,
    q: Annotated[str, Query(description="Words in names and containers")] = "",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> ComparisonShape:
    """What differs in this report from the other, which stands for *before*."""
    with ours.stores.catalog.read() as conn:
        after = auth.see_report(conn, who, report_id)
        before = auth.see_report(conn, who, other_id)
    sides = Side(before.profile_id, before.id), Side(after.profile_id, after.id)
    store = ours.stores.results
    page = list_differences(store, *sides, difference, q=q, cursor=cursor, limit=limit)
    base = base_url(request)
    return ComparisonShape(
        before=shape_report(before, base),
        after=shape_report(after, base),
        counts=count_differences(store, *sides),
        difference=difference,
        tests=Listing([_shape(each) for each in page.items], page.next),
    )


def _shape(each: Compared) -> ComparedShape:
    return ComparedShape(
        test_id(each.test),
        list(each.path),
        each.name,
        each.before,
        each.after,
        each.duration_before,
        each.duration_after,
        each.position_before,
        each.position_after,
    )
