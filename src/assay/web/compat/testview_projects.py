"""XL TestView's public API (`/api/v1`): projects, test specifications, verdicts.

Clients look a title up, use what they find, and make what they do not. So a title is found by its
exact words, and is the only one: of projects in a company, of test specifications in a project.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from assay.errors import Invalid
from assay.store.catalog.profiles import PASSIVE, Intake, Kind
from assay.testtools import ANY
from assay.web.compat import testview_places as places
from assay.web.compat.description import problems
from assay.web.compat.testview_shapes import show_project, show_specification
from assay.web.intakes import change_intake
from assay.web.request import Ours, Who
from assay.workspace import profiles as workspace
from assay.workspace import titles
from assay.workspace.qualifying import qualify

router = APIRouter(prefix="/api/v1", tags=["XL TestView"], responses=problems(401, 403, 404))

Title = Annotated[str | None, Query(description="Only those with exactly this title")]
PROJECT: dict[str, Any] = {
    "id": "113e4f29-5f0d-4b1e-9d53-3e2f2c7f1a53",
    "title": "Web shop",
}
SPECIFICATION: dict[str, Any] = {
    "id": "28d4b667-61b0-4f4e-8b86-3b1d1bd1c9e0",
    "title": "Browser tests",
    "testToolName": "xlt.JUnit",
    "qualificationType": "xlt.DefaultFunctionalTestsQualifier",
}
VERDICT: dict[str, Any] = {"result": False, "message": "1 test(s) failed"}


def example(status: int, value: Any) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI shows of an answer."""
    content = {"application/json": {"example": value}}
    return {status: {"description": "Done.", "content": content}, 400: BAD}


BAD: dict[str, Any] = {"description": "What is wrong with the request, as `message`."}


@dataclass(frozen=True, slots=True)
class NewProject:
    """Our groups are its projects."""

    title: str = ""


@dataclass(frozen=True, slots=True)
class NewSpecification:
    """Our profiles are its test specifications. `testToolName` is the type of a test tool, in any
    case; `qualificationType` that of a built-in gate."""

    title: str = ""
    testToolName: str = ""  # noqa: N815
    qualificationType: str = ""  # noqa: N815


ProjectBody = Annotated[NewProject, Body(default_factory=NewProject)]
SpecificationBody = Annotated[NewSpecification, Body(default_factory=NewSpecification)]


@router.get("/projects", responses=example(200, [PROJECT]))
def list_projects(ours: Ours, who: Who, title: Title = None) -> list[dict[str, Any]]:
    """The projects of all companies that the caller is in, by title."""
    with ours.stores.catalog.read() as conn:
        found = places.known_projects(conn, who)
    return [show_project(each) for each in found if title is None or each.name == title]


@router.post("/projects", status_code=201, responses=example(201, PROJECT))
def make_project(ours: Ours, who: Who, new: ProjectBody) -> dict[str, Any]:
    """Make a project, in the company of the key's profile, else in the caller's first one."""
    with ours.stores.catalog.write() as conn:
        company = places.home(who, places.key_profile(conn, who))
        made = titles.make_group(conn, who, company, new.title, ours.clock())
    return show_project(made)


@router.get("/projects/{project}", responses=example(200, PROJECT))
def show_one_project(project: str, ours: Ours, who: Who) -> dict[str, Any]:
    with ours.stores.catalog.read() as conn:
        return show_project(places.know_project(conn, who, project))


@router.put("/projects/{project}", responses=example(200, PROJECT))
def replace_project(project: str, ours: Ours, who: Who, to: ProjectBody) -> dict[str, Any]:
    """Give a project another title."""
    with ours.stores.catalog.write() as conn:
        found = places.edit_project(conn, who, project)
        titles.rename_group(conn, who, found, to.title)
        return show_project(places.edit_project(conn, who, project))


@router.delete(
    "/projects/{project}", status_code=204, response_class=Response, responses={400: BAD}
)
def delete_project(project: str, ours: Ours, who: Who) -> None:
    """Delete a project that has no test specifications."""
    with ours.stores.catalog.write() as conn:
        workspace.delete_group(conn, who, places.edit_project(conn, who, project).id)


@router.get("/projects/{project}/testspecifications", responses=example(200, [SPECIFICATION]))
def list_specifications(
    project: str, ours: Ours, who: Who, title: Title = None
) -> list[dict[str, Any]]:
    """The test specifications of a project, by title."""
    with ours.stores.catalog.read() as conn:
        group = places.know_project(conn, who, project)
        found = places.known_specifications(conn, who, group)
    return [show_specification(each) for each in found if title is None or each.name == title]


@router.post(
    "/projects/{project}/testspecifications",
    status_code=201,
    responses=example(201, SPECIFICATION),
)
def make_specification(
    project: str, ours: Ours, who: Who, new: SpecificationBody
) -> dict[str, Any]:
    """Make a passive test specification: one that results are sent to."""
    with ours.stores.catalog.write() as conn:
        group = places.edit_project(conn, who, project)
        made = titles.make_profile(conn, who, group, new.title, _intake(new), ours.clock())
    return show_specification(made)


@router.get(
    "/projects/{project}/testspecifications/{specification}", responses=example(200, SPECIFICATION)
)
def show_one_specification(
    project: str, specification: str, ours: Ours, who: Who
) -> dict[str, Any]:
    with ours.stores.catalog.read() as conn:
        return show_specification(places.know_specification(conn, who, specification, project))


@router.put(
    "/projects/{project}/testspecifications/{specification}", responses=example(200, SPECIFICATION)
)
def replace_specification(
    project: str, specification: str, ours: Ours, who: Who, to: SpecificationBody
) -> dict[str, Any]:
    """Replace a test specification: what is not sent is taken away. Of a set only the title is
    known here."""
    with ours.stores.catalog.write() as conn:
        found = places.edit_specification(conn, who, specification, project)
        wanted = _intake(to, found.intake) if found.kind is not Kind.SET else found.intake
        titles.rename_profile(conn, who, found, to.title)
        workspace.check_intake(found, wanted)
    change_intake(ours, who, found.id, wanted)
    with ours.stores.catalog.read() as conn:
        return show_specification(places.edit_specification(conn, who, specification, project))


@router.delete(
    "/projects/{project}/testspecifications/{specification}",
    status_code=204,
    response_class=Response,
)
def delete_specification(project: str, specification: str, ours: Ours, who: Who) -> None:
    """Delete a test specification with all its runs, for good."""
    with ours.stores.catalog.write() as conn:
        found = places.edit_specification(conn, who, specification, project)
        workspace.delete_profile(conn, who, found.id, None, ours.clock())


@router.get("/qualifications", responses=example(200, VERDICT))
def show_qualification(
    ours: Ours,
    who: Who,
    specification: Annotated[
        str, Query(alias="testSpecification", description="The id of a test specification")
    ] = "",
) -> dict[str, Any]:
    """The verdict on the latest run of a test specification, or on all that is in a set. Where
    nothing has been judged yet, `result` is false and `message` says so: nothing is let through
    without a look at it."""
    with ours.stores.catalog.read() as conn:
        found = qualify(conn, places.see_specification(conn, who, specification))
    return {"result": bool(found.passed), "message": found.reason}


def _intake(sent: NewSpecification, before: Intake = PASSIVE) -> Intake:
    """What is sent, over what this API does not tell of. Raises `Invalid` without a tool."""
    if not sent.testToolName.strip():
        raise Invalid(
            "testToolName is missing: name the tool that writes the results, such as xlt.JUnit, or "
            f"{ANY.type} for whatever comes.",
            "testToolName",
        )
    return replace(before, tool=sent.testToolName, qualification=sent.qualificationType)
