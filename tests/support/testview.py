"""How XL TestView's clients ask: with a person's e-mail and password, in both kinds of id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import insert

from assay.store.catalog import open_catalog
from assay.store.catalog.tables import executions
from support.house import House
from support.people import Person

FUNCTIONAL = "xlt.DefaultFunctionalTestsQualifier"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@contextmanager
def basic(house: House, person: Person) -> Iterator[httpx.Client]:
    """A client that knows no keys."""
    auth = httpx.BasicAuth(person.email, person.password)
    with httpx.Client(base_url=house.server.url, auth=auth, timeout=60) as client:
        yield client


def new_project(client: httpx.Client, title: str) -> dict[str, Any]:
    answer = client.post("/api/v1/projects", json={"title": title})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def new_specification(
    client: httpx.Client, project: dict[str, Any], title: str, **more: str
) -> dict[str, Any]:
    body = {"title": title, "testToolName": "xlt.JUnit"} | more
    answer = client.post(f"/api/v1/projects/{project['id']}/testspecifications", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def profile_of(client: httpx.Client, specification: dict[str, Any]) -> int:
    """The number of the profile that a test specification is."""
    found = client.get("/api/v3/profiles").json()["items"]
    return next(each["id"] for each in found if each["uuid"] == specification["id"])


def asked_for(house: House, profile: int, *, ended: bool = False) -> str:
    """The id of a run that was asked for."""
    now, number = datetime.now(UTC), str(uuid4())
    words = dict.fromkeys(("kind", "url", "message"), "")
    words["state"] = "failed" if ended else "running"
    values = {"id": number, "profile_id": profile, "created_at": now, "parameters": {}, "known": {}}
    row = {**values, **words, "ended_at": now if ended else None}
    url = house.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        conn.execute(insert(executions).values(row))
    return number


def message(answer: httpx.Response, status: int) -> str:
    """What a refusal says, in the three strings that clients read."""
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert set(told) == {"message", "status", "errorCode"}
    assert told["status"] == str(status)
    return str(told["message"])
