"""Charts in a browser: they are walked through, and hold in every theme and width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assay.charts import CHARTS
from assay.charts.chart import Fit
from support.browser import grave_faults, sign_in, visitor
from support.house import House, given
from support.shop import Shop

SHOWN = [each.name for each in CHARTS if Fit.FUNCTIONAL in each.fits]


def test_a_click_on_a_bar_goes_a_level_deeper_and_back(page: Page, web_shop: Shop) -> None:
    page.goto(f"/profiles/{web_shop.profile}")
    page.get_by_role("link", name="Charts").click()
    page.get_by_role("link", name=re.compile("^Bar chart")).click()
    page.locator(".chart .wide").get_by_role("link").filter(has_text="checkout").click()
    expect(page).to_have_url(re.compile(r"path=web&path=checkout$"))
    expect(page.get_by_role("table")).to_contain_text("pays with voucher")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("table")).to_contain_text("catalogue")


def test_the_filters_are_in_the_address(page: Page, web_shop: Shop) -> None:
    page.goto(f"/profiles/{web_shop.profile}/charts/overview")
    page.get_by_label("How many").fill("5")
    page.get_by_label("Filter by tag").fill("nightly")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("range=5.*tag=nightly"))
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(5)
    page.get_by_role("link", name=re.compile("nightly.*remove")).click()
    expect(page).not_to_have_url(re.compile("tag="))


@pytest.fixture(scope="module")
def load_test(site: House) -> int:
    """Six runs of a load test with a short name and one of 300 letters; the last is slower."""
    number = site.new_profile(site.people.alice, "under load")
    with site.client(site.people.alice) as client:
        for day in range(6):
            at, took = 1_772_323_200_000 + day * 86_400_000, 900 if day == 5 else 100
            rows = (f"{at},{took},{label},200,true" for label in ("GET /pay", "x" * 300))
            given(
                client,
                number,
                "\n".join(("timeStamp,elapsed,label,responseCode,success", *rows)).encode(),
            )
    return number


def test_a_click_on_a_request_shows_it_alone_and_one_on_a_figure_its_past(
    page: Page, load_test: int
) -> None:
    page.goto(f"/profiles/{load_test}/charts/load")
    pays = page.get_by_role("row").filter(has_text="GET /pay")
    pays.get_by_role("link", name="900 ms").first.click()
    expect(page).to_have_url(re.compile(r"charts/trends\?path="))
    page.get_by_role("link", name="All", exact=True).click()
    page.locator(".chart .wide").get_by_role("link").filter(has_text="GET /pay").first.click()
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(6)
    page.get_by_label("Metric").select_option("throughput")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"metric=throughput"))
    expect(page).to_have_url(re.compile(r"path=GET"))


@pytest.mark.parametrize("chart", ["load", "trends", "trends?metric=mean&path=GET+%2Fpay"])
def test_a_chart_of_load_fits_a_phone_and_has_no_grave_fault(
    chromium: Browser, site: House, load_test: int, chart: str
) -> None:
    phone = ViewportSize(width=390, height=844)
    with visitor(chromium, site, viewport=phone) as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        page.goto(f"/profiles/{load_test}/charts/{chart}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not grave_faults(page)


@pytest.mark.parametrize("chart", SHOWN)
def test_a_chart_fits_a_phone_and_has_no_grave_fault(
    chromium: Browser, site: House, web_shop: Shop, chart: str
) -> None:
    phone = ViewportSize(width=390, height=844)
    with visitor(chromium, site, viewport=phone, color_scheme="dark") as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        page.goto(f"/profiles/{web_shop.profile}/charts/{chart}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not grave_faults(page)
