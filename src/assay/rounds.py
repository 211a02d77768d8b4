"""What schedules bring about: jobs are started, results are fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from assay import executions, sources
from assay.errors import AssayError
from assay.runners.setup import active_setup as job_setup
from assay.schedules import next_due
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import executions as rows
from assay.store.catalog import profiles
from assay.store.catalog.profiles import Kind, Profile

log = structlog.get_logger()

AT_ONCE = 20
SOON = timedelta(seconds=30)
"""When files that are still being written are looked at again."""


def go_round(stores: Stores, settings: Settings, now: datetime) -> None:
    """Act on every schedule that has come round; of several servers, one does. What was missed is
    made up for once."""
    with stores.catalog.read() as conn:
        found = profiles.due(conn, now, limit=AT_ONCE)
    for each in found:
        following = due_after(each, now)
        with stores.catalog.write() as conn:
            mine = profiles.pass_on(conn, each, following)
        act = ACTS.get(each.kind)
        if not mine or act is None:
            continue
        try:
            act(stores, settings, replace(each, due_at=following), now)
        except AssayError as error:
            log.warning("schedule came to nothing", profile=each.id, cause=str(error))


def due_after(profile: Profile, now: datetime) -> datetime | None:
    """When its schedule comes round next, as a profile of its kind; None without one."""
    if profile.kind is Kind.EXECUTABLE:
        job = job_setup(profile)
        return next_due(job.times, now) if job else None
    source = sources.active_setup(profile)
    return next_due(source.times, now) if source else None


def _start(stores: Stores, _settings: Settings, profile: Profile, now: datetime) -> None:
    """Not while an earlier run goes on."""
    with stores.catalog.write() as conn:
        if not rows.under_way(conn, [profile.id]):
            executions.ask_for(conn, profile, user=None, parameters=None, now=now)


def _fetch(stores: Stores, settings: Settings, profile: Profile, now: datetime) -> None:
    done = sources.collect(stores, settings, profile, user=None, now=now, patient=True)
    if done.early:
        with stores.catalog.write() as conn:
            profiles.pass_on(conn, profile, now + SOON)


ACTS: dict[Kind, Callable[[Stores, Settings, Profile, datetime], None]] = {
    Kind.EXECUTABLE: _start,
    Kind.ACTIVE: _fetch,
}
