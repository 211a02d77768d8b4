"""The API's description, drawn by Swagger UI from our own files."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from assay.web.pages.frame import Frame
from assay.web.pages.view import show
from assay.web.pages.visit import anyones_frame

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ApiDocsPage:
    frame: Frame


@router.get("/api/docs")
def show_api_docs(request: Request) -> Response:
    """For anyone: it tells of the program, and nothing of what is stored."""
    return show("api_docs", ApiDocsPage(anyones_frame(request, "API")))
