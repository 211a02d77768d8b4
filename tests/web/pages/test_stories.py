"""What people do on the pages, in a real browser on a real server."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from support import shop
from support.browser import sign_in, visitor
from support.house import REPORT, House
from support.server import ended
from support.shop import Shop

DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, {type: "text/xml"}));
  for (const kind of ["dragover", "drop"])
    document.body.dispatchEvent(
      new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data}));
}"""


def test_a_wrong_password_is_told_and_the_right_one_leads_on(
    stranger: BrowserContext, site: House, web_shop: Shop
) -> None:
    page, alice = stranger.new_page(), site.people.alice
    page.goto(f"/reports/{web_shop.report}?tab=changes")
    page.get_by_label("E-mail").fill(alice.email)
    page.get_by_label("Password").fill(alice.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(rf"/reports/{web_shop.report}\?tab=changes$"))
    page.get_by_label(re.compile("account of Alice")).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_report_dropped_on_a_page_is_soon_there_to_read(
    page: Page, site: House, web_shop: Shop
) -> None:
    profile = site.new_profile(site.people.alice, "Dropped on")
    page.goto(f"/profiles/{profile}")
    document = shop.run(shop.RUNS - 1, datetime.now(UTC)).decode()
    page.evaluate(DROP, ["TEST-shop.xml", document])
    dialog = page.get_by_role("dialog", name="Upload reports")
    expect(dialog.get_by_text("TEST-shop.xml")).to_be_visible()
    dialog.get_by_label(re.compile("^Tags")).fill("by hand, env:desk")
    dialog.get_by_role("button", name="Upload", exact=True).click()
    expect(page).to_have_url(re.compile(r"/reports/\d+$"), timeout=60_000)
    expect(page.locator(".verdict")).to_contain_text("3 failures")
    expect(page.locator(".meta")).to_contain_text("env:desk")


def test_the_dialogs_command_sends_to_the_profile_that_was_chosen(
    page: Page, site: House, web_shop: Shop, tmp_path: Path
) -> None:
    """Its other tab: a line to copy into a CI job."""
    alice = site.people.alice
    profile = site.new_profile(alice, "By command")
    page.goto(f"/profiles/{web_shop.profile}")
    page.get_by_role("link", name="Upload", exact=True).click()
    dialog = page.get_by_role("dialog", name="Upload reports")
    dialog.get_by_label("Profile").select_option(str(profile))
    dialog.get_by_text("API upload").click()
    expect(dialog.locator("input[type=file]")).to_be_hidden()
    command = dialog.get_by_text("curl -X POST").inner_text()
    assert f"/profile/{profile}/import" in command
    (tmp_path / "report.xml").write_bytes(REPORT)
    words = shlex.split(command.replace("\\\n", " ").replace("YOUR_KEY", alice.secret))
    sent = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    with site.client(alice) as client:
        status = ended(client, json.loads(sent.stdout))
        assert status["report_import_status"] == "success"
        assert client.get(f"/api/v3/reports/{status['report_id']}").json()["profile_id"] == profile


def test_a_failure_is_found_and_its_trace_read(page: Page, web_shop: Shop) -> None:
    page.goto(f"/profiles/{web_shop.profile}")
    expect(page.locator(".verdict")).to_contain_text("2 new failures")
    page.get_by_role("link", name=f"Report #{web_shop.report}").click()
    row = page.locator(".result-row", has_text="pays with card")
    row.locator("a.line").click()
    expect(row.locator(".trace")).to_contain_text('locator("#pay").click(timeout=30_000)')
    expect(row.get_by_text("web/pages/checkout.py:118")).to_be_visible()
    expect(row.locator("img")).to_be_visible()
    expect(page).to_have_url(re.compile(r"open=\d+"))
    row.locator("a.line").click()
    expect(row.locator(".trace")).to_be_hidden()
    row.locator("a.line").click()
    row.get_by_role("link", name="The whole story").click()
    expect(page.locator(".verdict")).to_contain_text("New failure.")
    expect(page.locator(".strokes > li")).to_have_count(shop.RUNS)


def test_the_unfolded_row_is_in_the_address(page: Page, web_shop: Shop) -> None:
    page.goto(f"/reports/{web_shop.report}?open={web_shop.failure}")
    expect(page.locator(f"#r{web_shop.failure} .trace")).to_be_visible()


def test_results_are_searched_by_message_and_status(page: Page, web_shop: Shop) -> None:
    page.goto(f"/reports/{web_shop.report}")
    page.get_by_role("searchbox", name="Search names and messages").fill("no route")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".result-row")).to_have_count(1)
    page.get_by_role("link", name="Clear").click()
    page.locator(".numbers").get_by_role("link", name=re.compile("skipped")).click()
    expect(page.locator(".result-row")).to_have_count(1)


def test_the_profile_id_is_copied(page: Page, web_shop: Shop) -> None:
    page.goto(f"/profiles/{web_shop.profile}")
    page.locator(".title summary", has_text="More").click()
    page.get_by_role("button", name=re.compile("Copy profile ID")).first.click()
    assert page.evaluate("navigator.clipboard.readText()") == str(web_shop.profile)


def test_a_key_is_made_and_imports_a_file_from_swagger(page: Page, site: House) -> None:
    profile = site.new_profile(site.people.alice, "From Swagger")
    page.goto("/account")
    page.get_by_label("Name", exact=True).fill("From the docs page")
    page.get_by_role("button", name="Make the key").click()
    secret = page.locator("#secret").inner_text()
    page.get_by_role("button", name="Copy the key").click()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.goto("/account")
    assert secret not in page.content()

    page.goto("/api/docs")
    page.locator("button.authorize").click()
    page.locator(".auth-container", has_text="x-api-key").locator("input").fill(secret)
    page.locator(".auth-container", has_text="x-api-key").get_by_role(
        "button", name="Apply credentials"
    ).click()
    page.locator(".close-modal").click()
    block = page.locator(".opblock-post", has_text="/api/v2/profile/{profile_id}/import").first
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.locator("tr", has_text="profile_id").locator("input").fill(str(profile))
    files = block.locator("tr[data-property-name='file[]']")
    document = shop.run(0, datetime.now(UTC))
    files.locator("input[type=file]").set_input_files(
        {"name": "report.xml", "mimeType": "text/xml", "buffer": document}
    )
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response").first
    expect(answer).to_contain_text("201")
    expect(answer).to_contain_text("report_url")


def test_a_revoked_key_is_refused_at_once(page: Page, site: House) -> None:
    page.goto("/account")
    page.get_by_label("Name", exact=True).fill("Soon gone")
    page.get_by_label(re.compile("^read")).check()
    page.get_by_role("button", name="Make the key").click()
    secret = page.locator("#secret").inner_text()
    with site.server.client(secret) as program:
        assert program.get("/api/v3/profiles").status_code == 200
        row = page.get_by_role("row", name=re.compile("Soon gone"))
        row.get_by_text("Revoke", exact=True).click()
        row.get_by_role("button", name="Revoke the key").click()
        expect(page.get_by_role("status")).to_contain_text("The key is revoked")
        assert program.get("/api/v3/profiles").status_code == 401


def test_everything_is_reached_by_keyboard(page: Page, web_shop: Shop) -> None:
    page.goto(f"/reports/{web_shop.report}")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator(".result-row .unfolds")).to_be_visible()
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile(rf"/reports/{web_shop.before}"))
    page.wait_for_load_state()  # keys pressed before a page has its script go nowhere
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(rf"/reports/{web_shop.report}"))
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("#find").blur()
    page.keyboard.press("u")
    dialog = page.get_by_role("dialog", name="Upload reports")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_the_trend_is_zoomed_by_dragging_and_a_report_opened_by_a_click(
    page: Page, web_shop: Shop
) -> None:
    page.goto(f"/profiles/{web_shop.profile}")
    chart = page.locator(".plot canvas")
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 60, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"zoom=\d+-\d+"))
    page.get_by_role("button", name="All reports").click()
    expect(page).not_to_have_url(re.compile("zoom="))
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 50)
    expect(page).to_have_url(re.compile(r"/reports/\d+$"))


def test_the_theme_is_chosen_and_stays(page: Page, web_shop: Shop) -> None:
    page.get_by_label(re.compile("account of Alice")).click()
    page.get_by_role("button", name="Dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"/profiles/{web_shop.profile}")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_group_and_a_profile_are_made(page: Page) -> None:
    page.get_by_text("New group", exact=True).click()
    page.locator('form[action="/groups"]').get_by_label("Name").fill("Warehouse")
    page.get_by_role("button", name="Make the group").click()
    page.get_by_text("New profile", exact=True).click()
    form = page.locator('form[action="/profiles"]')
    form.get_by_label("Name").fill("Robots")
    form.get_by_label("Group").select_option("Warehouse")
    form.get_by_role("button").click()
    expect(page.locator("h1")).to_contain_text("Robots")
    expect(page.locator(".empty")).to_contain_text("curl -X POST")


def test_all_of_it_works_without_script(chromium: Browser, site: House, web_shop: Shop) -> None:
    profile = site.new_profile(site.people.alice, "Without script")
    with visitor(chromium, site, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        page.goto(f"/profiles/{web_shop.profile}")
        expect(page.locator(".plot svg a")).to_have_count(shop.RUNS)
        page.goto(f"/reports/{web_shop.report}")
        page.locator(".result-row a.line").first.click()
        expect(page.locator(".trace")).to_be_visible()
        page.goto("/upload")
        page.locator("main").get_by_role("link", name=re.compile("Without script")).click()
        document = shop.run(0, datetime.now(UTC))
        page.get_by_label("Report files").set_input_files(
            {"name": "report.xml", "mimeType": "text/xml", "buffer": document}
        )
        page.get_by_role("button", name="Upload", exact=True).click()
        expect(page).to_have_url(re.compile("/imports/"))
        page.reload()
        expect(page.get_by_text("report.xml").first).to_be_visible()
        page.goto(f"/profiles/{profile}")
