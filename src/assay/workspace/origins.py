"""Where a profile's reports come from: a job that is started, or a place they are fetched from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection

from assay import auth, sources
from assay.allowed import source_of
from assay.auth import Caller
from assay.errors import Invalid
from assay.notify.channel import fields_of, read_config
from assay.rounds import due_after
from assay.runners import Runner, by_name
from assay.runners import setup as jobs
from assay.schedules import read_schedule
from assay.settings import Settings
from assay.store.catalog import profiles
from assay.store.catalog.profiles import Kind, Profile
from assay.workspace.audit import note

LONGEST = 1_000
"""Of a folder or a pattern, in characters."""


@dataclass(frozen=True, slots=True)
class WantedJob:
    """A job as someone wants it to be; `config` is what they gave for the runner's fields."""

    runner: str
    config: Mapping[str, str]
    parameters: Mapping[str, str]
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class WantedSource:
    """A source as someone wants it to be. An empty `pattern` is the tool's."""

    source: str
    folder: str = ""
    pattern: str = ""
    schedule: str = ""


def set_job(
    conn: Connection, who: Caller, profile_id: int, wanted: WantedJob, now: datetime
) -> dict[str, str]:
    """Make a profile one whose job can be started. Returns the secrets that were made, which are
    shown this once. Raises `Invalid`, naming the field, and `NotFound` for no such runner."""
    found = _own(auth.edit_profile(conn, who, profile_id))
    runner, before = by_name(wanted.runner), jobs.setup_of(found)
    known = before.config if before and before.runner == runner.name else {}
    config = read_config(runner, wanted.config, known)
    if known:
        _refuse_old_secrets(runner, wanted, config["url"], known["url"])
    parameters = jobs.check_parameters(wanted.parameters)
    schedule = str(read_schedule(wanted.schedule))
    setup = jobs.Setup(runner.name, config, parameters, schedule)
    profiles.change_setup(conn, found.id, jobs.PART, setup.kept())
    _become(conn, found.id, Kind.EXECUTABLE, now)
    note("job set", who, profile=found.id, runner=runner.name)
    makable = (each.name for each in fields_of(runner) if each.secret and each.make)
    return {
        name: config[name] for name in makable if not (wanted.config.get(name) or name in known)
    }


def remove_job(conn: Connection, who: Caller, profile_id: int, now: datetime) -> None:
    """Reports are sent to it from then on, and that is all."""
    found = auth.edit_profile(conn, who, profile_id)
    profiles.change_setup(conn, found.id, jobs.PART, None)
    if found.kind is Kind.EXECUTABLE:
        _become(conn, found.id, Kind.PASSIVE, now)
    note("job removed", who, profile=found.id)


def set_source(
    conn: Connection,
    who: Caller,
    settings: Settings,
    profile_id: int,
    wanted: WantedSource,
    now: datetime,
) -> None:
    """Make a profile one whose reports are fetched. Raises `Invalid`, naming the field."""
    found = _own(auth.edit_profile(conn, who, profile_id))
    setup = read_source(settings, found, wanted)
    profiles.change_setup(conn, found.id, sources.PART, setup.kept())
    profiles.change_pattern(conn, found.id, wanted.pattern.strip())
    _become(conn, found.id, Kind.ACTIVE, now)
    note("source set", who, profile=found.id, source=setup.source)


def read_source(settings: Settings, found: Profile, wanted: WantedSource) -> sources.Setup:
    """The same, checked and not kept. Raises `Invalid`, naming the field."""
    source = source_of(settings, found.company_id, wanted.source)
    for name in ("folder", "pattern"):
        if len(getattr(wanted, name)) > LONGEST:
            raise Invalid(f"A {name} has {LONGEST:,} characters at most", name)
    folder = "/".join(part for part in wanted.folder.strip().split("/") if part not in ("", "."))
    if ".." in folder.split("/"):
        raise Invalid("The folder is inside the source: leave out the dots", "folder")
    return sources.Setup(source.name, folder, str(read_schedule(wanted.schedule)))


def remove_source(conn: Connection, who: Caller, profile_id: int, now: datetime) -> None:
    """Reports are sent to it from then on, and that is all."""
    found = auth.edit_profile(conn, who, profile_id)
    profiles.change_setup(conn, found.id, sources.PART, None)
    if found.kind is Kind.ACTIVE:
        _become(conn, found.id, Kind.PASSIVE, now)
    note("source removed", who, profile=found.id)


def _become(conn: Connection, profile_id: int, kind: Kind, now: datetime) -> None:
    known = profiles.get(conn, profile_id)
    assert known is not None
    profiles.become(conn, profile_id, kind, due_after(replace(known, kind=kind), now))


def _own(found: Profile) -> Profile:
    if found.kind is Kind.SET:
        raise Invalid("A set has no reports of its own: run or fetch those of its members", "kind")
    return found


def _refuse_old_secrets(runner: Runner, wanted: WantedJob, url: str, before: str) -> None:
    """A token is not sent to another address than that which it was given for: whoever may change
    the address might not know the token. Raises `Invalid`. What only signs is not sent at all."""
    if _origin(url) == _origin(before):
        return
    for each in fields_of(runner):
        if each.secret and not each.make and not wanted.config.get(each.name, "").strip():
            raise Invalid(
                f"{each.label} has to be typed again, for the address is another one", each.name
            )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url.strip())
    return parts.scheme.lower(), parts.netloc.lower()
