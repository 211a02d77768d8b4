"""Sets on the pages: made, filled and emptied without script, and told of in the rail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from support.browser import sign_in, visitor
from support.house import REPORT, House, given
from support.shop import DESK


@pytest.fixture
def plain(chromium: Browser, site: House) -> Iterator[Page]:
    """Alice's browser, which runs no script."""
    with visitor(chromium, site, viewport=DESK, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        yield page


def test_a_set_is_made_and_filled_and_says_which_member_fails(plain: Page, site: House) -> None:
    alice = site.people.alice
    profile = site.new_profile(alice, "Set story")
    with site.client(alice) as client:
        given(client, profile, REPORT)
        name = client.get(f"/api/v3/profiles/{profile}").json()["name"]
    plain.goto(f"/companies/{alice.company.id}")
    plain.get_by_label(f"New profile or set in {alice.group.name}").click()
    plain.get_by_label("Name", exact=True).fill("All of the story")
    plain.get_by_role("radio", name=re.compile("^Set")).check()
    plain.get_by_role("button", name="Make the profile").click()
    expect(plain.get_by_text("The set is empty.")).to_be_visible()
    expect(plain.get_by_text("Nothing is in this set yet")).to_be_visible()
    plain.get_by_role("checkbox", name=name).check()
    plain.get_by_role("button", name="Save the members").click()
    expect(plain.get_by_text("1 of 1 member fails.")).to_be_visible()
    plain.get_by_text("Why it fails").click()
    expect(plain.get_by_text("2 test(s) failed")).to_be_visible()
    rail = plain.get_by_label("Profiles").get_by_role("link", name=re.compile("All of the story"))
    expect(rail.get_by_role("img", name="failed")).to_be_visible()
    plain.get_by_text("Change the members").click()
    plain.get_by_role("checkbox", name=name).uncheck()
    plain.get_by_role("button", name="Save the members").click()
    expect(plain.get_by_text("Nothing is in this set yet")).to_be_visible()


def test_a_profile_is_told_what_it_takes_in(plain: Page, site: House) -> None:
    profile = site.new_profile(site.people.alice, "Intake story")
    plain.goto(f"/profiles/{profile}/settings")
    plain.get_by_label(re.compile("^Made by")).select_option("xlt.Gatling")
    plain.get_by_label(re.compile("^Gate")).select_option("xlt.DefaultPerformanceTestsQualifier")
    plain.locator("#intake").get_by_role("button", name="Save").click()
    expect(plain.get_by_text("The changes are saved.")).to_be_visible()
    expect(plain.get_by_label(re.compile("^Made by"))).to_have_value("xlt.Gatling")
    expect(plain.get_by_placeholder("**/simulation.log")).to_be_visible()
