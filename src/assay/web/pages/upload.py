"""Uploading on a page of its own, for those who have no script: choose a profile, then files."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from assay import auth
from assay.errors import AssayError
from assay.web.importing import take
from assay.web.pages.frame import Choices, Frame, Upload
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, choices, frame, go, upload_form

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class UploadPage:
    """`form` once a profile is chosen, `groups` to choose from before."""

    frame: Frame
    groups: tuple[Choices, ...]
    form: Upload | None
    problem: str = ""


@router.get("/upload")
def show_upload(guest: Guest, profile: int | None = None) -> Response:
    return show("upload", build(guest, profile))


@router.post("/upload")
async def upload(request: Request, guest: Guest, profile: int) -> Response:
    """The same as the API's import, answered with the import's page."""
    try:
        found = await take(request, guest.who, profile, "")
    except AssayError as error:
        page = await run_in_threadpool(build, guest, profile, str(error))
        return show("upload", page, 422)
    return go(f"/imports/{found.id}")


def build(guest: Visit, profile: int | None, problem: str = "") -> UploadPage:
    """The page, for a profile that `guest` may import into or none."""
    with guest.ours.stores.catalog.read() as conn:
        found = auth.import_into(conn, guest.who, profile) if profile is not None else None
        company = found.company_id if found else None
        around = frame(conn, guest, "Upload", company=company, profile=profile)
        form = upload_form(conn, guest, profile) if found else None
        groups = choices(conn, guest)
    fixed = replace(form, fixed=found.name) if form and found else None
    return UploadPage(replace(around, upload=None), groups, fixed, problem)
