"""A report, taken out again."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from assay import auth
from assay.formats.calliope import counted, write
from assay.model import Run
from assay.queries.report_items import stream_items
from assay.store.catalog import profiles
from assay.store.catalog.reports import Report
from assay.web.request import Ours, Who

router = APIRouter(prefix="/api/v3", tags=["Reports"])


@router.get("/reports/{report_id}/calliope.json", response_class=StreamingResponse)
def export_calliope(report_id: int, ours: Ours, who: Who) -> StreamingResponse:
    """The report as Calliope JSON: whole, and importable again here or elsewhere."""
    with ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, who, report_id)
        profile = profiles.get(conn, report.profile_id)
    items = stream_items(ours.stores.results, report.profile_id, report.id, report.counts.total)
    name = f"{profile.name if profile else 'report'} {report.id}.json"
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return StreamingResponse(
        write(items, _run(report), _facts(report)),
        media_type="application/json",
        headers={"content-disposition": disposition},
    )


def _run(report: Report) -> Run:
    return Run(
        report.date,
        report.duration,
        report.branch,
        report.commit,
        report.build,
        tuple(report.tags),
        report.metadata or None,
    )


def _facts(report: Report) -> dict[str, object]:
    return {
        "id": report.uuid,
        "profile_id": report.profile_id,
        "import_id": report.import_id,
        "created_at": report.created_at,
        "updated_at": report.updated_at,
        **counted(report.counts),
    }
