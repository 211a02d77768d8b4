"""An import: how far it is, what came, and what it has to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.store.catalog import assets, imports, keys, profiles, reports, users
from assay.store.catalog.imports import EDITED, Delivery, Import, LogEntry
from assay.store.catalog.reports import Report, State
from assay.web.pages import runs, stories, words
from assay.web.pages.frame import Frame
from assay.web.pages.parts import File, Link, Verdict
from assay.web.pages.place import MEMBERS
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame

router = APIRouter(include_in_schema=False)

LEVELS = {"info": "none", "warning": "flaky", "error": "failed"}
GOING = (State.RECEIVED, State.PROCESSING)
SHOWN = (State.RUNNING, State.DONE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log, with the mark of its level."""

    status: str
    level: str
    message: str
    file: str
    where: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came; `url` gives its bytes."""

    name: str
    kind: str
    size: int
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    frame: Frame
    url: str
    going: bool
    verdict: Verdict
    received: datetime
    took: float | None
    sender: str
    tries: int
    progress: int
    report_url: str
    log: tuple[Entry, ...]
    files: tuple[Sent, ...]
    kept: tuple[File, ...]
    options: tuple[tuple[str, str], ...]


@router.get("/imports/{import_id}")
def show_import(guest: Guest, import_id: str) -> Response:
    """Whoever watches is led on to the report, unless the log has something to say."""
    with guest.ours.stores.catalog.read() as conn:
        found = auth.see_import(conn, guest.who, import_id)
        page = build(conn, guest, found)
    watched = "hx-request" in guest.request.headers
    if watched and page.report_url and not any(each.level != "info" for each in page.log):
        return Response(headers={"hx-redirect": page.report_url})
    return show("importing", page)


def build(conn: Connection, guest: Visit, found: Import) -> ImportPage:
    """The page of an import the guest may see."""
    profile = profiles.get(conn, found.profile_id)
    assert profile is not None
    report = reports.get(conn, found.report_id)
    return ImportPage(
        frame=frame(
            conn,
            guest,
            "Import",
            company=profile.company_id,
            profile=profile.id,
            crumbs=(Link(profile.name, f"/profiles/{profile.id}"),),
        ),
        url=f"/imports/{found.id}",
        going=found.state in GOING,
        verdict=_verdict(found, report),
        received=found.received_at,
        took=_took(found),
        sender=_sender(conn, found),
        tries=found.tries,
        progress=found.progress,
        report_url=f"/reports/{found.report_id}" if found.state in SHOWN else "",
        log=entries(imports.log_of(conn, found.id)),
        files=sent(found.id, imports.files(conn, found.id)),
        kept=_kept(conn, found),
        options=_options(found),
    )


def _kept(conn: Connection, found: Import) -> tuple[File, ...]:
    """What is left of an import that became no report."""
    if found.state is not State.FAILED:
        return ()
    place = MEMBERS.report(found.report_id)
    return stories.listed(place, assets.of_report(conn, found.report_id))


def entries(log: Sequence[LogEntry]) -> tuple[Entry, ...]:
    """The lines of an import's log."""
    return tuple(
        Entry(LEVELS.get(each.level, "none"), each.level, each.message, each.file, each.where)
        for each in log
    )


def sent(import_id: str, files: Sequence[Delivery]) -> tuple[Sent, ...]:
    """The files of an import, in the order they came."""
    url = f"/api/v3/imports/{import_id}/files"
    return tuple(
        Sent(each.file, each.kind, each.size, each.sha256, f"{url}/{number}")
        for number, each in enumerate(files)
    )


def _verdict(found: Import, report: Report | None) -> Verdict:
    if found.state is State.RUNNING:
        return Verdict("running", "The run goes on.", "What has come is on its report's page.")
    if found.state is State.RECEIVED:
        return Verdict("running", "Waiting for a worker.", "The bytes are safe on disk.")
    if found.state is State.PROCESSING:
        done = f"{found.progress}{words.UNIT}% so far." if found.progress else ""
        return Verdict("running", "Being read …", done)
    if found.state is State.FAILED:
        return Verdict("failed", "This import failed.", found.message)
    total = report.counts.total if report else 0
    lead = f"Read: {words.count(total, 'result')}."
    return Verdict("passed", lead, runs.sentence(report.counts) if report else "")


def _took(found: Import) -> float | None:
    if found.state in GOING or found.finished_at is None or found.started_at is None:
        return None
    return (found.finished_at - found.started_at).total_seconds()


def _sender(conn: Connection, found: Import) -> str:
    user = users.get(conn, found.user_id) if found.user_id else None
    key = keys.get(conn, found.key_id) if found.key_id else None
    who = user.name if user else "someone who has left"
    return f"{who}, key “{key.name}”" if key else who


def _options(found: Import) -> tuple[tuple[str, str], ...]:
    """What the sender asked for, as text."""
    asked = {"formatter": found.formatter} if found.formatter else {}
    told = asked | {name: each for name, each in found.options.items() if name != EDITED}
    return tuple((name, _plain(value)) for name, value in told.items())


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
