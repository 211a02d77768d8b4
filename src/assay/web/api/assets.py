"""Assets: the files of a report and of its results, and the raw uploads."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from assay import auth
from assay.errors import NotFound
from assay.store.catalog import assets, imports, runs
from assay.store.journal import Journal
from assay.web.api import exhibits
from assay.web.files import send, send_so_far
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import Listing

router = APIRouter(tags=["Assets"])


@dataclass(frozen=True, slots=True)
class AssetShape:
    """A file; `position` is of the result it belongs to, null for a file of the report itself."""

    number: int
    position: int | None
    name: str
    media_type: str
    size: int
    url: str


@router.get("/api/v3/reports/{report_id}/assets")
def list_assets(report_id: int, request: Request, ours: Ours, who: Who) -> Listing[AssetShape]:
    """The files of a report and of its results."""
    with ours.stores.catalog.read() as conn:
        auth.see_report(conn, who, report_id)
        found = assets.of_report(conn, report_id)
    base = f"{base_url(request)}/reports/{report_id}/assets"
    items = [
        AssetShape(e.number, e.position, e.name, e.media_type, e.size, f"{base}/{e.number}")
        for e in found
    ]
    return Listing(items, None)


@router.get("/reports/{report_id}/assets/{number}", include_in_schema=False)
@router.get("/reports/{report_id}/assets/{number}/{name:path}", include_in_schema=False)
def show_asset(
    report_id: int, number: int, request: Request, ours: Ours, who: Who, download: bool = False
) -> Response:
    """A file, as it came."""
    with ours.stores.catalog.read() as conn:
        auth.see_report(conn, who, report_id)
        found = assets.get(conn, report_id, number)
    if found is None:
        raise NotFound(f"Report {report_id} has no file {number}")
    return exhibits.show(request, found, download=download)


@router.get("/api/v3/imports/{import_id}/files/{number}", response_class=StreamingResponse)
def download_file(import_id: str, number: int, ours: Ours, who: Who) -> Response:
    """A delivered file, byte for byte as it came; `number` counts from 0. While a run goes on, what
    has come of it."""
    with ours.stores.catalog.read() as conn:
        found = auth.see_import(conn, who, import_id)
        files = imports.files(conn, found.id)
        run = runs.get(conn, found.id)
    if not 0 <= number < len(files):
        raise NotFound(f"Import {import_id} has no file {number}")
    file = files[number]
    name = file.file.replace("\\", "/").rsplit("/", 1)[-1]
    if run is not None:
        return send_so_far(Journal(ours.stores.blobs, run.journal), run.size, name)
    return send(ours.stores.blobs, file.blob, name, download=True)
