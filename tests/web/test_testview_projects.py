"""XL TestView's public API, as the Job DSL's and XL Release's clients and its documents call it."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx
import pytest

from support.house import REPORT, House, given
from support.people import Person
from support.testview import (
    FUNCTIONAL,
    UUID,
    basic,
    message,
    new_project,
    new_specification,
    profile_of,
)


def passing(day: str) -> bytes:
    """A report without a failure; the one of `REPORT` is of 2026-03-01."""
    case = '<testcase classname="shop.Cart" name="adds"/>'
    return f'<testsuite name="shop" timestamp="{day}T10:00:00">{case}</testsuite>'.encode()


@pytest.fixture
def alice(house: House) -> Person:
    return house.people.alice


def test_a_seed_job_makes_what_it_does_not_find_and_finds_it_from_then_on(
    house: House, alice: Person
) -> None:
    """XLTestViewClient.groovy: look up by title; none is made, one is used, more are an error."""
    title, name = f"Shop {uuid4()}", "Browser tests & more"
    with basic(house, alice) as client:
        client.headers["accept"] = "application/json; charset=UTF-8"
        assert client.get("/api/v1/projects", params={"title": title}).json() == []
        made = client.post("/api/v1/projects", json={"title": title})
        assert made.status_code == 201
        project = made.json()
        assert project == {"id": project["id"], "title": title}
        assert re.fullmatch(UUID, project["id"])
        assert client.get("/api/v1/projects", params={"title": title}).json() == [project]
        assert client.get("/api/v1/projects", params={"title": title[:-1]}).json() == []
        assert project in client.get("/api/v1/projects").json()

        where = f"/api/v1/projects/{project['id']}/testspecifications"
        assert client.get(where, params={"title": name}).json() == []
        made = client.post(where, json={"title": name, "testToolName": "xlt.JUnit"})
        assert made.status_code == 201
        specification = made.json()
        assert re.fullmatch(UUID, specification.pop("id"))
        assert specification == {"title": name, "testToolName": "xlt.JUnit"}
        assert client.get(where, params={"title": name}).json() == [made.json()]
        assert client.get(f"{where}/{made.json()['id']}").json() == made.json()


def test_a_tool_is_named_in_any_case_and_told_in_its_own(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        project = new_project(client, f"Cases {uuid4()}")
        made = new_specification(client, project, "TRX", testToolName="xlt.TRX")
        assert made["testToolName"] == "xlt.Trx"
        made = new_specification(client, project, "All", testToolName="assay.any")
        assert made["testToolName"] == "assay.any"


def test_what_a_put_does_not_send_is_taken_away(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        project = new_project(client, f"Replaced {uuid4()}")
        made = new_specification(client, project, "API", qualificationType=FUNCTIONAL)
        assert made["qualificationType"] == FUNCTIONAL
        where = f"/api/v1/projects/{project['id']}/testspecifications/{made['id']}"
        to = {"title": "API tests", "testToolName": "xlt.Cucumber"}
        answer = client.put(where, json=to)
        assert (answer.status_code, answer.json()) == (200, {"id": made["id"]} | to)
        assert "testToolName" in message(client.put(where, json={"title": "API"}), 400)
        assert client.get(where).json() == {"id": made["id"]} | to

        where = f"/api/v1/projects/{project['id']}"
        assert client.put(where, json={"title": f"New {made['id']}"}).status_code == 200
        assert client.get(where).json()["title"] == f"New {made['id']}"


def test_there_is_one_of_each_title(house: House, alice: Person) -> None:
    title = f"One {uuid4()}"
    with basic(house, alice) as client:
        project = new_project(client, title)
        again = client.post("/api/v1/projects", json={"title": f"  {title} "})
        assert title in message(again, 400)
        new_specification(client, project, "API")
        where = f"/api/v1/projects/{project['id']}/testspecifications"
        body = {"title": "API", "testToolName": "xlt.JUnit"}
        assert "'API'" in message(client.post(where, json=body), 400)
        other = new_specification(client, project, "Web")
        assert message(client.put(f"{where}/{other['id']}", json=body), 400)
        elsewhere = new_project(client, f"Other {uuid4()}")
        assert new_specification(client, elsewhere, "API")
        assert client.put(f"/api/v1/projects/{project['id']}", json={"title": title}).is_success


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "testToolName"),
        ({"title": "  ", "testToolName": "xlt.JUnit"}, "title"),
        ({"title": "A"}, "testToolName"),
        ({"title": "A", "testToolName": "xlt.Junitt"}, r"Did you mean one of xlt\.JUnit"),
        ({"title": "A", "testToolName": "xlt.JUnit", "qualificationType": "xlt.No"}, "xlt.No"),
        ({"title": 7, "testToolName": "xlt.JUnit"}, "title"),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(
    house: House, alice: Person, body: dict[str, object], said: str
) -> None:
    with basic(house, alice) as client:
        project = new_project(client, f"Refusals {uuid4()}")
        where = f"/api/v1/projects/{project['id']}/testspecifications"
        assert re.search(said, message(client.post(where, json=body), 400))
        assert client.get(where).json() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"a"'])
def test_a_body_that_is_no_project_is_refused(house: House, alice: Person, body: bytes) -> None:
    with basic(house, alice) as client:
        kind = {"content-type": "application/json"}
        message(client.post("/api/v1/projects", content=body, headers=kind), 400)


def test_a_project_goes_when_it_is_empty(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        project = new_project(client, f"Gone {uuid4()}")
        made = new_specification(client, project, "API")
        where = f"/api/v1/projects/{project['id']}"
        assert "still has" in message(client.delete(where), 400)
        answer = client.delete(f"{where}/testspecifications/{made['id']}")
        assert (answer.status_code, answer.content) == (204, b"")
        message(client.get(f"{where}/testspecifications/{made['id']}"), 404)
        empty = new_project(client, f"Empty {uuid4()}")
        assert client.delete(f"/api/v1/projects/{empty['id']}").status_code == 204
        message(client.get(f"/api/v1/projects/{empty['id']}"), 404)


def test_a_specification_is_found_in_its_own_project_alone(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        project, other = (new_project(client, f"{name} {uuid4()}") for name in ("This", "That"))
        made = new_specification(client, project, "API")
        message(client.get(f"/api/v1/projects/{other['id']}/testspecifications/{made['id']}"), 404)


def test_a_release_waits_for_the_verdict_on_the_latest_run(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        project = new_project(client, f"Verdicts {uuid4()}")
        made = new_specification(client, project, "API", qualificationType=FUNCTIONAL)
        profile = profile_of(client, made)
        assert _verdict(client, made["id"]) == (False, "No report has come yet.")
        given(client, profile, passing("2026-02-28"))
        assert _verdict(client, made["id"])[0] is True
        given(client, profile, REPORT)
        assert _verdict(client, made["id"]) == (False, "2 test(s) failed")
        given(client, profile, passing("2026-03-02"))
        assert _verdict(client, f"Configuration/Projects/{project['id']}/{made['id']}")[0] is True
        unknown = client.get("/api/v1/qualifications?testSpecification=None")
        assert "None" in message(unknown, 404)


def test_another_qualification_judges_the_latest_run_anew(house: House, alice: Person) -> None:
    """Nothing failed that passed before: a first run has no regressions."""
    regressions = "xlt.DefaultRegressionTestsQualifier"
    with basic(house, alice) as client:
        project = new_project(client, f"Anew {uuid4()}")
        made = new_specification(client, project, "API", qualificationType=FUNCTIONAL)
        given(client, profile_of(client, made), REPORT)
        given(client, profile_of(client, made), REPORT)
        assert _verdict(client, made["id"])[0] is False
        where = f"/api/v1/projects/{project['id']}/testspecifications/{made['id']}"
        body = {"title": "API", "testToolName": "xlt.JUnit", "qualificationType": regressions}
        assert client.put(where, json=body).is_success
        assert _verdict(client, made["id"])[0] is True


def _verdict(client: httpx.Client, number: str) -> tuple[bool, str]:
    answer = client.get("/api/v1/qualifications", params={"testSpecification": number})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert set(found) == {"result", "message"}
    return found["result"], found["message"]
