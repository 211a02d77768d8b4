"""Results that are fetched: from places that the administrator has allowed, by a pattern, when
somebody asks or a schedule comes round.

What is fetched becomes an import like any other; its `delivery` is made from names, sizes and times
of the files, so that the same ones are imported once, whoever fetches them how often.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from assay.allowed import Source, source_of
from assay.errors import AssayError, Invalid, TooLarge
from assay.patterns import matches
from assay.schedules import Schedule, read_schedule
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import imports, profiles
from assay.store.catalog.imports import Delivery, Import
from assay.store.catalog.profiles import Kind, Profile
from assay.store.places import Found, Place, copy, open_place
from assay.testtools import Tool, tool_of

PART = "source"
"""Where in a profile's `setup` this stands."""

SETTLED = timedelta(seconds=10)
"""A file that was written to since is perhaps still being written: a schedule waits."""

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Setup:
    """What an active profile knows: the source's name, the folder in it, when it is looked at.
    `said` is what came of the last look (`at`, ISO 8601), and whether it `failed`."""

    source: str
    folder: str = ""
    schedule: str = ""
    said: str = ""
    at: str = ""
    failed: bool = False

    @property
    def times(self) -> Schedule:
        return read_schedule(self.schedule)

    @property
    def looked_at(self) -> datetime | None:
        return datetime.fromisoformat(self.at) if self.at else None

    def kept(self) -> dict[str, object]:
        """As JSON holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Preview:
    """The files that would be fetched: how many, how large, the newest, and the first names."""

    count: int
    size: int
    newest: datetime | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of a look: an import, or why there is none. `early`: the files are still being
    written, so it was too early."""

    found: Import | None
    said: str
    early: bool = False


def setup_of(profile: Profile) -> Setup | None:
    """None for a profile that has no source."""
    found = profile.setup.get(PART)
    return Setup(**found) if found else None


def active_setup(profile: Profile) -> Setup | None:
    """The same; none for a profile that is not active, whatever it knew when it was."""
    return setup_of(profile) if profile.kind is Kind.ACTIVE else None


def preview(settings: Settings, profile: Profile, setup: Setup, pattern: str) -> Preview:
    """What is there now. Raises `Invalid`, `TooLarge` and `Unavailable`."""
    place = open_place(source_of(settings, profile.company_id, setup.source).url)
    found = _matching(place, setup, pattern)
    newest = max((each.modified for each in found), default=None)
    names = tuple(each.name for each in found[:SHOWN])
    return Preview(len(found), sum(each.size for each in found), newest, names)


def pattern_of(profile: Profile) -> str:
    """Which files count: the profile's own pattern, else its tool's."""
    return profile.pattern or tool_of(profile.tool).pattern


def collect(
    stores: Stores,
    settings: Settings,
    profile: Profile,
    *,
    user: int | None,
    now: datetime,
    patient: bool = False,
) -> Collected:
    """Look for results, and import them if there are others than before; one who is `patient`
    leaves those that are still being written. What came of it is kept with the profile. Raises
    `Invalid`, `TooLarge` and `Unavailable`."""
    setup = active_setup(profile)
    if setup is None:
        raise Invalid(f"{profile.name} has no source to fetch results from")
    try:
        done = _collect(stores, settings, profile, setup, user, now, patient=patient)
    except AssayError as error:
        _note(stores, profile, f"{error}.", now, failed=True)
        raise
    if not done.early:
        _note(stores, profile, done.said, now)
    return done


def _collect(
    stores: Stores,
    settings: Settings,
    profile: Profile,
    setup: Setup,
    user: int | None,
    now: datetime,
    *,
    patient: bool,
) -> Collected:
    source = source_of(settings, profile.company_id, setup.source)
    place, tool = open_place(source.url), tool_of(profile.tool)
    found = _matching(place, setup, pattern_of(profile))
    allowance = _check(settings, profile, setup, found, tool)
    if patient and any(each.modified > now - SETTLED for each in found):
        return Collected(None, "The files are still being written.", early=True)
    delivery = _delivery(source, setup, found)
    with stores.catalog.read() as conn:
        known = imports.of_delivery(conn, profile.id, delivery)
    if known is not None:
        return Collected(None, _nothing_new(found))
    prefix = f"uploads/{uuid4().hex}"
    try:
        files = _fetch(stores, settings, place, setup, found, prefix, allowance)
        made = _record(stores, profile, user, setup, tool, files, delivery, now)
    except BaseException:
        stores.blobs.delete(prefix)
        raise
    if made is None:
        stores.blobs.delete(prefix)
        return Collected(None, _nothing_new(found))
    return Collected(made, f"{_count(found)} fetched.")


def _matching(place: Place, setup: Setup, pattern: str) -> list[Found]:
    found = (each for each in place.files(setup.folder) if matches(pattern, each.name))
    return sorted(found, key=lambda each: each.name)


def _check(
    settings: Settings, profile: Profile, setup: Setup, found: Sequence[Found], tool: Tool
) -> int:
    """How many bytes may be fetched. Raises unless there are files, and no more than an upload may
    have."""
    where = f"{setup.source}/{setup.folder}".rstrip("/")
    if not found:
        raise Invalid(f"No file in {where} matches {pattern_of(profile)}", "pattern")
    if len(found) > settings.max_files:
        raise TooLarge(
            f"{len(found):,} files in {where} match, and one import takes {settings.max_files:,}. "
            "Narrow the pattern or the folder"
        )
    most = settings.max_upload_bytes if tool.format else settings.max_detect_bytes
    size = sum(each.size for each in found)
    if size > most:
        raise TooLarge(
            f"The files in {where} that match have {size / 1_000_000:,.0f} MB, and one import "
            f"takes {most / 1_000_000:,.0f} MB. Narrow the pattern or the folder"
        )
    return most


def _delivery(source: Source, setup: Setup, found: Sequence[Found]) -> str:
    """The same for the same files, and for no others."""
    facts = (f"{each.name}\0{each.size}\0{each.modified.timestamp():.6f}" for each in found)
    text = "\n".join((source.url, setup.folder, *facts))
    return "collected:" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _fetch(
    stores: Stores,
    settings: Settings,
    place: Place,
    setup: Setup,
    found: Sequence[Found],
    prefix: str,
    allowance: int,
) -> list[Delivery]:
    """The files in our own store: the raw upload from which all is rebuilt."""
    settings.spool.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="collect-", dir=settings.spool))
    files = []
    try:
        for number, each in enumerate(found):
            copied = copy(place, setup.folder, each.name, scratch / str(number), allowance)
            allowance -= copied.size
            key = f"{prefix}/{number}"
            stores.blobs.put(key, scratch / str(number))
            (scratch / str(number)).unlink()
            files.append(Delivery(each.name, key, copied.size, copied.sha256))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return files


def _record(
    stores: Stores,
    profile: Profile,
    user: int | None,
    setup: Setup,
    tool: Tool,
    files: Sequence[Delivery],
    delivery: str,
    now: datetime,
) -> Import | None:
    """None where somebody else has just fetched the same."""
    metadata = {"source": setup.source} | ({"folder": setup.folder} if setup.folder else {})
    try:
        with stores.catalog.write() as conn:
            if imports.of_delivery(conn, profile.id, delivery) is not None:
                return None
            return imports.record(
                conn,
                profile=profile.id,
                user=user,
                key=None,
                formatter=tool.format,
                options={"metadata": metadata},
                files=files,
                delivery=delivery,
                now=now,
            )
    except IntegrityError:
        return None


def _note(
    stores: Stores, profile: Profile, said: str, now: datetime, *, failed: bool = False
) -> None:
    """Keep what came of a look, unless the setup was changed meanwhile."""
    with stores.catalog.write() as conn:
        current = profiles.get(conn, profile.id)
        setup = setup_of(current) if current else None
        if setup is not None:
            told = {"said": said, "at": now.isoformat(), "failed": failed}
            profiles.change_setup(conn, profile.id, PART, setup.kept() | told)


def _count(found: Sequence[Found]) -> str:
    return f"{len(found):,} file{'' if len(found) == 1 else 's'}"


def _nothing_new(found: Sequence[Found]) -> str:
    if len(found) == 1:
        return "Nothing new: the file that matches was fetched before."
    return f"Nothing new: the {_count(found)} that match were fetched before."
