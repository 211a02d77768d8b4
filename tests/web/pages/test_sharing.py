"""Sharing, as a member does it and a guest finds it: in a browser that knows nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.browser import SCREENSHOTS, grave_faults, visitor
from support.house import House
from support.shared import share
from support.shop import DESK, Shop

WAYS = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "middle": {"viewport": {"width": 1024, "height": 800}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}
GUESTS = {
    "shared-report": "{report}",
    "shared-report-unfolded": "{report}?open={failure}",
    "shared-tree": "{report}?tab=tree",
    "shared-changes": "{report}?tab=changes",
    "shared-result": "{report}/results/{failure}",
    "shared-profile": "{profile}",
}
MEMBERS = {
    "sharing": "/reports/{report}/sharing",
    "sharing-profile": "/profiles/{profile}/sharing",
    "sharing-private": "/profiles/{empty}/sharing",
}


@pytest.fixture
def guest(chromium: Browser, site: House) -> Iterator[BrowserContext]:
    """A browser that was never here."""
    with visitor(chromium, site, viewport=DESK) as context:
        yield context


@pytest.fixture(scope="module")
def public(site: House, web_shop: Shop) -> dict[str, str]:
    """The shop's newest report and its profile, public."""
    share(site, f"reports/{web_shop.before}", history=True)
    return {
        "report": share(site, f"reports/{web_shop.report}", history=True),
        "profile": share(site, f"profiles/{web_shop.profile}"),
        "failure": str(web_shop.failure),
    }


def test_a_report_is_made_public_and_read_by_a_guest_until_it_is_not(
    page: Page, guest: BrowserContext, site: House, web_shop: Shop
) -> None:
    page.goto(f"/reports/{web_shop.before}")
    page.locator(".title summary", has_text="More").click()
    page.get_by_role("link", name="Make public").click()
    page.get_by_label("No end").check()
    page.get_by_role("button", name="Make public").click()
    expect(page.locator(".verdict")).to_contain_text("public, without an end")
    page.goto(f"/reports/{web_shop.before}")
    page.locator(".public").get_by_role("button", name="Copy link").click()
    address = page.evaluate("navigator.clipboard.readText()")

    seen = guest.new_page()
    seen.goto(address)
    expect(seen.locator(".verdict")).to_be_visible()
    seen.locator(".result-row a.line").first.click()
    expect(seen.locator(".unfolds")).to_be_visible()
    seen.get_by_role("link", name="The whole story").click()
    expect(seen).to_have_url(re.compile(r"/public/[0-9a-f-]{36}/results/\d+$"))
    expect(seen.get_by_role("link", name="Upload")).to_have_count(0)
    assert guest.cookies() == []

    page.locator(".public").get_by_role("link", name="Public").click()
    page.get_by_text("Regenerate public key").click()
    page.get_by_role("button", name="Regenerate the key").click()
    expect(page.get_by_text("This has a new address")).to_be_visible()
    assert seen.goto(address).status == 404  # type: ignore[union-attr]


def test_a_guest_walks_from_report_to_report(
    guest: BrowserContext, public: dict[str, str], web_shop: Shop
) -> None:
    seen = guest.new_page()
    seen.goto(public["report"])
    expect(seen.locator(".changes")).to_contain_text("2 new failures")
    seen.keyboard.press("[")
    expect(seen).to_have_url(re.compile(rf"/reports/{web_shop.before}/public/"))
    seen.wait_for_load_state()  # keys pressed before a page has its script go nowhere
    seen.keyboard.press("]")
    expect(seen).to_have_url(re.compile(rf"/reports/{web_shop.report}/public/"))


def test_a_guest_finds_a_profile_s_reports(
    guest: BrowserContext, public: dict[str, str], web_shop: Shop
) -> None:
    seen = guest.new_page()
    seen.goto(public["profile"], wait_until="networkidle")
    expect(seen.locator(".plot canvas")).to_be_visible()
    seen.locator(".runs a.line").first.click()
    expect(seen).to_have_url(re.compile(rf"{public['profile']}/reports/{web_shop.report}$"))
    seen.get_by_role("link", name="Web UI tests").click()
    expect(seen).to_have_url(re.compile(f"{public['profile']}$"))


def test_a_member_goes_on_from_the_guest_s_page_to_the_full_one(
    page: Page, public: dict[str, str], web_shop: Shop
) -> None:
    page.goto(public["report"])
    page.get_by_role("link", name="open the full page").click()
    expect(page).to_have_url(re.compile(rf"/reports/{web_shop.report}$"))


@pytest.mark.parametrize("look", WAYS)
def test_guests_pages_read_well(
    chromium: Browser, site: House, public: dict[str, str], look: str
) -> None:
    with visitor(chromium, site, **WAYS[look], reduced_motion="reduce") as context:
        page = context.new_page()
        for name, address in GUESTS.items():
            answer = page.goto(address.format(**public), wait_until="networkidle")
            assert answer is not None
            assert answer.status == 200
            judge(page, name, look)


@pytest.mark.parametrize("look", WAYS)
def test_the_sharing_pages_read_well(
    page: Page, public: dict[str, str], web_shop: Shop, look: str
) -> None:
    page.set_viewport_size(WAYS[look]["viewport"])  # type: ignore[arg-type]
    page.emulate_media(color_scheme=WAYS[look]["color_scheme"])  # type: ignore[arg-type]
    for name, address in MEMBERS.items():
        ids = {field: getattr(web_shop, field) for field in Shop.__dataclass_fields__}
        page.goto(address.format(**ids), wait_until="networkidle")
        judge(page, name, look)


def judge(page: Page, name: str, look: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name}: too wide"
    assert grave_faults(page) == []
