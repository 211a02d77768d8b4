"""The API's description, drawn by Swagger UI from our own files."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from assay.web.pages.frame import Frame
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, frame

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ApiDocsPage:
    frame: Frame


@router.get("/api/docs")
def show_api_docs(guest: Guest) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        return show("api_docs", ApiDocsPage(frame(conn, guest, "API")))
