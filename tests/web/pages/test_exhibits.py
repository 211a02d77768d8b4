"""What came with a report, in a real browser: pictures, films, logs, and pages that mean harm."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support import shop
from support.browser import SCREENSHOTS, sign_in
from support.house import House, given
from support.shop import DESK

FILES = ("pay.png", "pay.webm", "build.log", "html/index.html", "trace.zip", "a.pdf")
NAMED = "".join(f"[[ATTACHMENT|{name}]]\n" for name in FILES)
REPORT = (
    '<testsuite name="shop"><testcase name="pays"><failure message="no route"/>'
    f"<system-out>{NAMED}</system-out></testcase></testsuite>"
).encode()

HOSTILE = """<!doctype html><link rel="stylesheet" href="a.css"><h1>A report</h1>
<p id="told">nothing ran</p><script src="a.js"></script>"""
SCRIPT = """
const told = {};
const attempt = async (name, what) => {
  try { told[name] = String(await what()); }
  catch (error) { told[name] = "refused: " + error.name; }
};
(async () => {
  await attempt("cookie", () => document.cookie || "none");
  await attempt("storage", () => localStorage.length);
  await attempt("parent", () => parent === window ? "none: alone" : parent.document.title);
  await attempt("api", async () => (await fetch("API", {credentials: "include"})).status);
  await attempt("forgery", async () => (await fetch("POST", {method: "POST", mode: "no-cors",
    credentials: "include"})).type);
  await attempt("own", async () => (await fetch("data.json")).status);
  await attempt("top", () => { top.location.href = "/account"; return "asked"; });
  document.getElementById("told").textContent = JSON.stringify(told);
})();
"""


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@contextmanager
def tolerant(browser: Browser, site: House, **options: Any) -> Iterator[BrowserContext]:
    """A browser of Alice's that may complain: what is tried here is meant to be refused."""
    context = browser.new_context(base_url=site.server.url, viewport=DESK, **options)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def came(site: House) -> str:
    """The address of a result with one file of each kind."""
    alice = site.people.alice
    profile = site.new_profile(alice, "Exhibits")
    base = site.server.url
    script = SCRIPT.replace("API", f"{base}/api/v3/profiles").replace("POST", f"{base}/logout")
    pack = {
        "pay.png": shop.picture(),
        "pay.webm": b"\x1aE\xdf\xa3" + b"\0" * 100,
        "build.log": b"".join(b"12:00:%02d shop: paid\n" % (n % 60) for n in range(9_000)),
        "a.pdf": b"%PDF-1.4\n",
        "html/index.html": HOSTILE.encode(),
        "html/a.css": b"h1 { color: rgb(1, 2, 3) }",
        "html/a.js": script.encode(),
        "html/data.json": b"{}",
        "trace.zip": zipped({"trace.trace": b"{}"}),
    }
    with site.client(alice) as client:
        report = given(client, profile, REPORT, attachments=(("all.zip", zipped(pack)),))
    return f"/reports/{report['id']}/results/0"


def refused(told: dict[str, str]) -> None:
    """Nothing that a page of ours may do was open to it; but it could read its own files."""
    for name in ("cookie", "storage", "api", "forgery"):
        assert told[name].startswith("refused"), told
    assert told["own"] == "200", told


def open_fold(page: Page, name: str) -> None:
    page.locator("details.came", has_text=name).locator("summary").click()


def test_a_page_that_means_harm_can_do_none_in_its_frame(
    chromium: Browser, site: House, came: str
) -> None:
    with tolerant(chromium, site) as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        page.goto(came)
        open_fold(page, "index.html")
        inside = page.frame_locator("iframe[title='index.html']")
        expect(inside.locator("#told")).to_contain_text("own")
        told = json.loads(inside.locator("#told").inner_text())
        refused(told)
        assert told["parent"].startswith("refused"), told
        assert told["top"].startswith("refused"), told
        expect(inside.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
        assert page.url.endswith(came)
        page.goto("/account")
        expect(page.locator("#keys")).to_be_visible()


def test_nor_in_a_tab_of_its_own(chromium: Browser, site: House, came: str) -> None:
    with tolerant(chromium, site) as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        page.goto(came)
        open_fold(page, "index.html")
        context.route("**/account", lambda route: route.fulfill(status=204))
        with context.expect_page() as opened:
            page.get_by_role("link", name="Open in a tab").click()
        tab = opened.value
        expect(tab.locator("#told")).to_contain_text("own")
        told = json.loads(tab.locator("#told").inner_text())
        refused(told)
        assert "/shown/" in tab.url


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_each_file_is_shown_as_its_kind_can_be(
    chromium: Browser, site: House, came: str, width: int, theme: Any
) -> None:
    with tolerant(chromium, site, color_scheme=theme) as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        sign_in(page, site.people.alice)
        page.goto(came)
        section = page.get_by_role("region", name="Attachments")
        expect(section.locator(".shot img")).to_be_visible()
        expect(section.locator("video")).to_have_attribute("controls", "")
        expect(section.get_by_text("npx playwright show-trace trace.zip")).to_be_visible()
        expect(section.get_by_role("link", name="a.pdf")).to_be_visible()
        open_fold(page, "build.log")
        expect(section.get_by_text("12:00:00 shop: paid").first).to_be_visible()
        expect(section.get_by_role("link", name="Show the whole file")).to_be_visible()
        open_fold(page, "build.log")
        open_fold(page, "index.html")
        expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"exhibits-{width}-{theme}.png", full_page=True)
