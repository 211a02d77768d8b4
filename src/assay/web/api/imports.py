"""Imports: what came, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request

from assay import auth
from assay.store.catalog import imports
from assay.web.request import Ours, Who, base_url

router = APIRouter(prefix="/api/v3", tags=["Imports"])


@dataclass(frozen=True, slots=True)
class FileShape:
    """A file as it came; its bytes are kept as they are."""

    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LogShape:
    """A line of the log: what happened, to which file, at which place in it."""

    at: datetime | None
    level: str
    message: str
    file: str
    where: str


@dataclass(frozen=True, slots=True)
class ImportShape:
    """One delivery. `state` is received, processing, done or failed; `progress` is in percent."""

    id: str
    profile_id: int
    report_id: int
    state: str
    progress: int
    message: str
    formatter: str
    options: dict[str, Any]
    tries: int
    received_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    files: list[FileShape]
    log: list[LogShape]
    url: str


@router.get("/imports/{import_id}")
def show_import(import_id: str, request: Request, ours: Ours, who: Who) -> ImportShape:
    with ours.stores.catalog.read() as conn:
        found = auth.see_import(conn, who, import_id)
        files = imports.files(conn, found.id)
        log = imports.log_of(conn, found.id)
    return ImportShape(
        id=found.id,
        profile_id=found.profile_id,
        report_id=found.report_id,
        state=found.state.value,
        progress=found.progress,
        message=found.message,
        formatter=found.formatter,
        options=found.options,
        tries=found.tries,
        received_at=found.received_at,
        started_at=found.started_at,
        finished_at=found.finished_at,
        files=[FileShape(each.file, each.kind, each.size, each.sha256) for each in files],
        log=[LogShape(e.at, e.level, e.message, e.file, e.where) for e in log],
        url=f"{base_url(request)}/imports/{found.id}",
    )
