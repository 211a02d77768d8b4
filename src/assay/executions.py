"""Runs of tests that are asked for here and made elsewhere: from the wish for one to its report.

A wish is a row, which a background loop acts on: it has the job started, looks at it from time to
time, and gives up in the end. The loop may be stopped anywhere. A job is never started twice: a
call of which it is not known whether it arrived is not made again, and its report is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import structlog
from prometheus_client import Counter
from sqlalchemy import Connection

from assay.errors import NotExecutable, TooMany, Undeliverable
from assay.notify.channel import Carrier
from assay.runners import Runner, by_name
from assay.runners.runner import Order, Seen, Stage
from assay.runners.setup import Setup, active_setup, check_parameters
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import Catalog, executions, imports, profiles
from assay.store.catalog.executions import Execution, ExecutionState
from assay.store.catalog.profiles import Profile

log = structlog.get_logger()

EXECUTIONS = Counter("assay_executions", "Runs asked for elsewhere that ended", ["kind", "outcome"])

MOST_OPEN = 20
"""Runs of one profile that may be asked for at the same time."""

CALLERS = 4
LEASE = timedelta(minutes=5)
"""Longer than any call takes."""

FIRST_WAIT = timedelta(seconds=10)
PATIENCE = timedelta(minutes=10)
"""A job that certainly was not started is tried for so long, each time after as long again."""

SOONEST_LOOK, LATEST_LOOK = timedelta(seconds=5), timedelta(seconds=60)
LOOKS = 20
"""A job that runs for so many minutes is looked at every so many twentieths of them."""

GRACE = timedelta(minutes=5)
"""How long after a job's end its report may still come."""

ENDED = "ended"
"""What we note among what is known of a job: when it was seen to have ended."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One run while it is acted on."""

    catalog: Catalog
    settings: Settings
    taken: Execution
    profile: Profile
    setup: Setup
    now: datetime

    @property
    def runner(self) -> Runner:
        return by_name(self.taken.kind)

    @property
    def config(self) -> Any:
        return self.runner.config(**self.setup.config)

    @property
    def carrier(self) -> Carrier:
        return Carrier(self.settings, f"execution:{self.taken.id}", self.now)

    @property
    def deadline(self) -> datetime:
        """When it is given up."""
        return self.taken.created_at + timedelta(seconds=self.settings.execution_seconds)

    def note(self, **values: Any) -> bool:
        """Keep what has become of it; False when it is not ours any more, or has ended."""
        with self.catalog.write() as conn:
            return executions.change(conn, self.taken, **values)


def ask_for(
    conn: Connection,
    profile: Profile,
    *,
    user: int | None,
    parameters: Mapping[str, str] | None,
    now: datetime,
) -> Execution:
    """Have the profile's job started soon, with these parameters or, without any said, its usual
    ones. Raises `NotExecutable`, `TooMany`, and `Invalid` for the parameters."""
    setup = active_setup(profile)
    if setup is None:
        raise NotExecutable(
            f"{profile.name} has no job that could be started: its settings say which it is"
        )
    told = check_parameters(setup.parameters if parameters is None else parameters)
    if executions.count_open(conn, profile.id) >= MOST_OPEN:
        raise TooMany(f"{MOST_OPEN} runs of this profile are under way: wait for one to end")
    return executions.make(
        conn, profile=profile.id, user=user, kind=setup.runner, parameters=told, now=now
    )


def stop_waiting(conn: Connection, found: Execution, name: str, now: datetime) -> None:
    """Wait for its report no more; the job is not stopped."""
    message = f"{name} stopped waiting for it. The job itself may go on."
    executions.fail(conn, found.id, message, now)


def try_job(settings: Settings, profile: Profile, setup: Setup, now: datetime) -> str:
    """What the other side says of the job, without starting it. Raises `Undeliverable`."""
    runner, number = by_name(setup.runner), str(uuid4())
    order = Order(number, profile.id, profile.name, settings.home, now, setup.parameters)
    carrier = Carrier(settings, f"check:{number}", now)
    return runner.check(order, runner.config(**setup.config), carrier)


def advance(stores: Stores, settings: Settings, now: datetime) -> None:
    """Start and look at all that is due."""
    while taken := _claim(stores.catalog, now):
        with ThreadPoolExecutor(CALLERS) as pool:
            list(pool.map(partial(step, stores.catalog, settings, now=now), taken))


def _claim(catalog: Catalog, now: datetime) -> Sequence[Execution]:
    with catalog.read() as conn:
        if not executions.due(conn, now):
            return ()
    with catalog.write() as conn:
        return executions.claim(conn, now=now, lease=LEASE, limit=CALLERS)


def step(catalog: Catalog, settings: Settings, taken: Execution, *, now: datetime) -> None:
    """What is to be done for a run now. Never raises for what is wrong with it."""
    with catalog.read() as conn:
        profile = profiles.get(conn, taken.profile_id)
    setup = active_setup(profile) if profile else None
    if profile is None or setup is None or setup.runner != taken.kind:
        _give_up(catalog, taken, "The profile has another job now, or none.", now)
        return
    turn = Turn(catalog, settings, taken, profile, setup, now)
    try:
        TURNS[taken.state](turn)
    except Exception:
        log.exception("execution fault", id=taken.id, kind=taken.kind)
        _give_up(catalog, taken, "A fault of this server; its log says more.", now)


def order_of(profile: Profile, settings: Settings, asked: Execution) -> Order:
    """What the other side is asked for."""
    return Order(
        asked.id, profile.id, profile.name, settings.home, asked.created_at, asked.parameters
    )


def _start(turn: Turn) -> None:
    if not turn.note(state=ExecutionState.STARTING.value):
        return
    order = order_of(turn.profile, turn.settings, turn.taken)
    try:
        started = turn.runner.start(order, turn.config, turn.carrier)
    except Undeliverable as error:
        _not_started(turn, error)
        return
    turn.note(
        state=ExecutionState.RUNNING.value,
        known=started.known,
        url=started.url,
        message="",
        due_at=_next_look(turn),
    )


def _not_started(turn: Turn, error: Undeliverable) -> None:
    age = turn.now - turn.taken.created_at
    if error.perhaps:
        _doubt(turn, f" {error}.")
    elif error.permanent or age >= PATIENCE:
        message = f"{turn.runner.title} did not start the job. {error}."
        _give_up(turn.catalog, turn.taken, message, turn.now)
    else:
        wait = max(FIRST_WAIT, age)
        message = f"{turn.runner.title} has not started the job yet, and is asked again. {error}."
        turn.note(state=ExecutionState.WAITING.value, message=message, due_at=turn.now + wait)


def _doubt(turn: Turn, why: str = "") -> None:
    """The call was made, and no answer came: perhaps it began. It is not made again."""
    message = (
        f"Whether {turn.runner.title} has started the job is not known.{why} Its report is waited "
        "for; look there, and run it again if it did not begin."
    )
    running = ExecutionState.RUNNING.value
    turn.note(state=running, message=message, due_at=_next_look(turn))


def _watch(turn: Turn) -> None:
    known = turn.taken.known
    if ENDED in known and _is_being_read(turn):
        turn.note(due_at=turn.now + SOONEST_LOOK)
    elif ENDED in known:
        _give_up(turn.catalog, turn.taken, _without_report(turn), turn.now)
    elif turn.now >= turn.deadline:
        hours = turn.settings.execution_seconds / 3600
        message = (
            f"No report came within {hours:,.3g} hours. Look at the job in {turn.runner.title}: "
            f"does it send its report to profile {turn.profile.id}?"
        )
        _give_up(turn.catalog, turn.taken, message, turn.now)
    elif turn.runner.look is None:
        turn.note(due_at=turn.deadline)
    else:
        _look(turn, turn.runner.look)


def _is_being_read(turn: Turn) -> bool:
    """Whether there is something at the profile that may be its report."""
    with turn.catalog.read() as conn:
        return imports.under_way(conn, [turn.profile.id])


def _look(turn: Turn, look: Callable[[Order, Mapping[str, str], Any, Carrier], Seen]) -> None:
    taken, order = turn.taken, order_of(turn.profile, turn.settings, turn.taken)
    try:
        seen = look(order, taken.known, turn.config, turn.carrier)
    except Undeliverable as error:
        message = f"{turn.runner.title} cannot be asked how the job stands. {error}."
        turn.note(message=message, due_at=_next_look(turn))
        return
    known, url = taken.known | seen.known, seen.url or taken.url
    if seen.stage is Stage.ENDED:
        known |= {ENDED: seen.words, "good": "yes" if seen.good else ""}
        message = f"The job has ended: {seen.words}. Its report is waited for."
        turn.note(known=known, url=url, message=message, due_at=turn.now + GRACE)
        return
    message = taken.message if seen.stage is Stage.UNKNOWN else ""
    turn.note(known=known, url=url, message=message, due_at=_next_look(turn))


def _without_report(turn: Turn) -> str:
    ended = turn.taken.known[ENDED]
    if turn.taken.known.get("good"):
        return (
            f"The job ended ({ended}), and sent no report here. Its last step has to send one to "
            f"profile {turn.profile.id}."
        )
    return f"The job ended ({ended}), and sent no report. Its log says what went wrong."


def _next_look(turn: Turn) -> datetime:
    age = turn.now - turn.taken.created_at
    wait = min(max(SOONEST_LOOK, age / LOOKS), LATEST_LOOK)
    return min(turn.now + wait, max(turn.deadline, turn.now + SOONEST_LOOK))


def _give_up(catalog: Catalog, taken: Execution, message: str, now: datetime) -> None:
    with catalog.write() as conn:
        ended = executions.fail(conn, taken.id, message, now)
    if ended:
        EXECUTIONS.labels(taken.kind, "failed").inc()
        log.warning("run ended without a report", id=taken.id, kind=taken.kind, cause=message)


TURNS: dict[ExecutionState, Callable[[Turn], None]] = {
    ExecutionState.WAITING: _start,
    ExecutionState.STARTING: _doubt,
    ExecutionState.RUNNING: _watch,
}
