"""XL TestView's internal API, as the plugins of Jenkins and XL Release and its makers call it."""

from __future__ import annotations

from contextlib import closing
from typing import Any
from uuid import uuid4

import httpx
import pytest

from assay.store.catalog import open_catalog
from assay.store.catalog.tables import executions
from support.house import REPORT, House, given
from support.people import Person
from support.testview import (
    FUNCTIONAL,
    asked_for,
    basic,
    message,
    new_project,
    new_specification,
    profile_of,
)


@pytest.fixture
def alice(house: House) -> Person:
    return house.people.alice


def test_jenkins_lists_what_results_can_be_sent_to(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        project = new_project(client, f"Listed {uuid4()}")
        made = new_specification(client, project, "Browser tests", qualificationType=FUNCTIONAL)
        plain = new_specification(client, project, "All else", testToolName="assay.any")
        answer = client.get("/api/internal/testspecifications/extended")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    found = answer.json()
    assert found[made["id"]] == {
        "id": made["id"],
        "title": "Browser tests",
        "type": "xlt.PassiveTestSpecification",
        "project": {"id": project["id"], "title": project["title"], "type": "xlt.Project"},
        "qualification": {"type": FUNCTIONAL, "name": "No failures", "description": "No failures"},
        "testTool": {
            "name": "JUnit (Ant, Gradle)",
            "category": "functional",
            "defaultSearchPattern": "**/TEST-*.xml",
        },
    }
    assert "qualification" not in found[plain["id"]]
    assert found[plain["id"]]["testTool"]["defaultSearchPattern"] == "**/*"
    assert all(each["project"]["title"] and each["title"] for each in found.values())


def test_jenkins_form_stands_whoever_asks(house: House, alice: Person) -> None:
    """It parses whatever comes as a map, and breaks on the body of an error."""
    url = "/api/internal/testspecifications/extended"
    with house.stranger() as nobody:
        assert nobody.get(url).json() == {}
        refused = nobody.get(url, auth=(alice.email, "wrong"))
        assert (refused.status_code, refused.json()) == (200, {})


def test_the_same_thing_has_two_kinds_of_id(house: House, alice: Person) -> None:
    """The stress tests make a project, and put its `name` where the next address wants an id."""
    title = f"Stress {uuid4()}"
    with basic(house, alice) as client:
        body = {"id": "---", "type": "xlt.Project", "title": title}
        answer = client.post("/api/internal/projects", json=body)
        assert answer.status_code == 201
        project = answer.json()
        assert set(project) == {"id", "name", "type", "title"}
        assert project["id"].endswith(f"/{project['name']}")
        assert client.get("/api/internal/projects", params={"title": title}).json() == [project]
        assert client.get(f"/api/internal/projects/{project['name']}").json() == project
        assert client.get(f"/api/internal/projects/{project['id']}").json() == project
        assert client.get(f"/api/v1/projects/{project['name']}").json()["title"] == title

        body = {
            "id": "---",
            "title": "Reference",
            "testToolName": "xlt.JUnit",
            "type": "xlt.PassiveTestSpecification",
            "hasRuns": False,
            "searchPattern": "**/*.xml",
        }
        where = f"/api/internal/projects/{project['name']}/testspecifications"
        answer = client.post(where, json=body)
        assert answer.status_code == 201
        made = answer.json()
        assert made == {
            "id": f"{project['id']}/{made['name']}",
            "name": made["name"],
            "type": "xlt.PassiveTestSpecification",
            "title": "Reference",
            "testToolName": "xlt.JUnit",
            "hasRuns": False,
            "importable": False,
            "executable": False,
        }
        by_path = f"/api/internal/projects/{project['id']}/testspecifications"
        assert client.get(where).json() == client.get(by_path).json() == [made]
        assert client.delete(f"{by_path}/{made['id']}").status_code == 204
        assert client.get(where).json() == []


def test_only_what_needs_no_page_is_made_here(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        project = new_project(client, f"Kinds {uuid4()}")
        where = f"/api/internal/projects/{project['id']}/testspecifications"
        body = {"title": "A", "testToolName": "xlt.JUnit", "type": "xlt.ActiveTestSpecification"}
        assert "page" in message(client.post(where, json=body), 400)
        assert "'xlt.New'" in message(client.post(where, json=body | {"type": "xlt.New"}), 400)


def test_a_project_without_specifications_can_be_deleted(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        project = new_project(client, f"Gone {uuid4()}")
        assert client.delete(f"/api/internal/projects/{project['id']}").status_code == 204
        message(client.get(f"/api/internal/projects/{project['id']}"), 404)


def test_xl_release_finds_a_specification_by_how_its_title_begins(
    house: House, alice: Person
) -> None:
    """It takes the first whose title begins so, and its `name` for an id."""
    start = f"Begins {uuid4()}"
    with basic(house, alice) as client:
        project = new_project(client, f"Release {uuid4()}")
        longer, exact = (new_specification(client, project, start + end) for end in (" 2", ""))
        given(client, profile_of(client, longer), REPORT)
        listed = client.get("/api/internal/testspecifications").json()
        found = [each for each in listed if each["title"].startswith(start)]
        assert [each["name"] for each in found] == [exact["id"], longer["id"]]
        assert [each["hasRuns"] for each in found] == [False, True]
        assert all(each["result"] is False for each in found)
        assert _status(client, exact["id"]) == "finished"


def test_tools_and_qualifications_are_listed(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        tools = client.get("/api/internal/testtools/").json()
        assert client.get("/api/internal/qualifications").json()[0] == FUNCTIONAL
    assert {
        "name": "xlt.JUnit",
        "pattern": "**/TEST-*.xml",
        "label": "JUnit (Ant, Gradle)",
    } in tools


def test_a_task_is_asked_after_until_it_ends(house: House, alice: Person) -> None:
    """One client reads JSON, an older one looks for `event: close` and the verdict in the text."""
    with basic(house, alice) as client:
        project = new_project(client, f"Tasks {uuid4()}")
        made = new_specification(client, project, "API")
        profile = profile_of(client, made)
        report = given(client, profile, REPORT)
        going, lost, failed = (asked_for(house, profile, ended=end) for end in (False, True, True))
        _end(house, failed, report["id"])
        assert _task(client, going) == {"running": True, "qualification": False}
        assert _status(client, made["id"]) == _status(client, "None") == "running"
        for ended in (lost, failed):
            text = client.get(f"/api/internal/test/{ended}").text
            assert '"running":false,"qualification":false' in text
            assert "event: close" in text
        message(client.get("/api/internal/test/None"), 404)


def _end(house: House, number: str, report: int) -> None:
    url = house.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        mine = executions.update().where(executions.c.id == number)
        conn.execute(mine.values(report_id=report))


def _task(client: httpx.Client, number: str) -> dict[str, Any]:
    answer = client.get(f"/api/internal/test/{number}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _status(client: httpx.Client, number: str) -> str:
    """As XL Release asks: for an event stream, which has to end."""
    headers = {"accept": "text/event-stream"}
    answer = client.get(f"/api/internal/projects/{number}/status", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    return "running" if "running" in answer.text else "finished"
