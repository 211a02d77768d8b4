"""Jobs and sources, as people use them: Run, watch, read the report; Import, and nothing new."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assay.store.catalog import open_catalog
from assay.store.catalog.members import Role
from support import people as settlers
from support.browser import SCREENSHOTS, grave_faults, sign_in, visitor
from support.house import REPORT, House, given
from support.listener import Listener, listening
from support.people import Person, join
from support.server import Server
from support.shop import DESK

MADE = {"id": 41, "iid": 9, "status": "running", "web_url": "https://gitlab.example/p/41"}
LOOKS = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "tablet": {"viewport": {"width": 1024, "height": 768}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "web/build").mkdir(parents=True)
    (folder / "web/build/TEST-cart.xml").write_bytes(REPORT)
    os.utime(folder / "web/build/TEST-cart.xml", (1_790_000_000, 1_790_000_000))
    return folder


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory, shelf: Path) -> Iterator[House]:
    """A server that may call this machine, and read a folder of it."""
    data = tmp_path_factory.mktemp("works") / "data"
    allowed = f"nightly=file://{shelf}"
    running = Server(data, webhooks="any", sources=allowed, knows_itself=True)
    with closing(open_catalog(running.settings.catalog_url)) as catalog:
        catalog.migrate()
        people = settlers.settle(catalog)
        with catalog.write() as conn:
            join(conn, people.alice, "Dora", Role.READ_ONLY)
    running.start()
    yield House(running, people)
    running.stop()


@pytest.fixture
def gitlab() -> Iterator[Listener]:
    with listening((201, MADE), (200, MADE)) as it:
        yield it


@pytest.fixture
def page(chromium: Browser, works: House) -> Iterator[Page]:
    with visitor(chromium, works, viewport=DESK) as context:
        page = context.new_page()
        sign_in(page, works.people.alice)
        yield page


def look_at(page: Page, name: str) -> None:
    """A picture of each way to see it, looked over by axe."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.mouse.move(0, 0)
    for look, way in LOOKS.items():
        page.set_viewport_size(way["viewport"])
        page.emulate_media(color_scheme=way["color_scheme"], reduced_motion="reduce")
        page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        assert grave_faults(page) == []
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")


def test_a_job_is_set_tried_run_and_its_report_shows_by_itself(
    page: Page, works: House, gitlab: Listener
) -> None:
    alice = works.people.alice
    gitlab.answers.insert(0, (200, {"path_with_namespace": "team/shop"}))
    profile = works.new_profile(alice, "Nightly")
    page.goto(f"/profiles/{profile}/settings")
    page.get_by_role("link", name="Job", exact=True).click()
    look_at(page, "job-none")
    page.locator("summary", has_text="GitLab").click()
    form = page.locator(".adders details[open] form").first
    form.locator("[name=url]").fill(gitlab.url)
    form.locator("[name=project]").fill("team/shop")
    form.locator("[name=token]").fill("glpat-x")
    form.locator("[name=parameters]").fill("BROWSER=firefox")
    expect(form.locator("[name=at]")).to_be_hidden()
    form.get_by_label("How often").select_option("daily")
    form.locator("[name=at]").fill("03:30")
    form.get_by_role("button", name="Save the job").click()
    expect(page.get_by_text("The job is saved.")).to_be_visible()
    expect(page.get_by_text("every day at 03:30 UTC")).to_be_visible()
    assert "glpat-x" not in page.content()
    page.get_by_role("button", name="Try the settings").click()
    expect(page.locator("#said")).to_contain_text("The token sees the project team/shop.")
    look_at(page, "job")

    page.goto(f"/profiles/{profile}")
    page.locator("summary", has_text="Run").click()
    parameters = page.locator(".starter [name=parameters]")
    expect(parameters).to_have_value("BROWSER=firefox")
    parameters.fill("BROWSER=webkit\nDEPTH=3")
    look_at(page, "run-dialog")
    page.get_by_role("button", name="Run it").click()
    row = page.locator(".pending > li")
    expect(row).to_contain_text("Running in GitLab")
    expect(row).to_contain_text("started by Alice just now")
    expect(row.get_by_role("link", name="See it")).to_have_attribute("href", MADE["web_url"])
    look_at(page, "run-pending-empty")
    with works.client(alice) as client:
        asked = client.get(f"/api/v3/profiles/{profile}/executions").json()["items"][0]
        assert asked["parameters"] == {"BROWSER": "webkit", "DEPTH": "3"}
        given(client, profile, execution=asked["id"])
    expect(page.locator("#pending")).to_contain_text("The report of the run is here:")
    page.locator("#pending").get_by_role("link", name="Open the report").click()
    page.wait_for_url("**/reports/*")

    page.goto(f"/profiles/{profile}")
    expect(page.locator(".pending")).to_have_count(0)
    page.locator("summary", has_text="Run").click()
    page.get_by_role("button", name="Run it").click()
    expect(page.locator(".pending progress")).to_be_visible()
    expect(row).to_contain_text("usually")
    look_at(page, "run-pending")
    page.goto(f"/profiles/{profile}/reports")
    row.get_by_role("button", name="Stop waiting").click()
    expect(page.locator("#pending")).to_contain_text("Alice stopped waiting for it.")
    page.goto(f"/profiles/{profile}/job")
    expect(page.locator(".asked > li")).to_have_count(2)
    look_at(page, "job-runs")

    page.locator("summary", has_text="Change or remove").click()
    page.get_by_role("button", name="Remove the job").click()
    expect(page.get_by_text("The job is removed.")).to_be_visible()
    page.goto(f"/profiles/{profile}")
    expect(page.locator("summary", has_text="Run")).to_have_count(0)


def test_a_job_that_does_not_start_says_why(page: Page, works: House) -> None:
    profile = works.new_profile(works.people.alice, "Refused")
    with listening((404, b'{"message":"404 Project Not Found"}')) as it:
        page.goto(f"/profiles/{profile}/job")
        page.locator("summary", has_text="GitLab").click()
        form = page.locator(".adders details[open] form").first
        form.locator("[name=url]").fill(it.url)
        form.locator("[name=project]").fill("team/none")
        form.locator("[name=token]").fill("glpat-x")
        form.get_by_role("button", name="Save the job").click()
        page.get_by_role("button", name="Run it now").click()
        page.wait_for_url(f"**/profiles/{profile}")
        said = page.locator("#pending")
        expect(said).to_contain_text("The run in GitLab brought no report.")
        expect(said).to_contain_text("There is no such project, or the token may not see it.")
        look_at(page, "run-failed")


def test_a_wrong_form_keeps_what_was_typed_but_for_secrets(works: House) -> None:
    alice = works.people.alice
    profile = works.new_profile(alice, "Wrong")
    with works.stranger() as client:
        client.headers.update({"origin": works.server.url, "accept": "text/html"})
        client.post("/login", data={"email": alice.email, "password": alice.password})
        typed = {"runner": "github", "repository": "acme", "workflow": "t.yml", "token": "hush"}
        answer = client.post(f"/profiles/{profile}/job", data=typed)
        assert answer.status_code == 422
        assert "Nothing was changed. Repository: it is written owner/name." in answer.text
        assert 'value="acme"' in answer.text
        assert 'value="t.yml"' in answer.text
        assert "hush" not in answer.text
        wanted = {"source": "nightly", "folder": "a/../b"}
        answer = client.post(f"/profiles/{profile}/source", data=wanted)
        assert answer.status_code == 422
        assert "leave out the dots" in answer.text
        assert 'value="a/../b"' in answer.text


def test_a_made_secret_is_shown_this_once(page: Page, works: House) -> None:
    profile = works.new_profile(works.people.alice, "Hook")
    page.goto(f"/profiles/{profile}/job")
    page.locator("summary", has_text="Webhook").click()
    form = page.locator(".adders details[open] form").first
    form.locator("[name=url]").fill("https://ci.example.org/run")
    form.get_by_role("button", name="Save the job").click()
    secret = page.locator(".secret code")
    expect(secret).to_have_text(re.compile(r"^whsec_[\w+/]{43}=$"))
    shown = secret.inner_text()
    page.goto(f"/profiles/{profile}/job")
    assert shown not in page.content()


def test_results_are_fetched_and_the_same_not_again(page: Page, works: House, shelf: Path) -> None:
    profile = works.new_profile(works.people.alice, "Fetched")
    page.goto(f"/profiles/{profile}/settings")
    page.get_by_role("link", name="Source", exact=True).click()
    page.locator("[name=folder]").fill("web")
    page.locator("[name=pattern]").fill("**/TEST-*.xml")
    page.get_by_role("button", name="See what matches").click()
    expect(page.locator("#matching")).to_contain_text("1 file matches")
    expect(page.locator("#matching")).to_contain_text("build/TEST-cart.xml")
    expect(page.locator("[name=folder]")).to_have_value("web")
    page.get_by_label("How often").select_option("hourly")
    page.get_by_role("button", name="Save the source").click()
    expect(page.get_by_text("The source is saved.")).to_be_visible()
    look_at(page, "source")
    page.goto(f"/profiles/{profile}")
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/imports/*")
    page.goto(f"/profiles/{profile}")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(
        page.get_by_text("Nothing new: the file that matches was fetched before.")
    ).to_be_visible()
    look_at(page, "profile-fetched")
    (shelf / "web").rename(shelf / "gone")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("There is no folder web in this source.")).to_be_visible()
    (shelf / "gone").rename(shelf / "web")
    page.goto(f"/profiles/{profile}/source")
    page.get_by_role("button", name="Remove the source").click()
    expect(page.get_by_text("The source is removed.")).to_be_visible()


def test_without_sources_the_page_says_what_to_ask_for(chromium: Browser, site: House) -> None:
    with visitor(chromium, site, viewport=DESK) as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        page.goto(f"/profiles/{site.people.alice.profile.id}/source")
        expect(page.get_by_text("No place is allowed yet.")).to_be_visible()
        look_at(page, "source-none")


def test_it_all_works_without_script(chromium: Browser, works: House, gitlab: Listener) -> None:
    alice = works.people.alice
    profile = works.new_profile(alice, "Plain")
    with works.client(alice) as client:
        config = {"url": gitlab.url, "project": "team/shop", "token": "glpat-x"}
        body = {"runner": "gitlab", "config": config}
        assert client.put(f"/api/v3/profiles/{profile}/job", json=body).status_code == 200
    with visitor(chromium, works, viewport=DESK, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, alice)
        page.goto(f"/profiles/{profile}")
        page.locator("summary", has_text="Run").click()
        page.get_by_role("button", name="Run it").click()
        expect(page.locator(".pending > li")).to_be_visible()


def test_who_only_reads_sees_runs_and_no_buttons(
    chromium: Browser, works: House, gitlab: Listener
) -> None:
    alice, profile = works.people.alice, works.new_profile(works.people.alice, "Watched")
    with works.client(alice) as client:
        config = {"url": gitlab.url, "project": "team/shop", "token": "glpat-x"}
        body = {"runner": "gitlab", "config": config}
        client.put(f"/api/v3/profiles/{profile}/job", json=body)
        client.post(f"/api/v3/profiles/{profile}/executions")
    with visitor(chromium, works, viewport=DESK) as context:
        page = context.new_page()
        sign_in(page, as_dora(works.people.alice))
        page.goto(f"/profiles/{profile}")
        expect(page.locator(".pending > li")).to_contain_text("started by Alice")
        expect(page.get_by_role("button", name="Stop waiting")).to_have_count(0)
        expect(page.locator("summary", has_text="Run")).to_have_count(0)


def as_dora(alice: Person) -> Person:
    return replace(
        alice, user=replace(alice.user, email="dora@example.org"), password="dora's password"
    )
