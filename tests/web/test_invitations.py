"""Invitations and lost passwords: by mail where the server can send one, by hand where not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from assay.store.catalog import invitations, open_catalog
from assay.store.catalog.members import Role
from support import people as settlers
from support.house import House
from support.mailbox import Mailbox, receiving
from support.people import Person
from support.server import Server


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[House]:
    server = Server(folder / "data", **settings)
    with closing(open_catalog(server.settings.catalog_url)) as catalog:
        catalog.migrate()
        people = settlers.settle(catalog)
    server.start()
    try:
        yield House(server, people)
    finally:
        server.stop()


@contextmanager
def browser(house: House, person: Person | None = None) -> Iterator[httpx.Client]:
    headers = {"origin": house.server.url, "accept": "text/html"}
    with httpx.Client(
        base_url=house.server.url, headers=headers, timeout=60, follow_redirects=True
    ) as client:
        if person:
            enter(client, person.email, person.password)
        yield client


def enter(client: httpx.Client, email: str, password: str) -> bool:
    answer = client.post("/login", data={"email": email, "password": password})
    return answer.status_code == 200 and "Sign out" in answer.text


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server that cannot send mails."""
    with running(tmp_path_factory.mktemp("quiet")) as house:
        yield house


@pytest.fixture(scope="module")
def post() -> Iterator[Mailbox]:
    with receiving() as box:
        yield box


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory, post: Mailbox) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("mailing"), smtp=post.url) as house:
        yield house


def link_in(text: str, path: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:\d+(/{path}/[\w-]+)", text)
    assert found is not None, text
    return found[1]


def invite(house: House, who: Person, email: str, role: str = "user") -> httpx.Response:
    with browser(house, who) as client:
        company = f"/companies/{who.company.id}"
        return client.post(f"{company}/invitations", data={"email": email, "role": role})


def test_somebody_new_joins_by_a_link_that_was_handed_over(quiet: House) -> None:
    alice = quiet.people.alice
    link = link_in(invite(quiet, alice, "Dora@Example.org", "moderator").text, "invitations")
    with browser(quiet) as dora:
        page = dora.get(link)
        assert "dora@example.org is invited" in page.text
        assert "Moderator" in page.text
        short = dora.post(link, data={"name": "Dora", "password": "short"})
        assert (short.status_code, "8 to 1000" in short.text) == (422, True)
        inside = dora.post(link, data={"name": "Dora", "password": "dora's password"})
        assert str(inside.url).endswith(f"/companies/{alice.company.id}")
        assert "Invite someone" in dora.get(f"/companies/{alice.company.id}/people").text
        assert dora.get(link).status_code == 404  # once is enough


def test_who_has_an_account_signs_in_first_and_is_in_both_companies(quiet: House) -> None:
    people = quiet.people
    link = link_in(invite(quiet, people.charlie, people.bob.email).text, "invitations")
    with browser(quiet) as bob:
        assert "Sign in to join" in bob.get(link).text
        grab = bob.post(link, data={"name": "Bob", "password": "another password"})
        assert str(grab.url).startswith(f"{quiet.server.url}/login")
        enter(bob, people.bob.email, people.bob.password)
        assert "Join Initech" in bob.get(link).text
        assert "Initech" in bob.post(link).text
        mine = bob.get("/companies").text
        assert "Acme" in mine
        assert "Initech" in mine


def test_an_invitation_is_for_one_person_alone(quiet: House) -> None:
    link = link_in(invite(quiet, quiet.people.alice, "erin@example.org").text, "invitations")
    with browser(quiet, quiet.people.charlie) as charlie:
        assert "signed in as charlie@example.org" in charlie.get(link).text
        assert charlie.post(link).status_code == 403
        company = quiet.people.alice.company.id
        assert charlie.get(f"/companies/{company}").status_code == 404


def test_withdrawn_renewed_and_old_links_are_good_for_nothing(quiet: House) -> None:
    alice = quiet.people.alice
    first = invite(quiet, alice, "frank@example.org")
    company = f"/companies/{alice.company.id}"
    number = re.findall(rf"{company}/invitations/(\d+)/again", first.text)[-1]
    with browser(quiet, alice) as client, browser(quiet) as frank:
        before = link_in(first.text, "invitations")
        again = client.post(f"{company}/invitations/{number}/again")
        after = link_in(again.text, "invitations")
        assert frank.get(before).status_code == 404
        assert frank.get(after).status_code == 200
        client.post(f"{company}/invitations/{number}/withdraw")
        assert frank.get(after).status_code == 404
        assert "frank@example.org" not in client.get(f"{company}/people").text
    long_ago = datetime.now(UTC) - timedelta(days=15)
    with (
        closing(open_catalog(quiet.server.settings.catalog_url)) as catalog,
        catalog.write() as conn,
    ):
        _, token = invitations.make(
            conn,
            company=alice.company.id,
            email="old@example.org",
            role=Role.USER,
            inviter=alice.user.id,
            now=long_ago,
        )
    with browser(quiet) as old, browser(quiet, alice) as client:
        assert old.get(f"/invitations/{token}").status_code == 404
        assert "too old" in client.get(f"{company}/people").text


@pytest.mark.parametrize(
    ("email", "role", "status", "words"),
    [
        ("bob@example.org", "user", 422, "is a member already"),
        ("no address", "user", 422, "is no e-mail address"),
        ("g@example.org", "emperor", 422, "role"),
    ],
)
def test_what_cannot_be_invited_is_said(
    quiet: House, email: str, role: str, status: int, words: str
) -> None:
    answer = invite(quiet, quiet.people.alice, email, role)
    assert answer.status_code == status
    assert words in answer.text


def test_bob_may_not_invite_and_is_not_asked_to(quiet: House) -> None:
    bob = quiet.people.bob
    with browser(quiet, bob) as client:
        page = client.get(f"/companies/{bob.company.id}/people").text
        for words in ("Invite someone", "Last seen", "Remove"):
            assert words not in page
        assert "alice@example.org" in page
        settings = client.get(f"/companies/{bob.company.id}/settings").text
        assert "Leave the company" in settings
        for words in ("Save the name", "Delete the company"):
            assert words not in settings
    assert invite(quiet, bob, "g@example.org").status_code == 403


def test_a_mail_brings_the_invitation_and_nobody_else_sees_the_link(
    mailing: House, post: Mailbox
) -> None:
    answer = invite(mailing, mailing.people.alice, "dora@example.org")
    assert "on its way" in answer.text
    assert "/invitations/" not in re.sub(r"/companies/\d+/invitations", "", answer.text)
    [mail] = post.wait(to="dora@example.org")
    assert mail["subject"] == "Alice invites you to Acme"
    text = mail.get_body(("plain",))
    assert text is not None
    with browser(mailing) as dora:
        link = link_in(text.get_content(), "invitations")
        inside = dora.post(link, data={"name": "Dora", "password": "dora's password"})
        assert str(inside.url).endswith(f"/companies/{mailing.people.alice.company.id}")


def test_a_forgotten_password_is_replaced_by_a_mailed_link(mailing: House, post: Mailbox) -> None:
    bob = mailing.people.bob
    with browser(mailing, bob) as desk, browser(mailing) as phone:
        asked = phone.post("/forgot", data={"email": " BOB@example.org"})
        assert "a mail with a link is on its way" in asked.text
        [mail] = post.wait(to=bob.email)
        text = mail.get_body(("plain",))
        assert text is not None
        link = link_in(text.get_content(), "reset")
        assert bob.email in phone.get(link).text
        assert phone.post(link, data={"password": "short"}).status_code == 422
        assert "Sign out" in phone.post(link, data={"password": "bob's new password"}).text
        assert str(desk.get("/account").url).startswith(f"{mailing.server.url}/login")
        assert phone.get(link).status_code == 404
        assert not enter(desk, bob.email, bob.password)
        assert enter(desk, bob.email, "bob's new password")


def test_whoever_asks_does_not_choose_where_the_mailed_link_leads(
    mailing: House, post: Mailbox
) -> None:
    alice = mailing.people.alice
    headers = {"host": "evil.example", "origin": "http://evil.example"}
    with browser(mailing) as client:
        client.post("/forgot", data={"email": alice.email}, headers=headers)
    [mail] = post.wait(to=alice.email)
    assert "evil.example" not in mail.as_string()


def test_asking_again_and_again_fills_nobodys_letter_box(mailing: House, post: Mailbox) -> None:
    charlie = mailing.people.charlie
    with browser(mailing) as client:
        for _ in range(3):
            client.post("/forgot", data={"email": charlie.email})
        assert len(post.wait(to=charlie.email)) == 1
        answers = [client.post("/forgot", data={"email": charlie.email}) for _ in range(9)]
    assert answers[-1].status_code == 429
    assert len(post.of(charlie.email)) == 1


def test_nobody_learns_who_has_an_account(mailing: House, post: Mailbox) -> None:
    with browser(mailing) as client:
        known = client.post("/forgot", data={"email": "alice@example.org"}).text
        other = client.post("/forgot", data={"email": "nobody@example.org"}).text
    assert known.replace("alice@", "nobody@") == other
    post.wait(to="alice@example.org")
    assert not post.of("nobody@example.org")


def test_without_mails_the_page_says_whom_to_ask(quiet: House) -> None:
    with browser(quiet) as client:
        assert "assay admin password" in client.get("/forgot").text
        assert "assay admin password" in client.post("/forgot", data={"email": "x@y.z"}).text


def test_nobody_makes_an_account_by_themselves_unless_the_server_is_open(
    quiet: House, tmp_path: Path
) -> None:
    mine = {"name": "Gus", "email": "gus@example.org", "password": "gus's password"}
    with browser(quiet) as client:
        assert client.get("/register").status_code == 403
        assert client.post("/register", data=mine).status_code == 403
        assert "/register" not in client.get("/login").text
    with running(tmp_path, sign_up="open") as house, browser(house) as client:
        assert "/register" in client.get("/login").text
        assert client.post("/register", data=mine | {"password": "x"}).status_code == 422
        page = client.post("/register", data=mine)
        assert "You are in no company yet" in page.text
        assert "Acme" not in page.text
        made = client.post("/companies", data={"name": "Gus and sons"})
        assert "Make a group" in made.text
        again = client.post("/register", data=mine)
        assert (again.status_code, "has an account already" in again.text) == (422, True)
