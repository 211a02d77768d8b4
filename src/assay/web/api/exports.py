"""A report, taken out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import StreamingResponse

from assay import auth
from assay.web.files import attached
from assay.web.pages.exports import EXPORTS, Export, by_name, outgoing
from assay.web.request import Ours, Services, Who, base_url

router = APIRouter(prefix="/api/v3", tags=["Reports"])

Kind = Annotated[
    str,
    Path(
        description="; ".join(f"`{each.name}`: {each.title}. {each.words}" for each in EXPORTS),
        json_schema_extra={"enum": [each.name for each in EXPORTS]},
    ),
]
FILES: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The file",
        "content": {
            each.media_type: {"schema": {"type": "string", "format": "binary"}} for each in EXPORTS
        },
    }
}


@router.get("/reports/{report_id}/export/{kind}", response_class=StreamingResponse, responses=FILES)
def export_report(
    report_id: int, kind: Kind, request: Request, ours: Ours, who: Who
) -> StreamingResponse:
    """The report as a file. 503 while it is still being read."""
    return _send(report_id, by_name(kind), request, ours, who)


@router.get("/reports/{report_id}/calliope.json", response_class=StreamingResponse)
def export_calliope(report_id: int, request: Request, ours: Ours, who: Who) -> StreamingResponse:
    """The report as Calliope JSON: whole, and importable again here or elsewhere."""
    return _send(report_id, by_name("calliope"), request, ours, who)


def _send(
    report_id: int, export: Export, request: Request, ours: Services, who: auth.Caller
) -> StreamingResponse:
    with ours.stores.catalog.read() as conn:
        found = auth.see_report(conn, who, report_id)
    url = f"{base_url(request)}/reports/{found.id}"
    report = outgoing(ours.stores, found, url, ours.clock())
    return StreamingResponse(
        export.write(report),
        media_type=export.media_type,
        headers=attached(export.file(report)),
    )
