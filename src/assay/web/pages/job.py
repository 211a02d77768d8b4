"""The job of an executable profile: which it is, when it is started, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth, executions
from assay.errors import AssayError, Invalid, Undeliverable
from assay.notify.channel import fields_of
from assay.runners import RUNNERS, Runner, by_name
from assay.runners.setup import Setup, active_setup, read_parameters, write_parameters
from assay.schedules import Schedule
from assay.store.catalog import executions as rows
from assay.store.catalog.executions import Execution, ExecutionState
from assay.store.catalog.profiles import Kind, Profile
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link, Verdict
from assay.web.pages.pending import TITLES, name_of
from assay.web.pages.setup_forms import (
    Given,
    Input,
    ScheduleInput,
    inputs,
    schedule_input,
    schedule_text,
)
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go
from assay.workspace import origins
from assay.workspace.origins import WantedJob

router = APIRouter(include_in_schema=False)

RECENT = 30
SAID = {
    "saved": "The job is saved. Try it, or press Run on the profile's page.",
    "removed": "The job is removed. The profile takes the reports that are sent to it.",
}
STATES = {
    ExecutionState.WAITING: "running",
    ExecutionState.STARTING: "running",
    ExecutionState.RUNNING: "running",
    ExecutionState.DONE: "passed",
    ExecutionState.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class JobForm:
    """The form of a job with one runner."""

    runner: str
    title: str
    how: str
    inputs: tuple[Input, ...]
    parameters: str
    schedule: ScheduleInput
    open: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """The job as it is."""

    title: str
    where: str
    parameters: tuple[tuple[str, str], ...]
    schedule: str
    due: datetime | None
    form: JobForm


@dataclass(frozen=True, slots=True)
class Asked:
    """A run in the list. `took` is in seconds."""

    status: str
    state: str
    by: str
    at: datetime
    took: float | None
    parameters: str
    message: str
    job: Link | None
    report: Link | None


@dataclass(frozen=True, slots=True)
class Fresh:
    """A secret that was made just now, the one time it is shown."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class JobPage:
    """`off` is when this server calls nobody; `lost` is the address that a job is told, where the
    server does not know its own."""

    frame: Frame
    url: str
    off: bool
    lost: str
    job: Job | None
    forms: tuple[JobForm, ...]
    asked: tuple[Asked, ...]
    said: Verdict | None = None
    fresh: Fresh | None = None


@router.get("/profiles/{profile_id}/job")
def show_job(guest: Guest, profile_id: int, done: str = "") -> Response:
    with guest.ours.stores.catalog.read() as conn:
        page = build(conn, guest, auth.edit_profile(conn, guest.who, profile_id))
    said = Verdict("passed", SAID[done]) if done in SAID else None
    return show("job", replace(page, said=said))


@router.post("/profiles/{profile_id}/job")
def save_job(guest: Guest, profile_id: int, given: Given) -> Response:
    """Answers with the page itself where a secret was made: it is shown this once."""
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.edit_profile(conn, guest.who, profile_id)
    try:
        parameters = read_parameters(given.get("parameters", ""))
        wanted = WantedJob(given.get("runner", ""), given, parameters, schedule_text(given))
        with guest.ours.stores.catalog.write() as conn:
            secrets = origins.set_job(conn, guest.who, profile.id, wanted, guest.now)
    except Invalid as error:
        return _refuse(guest, profile, error, given)
    if not secrets:
        return go(f"/profiles/{profile.id}/job?done=saved")
    with guest.ours.stores.catalog.read() as conn:
        page = build(conn, guest, auth.edit_profile(conn, guest.who, profile_id))
    labels = {each.name: each.label for each in fields_of(by_name(wanted.runner))}
    name, value = next(iter(secrets.items()))
    answer = show("job", replace(page, fresh=Fresh(labels[name], value)))
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/profiles/{profile_id}/job/remove")
def remove_job(guest: Guest, profile_id: int) -> Response:
    with guest.ours.stores.catalog.write() as conn:
        origins.remove_job(conn, guest.who, profile_id, guest.now)
    return go(f"/profiles/{profile_id}/job?done=removed")


@router.post("/profiles/{profile_id}/job/test")
def try_job(guest: Guest, profile_id: int) -> Response:
    """The page with what the other side said."""
    ours = guest.ours
    with ours.stores.catalog.read() as conn:
        profile = auth.edit_profile(conn, guest.who, profile_id)
    setup = active_setup(profile)
    if setup is None:
        return go(f"/profiles/{profile.id}/job")
    try:
        answer = executions.try_job(ours.settings, profile, setup, guest.now)
        said = Verdict("passed", f"{answer}.", "Nothing was started.")
    except Undeliverable as error:
        said = Verdict("failed", "The job could not be started like this.", f"{error}.")
    with ours.stores.catalog.read() as conn:
        page = build(conn, guest, profile)
    return show("job", replace(page, said=said))


@router.post("/profiles/{profile_id}/run")
def run(guest: Guest, profile_id: int, given: Given) -> Response:
    """Ask for a run; the profile's page shows how it stands."""
    with guest.ours.stores.catalog.write() as conn:
        profile = auth.import_into(conn, guest.who, profile_id)
        told = read_parameters(given["parameters"]) if "parameters" in given else None
        user = guest.who.user.id
        executions.ask_for(conn, profile, user=user, parameters=told, now=guest.now)
    return go(f"/profiles/{profile.id}")


@router.post("/executions/{execution_id}/stop")
def stop(guest: Guest, execution_id: str) -> Response:
    with guest.ours.stores.catalog.write() as conn:
        found = auth.stop_execution(conn, guest.who, execution_id)
        executions.stop_waiting(conn, found, guest.who.user.name, guest.now)
    return go(f"/profiles/{found.profile_id}")


def build(conn: Connection, guest: Visit, profile: Profile) -> JobPage:
    """The page of a profile that `guest` may change."""
    settings, setup = guest.ours.settings, active_setup(profile)
    url = f"/profiles/{profile.id}"
    others = [each for each in RUNNERS if setup is None or each.name != setup.runner]
    return JobPage(
        frame=frame(
            conn,
            guest,
            "Job",
            company=profile.company_id,
            profile=profile.id,
            crumbs=(Link(profile.name, url), Link("Settings", f"{url}/settings")),
        ),
        url=url,
        off=settings.webhooks == "off",
        lost="" if settings.url else settings.home,
        job=_job(profile, setup) if setup else None,
        forms=() if profile.kind is Kind.SET else tuple(_form(each) for each in others),
        asked=tuple(_asked(conn, e) for e in rows.of_profile(conn, profile.id, limit=RECENT)),
    )


def _job(profile: Profile, setup: Setup) -> Job:
    runner = by_name(setup.runner)
    form = replace(
        _form(runner),
        how="",
        inputs=inputs(runner, setup.config, known=True),
        parameters=write_parameters(setup.parameters),
        schedule=schedule_input(setup.times),
    )
    return Job(
        title=runner.title,
        where=runner.where(runner.config(**setup.config)),
        parameters=tuple(setup.parameters.items()),
        schedule=setup.times.words,
        due=profile.due_at,
        form=form,
    )


def _form(runner: Runner) -> JobForm:
    fields = inputs(runner, {}, known=False)
    schedule = schedule_input(Schedule())
    return JobForm(runner.name, runner.title, runner.how, fields, "", schedule)


def _asked(conn: Connection, found: Execution) -> Asked:
    took = (found.ended_at - found.created_at).total_seconds() if found.ended_at else None
    report = found.report_id
    return Asked(
        status=STATES[found.state],
        state=found.state.value,
        by=name_of(conn, found),
        at=found.created_at,
        took=took,
        parameters=", ".join(f"{name}={value}" for name, value in found.parameters.items()),
        message=found.message,
        job=Link(TITLES.get(found.kind, found.kind), found.url) if found.url else None,
        report=Link(f"Report #{report}", f"/reports/{report}") if report else None,
    )


def _refuse(
    guest: Visit, profile: Profile, error: AssayError, given: Mapping[str, str]
) -> Response:
    """The page again, with what was typed still in its form but for secrets."""
    with guest.ours.stores.catalog.read() as conn:
        page = build(conn, guest, profile)
    forms = tuple(_again(each, given) for each in page.forms)
    job = replace(page.job, form=_again(page.job.form, given)) if page.job else None
    said = Verdict("failed", f"Nothing was changed. {error}.")
    return show("job", replace(page, said=said, forms=forms, job=job), 422)


def _again(form: JobForm, given: Mapping[str, str]) -> JobForm:
    if form.runner != given.get("runner"):
        return form
    typed = tuple(
        each if each.secret else replace(each, value=given.get(each.name, ""))
        for each in form.inputs
    )
    return replace(form, inputs=typed, parameters=given.get("parameters", ""), open=True)
