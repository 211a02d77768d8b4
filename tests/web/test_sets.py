"""Sets: profiles that tell of others. Who may be in one, what it says, that it takes nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from support.house import REPORT, House, given, upload
from support.people import Person
from support.testview import basic, message

GOOD = b'<testsuite name="shop"><testcase classname="shop.Cart" name="adds"/></testsuite>'


@pytest.fixture
def alice(house: House) -> Person:
    return house.people.alice


def make(client: httpx.Client, group: int, kind: str = "set", **more: Any) -> dict[str, Any]:
    body = {"name": f"{kind} {uuid4()}", "kind": kind} | more
    answer = client.post(f"/api/v3/groups/{group}/profiles", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def put(client: httpx.Client, made: dict[str, Any], *members: dict[str, Any]) -> httpx.Response:
    ids = {"members": [each["id"] for each in members]}
    return client.put(f"/api/v3/profiles/{made['id']}/members", json=ids)


def test_the_verdict_rolls_up_through_sets_of_sets(house: House, alice: Person) -> None:
    with house.client(alice) as client:
        group = alice.group.id
        outer, inner, empty = (make(client, group) for _ in range(3))
        good, bad = (make(client, group, "passive") for _ in range(2))
        assert put(client, outer, good, inner, empty).status_code == 200
        told = put(client, inner, bad).json()
        assert (told["passed"], told["items"][0]["reason"]) == (None, "No report has come yet.")

        given(client, good["id"], GOOD)
        told = client.get(f"/api/v3/profiles/{outer['id']}/members").json()
        assert told["passed"] is True
        assert [each["id"] for each in told["items"]] == [good["id"], inner["id"], empty["id"]]
        given(client, bad["id"], REPORT)
        told = client.get(f"/api/v3/profiles/{outer['id']}/members").json()
        assert (told["passed"], told["reason"]) == (False, "Some tests failed during execution.")
        assert [each["passed"] for each in told["items"]] == [True, False, None]

        url = f"/api/v1/qualifications?testSpecification={outer['uuid']}"
        expected = {"result": False, "message": "Some tests failed during execution."}
        assert client.get(url).json() == expected
        verdict = {"testSpecification": empty["uuid"]}
        told = client.get("/api/v1/qualifications", params=verdict).json()
        assert told == {"result": False, "message": "The set is empty."}


def test_a_set_never_holds_itself(house: House, alice: Person) -> None:
    with house.client(alice) as client:
        one, two, three = (make(client, alice.group.id) for _ in range(3))
        assert put(client, one, two).is_success
        assert put(client, two, three).is_success
        for held in (one, three):
            refused = put(client, held, one)
            assert refused.status_code == 422
            assert "it cannot be in it" in refused.json()["message"]
        again = put(client, one, three, two, three)
        assert [each["id"] for each in again.json()["items"]] == [three["id"], two["id"]]


def test_only_what_is_in_the_company_can_be_in_a_set(house: House, alice: Person) -> None:
    with house.client(alice) as client, house.client(house.people.charlie) as charlie:
        made = make(client, alice.group.id)
        foreign = make(charlie, house.people.charlie.group.id, "passive")
        for other in (foreign, {"id": 10**12}):
            refused = put(client, made, other)
            assert refused.status_code == 422
            assert "in the company of this set" in refused.json()["message"]
        assert put(charlie, made, foreign).status_code == 404
        plain = make(client, alice.group.id, "passive")
        assert put(client, plain, made).status_code == 404


def test_a_member_that_is_deleted_is_missed_by_nobody(house: House, alice: Person) -> None:
    with house.client(alice) as client:
        made, gone = make(client, alice.group.id), make(client, alice.group.id, "passive")
        given(client, gone["id"], REPORT)
        assert put(client, made, gone).json()["passed"] is False
        assert client.delete(f"/api/v3/profiles/{gone['id']}").status_code == 204
        told = client.get(f"/api/v3/profiles/{made['id']}/members").json()
        assert (told["passed"], told["items"]) == (None, [])


def test_results_that_are_sent_to_a_set_are_refused_in_a_sentence(
    house: House, alice: Person
) -> None:
    with house.client(alice) as client:
        made, plain = make(client, alice.group.id), make(client, alice.group.id, "passive")
        report = given(client, plain["id"], REPORT)
        refused = (
            upload(client, made["id"], ("r.xml", REPORT)),
            client.post(f"/api/v3/profiles/{made['id']}/runs"),
        )
        for answer in refused:
            assert answer.status_code == 422
            assert "is a set" in answer.json()["message"]
        move = {"act": "move", "ids": [report["id"]], "profile_id": made["id"]}
        answer = client.post(f"/api/v3/profiles/{plain['id']}/reports/bulk", json=move)
        assert (answer.status_code, "is a set" in answer.text) == (422, True), answer.text


def test_what_a_profile_takes_in_is_changed_piece_by_piece(house: House, alice: Person) -> None:
    with house.client(alice) as client:
        made = make(client, alice.group.id, "passive", tool="XLT.JUNIT", pattern=" **/*.xml ,b/ ")
        url = f"/api/v3/profiles/{made['id']}"
        assert (made["tool"], made["pattern"]) == ("xlt.JUnit", "**/*.xml, b/")
        gate = "xlt.DefaultRegressionTestsQualifier"
        told = client.patch(url, json={"qualification": gate.lower()}).json()
        assert (told["tool"], told["qualification"]) == ("xlt.JUnit", gate)
        assert client.patch(url, json={"tool": ""}).json()["tool"] == ""
        for wrong in ({"tool": "x"}, {"qualification": "x"}, {"pattern": "x" * 2000}):
            assert client.patch(url, json=wrong).status_code == 422, wrong
        for kind in ("active", "executable", "none"):
            body = {"name": "A", "kind": kind}
            answer = client.post(f"/api/v3/groups/{alice.group.id}/profiles", json=body)
            assert answer.status_code == 422
        assert client.get(url).json()["qualification"] == gate


def test_xl_testview_knows_sets_and_jenkins_hides_them(house: House, alice: Person) -> None:
    with basic(house, alice) as client:
        project = client.post("/api/v1/projects", json={"title": f"Sets {uuid4()}"}).json()
        where = f"/api/internal/projects/{project['id']}/testspecifications"
        body = {"title": "API", "testToolName": "xlt.JUnit"}
        member = client.post(where, json=body).json()
        body = {"title": "All", "type": "xlt.TestSpecificationSet"}
        made = client.post(where, json=body | {"testSpecifications": [member["id"]]})
        assert made.status_code == 201, made.text
        found = client.get(f"/api/v1/projects/{project['id']}/testspecifications?title=All").json()
        kind = "xlt.TestSpecificationSet"
        assert found == [{"id": made.json()["name"], "title": "All", "type": kind}]
        extended = client.get("/api/internal/testspecifications/extended").json()
        assert extended[found[0]["id"]]["type"] == kind
        assert "testTool" not in extended[found[0]["id"]]
        url = f"/api/v1/projects/{project['id']}/testspecifications/{found[0]['id']}"
        assert client.put(url, json={"title": "Everything"}).json()["title"] == "Everything"
        message(client.post(where, json=body | {"title": "No", "testSpecifications": ["x"]}), 404)
