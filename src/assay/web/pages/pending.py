"""What a profile's page says of runs that were asked for, and of what is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth, sources
from assay.runners import RUNNERS
from assay.runners.setup import active_setup, write_parameters
from assay.store.catalog import executions, reports, users
from assay.store.catalog.executions import Execution, ExecutionState
from assay.store.catalog.profiles import Profile
from assay.web.pages import runs, words
from assay.web.pages.notices import read_moment
from assay.web.pages.parts import Verdict
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, may_edit, may_import

router = APIRouter(include_in_schema=False)

EVERY_SECONDS = 3
LOOKBACK = 10
"""Ended runs by which it is told how long one usually takes."""

REMEMBERED = timedelta(days=2)
"""How long a run that failed is told of, if no other came after it."""

ALMOST = 95
"""Per cent at which a run that takes longer than usual stands still."""

TITLES = {each.name: each.title for each in RUNNERS}
LEADS = {
    ExecutionState.WAITING: "Waiting for {}",
    ExecutionState.STARTING: "Calling {}",
    ExecutionState.RUNNING: "Running in {}",
}


@dataclass(frozen=True, slots=True)
class PendingRun:
    """A run that goes on. `percent` is how far it probably is, as `usual` says; `url` is the job,
    `stop_url` for those who may stop waiting for it."""

    lead: str
    by: str
    at: datetime
    url: str
    message: str
    percent: int | None
    usual: str
    stop_url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run that has ended."""

    verdict: Verdict
    at: datetime
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Looked at again every so many seconds while there is a run."""

    runs: tuple[PendingRun, ...]
    outcomes: tuple[Outcome, ...]
    now: datetime
    poll_url: str
    every: int = EVERY_SECONDS


@dataclass(frozen=True, slots=True)
class PendingPage:
    pending: Pending


@dataclass(frozen=True, slots=True)
class Starter:
    """What a button on the page starts: a job (with its usual `parameters`), or a look into a
    source. `schedule` says when that happens by itself, `said` what came of the last look."""

    url: str
    where: str
    job: bool
    parameters: str = ""
    schedule: str = ""
    due: datetime | None = None
    said: str = ""
    looked_at: datetime | None = None
    failed: bool = False
    settings_url: str = ""


@router.get("/profiles/{profile_id}/pending")
def show_pending(guest: Guest, profile_id: int, since: str = "") -> Response:
    """For the profile's page, which asks again while a run goes on."""
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, guest.who, profile_id)
        pending = of_profile(conn, guest, profile, read_moment(since) or guest.now)
    return show("_pending", PendingPage(pending))


def of_profile(
    conn: Connection, guest: Visit, profile: Profile, since: datetime | None = None
) -> Pending:
    """What goes on, and what has ended `since` a page was shown; without that, the last that failed
    if nothing came after it."""
    going = executions.open_of(conn, profile.id)
    ended = _ended_since(conn, profile, since) if since else _failed_last(conn, guest, profile)
    usual = executions.usual_seconds(conn, profile.id, last=LOOKBACK) if going else None
    shown = since or guest.now
    return Pending(
        runs=tuple(_run(conn, guest, profile, each, usual) for each in going),
        outcomes=tuple(_outcome(conn, each) for each in ended),
        now=guest.now,
        poll_url=f"/profiles/{profile.id}/pending?{urlencode({'since': shown.isoformat()})}",
    )


def starter(guest: Visit, profile: Profile) -> Starter | None:
    """The button for those who may import; None for a profile that only waits for reports."""
    if not may_import(guest, profile):
        return None
    settings = may_edit(guest, profile)
    url = f"/profiles/{profile.id}"
    job, source = active_setup(profile), sources.active_setup(profile)
    if job is not None:
        return Starter(
            url=f"{url}/run",
            where=TITLES.get(job.runner, job.runner),
            job=True,
            parameters=write_parameters(job.parameters),
            schedule=job.times.words if profile.due_at else "",
            due=profile.due_at,
            settings_url=f"{url}/job" if settings else "",
        )
    if source is None:
        return None
    return Starter(
        url=f"{url}/collect",
        where=f"{source.source}/{source.folder}".rstrip("/"),
        job=False,
        schedule=source.times.words if profile.due_at else "",
        due=profile.due_at,
        said=source.said if source.failed or "looked" in guest.request.query_params else "",
        looked_at=source.looked_at,
        failed=source.failed,
        settings_url=f"{url}/source" if settings else "",
    )


def name_of(conn: Connection, run: Execution) -> str:
    """Who asked for it."""
    user = users.get(conn, run.user_id) if run.user_id else None
    return (user.name or user.email) if user else "the schedule"


def _run(
    conn: Connection, guest: Visit, profile: Profile, run: Execution, usual: float | None
) -> PendingRun:
    age = (guest.now - run.created_at).total_seconds()
    percent = min(ALMOST, round(100 * max(age, 0.0) / usual)) if usual else None
    may_stop = may_import(guest, profile)
    return PendingRun(
        lead=LEADS[run.state].format(TITLES.get(run.kind, run.kind)),
        by=name_of(conn, run),
        at=run.created_at,
        url=run.url,
        message=run.message,
        percent=percent,
        usual=f"usually {words.duration(usual)}" if usual else "",
        stop_url=f"/executions/{run.id}/stop" if may_stop else "",
    )


def _ended_since(conn: Connection, profile: Profile, since: datetime) -> Sequence[Execution]:
    found = executions.of_profile(conn, profile.id, limit=LOOKBACK)
    return [each for each in found if each.ended_at and each.ended_at > since]


def _failed_last(conn: Connection, guest: Visit, profile: Profile) -> Sequence[Execution]:
    newest = next(iter(executions.of_profile(conn, profile.id, limit=1)), None)
    if newest is None or newest.state is not ExecutionState.FAILED or newest.ended_at is None:
        return ()
    if newest.report_id is not None or newest.ended_at < guest.now - REMEMBERED:
        return ()
    latest = next(iter(reports.of_profile(conn, profile.id, limit=1)), None)
    return () if latest and latest.created_at > newest.ended_at else (newest,)


def _outcome(conn: Connection, run: Execution) -> Outcome:
    assert run.ended_at is not None
    title = TITLES.get(run.kind, run.kind)
    if run.state is ExecutionState.FAILED:
        verdict = Verdict("failed", f"The run in {title} brought no report.", run.message)
        return Outcome(verdict, run.ended_at, run.url, f"Look in {title}" if run.url else "")
    report = reports.get(conn, run.report_id) if run.report_id else None
    status = runs.mark(report) if report else "unknown"
    said = runs.sentence(report.counts) if report else "it was deleted since"
    url = f"/reports/{run.report_id}" if report else ""
    verdict = Verdict(status, "The report of the run is here:", said)
    return Outcome(verdict, run.ended_at, url, "Open the report" if url else "")
