"""Companies, people, groups and profiles, by the API and on the pages: each role, each act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import httpx
import pytest

from assay.store.catalog import (
    Catalog,
    companies,
    groups,
    invitations,
    keys,
    members,
    open_catalog,
    profiles,
    sessions,
    users,
)
from assay.store.catalog.keys import Scope
from assay.store.catalog.members import Role
from assay.web.request import COOKIE
from support.house import House, given

NUMBERS = count(1)
NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A company made for one act, with somebody in each role."""

    company: int
    group: int
    empty: int
    profile: int
    reader: int
    invitation: int
    secrets: dict[str, str]
    tokens: dict[str, str]

    def fill(self, text: str) -> str:
        named = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return text.format(**named)


@pytest.fixture
def place(house: House) -> Iterator[Place]:
    with closing(open_catalog(house.server.settings.catalog_url)) as catalog:
        yield furnish(catalog)


def furnish(catalog: Catalog) -> Place:
    secrets, tokens, ids = {}, {}, {}
    with catalog.write() as conn:
        company = companies.make(conn, name="Hooli", now=NOW).id
        for role in (*(each.value for each in Role), "stranger"):
            email = f"{role}{next(NUMBERS)}@example.com"
            user = users.make(conn, email=email, name=role, password_hash=None, now=NOW)
            if role != "stranger":
                members.add(conn, company=company, user=user.id, role=Role(role), now=NOW)
            _, secrets[role] = keys.make(conn, user=user.id, name=role, scopes=Scope, now=NOW)
            tokens[role], ids[role] = sessions.start(conn, user=user.id, now=NOW), user.id
        group, empty = (groups.make(conn, company=company, name=n, now=NOW).id for n in "ab")
        profile = profiles.make(conn, group=group, name="Tests", now=NOW).id
        asked, _ = invitations.make(
            conn,
            company=company,
            email="new@example.com",
            role=Role.READ_ONLY,
            inviter=ids["owner"],
            now=NOW,
        )
    return Place(company, group, empty, profile, ids["read_only"], asked.id, secrets, tokens)


ALL = set(Role)
USERS = ALL - {Role.READ_ONLY}
MODERATORS = USERS - {Role.USER}

ACTS: dict[tuple[str, str, str], set[Role]] = {
    ("GET", "/companies/{company}", ""): ALL,
    ("GET", "/companies/{company}/reports", ""): ALL,
    ("GET", "/companies/{company}/groups", ""): ALL,
    ("GET", "/companies/{company}/members", ""): ALL,
    ("GET", "/companies/{company}/invitations", ""): MODERATORS,
    ("GET", "/profiles/{profile}", ""): ALL,
    ("PATCH", "/companies/{company}", '{{"name": "New"}}'): MODERATORS,
    ("POST", "/companies/{company}/invitations", '{{"email": "x@example.com"}}'): MODERATORS,
    ("POST", "/companies/{company}/invitations/{invitation}/resend", ""): MODERATORS,
    ("DELETE", "/companies/{company}/invitations/{invitation}", ""): MODERATORS,
    ("PATCH", "/companies/{company}/members/{reader}", '{{"role": "user"}}'): MODERATORS,
    ("DELETE", "/companies/{company}/members/{reader}", ""): MODERATORS,
    ("POST", "/companies/{company}/groups", '{{"name": "New"}}'): USERS,
    ("PATCH", "/groups/{group}", '{{"name": "New"}}'): USERS,
    ("DELETE", "/groups/{empty}", ""): USERS,
    ("POST", "/groups/{group}/profiles", '{{"name": "New"}}'): USERS,
    ("PATCH", "/profiles/{profile}", '{{"name": "New", "group_id": {empty}}}'): USERS,
    ("DELETE", "/profiles/{profile}", ""): USERS,
    ("DELETE", "/companies/{company}?name=Hooli", ""): set(),  # no key ends a company
}
"""A call of the API, and the roles that may make it with a key that has every scope."""

PAGES: dict[tuple[str, str, str], set[Role]] = {
    ("GET", "/companies/{company}", ""): ALL,
    ("GET", "/companies/{company}/reports", ""): ALL,
    ("GET", "/companies/{company}/people", ""): ALL,
    ("GET", "/companies/{company}/settings", ""): ALL,
    ("GET", "/groups/{group}/settings", ""): USERS,
    ("GET", "/profiles/{profile}/settings", ""): USERS,
    ("GET", "/profiles/{profile}/waiting", ""): ALL,
    ("POST", "/profiles/{profile}/key", ""): USERS,
    ("POST", "/companies/{company}/name", "name=New"): MODERATORS,
    ("POST", "/companies/{company}/invitations", "email=x@example.com&role=user"): MODERATORS,
    ("POST", "/companies/{company}/invitations/{invitation}/again", ""): MODERATORS,
    ("POST", "/companies/{company}/invitations/{invitation}/withdraw", ""): MODERATORS,
    ("POST", "/companies/{company}/members/{reader}/role", "role=user"): MODERATORS,
    ("POST", "/companies/{company}/members/{reader}/remove", ""): MODERATORS | {Role.READ_ONLY},
    ("POST", "/groups", "company={company}&name=New"): USERS,
    ("POST", "/groups/{group}/name", "name=New"): USERS,
    ("POST", "/groups/{empty}/delete", ""): USERS,
    ("POST", "/profiles", "group={group}&name=New"): USERS,
    ("POST", "/profiles/{profile}/settings", "name=New&group={empty}&owner={reader}"): USERS,
    ("POST", "/profiles/{profile}/delete", "typed=Tests"): USERS,
    ("POST", "/companies/{company}/delete", "typed=Hooli"): {Role.OWNER},
}
"""The same for somebody who is signed in. (Whoever removes themselves leaves, which all may.)"""


def tried(may: set[Role]) -> list[Role]:
    """All that may not, and then the least of those that may."""
    return [*sorted(ALL - may), *sorted(may, key=list(Role).index)[:1]]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act[0]} {act[1]}")
def test_each_role_does_by_the_api_what_it_may(
    house: House, place: Place, act: tuple[str, str, str]
) -> None:
    method, path, body = act
    for role in ("stranger", *tried(ACTS[act])):
        with house.server.client(place.secrets[role]) as client:
            answer = client.request(
                method,
                "/api/v3" + place.fill(path),
                content=place.fill(body) or None,
                headers={"content-type": "application/json"} if body else {},
            )
        refused = 404 if role == "stranger" else 403
        may = role in ACTS[act]
        assert answer.status_code in ((200, 201, 204) if may else (refused,)), (role, answer.text)


@pytest.mark.parametrize("act", PAGES, ids=lambda act: f"{act[0]} {act[1]}")
def test_each_role_does_on_the_pages_what_it_may(
    house: House, place: Place, act: tuple[str, str, str]
) -> None:
    method, path, form = act
    for role in ("stranger", *tried(PAGES[act])):
        with house.stranger() as client:
            client.cookies.set(COOKIE, place.tokens[role])
            answer = client.request(
                method,
                place.fill(path),
                content=place.fill(form),
                headers={
                    "origin": house.server.url,
                    "accept": "text/html",
                    "content-type": "application/x-www-form-urlencoded",
                },
            )
        refused = 404 if role == "stranger" else 403
        may = role in PAGES[act]
        assert answer.status_code in ((200, 303) if may else (refused,)), (role, answer.text[-500:])
        if role == "stranger":
            assert "Hooli" not in answer.text


def test_a_company_is_furnished_by_the_api_alone(house: House) -> None:
    with house.client(house.people.alice) as alice:
        company = alice.post("/api/v3/companies", json={"name": "Pied Piper"}).json()
        assert company["role"] == "owner"
        at = f"/api/v3/companies/{company['id']}"
        group = alice.post(f"{at}/groups", json={"name": "Box"}).json()
        other = alice.post(f"{at}/groups", json={"name": "Shelf"}).json()
        assert [each["name"] for each in alice.get(f"{at}/groups").json()["items"]] == [
            "Box",
            "Shelf",
        ]
        made = alice.post(f"/api/v3/groups/{group['id']}/profiles", json={"name": "Unit"}).json()
        assert made["owner_id"] == house.people.alice.user.id
        moved = alice.patch(
            f"/api/v3/profiles/{made['id']}",
            json={"name": "Unit tests", "group_id": other["id"], "owner_id": 0},
        ).json()
        assert (moved["name"], moved["group"], moved["owner_id"]) == ("Unit tests", "Shelf", None)
        report = given(alice, made["id"])
        listed = alice.get(f"{at}/reports").json()["items"]
        assert [each["id"] for each in listed] == [report["id"]]
        held = alice.delete(f"/api/v3/groups/{other['id']}")
        assert (held.status_code, held.json()["field"]) == (422, "group")
        invited = alice.post(f"{at}/invitations", json={"email": "R@example.com", "role": "user"})
        assert "/invitations/" in invited.json()["link"]
        known = alice.get(f"{at}/invitations").json()["items"]
        assert [(each["email"], each["link"]) for each in known] == [("r@example.com", None)]


def test_a_reports_page_reaches_over_all_profiles_and_pages_on(house: House) -> None:
    alice = house.people.alice
    with house.client(alice) as client:
        company = client.post("/api/v3/companies", json={"name": "Aviato"}).json()["id"]
        group = client.post(f"/api/v3/companies/{company}/groups", json={"name": "g"}).json()
        ids = [
            client.post(f"/api/v3/groups/{group['id']}/profiles", json={"name": name}).json()["id"]
            for name in ("Left", "Right")
        ]
        made = [
            given(client, ids[n % 2], branch=f"b{n}", date=f"2026-02-0{n + 1}") for n in range(4)
        ]
        at = f"/api/v3/companies/{company}/reports"
        first = client.get(at, params={"limit": 3}).json()
        rest = client.get(at, params={"limit": 3, "cursor": first["next"]}).json()
        listed = [each["id"] for each in first["items"] + rest["items"]]
        assert listed == [each["id"] for each in reversed(made)]
        found = client.get(at, params={"q": "B2"}).json()["items"]
        assert [each["branch"] for each in found] == ["b2"]


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", "/api/v3/companies", {"name": " "}, "name is empty"),
        ("POST", "/api/v3/companies", {}, "name is empty"),
        ("PATCH", "/api/v3/profiles/{profile}", {"name": "x" * 201}, "at most 200"),
        ("PATCH", "/api/v3/profiles/{profile}", {"owner_id": 10**9}, "member of its company"),
        ("PATCH", "/api/v3/companies/{company}/members/{me}", {"role": "user"}, "needs an owner"),
        ("DELETE", "/api/v3/companies/{company}/members/{me}", {}, "API key may not"),
        ("PATCH", "/api/v3/companies/{company}/members/{me}", {"role": "king"}, "role"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    house: House, method: str, path: str, body: dict[str, object], words: str
) -> None:
    alice = house.people.alice
    named = {"profile": alice.profile.id, "company": alice.company.id, "me": alice.user.id}
    with house.client(alice) as client:
        answer: httpx.Response = client.request(method, path.format(**named), json=body)
    assert answer.status_code in (403, 422)
    assert words in answer.json()["message"]
