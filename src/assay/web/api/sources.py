"""Where an active profile's reports are fetched from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from assay import auth, sources
from assay.allowed import sources_for
from assay.errors import NotFound
from assay.store.catalog.profiles import Profile
from assay.web.request import Ours, Who
from assay.web.shapes import Listing
from assay.workspace import origins
from assay.workspace.origins import WantedSource

router = APIRouter(prefix="/api/v3", tags=["Sources"])


@dataclass(frozen=True, slots=True)
class SourceShape:
    """A place that the administrator lets results be fetched from."""

    name: str


@dataclass(frozen=True, slots=True)
class ProfileSourceShape:
    """Where a profile's reports are fetched from: the files below `folder` of the source that
    match `pattern` (Ant's). `schedule` is as a job's. `said` is what came of the last look, and
    `failed` whether that was a fault."""

    source: str
    folder: str
    pattern: str
    schedule: str
    due_at: datetime | None
    looked_at: datetime | None
    said: str
    failed: bool


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """An empty `pattern` is that of the profile's tool."""

    source: str
    folder: str = ""
    pattern: str = ""
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class PreviewShape:
    """The files that match now: how many, their bytes, the newest, and the first names."""

    files: int
    size: int
    newest: datetime | None
    names: list[str]


@dataclass(frozen=True, slots=True)
class CollectedShape:
    """What came of a look: the import and its report, or null where nothing is new."""

    import_id: str | None
    report_id: int | None
    message: str


def editable(profile_id: int, ours: Ours, who: Who) -> Profile:
    with ours.stores.catalog.read() as conn:
        return auth.edit_profile(conn, who, profile_id)


Editable = Annotated[Profile, Depends(editable)]


@router.get("/companies/{company_id}/sources")
def list_sources(company_id: int, ours: Ours, who: Who) -> Listing[SourceShape]:
    """What profiles of the company can fetch from."""
    with ours.stores.catalog.read() as conn:
        company = auth.see_company(conn, who, company_id, auth.Right.EDIT)
    found = sources_for(ours.settings, company.id)
    return Listing([SourceShape(each.name) for each in found], None)


@router.get("/profiles/{profile_id}/source")
def show_source(profile: Editable) -> ProfileSourceShape:
    return _shape(profile)


@router.put("/profiles/{profile_id}/source")
def set_source(
    profile: Editable, wanted: SourceRequest, ours: Ours, who: Who
) -> ProfileSourceShape:
    """Say where reports are fetched from, which makes the profile an active one."""
    asked = WantedSource(wanted.source, wanted.folder, wanted.pattern, wanted.schedule)
    with ours.stores.catalog.write() as conn:
        origins.set_source(conn, who, ours.settings, profile.id, asked, ours.clock())
        return _shape(auth.edit_profile(conn, who, profile.id))


@router.delete("/profiles/{profile_id}/source", status_code=204)
def remove_source(profile: Editable, ours: Ours, who: Who) -> Response:
    """The profile takes what is sent to it from then on, and fetches nothing."""
    with ours.stores.catalog.write() as conn:
        origins.remove_source(conn, who, profile.id, ours.clock())
    return Response(status_code=204)


@router.get("/profiles/{profile_id}/source/preview")
def preview_source(profile: Editable, ours: Ours) -> PreviewShape:
    """What would be fetched now."""
    setup = sources.setup_of(profile)
    if setup is None:
        raise NotFound(f"Profile {profile.id} has no source.")
    found = sources.preview(ours.settings, profile, setup, sources.pattern_of(profile))
    return PreviewShape(found.count, found.size, found.newest, list(found.names))


@router.post("/profiles/{profile_id}/collect")
def collect(profile_id: int, ours: Ours, who: Who) -> CollectedShape:
    """Look for results in the profile's source, and import them if there are others than before."""
    with ours.stores.catalog.read() as conn:
        profile = auth.import_into(conn, who, profile_id)
    done = sources.collect(ours.stores, ours.settings, profile, user=who.user.id, now=ours.clock())
    ours.wake()
    made = done.found
    return CollectedShape(made.id if made else None, made.report_id if made else None, done.said)


def _shape(profile: Profile) -> ProfileSourceShape:
    setup = sources.setup_of(profile)
    if setup is None:
        raise NotFound(f"Profile {profile.id} has no source.")
    return ProfileSourceShape(
        source=setup.source,
        folder=setup.folder,
        pattern=sources.pattern_of(profile),
        schedule=setup.schedule,
        due_at=profile.due_at,
        looked_at=setup.looked_at,
        said=setup.said,
        failed=setup.failed,
    )
