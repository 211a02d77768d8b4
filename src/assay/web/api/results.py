"""The results of a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from assay import auth, history
from assay.model import Error, Status
from assay.queries.labels import Label
from assay.queries.report_results import ListedResult, Sort, list_results
from assay.queries.result_detail import show_result
from assay.rows import AssetRef, Detail, StepDetail
from assay.web.api.profiles import Cursor, Limit
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import PAGE, ErrorShape, Listing, test_id

router = APIRouter(prefix="/api/v3", tags=["Results"])


@dataclass(frozen=True, slots=True)
class ResultShape:
    """One test in one report; `duration` is in seconds, `label` says what it is to the results
    before (New failure, Fixed, 3rd time …)."""

    position: int
    test_id: str
    path: list[str]
    name: str
    status: Status
    flaky: bool
    label: str | None
    duration: float | None
    error: ErrorShape | None
    attempts: int
    started: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class AssetShape:
    """A file; `url` is null where the report names one that was not delivered."""

    name: str
    media_type: str
    url: str | None


@dataclass(frozen=True, slots=True)
class StepShape:
    name: str
    status: Status
    duration: float | None
    error: ErrorShape | None
    trace: str
    output: str
    attachments: list[AssetShape]
    steps: list[StepShape]


@dataclass(frozen=True, slots=True)
class AttemptShape:
    """An earlier try, oldest first."""

    status: Status
    duration: float | None
    error: ErrorShape | None
    trace: str
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class WholeResultShape:
    """A result with everything it says."""

    result: ResultShape
    trace: str
    stdout: str
    stderr: str
    description: str
    tags: list[str]
    parameters: dict[str, str]
    metadata: dict[str, str]
    steps: list[StepShape]
    attachments: list[AssetShape]
    earlier_attempts: list[AttemptShape]


@router.get("/reports/{report_id}/results")
def list_report_results(
    report_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    status: Annotated[list[Status] | None, Query(description="Any of these")] = None,
    q: Annotated[str, Query(description="Words in names, containers and messages")] = "",
    flaky: bool = False,
    sort: Sort = Sort.FAILURES,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Listing[ResultShape]:
    """The results of a report, failures first."""
    with ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, who, report_id)
    page = list_results(
        ours.stores.results,
        report.profile_id,
        report.id,
        statuses=status or (),
        flaky=flaky,
        q=q,
        sort=sort,
        cursor=cursor,
        limit=limit,
    )
    labels = history.label(ours.stores, report, [each.test for each in page.items])
    base = base_url(request)
    items = [_shape(each, report.id, labels.get(each.test), base) for each in page.items]
    return Listing(items, page.next)


@router.get("/reports/{report_id}/results/{position}")
def show_report_result(
    report_id: int, position: int, request: Request, ours: Ours, who: Who
) -> WholeResultShape:
    """One result with its trace, output, steps, attachments and earlier attempts."""
    with ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, who, report_id)
    found = show_result(ours.stores.results, report.profile_id, report.id, position)
    labels = history.label(ours.stores, report, [found.test])
    base = base_url(request)
    listed = ListedResult(
        found.position,
        found.test,
        found.path,
        found.name,
        found.status,
        found.flaky,
        found.attempts,
        found.duration,
        found.started,
        found.error,
        found.type,
        found.message,
    )
    result = _shape(listed, report.id, labels.get(found.test), base)
    return _whole(result, found.detail, f"{base}/reports/{report.id}/assets")


def _shape(found: ListedResult, report: int, label: Label | None, base: str) -> ResultShape:
    said = bool(found.type or found.message)
    return ResultShape(
        position=found.position,
        test_id=test_id(found.test),
        path=list(found.path),
        name=found.name,
        status=found.status,
        flaky=found.flaky,
        label=label.text if label else None,
        duration=found.duration,
        error=ErrorShape(found.type, found.message) if said else None,
        attempts=found.attempts,
        started=found.started,
        url=f"{base}/reports/{report}/results/{found.position}",
    )


def _whole(result: ResultShape, detail: Detail, assets: str) -> WholeResultShape:
    return WholeResultShape(
        result=result,
        trace=detail.trace,
        stdout=detail.stdout,
        stderr=detail.stderr,
        description=detail.description,
        tags=detail.tags,
        parameters=detail.parameters,
        metadata=detail.metadata,
        steps=[_step(each, assets) for each in detail.steps],
        attachments=[_asset(each, assets) for each in detail.attachments],
        earlier_attempts=[
            AttemptShape(
                each.status,
                each.duration,
                _error(each.error),
                each.error.trace if each.error else "",
                each.stdout,
                each.stderr,
            )
            for each in detail.attempts
        ],
    )


def _step(step: StepDetail, assets: str) -> StepShape:
    return StepShape(
        step.name,
        step.status,
        step.duration,
        _error(step.error),
        step.error.trace if step.error else "",
        step.output,
        [_asset(each, assets) for each in step.attachments],
        [_step(each, assets) for each in step.steps],
    )


def _error(error: Error | None) -> ErrorShape | None:
    return ErrorShape(error.type, error.message) if error else None


def _asset(asset: AssetRef, assets: str) -> AssetShape:
    url = None if asset.number is None else f"{assets}/{asset.number}"
    return AssetShape(asset.name, asset.media_type, url)
