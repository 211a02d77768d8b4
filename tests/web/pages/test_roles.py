"""Alice owns a company, Bob is a user in it, Charlie a stranger: what each meets in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assay.store.catalog import open_catalog
from support import people as settlers
from support.browser import sign_in, visitor
from support.house import House
from support.server import Server
from support.shop import DESK


@pytest.fixture
def own(tmp_path: Path) -> Iterator[House]:
    """A server of this story's own: it changes who may do what."""
    running = Server(tmp_path / "data")
    catalog = open_catalog(running.settings.catalog_url)
    catalog.migrate()
    people = settlers.settle(catalog)
    catalog.close()
    running.start()
    yield House(running, people)
    running.stop()


@pytest.fixture
def pages(own: House, chromium: Browser) -> Iterator[dict[str, Page]]:
    """A browser each; nobody is signed in in the last."""
    names = ("alice", "bob", "charlie", "dora")
    with ExitStack() as stack:
        found = {
            name: stack.enter_context(visitor(chromium, own, viewport=DESK)).new_page()
            for name in names
        }
        for name in names[:3]:
            sign_in(found[name], getattr(own.people, name))
        yield found


def test_a_company_is_looked_after_by_those_who_may(own: House, pages: dict[str, Page]) -> None:
    alice, bob, charlie, dora = (pages[name] for name in ("alice", "bob", "charlie", "dora"))
    company, profile = own.people.alice.company.id, own.people.alice.profile.id
    for page in (alice, bob, charlie):
        page.goto(f"/companies/{company}/people")
    expect(alice.get_by_role("heading", name="Invite someone")).to_be_visible()
    expect(bob.get_by_text("alice@example.org")).to_be_visible()
    expect(bob.get_by_role("heading", name="Invite someone")).to_have_count(0)
    expect(charlie.get_by_role("heading", name="Nothing here")).to_be_visible()

    alice.get_by_label("Role of Bob").select_option("Moderator")
    alice.get_by_role("row", name=re.compile("Bob")).get_by_role("button", name="Change").click()
    expect(alice.get_by_text("The role is changed.")).to_be_visible()
    bob.reload()
    expect(bob.get_by_role("heading", name="Invite someone")).to_be_visible()
    expect(bob.get_by_label("Role of Alice")).to_have_count(0)
    roles = bob.locator("form[action$='/invitations'] option").all_inner_texts()
    assert roles == ["Read Only", "User", "Moderator"]

    bob.get_by_label("E-mail").fill("dora@example.org")
    bob.locator("form[action$='/invitations'] select").select_option("Read Only")
    bob.get_by_role("button", name="Invite", exact=True).click()
    link = bob.locator("#link").inner_text()
    charlie.goto(link)
    expect(charlie.get_by_text("You are signed in as charlie@example.org")).to_be_visible()
    dora.goto(link)
    dora.get_by_label("Your name").fill("Dora")
    dora.get_by_label("A password").fill("dora's password")
    dora.get_by_role("button", name="Make the account and join").click()
    expect(dora).to_have_url(re.compile(rf"/companies/{company}$"))
    expect(dora.get_by_text("New profile")).to_have_count(0)
    dora.goto(f"/profiles/{profile}")
    expect(dora.get_by_role("button", name="Make a key for this profile")).to_have_count(0)

    alice.goto(f"/companies/{company}/people")
    row = alice.get_by_role("row", name=re.compile("Dora"))
    row.locator("summary").click()
    row.get_by_role("button", name="Remove Dora").click()
    dora.goto(f"/companies/{company}")
    expect(dora.get_by_role("heading", name="Nothing here")).to_be_visible()
    dora.goto("/")
    expect(dora.get_by_text("You are in no company yet")).to_be_visible()


def test_a_company_of_ones_own_takes_a_name_and_ends_with_it(pages: dict[str, Page]) -> None:
    charlie = pages["charlie"]
    charlie.locator(".menu.company summary").click()
    charlie.get_by_role("link", name="New company").click()
    charlie.get_by_label("Name").fill("Practice")
    charlie.get_by_role("button", name="Make the company").click()
    expect(charlie.get_by_role("heading", name="Practice")).to_be_visible()
    charlie.get_by_label("Name").first.fill("Shelf")
    charlie.get_by_role("button", name="Make the group").click()
    charlie.get_by_label("Name").nth(1).fill("Unit tests")
    charlie.get_by_role("button", name="Make the profile").click()
    expect(charlie.get_by_text("Waiting for the first report")).to_be_visible()
    charlie.get_by_role("link", name="Practice", exact=True).first.click()
    charlie.get_by_role("link", name="Settings").click()
    expect(charlie.get_by_text("1 group, 1 profile and 0 reports")).to_be_visible()
    charlie.get_by_label(re.compile("To delete it")).fill("Practice")
    charlie.get_by_role("button", name="Delete the company for good").click()
    expect(charlie).to_have_url(re.compile(r"/companies$"))
    expect(charlie.get_by_role("link", name="Practice")).to_have_count(0)
