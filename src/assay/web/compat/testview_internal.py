"""XL TestView's internal API (`/api/internal`), as far as clients that shipped call it: the plugins
of Jenkins and XL Release, and what its makers' own people wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.auth import Caller
from assay.errors import Invalid, Unauthenticated
from assay.gates import BUILT_IN
from assay.store.catalog.groups import Group
from assay.store.catalog.latest import latest_of
from assay.store.catalog.profiles import Intake, Kind, Profile
from assay.testtools import TOOLS
from assay.web.compat import testview_places as places
from assay.web.compat.testview_projects import ProjectBody
from assay.web.compat.testview_shapes import (
    TYPES,
    extended_specification,
    project_item,
    specification_item,
)
from assay.web.request import Ours, Who, caller
from assay.workspace import profiles as workspace
from assay.workspace import sets, titles
from assay.workspace.qualifying import qualify_each

router = APIRouter(prefix="/api/internal", include_in_schema=False)

KINDS = {name.lower(): kind for kind, name in TYPES.items()}


@dataclass(frozen=True, slots=True)
class Item:
    """A test specification as a client sends one; what else it sends is let be. Of a set the
    members are named by ids of either kind."""

    title: str = ""
    type: str = TYPES[Kind.PASSIVE]
    testToolName: str = ""  # noqa: N815
    qualificationType: str | None = None  # noqa: N815
    searchPattern: str = ""  # noqa: N815
    testSpecifications: list[str] = field(default_factory=list)  # noqa: N815


ItemBody = Annotated[Item, Body(default_factory=Item)]


@router.get("/testspecifications/extended")
def list_extended(request: Request, ours: Ours) -> dict[str, Any]:
    """All that the caller may see or send to, by id. Jenkins' form breaks on anything else, so
    those who are not known get an empty list: its button *Test connection* tells them why."""
    try:
        who = caller(request)
    except Unauthenticated:
        return {}
    with ours.stores.catalog.read() as conn:
        found, projects = _specifications(conn, who)
    return {each.uuid: extended_specification(projects[each.group_id], each) for each in found}


@router.get("/testspecifications")
def list_specifications(ours: Ours, who: Who) -> list[dict[str, Any]]:
    """All that the caller may see, by title, with the verdict on each."""
    with ours.stores.catalog.read() as conn:
        found, projects = _specifications(conn, who)
        seen = [each for each in found if who.may(auth.Right.VIEW, each.company_id, each.id)]
        verdicts = qualify_each(conn, seen)
        items = _items(conn, seen, projects)
    return [
        item | {"result": bool(verdicts[each.id].passed)}
        for item, each in zip(items, seen, strict=True)
    ]


@router.get("/projects")
def list_projects(ours: Ours, who: Who, title: str | None = None) -> list[dict[str, Any]]:
    with ours.stores.catalog.read() as conn:
        found = places.known_projects(conn, who)
    return [project_item(each) for each in found if title is None or each.name == title]


@router.post("/projects", status_code=201)
def make_project(ours: Ours, who: Who, new: ProjectBody) -> dict[str, Any]:
    with ours.stores.catalog.write() as conn:
        company = places.home(who, places.key_profile(conn, who))
        return project_item(titles.make_group(conn, who, company, new.title, ours.clock()))


@router.get("/projects/{project:path}/testspecifications")
def list_of_project(project: str, ours: Ours, who: Who) -> list[dict[str, Any]]:
    """The test specifications of a project, by title."""
    with ours.stores.catalog.read() as conn:
        group = places.know_project(conn, who, project)
        found = places.known_specifications(conn, who, group)
        return _items(conn, found, {group.id: group})


@router.post("/projects/{project:path}/testspecifications", status_code=201)
def make_specification(project: str, ours: Ours, who: Who, new: ItemBody) -> dict[str, Any]:
    """Make a passive test specification, or a set. The others need what only their page asks."""
    with ours.stores.catalog.write() as conn:
        group = places.edit_project(conn, who, project)
        made = titles.make_profile(conn, who, group, new.title, _intake(new), ours.clock())
        if made.kind is Kind.SET:
            members = [places.see_specification(conn, who, i).id for i in new.testSpecifications]
            sets.change_members(conn, who, made.id, members)
        return specification_item(group, made, has_runs=False)


@router.delete(
    "/projects/{project:path}/testspecifications/{specification:path}",
    status_code=204,
    response_class=Response,
)
def delete_specification(project: str, specification: str, ours: Ours, who: Who) -> None:
    with ours.stores.catalog.write() as conn:
        found = places.edit_specification(conn, who, specification, project)
        workspace.delete_profile(conn, who, found.id, None, ours.clock())


@router.get("/projects/{project:path}")
def show_project(project: str, ours: Ours, who: Who) -> dict[str, Any]:
    with ours.stores.catalog.read() as conn:
        return project_item(places.know_project(conn, who, project))


@router.delete("/projects/{project:path}", status_code=204, response_class=Response)
def delete_project(project: str, ours: Ours, who: Who) -> None:
    """Delete a project that has no test specifications."""
    with ours.stores.catalog.write() as conn:
        workspace.delete_group(conn, who, places.edit_project(conn, who, project).id)


@router.get("/testtools/")
@router.get("/testtools")
def list_tools(_who: Who) -> list[dict[str, str]]:
    return [{"name": each.type, "label": each.label, "pattern": each.pattern} for each in TOOLS]


@router.get("/qualifications")
def list_qualifications(_who: Who) -> list[str]:
    return list(BUILT_IN)


def _specifications(conn: Connection, who: Caller) -> tuple[list[Profile], dict[int, Group]]:
    projects = {each.id: each for each in places.known_projects(conn, who)}
    return places.known_specifications(conn, who), projects


def _items(
    conn: Connection, found: list[Profile], projects: dict[int, Group]
) -> list[dict[str, Any]]:
    latest = latest_of(conn, [each.id for each in found], 1)
    return [
        specification_item(projects[each.group_id], each, has_runs=bool(latest[each.id]))
        for each in found
    ]


def _intake(sent: Item) -> Intake:
    """Raises `Invalid` for a type that cannot be made here."""
    kind = KINDS.get(sent.type.lower())
    if kind not in (Kind.PASSIVE, Kind.SET):
        raise Invalid(
            f"{sent.type[:80]!r} cannot be made here: only {TYPES[Kind.PASSIVE]} and "
            f"{TYPES[Kind.SET]} can. Make the profile on its company's page.",
            "type",
        )
    return Intake(kind, sent.testToolName, sent.searchPattern, sent.qualificationType or "")
