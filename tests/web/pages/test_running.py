"""The page of a report whose run goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from support.browser import SCREENSHOTS, grave_faults, sign_in, visitor
from support.house import House, given


def lines(*names: str, **said: Any) -> bytes:
    each = {"type": "result", "path": ["shop", "checkout"], "status": "passed", "duration": 0.4}
    return b"".join(json.dumps(each | said | {"name": name}).encode() + b"\n" for name in names)


HEAD = b'{"assay":1,"type":"run","build":"812"}\n'
FAILED = lines(
    "pays with card",
    status="failed",
    error={"type": "TimeoutError", "message": "waiting for #pay", "trace": "at pay.ts:12"},
)


class Run:
    """A run of Alice's that goes on."""

    def __init__(self, client: httpx.Client, site: House, name: str) -> None:
        self._client = client
        self.profile = site.new_profile(site.people.alice, name)
        given(self._client, self.profile)
        options = {"branch": "main", "commit": "a1b2c3d", "tag[]": "nightly"}
        address = f"/api/v3/profiles/{self.profile}/runs"
        self._run = self._client.post(address, params=options).json()
        self.page = f"/reports/{self._run['report_id']}"

    def add(self, data: bytes) -> None:
        offset = {"upload-offset": str(self._run["offset"])}
        self._run = self._client.patch(self._run["append_url"], content=data, headers=offset).json()

    def end(self) -> None:
        self._client.post(self._run["finish_url"])


@pytest.fixture
def run(site: House, request: pytest.FixtureRequest) -> Iterator[Run]:
    with site.client(site.people.alice) as client:
        made = Run(client, site, request.node.name)
        yield made
        made.end()


def test_a_page_grows_with_its_run_and_becomes_a_report(page: Page, run: Run) -> None:
    page.goto(run.page)
    verdict = page.locator("main .verdict")
    expect(verdict).to_contain_text("no results so far")
    run.add(HEAD + lines("finds", "adds") + FAILED)
    expect(verdict).to_contain_text("Running: 3 results so far, 1 failed, 2 passed")
    expect(page.get_by_text("The run goes on.")).to_be_visible()
    expect(page.get_by_role("link", name="Changes")).to_have_count(0)
    page.locator("a[data-fold]", has_text="pays with card").click()
    expect(page.get_by_text("at pay.ts:12")).to_be_visible()
    assert not grave_faults(page)
    run.add(lines("removes"))
    expect(verdict).to_contain_text("Running: 4 results so far")
    expect(page.get_by_text("at pay.ts:12")).to_be_visible()
    run.end()
    expect(verdict).to_contain_text("1 new failure")
    expect(page.get_by_role("link", name="Changes")).to_be_visible()


def test_a_profile_says_that_a_run_goes_on_and_goes_by_the_report_before(
    page: Page, run: Run
) -> None:
    run.add(HEAD + lines("finds"))
    page.goto(f"/profiles/{run.profile}")
    expect(page.locator("main .verdict")).to_contain_text("2 failures")
    note = page.locator(".setback")
    expect(note).to_contain_text("A run goes on")
    note.get_by_role("link").click()
    expect(page).to_have_url(re.compile(run.page))
    page.get_by_role("link", name="Files & log").click()
    expect(page.get_by_text("stream", exact=True)).to_be_visible()
    expect(page.get_by_text("Nothing before the run has ended.")).to_be_visible()


def test_it_can_be_watched_without_script(chromium: Browser, site: House, run: Run) -> None:
    with visitor(chromium, site, java_script_enabled=False) as context:
        plain = context.new_page()
        sign_in(plain, site.people.alice)
        plain.goto(run.page)
        run.add(HEAD + lines("finds"))
        expect(plain.get_by_text("Running: 1 result so far")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_it_is_a_page_like_the_others(
    chromium: Browser, site: House, run: Run, width: int, theme: str
) -> None:
    run.add(HEAD + lines(*(f"finds {n} things" for n in range(41))) + FAILED)
    scheme = "dark" if theme == "dark" else "light"
    size = {"width": width, "height": 900}
    with visitor(chromium, site, viewport=size, color_scheme=scheme) as context:  # type: ignore[arg-type]
        looked = context.new_page()
        sign_in(looked, site.people.alice)
        looked.goto(run.page)
        expect(looked.locator("main .verdict")).to_contain_text("42 results")
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert looked.evaluate(wide)
        assert not grave_faults(looked)
        SCREENSHOTS.mkdir(exist_ok=True)
        looked.screenshot(path=SCREENSHOTS / f"running-{width}-{theme}.png", full_page=True)
