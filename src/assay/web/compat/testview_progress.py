"""XL TestView's internal API: whether something of a test specification goes on, and how a run that
was asked for ended. XL Release's tasks ask for it every ten seconds."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.auth import Caller
from assay.errors import NotFound
from assay.store.catalog import executions, imports, profiles, reports, sets
from assay.store.catalog.executions import Execution
from assay.store.catalog.profiles import Profile
from assay.web.compat import testview_places as places
from assay.web.request import Ours, Who
from assay.workspace.qualifying import qualify_report

router = APIRouter(prefix="/api/internal", include_in_schema=False)

BUSY = 'event: status\ndata: {"status":"running"}\n\n'
IDLE = 'event: status\ndata: {"status":"finished"}\n\nevent: close\ndata: {}\n\n'
CLOSED = {"event": "event: close"}
"""Words that clients look for in the text of the answer."""

NOBODY = "None"
"""What one release of XL Release's plugin asks for, having looked up the id of the task rather than
of the test specification: whatever the caller may see is meant."""


@router.get("/projects/{specification:path}/status")
def show_status(specification: str, ours: Ours, who: Who) -> Response:
    """`running` while results are being read or tests are run, as an event stream that ends."""
    with ours.stores.catalog.read() as conn:
        if specification == NOBODY:
            seen = [each.id for each in auth.visible_profiles(conn, who)]
            busy = executions.under_way(conn, seen)
        else:
            busy = _under_way(conn, places.know_specification(conn, who, specification))
    return Response(BUSY if busy else IDLE, media_type="text/event-stream")


@router.get("/test/{task}")
def show_task(task: str, ours: Ours, who: Who) -> dict[str, Any]:
    """How a run that was asked for is doing: its verdict counts once it runs no more."""
    with ours.stores.catalog.read() as conn:
        found = _execution(conn, who, task)
        if found.ended_at is None:
            return {"running": True, "qualification": False}
        return {"running": False, "qualification": _passed(conn, found)} | CLOSED


def _under_way(conn: Connection, found: Profile) -> bool:
    inside = sets.tested(sets.of_company(conn, found.company_id), found.id)
    return imports.under_way(conn, inside) or executions.under_way(conn, inside)


def _execution(conn: Connection, who: Caller, task: str) -> Execution:
    found = executions.get(conn, task)
    profile = profiles.get(conn, found.profile_id) if found else None
    if found is None or profile is None or who.role_in(profile.company_id) is None:
        raise NotFound(f"There is no task {task[:200]}, or you may not see it.")
    auth.see_profile(conn, who, profile.id)
    return found


def _passed(conn: Connection, found: Execution) -> bool:
    """By the report it brought; a run that was not made, or brought none, is no pass."""
    report = reports.get(conn, found.report_id) if found.report_id else None
    return bool(report and report.state == "done" and qualify_report(report).passed)
