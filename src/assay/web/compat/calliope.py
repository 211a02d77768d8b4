"""Calliope.pro's import API, as its clients call it.

An upload is acknowledged once its bytes and its row are on disk. What is wrong with a file's
content is told by the import's status, not by refusing the upload; only with `process_async=false`
does the answer wait for it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from assay import auth
from assay.auth import Caller
from assay.errors import NotFound
from assay.store.catalog import imports
from assay.store.catalog.imports import Import
from assay.store.catalog.reports import State
from assay.web.importing import take
from assay.web.request import Ours, Who, base_url

router = APIRouter(prefix="/api/v2", tags=["Import (Calliope)"])

IMPORT_STATUS = {
    State.RECEIVED: "queued",
    State.PROCESSING: "processing",
    State.DONE: "success",
    State.FAILED: "failed",
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


BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file[]": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "description": "The report files, or archives of them",
                    },
                    "attachment[]": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "description": "Screenshots, logs and the like, or one zip of them",
                    },
                },
            }
        },
        "text/xml": {"schema": {"type": "string"}},
        "application/json": {"schema": {}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}

Tags = Annotated[
    list[str], Query(alias="tag[]", description="Tags on the report, `name` or `name:value`")
]


class Parameters:
    """The documented query parameters; each may come as a form field instead."""

    def __init__(
        self,
        tags: Tags = [],  # noqa: B006 (FastAPI copies it)
        date: Annotated[
            str | None, Query(description="When the tests ran; `now`, or a date and time")
        ] = None,
        smart: Annotated[
            bool | None,
            Query(description="A tidy tree where the format has one, as Jest (the default: true)"),
        ] = None,
        process_async: Annotated[
            bool | None, Query(description="Answer before the report is read (the default)")
        ] = None,
        branch: Annotated[str | None, Query(description="The branch that was tested")] = None,
        commit: Annotated[str | None, Query(description="The commit that was tested")] = None,
        build: Annotated[str | None, Query(description="The build's number or name")] = None,
    ) -> None:
        """Only documents: values are read from the request, where every parameter is."""


@router.get("/profile/{profile_id}")
def show_profile(profile_id: int, ours: Ours, who: Who) -> ProfileAnswer:
    """Whether the key may use the profile."""
    with ours.stores.catalog.read() as conn:
        found = auth.know_profile(conn, who, profile_id)
    return ProfileAnswer(found.id, found.uuid, found.name, found.group_id, found.company_id)


@router.get("/report/{report_id}/status")
def show_status(report_id: int, request: Request, ours: Ours, who: Who) -> ImportStatus:
    """How far an import is."""
    with ours.stores.catalog.read() as conn:
        auth.know_report(conn, who, report_id)
        found = imports.of_report(conn, report_id)
    if found is None:
        raise NotFound(f"Report {report_id} has no import")
    return describe(base_url(request), found)


@router.post("/profile/{profile_id}/import/", include_in_schema=False)
@router.post(
    "/profile/{profile_id}/import",
    status_code=201,
    response_model=ImportStatus,
    openapi_extra={"requestBody": BODY},
    summary="Import reports, their format detected",
)
async def import_detected(
    profile_id: int,
    request: Request,
    who: Who,
    _parameters: Annotated[Parameters, Depends()],
    formatter: Annotated[str, Query(description="The format, if not in the path")] = "",
) -> JSONResponse:
    """Each file's format is told by its content. Files that are no reports become attachments."""
    return await answer(request, who, profile_id, formatter)


@router.post("/profile/{profile_id}/import/{formatter}/", include_in_schema=False)
@router.post(
    "/profile/{profile_id}/import/{formatter}",
    status_code=201,
    response_model=ImportStatus,
    openapi_extra={"requestBody": BODY},
    summary="Import reports of a named format",
)
async def import_named(
    profile_id: int,
    formatter: str,
    request: Request,
    who: Who,
    _parameters: Annotated[Parameters, Depends()],
) -> JSONResponse:
    """Each file is read as this format."""
    return await answer(request, who, profile_id, formatter)


async def answer(request: Request, who: Caller, profile_id: int, formatter: str) -> JSONResponse:
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
