"""Exports as people use them: out of the menu, opened from disk, printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assay.web.pages.exports import EXPORTS
from support.browser import SCREENSHOTS, grave_faults
from support.house import House
from support.shop import DESK, Shop

WAYS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


def open_menu(page: Page, shop: Shop) -> None:
    page.goto(f"/reports/{shop.report}")
    page.get_by_role("main").locator("summary", has_text="More").click()


@pytest.mark.parametrize("title", [each.title for each in EXPORTS])
def test_the_menu_of_a_report_exports_it(page: Page, web_shop: Shop, title: str) -> None:
    open_menu(page, web_shop)
    with page.expect_download() as coming:
        page.get_by_role("link", name=title, exact=True).click()
    file = coming.value
    extension = next(each.extension for each in EXPORTS if each.title == title)
    assert file.suggested_filename == f"Web UI tests {web_shop.report}.{extension}"
    assert Path(file.path()).stat().st_size > 1_000


def test_the_menu_leads_to_the_print_view_and_back(page: Page, web_shop: Shop) -> None:
    open_menu(page, web_shop)
    page.get_by_role("link", name="Print view").click()
    expect(page.get_by_role("heading", name="pays with card")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.get_by_role("link", name="Back to the report").click()
    expect(page).to_have_url(re.compile(rf"/reports/{web_shop.report}$"))


def test_the_print_view_prints_its_content_alone(page: Page, web_shop: Shop) -> None:
    page.goto(f"/reports/{web_shop.report}/print")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_text("waiting for #pay")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.fixture(scope="module")
def file(site: House, web_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML export of the web shop's newest report, on disk."""
    path: Path = tmp_path_factory.mktemp("exported") / "report.html"
    with site.client(site.people.alice) as alice:
        answer = alice.get(f"/api/v3/reports/{web_shop.report}/export/html")
    path.write_bytes(answer.content)
    return path


@contextmanager
def from_disk(chromium: Browser, file: Path, **options: Any) -> Iterator[Page]:
    """The file in a browser without a network. Nothing may be asked for, nothing may go wrong."""
    faults: list[str] = []
    context = chromium.new_context(offline=True, **options)
    page = context.new_page()
    page.on("console", lambda said: faults.append(said.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: faults.append(asked.url))
    page.goto(file.as_uri())
    yield page
    context.close()
    own = file.as_uri()
    assert [each for each in faults if not each.startswith(("data:image/", own))] == []


def test_the_file_says_the_verdict_first(chromium: Browser, file: Path) -> None:
    with from_disk(chromium, file) as page:
        expect(page.locator(".verdict")).to_have_text(re.compile(r"2 new failures.*of \d+ passed"))
        assert page.get_by_role("heading", level=2).first.inner_text() == "Failures 3"


def test_a_failure_unfolds_with_trace_and_picture(chromium: Browser, file: Path) -> None:
    with from_disk(chromium, file) as page:
        row = page.locator(".row").filter(has_text="pays with card")
        row.locator("summary").first.click()
        expect(row.get_by_text("Traceback (most recent call last)")).to_be_visible()
        shot = row.locator("img")
        expect(shot).to_have_attribute("src", re.compile(r"^data:image/png;base64,"))
        assert shot.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320


def test_the_file_filters_by_status_and_words_and_remembers(chromium: Browser, file: Path) -> None:
    with from_disk(chromium, file) as page:
        names = page.locator(".row:visible, .group li:visible")
        total = names.count()
        page.get_by_role("button", name="skipped").click()
        expect(names).to_have_count(1)
        page.get_by_role("button", name="skipped").click()
        page.get_by_role("searchbox").fill("CHECKOUT pays")
        expect(page.get_by_role("status")).to_contain_text(f"of {total} shown")
        expect(page.locator(".row:visible")).to_have_count(2)
        page.reload()
        expect(page.get_by_role("searchbox")).to_have_value("CHECKOUT pays")
        expect(page.locator(".row:visible")).to_have_count(2)
        page.get_by_role("searchbox").fill("no such thing")
        expect(names).to_have_count(0)
        page.get_by_role("searchbox").fill("")
        expect(names).to_have_count(total)


def test_all_failures_unfold_at_once(chromium: Browser, file: Path) -> None:
    with from_disk(chromium, file) as page:
        page.get_by_role("button", name="Unfold all").click()
        expect(page.locator(".row[open]")).to_have_count(page.locator(".row").count())
        page.get_by_role("button", name="Fold all").click()
        expect(page.locator(".row[open]")).to_have_count(0)


def test_without_a_script_all_of_it_can_be_read(chromium: Browser, file: Path) -> None:
    with from_disk(chromium, file, java_script_enabled=False) as page:
        expect(page.get_by_text("Failures 3")).to_be_visible()
        expect(page.get_by_role("searchbox")).to_be_hidden()
        page.locator(".row summary").first.click()
        expect(page.get_by_text("Traceback (most recent call last)")).to_be_visible()


@pytest.mark.parametrize("look", WAYS)
def test_the_file_reads_well(chromium: Browser, file: Path, look: str) -> None:
    options = WAYS[look] | {"reduced_motion": "reduce", "bypass_csp": True}
    with from_disk(chromium, file, **options) as page:
        page.locator(".row summary").first.click()
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"exported-html-{look}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert grave_faults(page) == []
