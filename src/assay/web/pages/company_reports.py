"""The reports of all profiles of a company, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from assay import auth
from assay.store.catalog import profiles, reports
from assay.store.catalog.reports import Report
from assay.web.pages import runs
from assay.web.pages.company import tabs
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link, Tab
from assay.web.pages.profile_views import Reports
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, frame
from assay.web.shapes import PAGE, read_report_cursor, report_cursor

router = APIRouter(include_in_schema=False)

Words = Annotated[str, Query(max_length=500)]


@dataclass(frozen=True, slots=True)
class CompanyReportsPage:
    frame: Frame
    url: str
    tabs: tuple[Tab, ...]
    q: str
    runs: Reports


@router.get("/companies/{company_id}/reports")
def show_reports(
    guest: Guest, company_id: int, q: Words = "", cursor: str | None = None
) -> Response:
    before = read_report_cursor(cursor)
    with guest.ours.stores.catalog.read() as conn:
        company = auth.see_company(conn, guest.who, company_id)
        crumbs = (Link(company.name, f"/companies/{company.id}"),)
        around = frame(conn, guest, "Reports", company=company.id, crumbs=crumbs)
        found = reports.of_company(conn, company.id, limit=PAGE, before=before, q=q)
        names = {each.id: each.name for each in profiles.of_company(conn, company.id)}
    url = f"/companies/{company.id}/reports"
    listed = _listed(url, q, found, names)
    return show(
        "company_reports",
        CompanyReportsPage(around, url, tabs(company.id, "Reports"), q, listed),
    )


def _listed(url: str, q: str, found: Sequence[Report], names: dict[int, str]) -> Reports:
    rows = (replace(runs.run(each), profile=names.get(each.profile_id, "")) for each in found)
    cursor = report_cursor(list(found), PAGE)
    kept = {name: value for name, value in (("q", q), ("cursor", cursor)) if value}
    return Reports(tuple(rows), f"{url}?{urlencode(kept)}" if cursor else "")
