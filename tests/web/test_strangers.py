"""A stranger walks every route, and sees nothing that is not their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from assay.web.api import ROUTERS
from assay.web.compat import COMPAT
from assay.web.pages import PAGES
from support.boards import given_board, tile
from support.house import House, given, upload
from support.people import Person

PUBLIC = {
    ("GET", "/health"),
    ("GET", "/metrics"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("GET", "/api/docs"),
    ("GET", "/formats"),
    ("GET", "/formats/assay.schema.json"),
    ("GET", "/formats/{format_name}"),
    ("GET", "/formats/{format_name}/example"),
    ("POST", "/theme"),
    ("GET", "/setup"),
    ("POST", "/setup"),
    ("GET", "/register"),
    ("POST", "/register"),
    ("GET", "/forgot"),
    ("POST", "/forgot"),
    ("GET", "/reset/{token}"),
    ("POST", "/reset/{token}"),
    ("GET", "/invitations/{token}"),
    ("POST", "/invitations/{token}"),
    ("GET", "/api/internal/testspecifications/extended"),
}
"""What anyone may ask for; none of it tells of anyone's data."""

OWN = 399
"""Charlie's answers on routes that name no thing are about Charlie's own things."""

BY_QUERY = {"/api/v1/qualifications": "?testSpecification={specification}"}
"""What names a thing elsewhere than in its path."""


def routes(routers: tuple[APIRouter, ...]) -> Iterator[tuple[str, str]]:
    for router in routers:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods - {"HEAD"}):
                yield method, route.path + BY_QUERY.get(route.path, "")


ROUTES = sorted(set(routes((*ROUTERS, *COMPAT, *PAGES))))
NAMED = [(method, path) for method, path in ROUTES if "{" in path and (method, path) not in PUBLIC]
UNNAMED = [(m, p) for m, p in ROUTES if "{" not in p and (m, p) not in PUBLIC]


@pytest.fixture(scope="module")
def things(house: House) -> dict[str, str]:
    """Ids of Alice's, by the names that paths give them."""
    alice = house.people.alice
    with house.client(alice) as client:
        profile = house.new_profile(alice, "seen by none")
        report = given(client, profile)
        other = given(client, profile)
        result = client.get(f"/api/v3/reports/{report['id']}/results").json()["items"][0]
        hook = {"kind": "webhook", "config": {"url": "http://127.0.0.1:9/acme"}}
        channel = client.post(f"/api/v3/profiles/{profile}/channels", json=hook).json()
        delivery = client.post(f"/api/v3/channels/{channel['id']}/test").json()
        run = client.post(f"/api/v3/profiles/{profile}/runs").json()
        hook = {"runner": "webhook", "config": {"url": "http://127.0.0.1:9/acme"}}
        client.put(f"/api/v3/profiles/{profile}/job", json=hook)
        asked = client.post(f"/api/v3/profiles/{profile}/executions").json()
        uuid = client.get(f"/api/v3/profiles/{profile}").json()["uuid"]
    board = given_board(house, "Acme's wall", tile(profile))
    return {
        "profile_id": str(profile),
        "company_id": str(alice.company.id),
        "group_id": str(alice.group.id),
        "report_id": str(report["id"]),
        "other_id": str(other["id"]),
        "import_id": report["import_id"],
        "run_id": run["run_id"],
        "execution_id": asked["id"],
        "position": str(result["position"]),
        "test": result["test_id"],
        "test_id": result["test_id"],
        "key_id": str(alice.key.id),
        "channel_id": str(channel["id"]),
        "delivery_id": str(delivery["id"]),
        "dashboard_id": str(board["id"]),
        "report_type": "xlt.Pie",
        "uuid": board["tiles"][0]["uuid"],
        "user_id": str(house.people.bob.user.id),
        "invitation_id": invited(house),
        "number": "1",
        "name": "a.png",
        "formatter": "junit",
        "grant": "m6b024ec8-4b91790accf619cad5a6f97ba9a153b2bbf348c4",
        "path": "index.html",
        "part": "trace",
        "kind": "csv",
        "chart": "pie",
        "key": "00000000-0000-0000-0000-000000000000",
        "project": alice.group.uuid,
        "specification": uuid,
        "task": asked["id"],
    }


def invited(house: House) -> str:
    """The id of an invitation of Alice's."""
    with signed_in(house, house.people.alice) as alice:
        company = f"/companies/{house.people.alice.company.id}"
        answer = alice.post(f"{company}/invitations", data={"email": "dora@example.org"})
        assert answer.status_code == 200, answer.text
    found = re.search(rf"{company}/invitations/(\d+)/withdraw", answer.text)
    assert found is not None
    return found[1]


def fill(path: str, things: dict[str, str]) -> str:
    for name, value in things.items():
        path = path.replace(f"{{{name}:path}}", value).replace(f"{{{name}}}", value)
    assert "{" not in path, f"say in this test what {path} names"
    return path


@contextmanager
def signed_in(house: House, person: Person) -> Iterator[httpx.Client]:
    with house.stranger() as client:
        client.headers["origin"] = house.server.url
        answer = client.post("/login", data={"email": person.email, "password": person.password})
        assert answer.status_code in (200, 302, 303), answer.text
        yield client


@pytest.mark.parametrize(("method", "path"), NAMED)
def test_somebody_elses_things_are_not_there(
    house: House, things: dict[str, str], method: str, path: str
) -> None:
    url = fill(path, things)
    with house.client(house.people.charlie) as by_key:
        assert by_key.request(method, url).status_code in (403, 404)
    with signed_in(house, house.people.charlie) as by_session:
        answer = by_session.request(method, url, headers={"accept": "text/html"})
    assert answer.status_code in (403, 404)
    assert "Acme" not in answer.text


@pytest.mark.parametrize(("method", "path"), NAMED + UNNAMED)
def test_without_a_name_there_is_only_the_door(
    house: House, things: dict[str, str], method: str, path: str
) -> None:
    with house.stranger() as nobody:
        answer = nobody.request(method, fill(path, things), headers={"accept": "text/html"})
    at_the_door = answer.status_code in (302, 303) and "/login" in answer.headers["location"]
    closed = (404,) if "/public/" in path else (401, 403)
    assert at_the_door or answer.status_code in closed, answer.text


@pytest.mark.parametrize(("method", "path"), [each for each in UNNAMED if each[0] == "GET"])
def test_lists_hold_only_what_is_ones_own(
    house: House, things: dict[str, str], method: str, path: str
) -> None:
    with signed_in(house, house.people.charlie) as charlie:
        answer = charlie.request(method, path, follow_redirects=True)
    assert answer.status_code < OWN
    assert "Acme" not in answer.text
    assert things["import_id"] not in answer.text


def test_another_sites_page_cannot_act_in_ones_name(house: House) -> None:
    with signed_in(house, house.people.alice) as alice:
        profile = house.people.alice.profile.id
        for forged in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            alice.headers.pop("origin", None)
            answer = alice.post(
                f"/api/v2/profile/{profile}/import", content=b"<testsuite/>", headers=forged
            )
            assert answer.status_code == 403
        assert alice.post(f"/api/v2/profile/{profile}/import", content=b"").status_code == 403


def test_a_key_for_importing_reads_nothing(house: House) -> None:
    with signed_in(house, house.people.alice) as alice:
        secret = make_key(alice, "import")
    with house.server.client(secret) as machine:
        profile = house.people.alice.profile.id
        answer = upload(machine, profile, ("r.xml", b"<testsuite><testcase name='a'/></testsuite>"))
        assert answer.status_code == 201
        assert machine.get(answer.json()["report_status_url"]).status_code == 200
        assert machine.get(f"/api/v3/profiles/{profile}/reports").status_code == 403
        assert machine.get(f"/api/v3/reports/{answer.json()['report_id']}").status_code == 403


def make_key(client: httpx.Client, scope: str) -> str:
    """A key as the page Account makes it, with its secret as it is shown this once."""
    answer = client.post(
        "/account/keys", data={"name": f"{scope} only", "scopes": scope}, follow_redirects=True
    )
    assert answer.status_code == 200, answer.text
    start = answer.text.index("assay_")
    end = start
    while answer.text[end].isalnum() or answer.text[end] in "_-":
        end += 1
    return answer.text[start:end]
