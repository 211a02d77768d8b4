"""A report as guests see it: what members see, without what was sent and what the import said."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from assay import auth
from assay.errors import NotFound
from assay.queries.changes import count_changes
from assay.store.catalog import assets
from assay.web.api import exhibits
from assay.web.pages import report, runs, words
from assay.web.pages.frame import Card, Frame
from assay.web.pages.guests import Shared, SharedReport
from assay.web.pages.parts import Link
from assay.web.pages.place import Scene
from assay.web.pages.rows import context, fold
from assay.web.pages.view import show

router = APIRouter(include_in_schema=False)

ALONE = "/reports/{report_id}/public/{key}"
WITHIN = "/profiles/{profile_id}/public/{key}/reports/{report_id}"
"""The two addresses of a report: by its own key, and by its profile's."""

Words = Annotated[str, Query(max_length=500)]


@router.get(ALONE)
@router.get(WITHIN)
def show_shared(
    opened: SharedReport,
    tab: str = "failures",
    status: str = "",
    q: Words = "",
    cause: Words = "",
    change: str = "",
    path: Annotated[list[str] | None, Query()] = None,
    cursor: str | None = None,
    open: str = "",  # noqa: A002
) -> Response:
    shared, scene = opened
    asked = report.ask(tab, status, q, cause, change, path, cursor, open)
    if asked.tab in scene.hidden:
        raise NotFound(auth.NOTHING)
    scene = _told_from_here(scene)
    page = report.build(scene, _frame(shared, scene), asked)
    public = shared.public(f"/reports/{scene.report.id}")
    return show("shared_report", replace(page, public=public))


@router.get(ALONE + "/results/{position}/fold")
@router.get(WITHIN + "/results/{position}/fold")
def show_shared_fold(opened: SharedReport, position: int) -> Response:
    _, scene = opened
    return show("_fold", fold(context(scene), position))


@router.get(ALONE + "/assets/{number}")
@router.get(WITHIN + "/assets/{number}")
@router.get(ALONE + "/assets/{number}/{name:path}")
@router.get(WITHIN + "/assets/{number}/{name:path}")
def show_shared_asset(
    request: Request, opened: SharedReport, number: int, download: bool = False
) -> Response:
    """A file of a result. Those of the report itself are for members."""
    shared, scene = opened
    with shared.ours.stores.catalog.read() as conn:
        found = assets.get(conn, scene.report.id, number)
    if found is None or found.position is None:
        raise NotFound(auth.NOTHING)
    return exhibits.show(request, found, guest=True, download=download)


def title(shared: Shared, scene: Scene) -> str:
    """What the report is called where nothing stands above it."""
    return f"{shared.profile.name} #{scene.report.id}"


def _told_from_here(scene: Scene) -> Scene:
    """With what changed since the other reports in sight, and not since any that is not."""
    found = scene.report
    if scene.place.keys is None:
        return scene
    earlier = [each.id for each in context(scene).earlier]
    changes = count_changes(scene.stores.results, found.profile_id, found.id, earlier)
    return replace(scene, report=replace(found, changes=changes))


def _frame(shared: Shared, scene: Scene) -> Frame:
    found, whole = scene.report, shared.share.report_id is None
    build = f"build {found.build}" if found.build else ""
    told = (runs.source(found), build, words.exact(found.date))
    card = Card(
        title=f"{runs.sentence(found.counts)} · {title(shared, scene)}",
        description=" · ".join(part for part in told if part),
        url=f"{shared.base}{scene.at}",
    )
    if not whole:
        return shared.frame(title(shared, scene), (), card)
    above = Link(shared.profile.name, shared.share.path)
    return shared.frame(f"Report #{found.id}", (above,), card)
