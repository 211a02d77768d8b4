"""Runs: reports that are sent while the tests go on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from assay import auth
from assay.errors import NotFound
from assay.store.catalog import imports, reports
from assay.store.catalog import runs as catalog
from assay.store.catalog.imports import Import
from assay.store.catalog.reports import State
from assay.web import streaming
from assay.web.compat.description import parameters, problems
from assay.web.request import Ours, Services, Who, base_url
from assay.web.shapes import CountsShape, Listing, shape_counts

router = APIRouter(prefix="/api/v3", tags=["Runs"])


def extendable(run_id: str, ours: Ours, who: Who) -> Import:
    """The run, for those who may add to it: asked before a body is looked at."""
    with ours.stores.catalog.read() as conn:
        return auth.extend_run(conn, who, run_id)


Extendable = Annotated[Import, Depends(extendable)]
Offset = Annotated[
    int, Header(ge=0, description="Where in the run the body begins, in bytes: its `offset`")
]


@dataclass(frozen=True, slots=True)
class RunShape:
    """A run. `state` is running until it is ended, then as of an import: received, processing, done
    or failed. `offset` is how many bytes of it are on disk: the next piece begins there. `counts`
    are of what was read so far. `message` says what became of it, or why nothing shows yet."""

    run_id: str
    profile_id: int
    report_id: int
    state: str
    offset: int
    counts: CountsShape
    message: str
    append_url: str
    finish_url: str
    report_url: str
    url: str


LINES: dict[str, Any] = {
    "description": "Lines of any format that is read line by line",
    "content": {
        "application/x-ndjson": {"schema": {"type": "string", "format": "binary"}},
    },
}
BEGIN: dict[str, Any] = {
    "status_code": 201,
    "response_model": RunShape,
    "responses": problems(401, 403, 404, 413, 422)
    | {429: {"description": "As many runs of the profile go on as may."}},
}
APPEND: dict[str, Any] = {
    "response_model": RunShape,
    "responses": problems(401, 403, 404, 413, 422)
    | {
        409: {"description": "The run ends elsewhere: `offset` says where. Go on from there."},
        410: {"description": "The run has ended, or its report was deleted."},
    },
    "openapi_extra": {"requestBody": LINES | {"required": True}},
}


@router.post(
    "/profiles/{profile_id}/runs",
    **BEGIN,
    openapi_extra={"parameters": parameters(), "requestBody": LINES},
)
async def begin_run(profile_id: int, request: Request, ours: Ours, who: Who) -> JSONResponse:
    """Begin a run whose lines are sent in pieces. The body may hold the first ones. Sent again with
    the same header `Idempotency-Key`, it answers with the run that was begun, and takes nothing:
    see `offset`."""
    found, new = await streaming.begin(request, who, profile_id)
    if new:
        await streaming.extend(request, found, 0)
    return await _answer(request, ours, found.id, 201 if new else 200)


@router.put(
    "/profiles/{profile_id}/runs",
    **BEGIN,
    openapi_extra={"parameters": parameters(), "requestBody": LINES | {"required": True}},
)
async def send_run(profile_id: int, request: Request, ours: Ours, who: Who) -> JSONResponse:
    """Send a whole run as one body that takes as long as the run: `my-tool | curl -T - …`. The run
    ends with the body. Where that breaks off the run stays open, for it to be gone on with in
    pieces."""
    found = await streaming.take(request, who, profile_id)
    failed = found.state is State.FAILED and not found.options.get("process_async", True)
    return await _answer(request, ours, found.id, 422 if failed else 201)


@router.get("/profiles/{profile_id}/runs")
def list_runs(profile_id: int, request: Request, ours: Ours, who: Who) -> Listing[RunShape]:
    """The runs of a profile that go on, the newest first."""
    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        found = catalog.of_profile(conn, profile.id)
    return Listing([_shape(ours, each.id, base_url(request)) for each in found], None)


@router.get("/runs/{run_id}")
def show_run(run_id: str, request: Request, ours: Ours, who: Who) -> RunShape:
    """How far a run is: where the next piece begins, or what became of it."""
    with ours.stores.catalog.read() as conn:
        found = auth.see_import(conn, who, run_id)
    return _shape(ours, found.id, base_url(request))


@router.patch("/runs/{run_id}/lines", **APPEND, summary="Append to a run")
@router.post("/runs/{run_id}/lines", **APPEND, summary="Append to a run")
async def append_to_run(
    found: Extendable, request: Request, ours: Ours, upload_offset: Offset
) -> JSONResponse:
    """Add lines. They are on disk when this answers, with the new `offset`. A piece that was sent
    before is refused with 409, so nothing is doubled; of a body that broke off, what came is kept.
    Pieces may end anywhere, in the middle of a line, too."""
    await streaming.extend(request, found, upload_offset)
    return await _answer(request, ours, found.id)


@router.post("/runs/{run_id}/finish", response_model=RunShape, responses=problems(401, 403, 404))
async def finish_run(found: Extendable, request: Request, ours: Ours) -> JSONResponse:
    """End a run: it is read as a whole, and its report is one like any other. Done again, it
    changes nothing. With the run's option `process_async=false` it answers when that is done."""
    found = await streaming.end(ours, found)
    failed = found.state is State.FAILED and not found.options.get("process_async", True)
    return await _answer(request, ours, found.id, 422 if failed else 200)


async def _answer(request: Request, ours: Services, run_id: str, status: int = 200) -> JSONResponse:
    shape = await run_in_threadpool(_shape, ours, run_id, base_url(request))
    headers = {streaming.OFFSET: str(shape.offset)}
    return JSONResponse(jsonable_encoder(asdict(shape)), status, headers)


def _shape(ours: Services, run_id: str, base: str) -> RunShape:
    with ours.stores.catalog.read() as conn:
        found = imports.get(conn, run_id)
        report = reports.get(conn, found.report_id) if found else None
        files = imports.files(conn, run_id)
    if found is None or report is None:
        raise NotFound(f"There is no run {run_id}, or you may not see it.")
    address = f"{base}/api/v3/runs/{found.id}"
    return RunShape(
        run_id=found.id,
        profile_id=found.profile_id,
        report_id=found.report_id,
        state=found.state.value,
        offset=files[0].size if files else 0,
        counts=shape_counts(report.counts),
        message=found.message,
        append_url=f"{address}/lines",
        finish_url=f"{address}/finish",
        report_url=f"{base}/reports/{found.report_id}",
        url=address,
    )
