"""What a result was before, as its page and its unfolded row show it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from support.house import House, given
from support.shop import Shop


def run(*names: str) -> bytes:
    cases = "".join(f'<testcase classname="shop" name="{name}"/>' for name in names)
    return f"<testsuite>{cases}</testsuite>".encode()


def test_the_last_five_and_the_current_one_are_a_timeline(page: Page, web_shop: Shop) -> None:
    page.goto(f"/reports/{web_shop.report}/results/{web_shop.failure}")
    moments = page.locator(".moments a")
    expect(moments).to_have_count(6)
    expect(moments.last).to_contain_text("Current")
    expect(moments.last).to_have_attribute("aria-current", "true")
    expect(moments.first).to_contain_text(re.compile(r"\d+ \w{3}"))
    moments.nth(4).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/reports/{web_shop.before}/results/"))
    page.get_by_role("link", name="newer: failed").click()
    expect(page).to_have_url(re.compile(rf"/reports/{web_shop.report}/results/"))


def test_a_row_unfolds_to_its_timeline(page: Page, web_shop: Shop) -> None:
    page.goto(f"/reports/{web_shop.report}?open={web_shop.failure}")
    expect(page.locator(".unfolds .moments a")).to_have_count(6)


def test_a_test_without_a_past_says_so(page: Page, site: House) -> None:
    profile = site.new_profile(site.people.alice, "No past")
    with site.client(site.people.alice) as client:
        report = given(client, profile, run("a", "b", "b"))["id"]
    page.goto(f"/reports/{report}/results/0")
    expect(page.locator(".history")).to_contain_text("No history found: this is the first report")
    page.goto(f"/reports/{report}/results/1")
    expect(page.locator(".history")).to_contain_text("2 results of this report have this name")
    page.get_by_role("link", name="Show them").click()
    expect(page.locator(".result-row")).to_have_count(2)
    expect(page.locator(".result-row .label").first).to_have_text("2 alike")
