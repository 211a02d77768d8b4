"""Who may do what at XL TestView's addresses: roles, the scopes of keys, strangers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import httpx
import pytest

from assay.store.catalog import keys, open_catalog
from assay.store.catalog.keys import Scope
from assay.store.catalog.members import Role
from support.house import House
from support.people import NOW, Person, join
from support.testview import basic, message, new_project, new_specification, profile_of

Pair = tuple[dict[str, str], dict[str, str]]


@pytest.fixture
def made(house: House) -> Pair:
    """A project of Alice's and a test specification in it."""
    with basic(house, house.people.alice) as client:
        project = new_project(client, f"Rights {uuid4()}")
        return project, new_specification(client, project, "API")


@pytest.fixture
def reader(house: House) -> Person:
    """Somebody who may only look, in Alice's company."""
    url = house.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        return join(conn, house.people.alice, f"Rae{uuid4()}", Role.READ_ONLY)


def test_a_reader_sees_and_changes_nothing(house: House, reader: Person, made: Pair) -> None:
    project, specification = made
    where = f"/api/v1/projects/{project['id']}"
    inside = f"{where}/testspecifications/{specification['id']}"
    with house.client(reader) as client:
        assert project in client.get("/api/v1/projects").json()
        assert client.get(inside).json() == specification
        body = {"title": "B", "testToolName": "xlt.JUnit"}
        for url in ("/api/v1/projects", "/api/internal/projects"):
            assert "role" in message(client.post(url, json=body), 403)
        message(client.put(where, json=body), 403)
        message(client.delete(where), 403)
        message(client.put(inside, json=body), 403)
        message(client.delete(inside), 403)
        message(client.post(f"{where}/testspecifications", json=body), 403)
        assert client.get(inside).json() == specification


def test_a_stranger_finds_nothing_and_may_use_the_same_titles(house: House, made: Pair) -> None:
    project, specification = made
    with basic(house, house.people.charlie) as charlie:
        assert project not in charlie.get("/api/v1/projects").json()
        assert charlie.get("/api/v1/projects", params={"title": project["title"]}).json() == []
        seen = charlie.get("/api/internal/testspecifications/extended").json()
        assert specification["id"] not in seen
        listed = charlie.get("/api/internal/testspecifications").json()
        assert all(each["name"] != specification["id"] for each in listed)
        mine = new_project(charlie, project["title"])
        where = f"/api/v1/projects/{mine['id']}/testspecifications/{specification['id']}"
        message(charlie.get(where), 404)


@pytest.fixture
def sender(house: House, made: Pair) -> Iterator[httpx.Client]:
    """A CI job with a key that can only send to the one test specification."""
    with house.client(house.people.alice) as alice:
        profile = profile_of(alice, made[1])
    user, url = house.people.alice.user.id, house.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        scopes = [Scope.IMPORT]
        _, secret = keys.make(conn, user=user, name="CI", scopes=scopes, profile=profile, now=NOW)
    with house.server.client(secret) as client:
        yield client


def test_a_key_that_only_sends_finds_where_to(sender: httpx.Client, made: Pair) -> None:
    project, specification = made
    assert set(sender.get("/api/internal/testspecifications/extended").json()) == {
        specification["id"]
    }
    assert sender.get("/api/v1/projects").json() == [project]
    where = f"/api/v1/projects/{project['id']}/testspecifications"
    assert sender.get(where).json() == [specification]
    assert sender.get(f"/api/internal/projects/{specification['id']}/status").is_success
    verdict = {"testSpecification": specification["id"]}
    assert "scope" in message(sender.get("/api/v1/qualifications", params=verdict), 403)
    assert sender.get("/api/internal/testspecifications").json() == []
    body = {"title": "B", "testToolName": "xlt.JUnit"}
    message(sender.post("/api/v1/projects", json=body), 403)
    message(sender.put(f"{where}/{specification['id']}", json=body), 403)


def test_a_new_project_is_made_in_the_first_company_in_which_one_may(
    house: House, made: Pair
) -> None:
    """Bob is a user in Alice's company, and has none of his own."""
    with basic(house, house.people.bob) as bob:
        project = new_project(bob, f"Bob's {uuid4()}")
    with basic(house, house.people.alice) as alice:
        assert project in alice.get("/api/v1/projects").json()
