"""One result as guests see it."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from assay.queries.result_detail import ResultDetail
from assay.web.pages import result, runs, words
from assay.web.pages.frame import Card, Frame
from assay.web.pages.guests import Shared, SharedReport
from assay.web.pages.parts import Link
from assay.web.pages.place import Scene
from assay.web.pages.shared_report import ALONE, WITHIN, title
from assay.web.pages.view import show

router = APIRouter(include_in_schema=False)


@router.get(ALONE + "/results/{position}")
@router.get(WITHIN + "/results/{position}")
def show_shared_result(opened: SharedReport, position: int) -> Response:
    shared, scene = opened
    found = result.find(scene, position)
    page = result.build(scene, found, _frame(shared, scene, found))
    public = shared.public(f"/reports/{scene.report.id}/results/{position}")
    return show("shared_result", replace(page, public=public))


@router.get(ALONE + "/results/{position}/{part}.txt")
@router.get(WITHIN + "/results/{position}/{part}.txt")
def show_shared_text(opened: SharedReport, position: int, part: str) -> Response:
    _, scene = opened
    return result.text(scene, position, part)


def _frame(shared: Shared, scene: Scene, found: ResultDetail) -> Frame:
    name = found.name or "(no name)"
    status = runs.shown_status(found.status, found.flaky)
    card = Card(
        title=f"{status.title()}: {name}",
        description=words.said(found.type, found.message) or title(shared, scene),
        url=f"{shared.base}{scene.place.result(scene.report.id, found.position)}",
    )
    return shared.frame(name, _above(shared, scene), card)


def _above(shared: Shared, scene: Scene) -> tuple[Link, ...]:
    if shared.share.report_id is not None:
        return (Link(title(shared, scene), scene.at),)
    profile = Link(shared.profile.name, shared.share.path)
    return (profile, Link(f"Report #{scene.report.id}", scene.at))
