"""Calliope.pro's import API, as its clients call it.

An upload is acknowledged once its bytes and its row are on disk. What is wrong with a file's
content is told by the import's status, not by refusing the upload; only with `process_async=false`
does the answer wait for it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from assay import auth
from assay.auth import Caller
from assay.errors import NotFound
from assay.store.catalog import imports
from assay.store.catalog.imports import Import
from assay.store.catalog.reports import State
from assay.web.compat.description import STATUS, body, parameters, problems
from assay.web.importing import take
from assay.web.request import Ours, Who, base_url

router = APIRouter(prefix="/api/v2", tags=["Import (Calliope)"])

IMPORT_STATUS = {
    State.RUNNING: "processing",
    State.RECEIVED: "queued",
    State.PROCESSING: "processing",
    State.DONE: "success",
    State.FAILED: "failed",
    State.DELETED: "failed",
}
"""Calliope's own words for these are not known; clients only show them."""


@dataclass(frozen=True, slots=True)
class ImportStatus:
    """The answer to an import, and to each question after it."""

    report_id: int
    report_url: str
    report_status_url: str
    report_import_status: str
    report_import_progress: str
    message: str


@dataclass(frozen=True, slots=True)
class ProfileAnswer:
    """A profile the key may use."""

    id: int
    uuid: str
    name: str
    group_id: int
    company_id: int


IMPORT: dict[str, Any] = {
    "status_code": 201,
    "response_model": ImportStatus,
    "responses": problems(401, 403, 404, 413, 422)
    | {
        201: {
            "description": "All is on disk.",
            "content": {"application/json": {"example": STATUS}},
        }
    },
}
DETECTED = IMPORT | {"openapi_extra": {"parameters": parameters(), "requestBody": body()}}
NAMED = IMPORT | {
    "openapi_extra": {
        "parameters": parameters("formatter"),
        "requestBody": body("formatter"),
    }
}
"""What OpenAPI says of the ways to import. Values are read from the request, where they all are."""


@router.get("/profile/{profile_id}", responses=problems(401, 404))
def show_profile(profile_id: int, ours: Ours, who: Who) -> ProfileAnswer:
    """Whether the key may use the profile."""
    with ours.stores.catalog.read() as conn:
        found = auth.know_profile(conn, who, profile_id)
    return ProfileAnswer(found.id, found.uuid, found.name, found.group_id, found.company_id)


@router.get("/report/{report_id}/status", responses=problems(401, 404))
def show_status(report_id: int, request: Request, ours: Ours, who: Who) -> ImportStatus:
    """How far an import is: the same object as its acknowledgement, at any time."""
    with ours.stores.catalog.read() as conn:
        auth.know_report(conn, who, report_id)
        found = imports.of_report(conn, report_id)
    if found is None:
        raise NotFound(f"Report {report_id} has no import")
    return describe(base_url(request), found)


@router.post("/profile/{profile_id}/import/", include_in_schema=False)
@router.post(
    "/profile/{profile_id}/import", summary="Import reports, their format found out", **DETECTED
)
async def import_detected(profile_id: int, request: Request, who: Who) -> JSONResponse:
    """Each file's format is told by its content. Files that are no reports become attachments."""
    return await answer(request, who, profile_id)


@router.post("/profile/{profile_id}/import/{formatter}/", include_in_schema=False)
@router.post(
    "/profile/{profile_id}/import/{formatter}",
    summary="Import reports of a named format",
    **NAMED,
)
async def import_named(profile_id: int, formatter: str, request: Request, who: Who) -> JSONResponse:
    """Files are read as this format, and may be larger. Those that are evidently no reports become
    attachments."""
    return await answer(request, who, profile_id, formatter)


@router.post("/profile/{profile_id}/testresult/", include_in_schema=False)
@router.post("/profile/{profile_id}/report/import/", include_in_schema=False)
@router.post(
    "/profile/{profile_id}/testresult",
    summary="Import, at the address of the Ruby gem",
    deprecated=True,
    **DETECTED,
)
@router.post(
    "/profile/{profile_id}/report/import",
    summary="Import, at the address of older scripts",
    deprecated=True,
    **DETECTED,
)
async def import_as_before(profile_id: int, request: Request, who: Who) -> JSONResponse:
    """The same as `/import`, for clients that know no other address."""
    return await answer(request, who, profile_id)


async def answer(
    request: Request, who: Caller, profile_id: int, formatter: str = ""
) -> JSONResponse:
    """201 with what is known so far; 422 when the end was waited for and is a failure."""
    found = await take(request, who, profile_id, formatter)
    failed = found.state == State.FAILED and not found.options.get("process_async", True)
    return JSONResponse(asdict(describe(base_url(request), found)), 422 if failed else 201)


def describe(base: str, found: Import) -> ImportStatus:
    return ImportStatus(
        report_id=found.report_id,
        report_url=f"{base}/reports/{found.report_id}",
        report_status_url=f"{base}/api/v2/report/{found.report_id}/status",
        report_import_status=IMPORT_STATUS[found.state],
        report_import_progress=str(found.progress),
        message=found.message or "Received; the report will be there in a moment",
    )
