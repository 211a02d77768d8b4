"""Runs of a profile's job: asked for, watched, and what the job is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request
from starlette.responses import Response

from assay import auth, executions
from assay.errors import Invalid, NotFound
from assay.notify.channel import fields_of
from assay.runners import RUNNERS, by_name
from assay.runners.setup import Setup, setup_of
from assay.store.catalog import executions as rows
from assay.store.catalog.executions import Execution, ExecutionState
from assay.store.catalog.profiles import Profile
from assay.web.api.notifications import FieldShape
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import LARGEST_PAGE, PAGE, Listing
from assay.workspace import origins
from assay.workspace.origins import WantedJob

router = APIRouter(prefix="/api/v3", tags=["Jobs"])

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Items in the list")]


@dataclass(frozen=True, slots=True)
class RunnerShape:
    """A kind of place where jobs are started, and what its `config` holds."""

    runner: str
    title: str
    how: str
    fields: list[FieldShape]


@dataclass(frozen=True, slots=True)
class JobShape:
    """A profile's job without its secrets. `schedule` is nothing, `15 minutes`, `hourly`,
    `daily 02:00` or `weekly mon 02:00`, in UTC. `secrets` holds what was made for it, in the answer
    to its making and nowhere else."""

    runner: str
    where: str
    config: dict[str, str]
    parameters: dict[str, str]
    schedule: str
    due_at: datetime | None
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobRequest:
    """`config` holds the fields of the runner. A secret that is left out stays as it is, as long as
    the address does."""

    runner: str
    config: dict[str, str]
    parameters: dict[str, str] = field(default_factory=dict)
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class JobTest:
    """What the other side said; nothing was started."""

    message: str


@dataclass(frozen=True, slots=True)
class ExecutionRequest:
    """What the job is told; the usual parameters of the job, where nothing is said."""

    parameters: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ExecutionShape:
    """A run that was asked for. `state` is waiting, starting, running, done (its report is there)
    or failed (`message` says why); `job_url` is where the job is seen; `user_id` is null for a
    schedule's."""

    id: str
    profile_id: int
    user_id: int | None
    state: ExecutionState
    runner: str
    job_url: str
    message: str
    parameters: dict[str, str]
    created_at: datetime
    ended_at: datetime | None
    report_id: int | None
    url: str


def editable(profile_id: int, ours: Ours, who: Who) -> Profile:
    with ours.stores.catalog.read() as conn:
        return auth.edit_profile(conn, who, profile_id)


def known(execution_id: str, ours: Ours, who: Who) -> Execution:
    with ours.stores.catalog.read() as conn:
        return auth.know_execution(conn, who, execution_id)


def stoppable(execution_id: str, ours: Ours, who: Who) -> Execution:
    with ours.stores.catalog.read() as conn:
        return auth.stop_execution(conn, who, execution_id)


Editable = Annotated[Profile, Depends(editable)]


@router.get("/runners")
def list_runners(_who: Who) -> Listing[RunnerShape]:
    """Where jobs can be started, and what each has to know."""
    return Listing([_runner(each.name) for each in RUNNERS], None)


@router.get("/profiles/{profile_id}/job")
def show_job(profile: Editable) -> JobShape:
    return _job(profile)


@router.put("/profiles/{profile_id}/job")
def set_job(profile: Editable, wanted: JobRequest, ours: Ours, who: Who) -> JobShape:
    """Say which job is started, which makes the profile an executable one."""
    if not any(each.name == wanted.runner for each in RUNNERS):
        names = ", ".join(each.name for each in RUNNERS)
        raise Invalid(f"The runner of a job is one of {names}", "runner")
    asked = WantedJob(wanted.runner, wanted.config, wanted.parameters, wanted.schedule)
    with ours.stores.catalog.write() as conn:
        secrets = origins.set_job(conn, who, profile.id, asked, ours.clock())
        return _job(auth.edit_profile(conn, who, profile.id), secrets)


@router.delete("/profiles/{profile_id}/job", status_code=204)
def remove_job(profile: Editable, ours: Ours, who: Who) -> Response:
    """The profile takes what is sent to it from then on, and starts nothing."""
    with ours.stores.catalog.write() as conn:
        origins.remove_job(conn, who, profile.id, ours.clock())
    return Response(status_code=204)


@router.post("/profiles/{profile_id}/job/test")
def try_job(profile: Editable, ours: Ours) -> JobTest:
    """Ask whether the job could be started, without starting it; 502 says why not."""
    return JobTest(executions.try_job(ours.settings, profile, _setup(profile), ours.clock()))


@router.post("/profiles/{profile_id}/executions", status_code=201)
def ask_for(
    profile_id: int,
    request: Request,
    ours: Ours,
    who: Who,
    wanted: Annotated[ExecutionRequest, Body(default_factory=ExecutionRequest)],
) -> ExecutionShape:
    """Have the profile's job started. This answers at once: ask again how it stands."""
    with ours.stores.catalog.write() as conn:
        profile = auth.import_into(conn, who, profile_id)
        made = executions.ask_for(
            conn, profile, user=who.user.id, parameters=wanted.parameters, now=ours.clock()
        )
    return _execution(made, base_url(request))


@router.get("/profiles/{profile_id}/executions")
def list_executions(
    profile_id: int, request: Request, ours: Ours, who: Who, limit: Limit = PAGE
) -> Listing[ExecutionShape]:
    """The newest first."""
    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        found = rows.of_profile(conn, profile.id, limit=limit)
    base = base_url(request)
    return Listing([_execution(each, base) for each in found], None)


@router.get("/executions/{execution_id}")
def show_execution(found: Annotated[Execution, Depends(known)], request: Request) -> ExecutionShape:
    return _execution(found, base_url(request))


@router.delete("/executions/{execution_id}", status_code=204)
def stop_waiting(found: Annotated[Execution, Depends(stoppable)], ours: Ours, who: Who) -> Response:
    """Wait for its report no more. The job itself goes on where it runs."""
    with ours.stores.catalog.write() as conn:
        executions.stop_waiting(conn, found, who.user.name, ours.clock())
    return Response(status_code=204)


def _setup(profile: Profile) -> Setup:
    found = setup_of(profile)
    if found is None:
        raise NotFound(f"Profile {profile.id} has no job.")
    return found


def _job(profile: Profile, secrets: dict[str, str] | None = None) -> JobShape:
    setup = _setup(profile)
    runner = by_name(setup.runner)
    open_fields = {each.name for each in fields_of(runner) if not each.secret}
    return JobShape(
        runner=setup.runner,
        where=runner.where(runner.config(**setup.config)),
        config={name: each for name, each in setup.config.items() if name in open_fields},
        parameters=setup.parameters,
        schedule=setup.schedule,
        due_at=profile.due_at,
        secrets=secrets or {},
    )


def _runner(name: str) -> RunnerShape:
    runner = by_name(name)
    fields = [
        FieldShape(each.name, each.label, each.hint, each.example, each.secret)
        for each in fields_of(runner)
    ]
    return RunnerShape(runner.name, runner.title, runner.how, fields)


def _execution(found: Execution, base: str) -> ExecutionShape:
    report = f"{base}/reports/{found.report_id}" if found.report_id else ""
    return ExecutionShape(
        id=found.id,
        profile_id=found.profile_id,
        user_id=found.user_id,
        state=found.state,
        runner=found.kind,
        job_url=found.url,
        message=found.message,
        parameters=found.parameters,
        created_at=found.created_at,
        ended_at=found.ended_at,
        report_id=found.report_id,
        url=report or f"{base}/profiles/{found.profile_id}",
    )
