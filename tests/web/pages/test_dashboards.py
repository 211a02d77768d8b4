"""Dashboards in a browser: built with the mouse and by keyboard, looked at, filling the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from support.boards import given_board, places, tile
from support.browser import SCREENSHOTS, grave_faults, sign_in, visitor
from support.house import House
from support.shop import DESK, Shop

WAYS = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "middle": {"viewport": {"width": 1024, "height": 800}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}
FILLED = ".tile-body .tile"


def board_of(page: Page) -> int:
    found = re.search(r"/dashboards/(\d+)", page.url)
    assert found is not None
    return int(found[1])


def named(page: Page, title: str) -> Locator:
    """The tile of that title; its settings hold the titles of all charts."""
    return page.locator(".board-tile", has=page.locator(".grip", has_text=title))


def at(page: Page, title: str) -> tuple[int, ...]:
    """Where a tile is in the editor: x, y, w, h."""
    found = named(page, title)
    return tuple(int(found.locator(f"[name={side}]").input_value()) for side in "xywh")


def drag(page: Page, what: Locator, right: float, down: float) -> None:
    box = what.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=6)
    page.mouse.move(x + right, y + down, steps=6)
    page.mouse.move(x + right, y + down)
    page.mouse.up()


def add(page: Page, profile: int, chart: str) -> None:
    page.get_by_role("link", name="Add tile").click()
    dialog = page.get_by_role("dialog", name="Add a tile")
    dialog.get_by_label("Profile or set").select_option(str(profile))
    dialog.get_by_role("button", name=re.compile(f"^{chart}")).click()
    expect(named(page, chart).locator(FILLED)).to_be_visible()


def test_what_the_mouse_has_built_is_there_after_a_restart(
    page: Page, site: House, web_shop: Shop
) -> None:
    page.emulate_media(reduced_motion="reduce")  # no tile is on its way when it is taken hold of
    page.goto(f"/companies/{site.people.alice.company.id}/dashboards")
    page.get_by_text("New dashboard").click()
    page.get_by_label("Name").fill("Release room")
    page.get_by_role("button", name="Make the dashboard").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    add(page, web_shop.profile, "Pie chart")
    add(page, web_shop.profile, "Historical bar chart")
    assert [at(page, "Pie"), at(page, "Historical")] == [(0, 0, 6, 4), (0, 4, 6, 4)]
    width = page.locator(".board").bounding_box()["width"] / 12  # type: ignore[index]
    drag(page, named(page, "Historical").locator(".grip"), 6.4 * width, -330)
    assert at(page, "Historical") == (6, 0, 6, 4)
    pie = named(page, "Pie chart")
    drag(page, pie.locator(".ui-resizable-se"), -2.2 * width, 160)
    assert at(page, "Pie") == (0, 0, 4, 6)
    page.get_by_role("button", name="Save dashboard").click()
    expect(page).to_have_url(re.compile(r"/dashboards/\d+$"))
    wanted = [("pie", 0, 0, 4, 6), ("historical", 6, 0, 6, 4)]
    with site.client(site.people.alice) as client:
        assert places(client, board_of(page)) == wanted
    before = [box(each) for each in page.locator(".board-tile").all()]
    site.server.stop()
    site.server.start()
    page.reload()
    expect(page.locator(FILLED)).to_have_count(2)
    assert [box(each) for each in page.locator(".board-tile").all()] == before
    page.get_by_role("link", name="Edit").click()
    expect(page.locator(FILLED)).to_have_count(2)
    assert [at(page, "Pie"), at(page, "Historical")] == [(0, 0, 4, 6), (6, 0, 6, 4)]


def box(tile: Locator) -> list[int]:
    found = tile.bounding_box()
    assert found is not None
    return [round(found[side]) for side in ("x", "y", "width", "height")]  # type: ignore[literal-required]


def test_a_keyboard_moves_resizes_removes_and_has_back(
    page: Page, site: House, web_shop: Shop
) -> None:
    shop = web_shop.profile
    board = given_board(site, "By keys", tile(shop, w=4), tile(shop, "bar", y=4, w=4))
    page.goto(f"/dashboards/{board['id']}?edit=1")
    pie, bar = (
        page.locator(f'.board-tile:has([name="tile"][value="{each["uuid"]}"])')
        for each in board["tiles"]
    )
    pie.get_by_role("button", name=re.compile("Move")).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#moved")).to_have_text("Pie chart: column 2, row 1, 5 wide, 4 high")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#moved")).to_have_text("Pie chart: column 2, row 5, 5 wide, 4 high")
    assert at(page, "Bar") == (0, 0, 4, 4)
    bar.get_by_role("button", name=re.compile("Remove")).focus()
    page.keyboard.press("Enter")
    expect(bar).to_have_count(0)
    page.keyboard.press("Enter")
    expect(bar).to_be_visible()
    assert at(page, "Bar") == (0, 0, 4, 4)
    pie.locator("summary").press("Enter")
    pie.get_by_label("Title").fill("Share")
    pie.locator("[name=chart]").select_option("bar")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save dashboard").press("Enter")
    expect(page.get_by_role("heading", name="Share")).to_be_visible()
    with site.client(site.people.alice) as client:
        assert places(client, board["id"]) == [("bar", 0, 0, 4, 4), ("bar", 1, 4, 5, 4)]


def test_the_whole_screen_has_an_address_and_escape_leaves_it(
    page: Page, site: House, web_shop: Shop
) -> None:
    board = given_board(site, "On the wall", tile(web_shop.profile, "historical", w=12))
    page.goto(f"/dashboards/{board['id']}")
    page.get_by_role("link", name="Full screen").click()
    expect(page.locator(".top")).to_be_hidden()
    expect(page).to_have_url(re.compile("full=1"))
    page.goto(f"/dashboards/{board['id']}?full=1")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(FILLED)).to_be_visible()
    found = page.locator(".board").bounding_box()
    assert found is not None
    assert found["height"] == DESK["height"] - 24
    page.keyboard.press("Escape")
    expect(page.locator(".top")).to_be_visible()
    expect(page).not_to_have_url(re.compile("full=1"))


def test_what_fails_leaves_the_picture_and_says_so(page: Page, site: House, web_shop: Shop) -> None:
    board = given_board(site, "Alive", tile(web_shop.profile), reload_seconds=10)
    page.goto(f"/dashboards/{board['id']}")
    expect(page.locator("[data-fresh]")).to_contain_text("updated")
    drawn = page.locator(f"{FILLED} svg")
    expect(drawn).to_be_visible()

    def gone(route: Route) -> None:
        route.fulfill(status=404, body="")

    page.route("**/tile?*", gone)
    expect(page.locator("[data-fresh]")).to_contain_text("not there any more", timeout=20_000)
    expect(drawn).to_be_visible()
    page.unroute("**/tile?*")
    expect(page.locator("[data-fresh]")).to_contain_text("updated", timeout=20_000)
    with site.client(site.people.alice) as client:
        client.patch(f"/api/v3/dashboards/{board['id']}", json={"name": "Changed"})
    expect(page.get_by_role("heading", name="Changed")).to_be_visible(timeout=20_000)


def test_without_script_the_charts_are_pictures(
    chromium: Browser, site: House, web_shop: Shop
) -> None:
    board = given_board(site, "Plain", tile(web_shop.profile), tile(web_shop.profile, "bar", x=6))
    with plain(chromium, site) as page:
        page.goto(f"/dashboards/{board['id']}", wait_until="networkidle")
        shown = page.locator(".tile-body img")
        expect(shown).to_have_count(2)
        assert all(each.evaluate("it => it.naturalWidth > 0") for each in shown.all())
        page.goto(f"/dashboards/{board['id']}?edit=1")
        first = page.locator(".board-tile").first
        first.locator("summary").click()
        first.get_by_label("Column").fill("4")
        page.get_by_role("button", name="Save dashboard").click()
        expect(page).to_have_url(re.compile(rf"/dashboards/{board['id']}$"))
    with site.client(site.people.alice) as client:
        assert places(client, board["id"]) == [("pie", 4, 0, 6, 4), ("bar", 6, 4, 6, 4)]


@contextmanager
def plain(chromium: Browser, site: House) -> Iterator[Page]:
    """A page on which Alice is signed in, of a browser that runs no script."""
    with visitor(chromium, site, viewport=DESK, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        yield page


@pytest.mark.parametrize("look", WAYS)
def test_they_read_well(page: Page, site: House, web_shop: Shop, look: str) -> None:
    company = f"/companies/{site.people.alice.company.id}/dashboards"
    page.set_viewport_size(WAYS[look]["viewport"])  # type: ignore[arg-type]
    page.emulate_media(color_scheme=WAYS[look]["color_scheme"], reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(company)
    page.locator(".boards a", has_text="Overview").click()
    board = page.url.partition("?")[0]
    with site.client(site.people.alice) as client:
        public = client.put(f"/api/v3/dashboards/{board_of(page)}/share").json()["url"]
    for name, address in {
        "dashboards": company,
        "dashboard": board,
        "dashboard-full": f"{board}?full=1",
        "dashboard-edit": f"{board}?edit=1",
        "dashboard-add": f"{board}/add?profile={web_shop.profile}",
        "dashboard-sharing": f"{board}/sharing",
        "shared-dashboard": public,
    }.items():
        page.goto(address, wait_until="networkidle")
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert grave_faults(page) == [], name
