"""Reports: one, two beside each other, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from assay import auth, history
from assay.model import Status
from assay.queries.compare import Compared, Difference, Side, count_differences, list_differences
from assay.removal import remove_report
from assay.web.api.profiles import Cursor, Limit
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import PAGE, Listing, ReportShape, shape_report, test_id

router = APIRouter(prefix="/api/v3", tags=["Reports"])

Id = Annotated[int, Path(ge=1, lt=2**31)]


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


@router.get("/reports/{report_id}")
def show_report(report_id: Id, request: Request, ours: Ours, who: Who) -> ReportShape:
    with ours.stores.catalog.read() as conn:
        found = auth.see_report(conn, who, report_id)
    return shape_report(found, base_url(request))


@router.delete("/reports/{report_id}", status_code=204, response_class=Response)
def delete_report(report_id: Id, ours: Ours, who: Who) -> None:
    """Remove a report for good, with its files and its raw upload."""
    with ours.stores.catalog.read() as conn:
        found = auth.edit_report(conn, who, report_id)
    remove_report(ours.stores, found)
    history.relate(ours.stores, found.profile_id, [(found.date, found.id)])


@router.get("/reports/{report_id}/compare/{other_id}")
def compare_reports(
    report_id: Id,
    other_id: Id,
    request: Request,
    ours: Ours,
    who: Who,
    difference: Difference = Difference.BROKE,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> ComparisonShape:
    """What differs in this report from the other, which stands for *before*."""
    with ours.stores.catalog.read() as conn:
        after = auth.see_report(conn, who, report_id)
        before = auth.see_report(conn, who, other_id)
    sides = Side(before.profile_id, before.id), Side(after.profile_id, after.id)
    store = ours.stores.results
    page = list_differences(store, *sides, difference, cursor=cursor, limit=limit)
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
