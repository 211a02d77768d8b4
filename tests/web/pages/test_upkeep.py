"""What people do with reports on the pages: select, delete and undo, tag, move, compare."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from support import shop
from support.browser import sign_in, visitor
from support.house import House, given


@pytest.fixture
def weeks(site: House) -> int:
    """A profile with six reports, the first of which heals and breaks tests."""
    alice = site.people.alice
    profile = site.new_profile(alice, "Weeks")
    now = datetime.now(UTC)
    with site.client(alice) as client:
        for back in range(6):
            number = shop.RUNS - 1 - back
            given(client, profile, shop.run(number, now - timedelta(days=back)), build=str(number))
    return profile


def test_rows_are_selected_by_click_by_range_and_by_key(page: Page, weeks: int) -> None:
    page.goto(f"/profiles/{weeks}/reports")
    boxes = page.get_by_role("checkbox", name=re.compile("Select report"))
    expect(page.get_by_role("button", name="Delete")).to_be_disabled()
    boxes.nth(1).check()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.locator(".picks a.line").nth(5).focus()
    page.keyboard.press("x")
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.get_by_label("4 selected").check()
    expect(page.get_by_text("6 selected")).to_be_visible()
    page.get_by_label("6 selected").uncheck()
    expect(page.get_by_text("Select all shown")).to_be_visible()


def test_what_was_deleted_is_undone(page: Page, weeks: int) -> None:
    page.goto(f"/profiles/{weeks}/reports")
    boxes = page.get_by_role("checkbox", name=re.compile("Select report"))
    boxes.nth(0).check()
    boxes.nth(2).check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_contain_text("2 reports deleted.")
    expect(boxes).to_have_count(4)
    expect(page.get_by_role("link", name="2 reports in the trash")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("2 reports taken back.")
    expect(boxes).to_have_count(6)


def test_the_trash_gives_back_and_removes(page: Page, weeks: int) -> None:
    page.goto(f"/profiles/{weeks}/reports")
    for number in range(3):
        page.get_by_role("checkbox", name=re.compile("Select report")).nth(number).check()
    page.get_by_role("button", name="Delete").click()
    page.locator(".title summary", has_text="More").click()
    page.get_by_role("link", name="Trash", exact=True).click()
    boxes = page.get_by_role("checkbox", name=re.compile("Select report"))
    expect(boxes).to_have_count(3)
    boxes.nth(0).check()
    page.get_by_role("button", name="Remove for good").click()
    expect(page.get_by_role("status")).to_contain_text("1 report removed for good.")
    page.get_by_label("Select all shown").check()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("checkbox", name=re.compile("Select report"))).to_have_count(5)


def test_tags_are_added_to_the_selected(page: Page, weeks: int) -> None:
    page.goto(f"/profiles/{weeks}/reports")
    page.get_by_role("checkbox", name=re.compile("Select report")).nth(0).check()
    page.locator(".bulk-bar summary", has_text="Tag").click()
    page.get_by_label("Tags with commas").fill("release, env:live")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 report tagged.")
    expect(page.locator(".picks > li").first).to_contain_text("env:live")
    page.get_by_role("checkbox", name=re.compile("Select report")).nth(0).check()
    page.locator(".bulk-bar summary", has_text="Tag").click()
    page.get_by_label("Tags with commas").fill("env:live")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".picks > li").first).not_to_contain_text("env:live")


def test_the_selected_are_moved(page: Page, weeks: int, site: House) -> None:
    name = "Archive of old runs"
    archive = site.new_profile(site.people.alice, name)
    page.goto(f"/profiles/{weeks}/reports")
    page.get_by_role("checkbox", name=re.compile("Select report")).last.check()
    page.locator(".bulk-bar summary", has_text="Move").click()
    page.get_by_label("To the profile").select_option(str(archive))
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("1 report moved")
    page.goto(f"/profiles/{archive}/reports")
    expect(page.locator("h1")).to_contain_text(name)


def test_the_oldest_and_newest_of_the_selected_are_compared(page: Page, weeks: int) -> None:
    page.goto(f"/profiles/{weeks}/reports")
    boxes = page.get_by_role("checkbox", name=re.compile("Select report"))
    for number in (0, 2, 5):
        boxes.nth(number).check()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".verdict")).to_contain_text("3 tests newly failing.")
    expect(page.locator(".pairs > li")).to_have_count(3)
    page.get_by_role("searchbox", name="Search names").fill("voucher")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".pairs > li")).to_have_count(1)
    page.get_by_role("link", name="Swap").click()
    expect(page.locator(".verdict")).to_contain_text("3 tests fixed")
    page.locator("select[name=after]").select_option(index=0)
    page.get_by_role("button", name="Compare these").click()
    expect(page.locator(".verdict")).to_contain_text("one report, beside itself")


def test_a_report_leads_to_its_comparison_and_to_the_trash(page: Page, weeks: int) -> None:
    page.goto(f"/profiles/{weeks}")
    page.get_by_role("link", name=re.compile("Report #")).click()
    page.get_by_role("link", name="Compare with …").last.click()
    expect(page.locator(".verdict")).to_contain_text("2 tests newly failing.")
    page.get_by_role("link", name=re.compile("Report #")).last.click()
    page.locator(".title summary", has_text="More").click()
    page.get_by_role("button", name="Delete this report").click()
    expect(page.get_by_role("status")).to_contain_text("1 report deleted.")


def test_all_of_it_works_without_script(chromium: Browser, site: House, weeks: int) -> None:
    with visitor(chromium, site, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        page.goto(f"/profiles/{weeks}/reports")
        page.get_by_role("checkbox", name=re.compile("Select report")).nth(1).check()
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_role("status")).to_contain_text("1 report deleted.")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("checkbox", name=re.compile("Select report"))).to_have_count(6)
