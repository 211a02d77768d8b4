"""From an empty server to the first report, in a browser; and what a new profile shows."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from support.browser import SCREENSHOTS, Watch, grave_faults
from support.house import REPORT, House
from support.server import Server
from support.shop import DESK

FIELDS = {
    "Your name": "Ada",
    "E-mail": "ada@example.org",
    "Password": "ada's password",
    "Company": "Analytical Engines",
    "Group": "Mill",
    "Profile": "Punch cards",
}


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[Server]:
    """Nobody has an account on it."""
    running = Server(tmp_path / "data").start()
    yield running
    running.stop()


@pytest.fixture
def first_visit(new_server: Server, chromium: Browser) -> Iterator[Page]:
    watch = Watch(urlsplit(new_server.url).netloc)
    context = chromium.new_context(base_url=new_server.url, viewport=DESK)
    context.on("page", watch.over)
    yield context.new_page()
    context.close()
    assert not watch.faults, "\n".join(watch.faults)


def setup_address(server: Server) -> str:
    found = re.search(r"set_up_at='?(http\S+/setup\?token=[\w-]+)", server.log())
    assert found is not None, server.log()
    return found[1]


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    assert grave_faults(page) == []


def test_a_new_server_has_its_first_report_after_one_form_and_one_command(
    first_visit: Page, new_server: Server, tmp_path: Path
) -> None:
    page, did = first_visit, []
    page.goto("/")
    expect(page.get_by_text("This server is new")).to_be_visible()
    page.goto(setup_address(new_server))
    picture(page, "setup")
    for label, text in FIELDS.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
        did.append(f"fill in {label}")
    page.get_by_role("button", name="Set up").click()
    did.append("set up")
    expect(page).to_have_url(re.compile(r"/profiles/\d+$"))
    expect(page.get_by_text("Waiting for the first report")).to_be_visible()
    picture(page, "first-report-waiting")
    command = page.locator(".first-steps pre").inner_text()
    did.append("copy the command")
    (tmp_path / "report.xml").write_bytes(REPORT)
    subprocess.run(shlex.split(command.replace("\\\n", "")), check=True, cwd=tmp_path)
    did.append("run it")
    expect(page.get_by_text("It arrived:")).to_be_visible()
    expect(page.locator("#waiting")).to_contain_text("1 failed, 1 broken, 1 passed, 1 skipped")
    picture(page, "first-report-arrived")
    page.get_by_role("link", name="Open the report").click()
    did.append("open the report")
    expect(page).to_have_url(re.compile(r"/reports/\d+$"))
    assert len(did) <= 10, did  # ten deeds of a few seconds each are less than two minutes


def test_the_first_report_may_be_dropped_by_hand(first_visit: Page, new_server: Server) -> None:
    page = first_visit
    page.goto(setup_address(new_server))
    for label, text in FIELDS.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_role("button", name="Set up").click()
    form = page.locator("#main [data-upload]")
    file = {"name": "report.xml", "mimeType": "text/xml", "buffer": REPORT}
    form.get_by_label("Report files").set_input_files([file])
    form.get_by_role("button", name="Upload").click()
    expect(page).to_have_url(re.compile(r"/reports/\d+$"))


def test_without_script_the_page_tells_when_it_is_looked_at_again(
    new_server: Server, chromium: Browser
) -> None:
    context = chromium.new_context(base_url=new_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(setup_address(new_server))
    for label, text in FIELDS.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_role("button", name="Set up").click()
    file = {"name": "report.xml", "mimeType": "text/xml", "buffer": REPORT}
    page.locator("#main").get_by_label("Report files").set_input_files([file])
    page.locator(".first-steps").get_by_role("button", name="Upload").click()
    expect(page).to_have_url(re.compile(r"/imports/"))
    context.close()


def test_a_server_is_set_up_once_and_only_by_who_reads_its_log(new_server: Server) -> None:
    answers = {"name": "Eve", "email": "eve@example.org", "password": "eve's password"}
    answers |= {"company": "Eve", "group": "Eve", "profile": "Eve"}
    token = setup_address(new_server).partition("token=")[2]
    page = {"origin": new_server.url, "accept": "text/html"}
    with httpx.Client(base_url=new_server.url, headers=page) as client:
        for wrong in ("", "guess", "ключ"):
            assert client.get("/setup", params={"token": wrong}).status_code == 403
            assert client.post("/setup", data=answers | {"token": wrong}).status_code == 403
        poor = client.post("/setup", data=answers | {"token": token, "password": "short"})
        assert (poor.status_code, "8 to 1000" in poor.text) == (422, True)
        done = client.post("/setup", data=answers | {"token": token})
        assert (done.status_code, done.headers["location"]) == (303, "/profiles/1")
        late = client.post("/setup", data=answers | {"token": token, "email": "x@example.org"})
        assert late.headers["location"] == "/login"
        assert client.get("/setup", params={"token": token}).headers["location"] == "/login"
    assert "eve's password" not in new_server.log()


def test_a_new_profile_shows_the_way_to_its_first_report(page: Page, site: House) -> None:
    alice = site.people.alice
    profile = site.new_profile(alice, "Fresh")
    page.goto(f"/profiles/{profile}")
    expect(page.locator("pre").first).to_contain_text("YOUR_KEY")
    page.get_by_role("button", name="Make a key for this profile").click()
    secret = page.locator("#secret").inner_text()
    expect(page.locator(".first-steps pre")).to_contain_text(secret)
    page.reload()
    expect(page.locator("#secret")).to_have_text(secret)
    other = site.new_profile(alice, "Another")
    page.goto(f"/profiles/{other}")
    expect(page.get_by_text(secret)).to_have_count(0)
    with site.server.client(secret) as machine:
        refused = machine.post(f"/api/v2/profile/{other}/import", content=REPORT)
        assert refused.status_code == 403
        page.goto(f"/profiles/{profile}")
        broken = machine.post(f"/api/v2/profile/{profile}/import", content=b"<html>no</html>")
        assert broken.status_code == 201
        expect(page.get_by_text("could not be read")).to_be_visible()
        machine.post(f"/api/v2/profile/{profile}/import", content=REPORT)
        expect(page.get_by_text("It arrived:")).to_be_visible()
