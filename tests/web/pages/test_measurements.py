"""What tests measured, and the same test with other parameters, as people see them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from support.house import House, given

HEAD = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes"
DATES = ("2026-11-01", "2026-11-02")


def load(milliseconds: int, *, good: bool = True) -> bytes:
    """A JMeter run of ten requests for a cart and one for an order."""
    rows = [f"17949{n:08},{milliseconds},GET /cart,200,OK,shop 1-1,true,900" for n in range(10)]
    rows.append(f"1794900000011,50,POST /orders,503,Busy,shop 1-1,{str(good).lower()},100")
    return "\n".join((HEAD, *rows)).encode()


def test_a_load_test_is_a_table_and_a_line_over_time(page: Page, site: House) -> None:
    profile = site.new_profile(site.people.alice, "Load")
    with site.client(site.people.alice) as client:
        given(client, profile, load(200), date=DATES[0])
        report = given(client, profile, load(300, good=False), date=DATES[1])["id"]
        listed = client.get(f"/api/v3/reports/{report}/measurements").json()["items"]
    values = {each["metric"]: each["value"] for each in listed[0]["measurements"]}
    assert (listed[0]["name"], values["samples"]) == ("GET /cart", 10)
    assert values["mean"] == pytest.approx(0.3)

    page.goto(f"/reports/{report}")
    page.get_by_role("link", name="Measured").click()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader").nth(1)).to_have_text("samples")
    row = table.get_by_role("row").filter(has_text="GET /cart")
    expect(row).to_contain_text("300 ms")
    row.get_by_role("link").click()
    mean = page.get_by_role("row").filter(has_text="mean")
    expect(mean).to_contain_text("200 ms")
    expect(mean).to_contain_text("+50 %")
    expect(mean.get_by_role("img")).to_be_visible()


def test_a_report_without_numbers_has_no_place_for_them(page: Page, site: House) -> None:
    profile = site.new_profile(site.people.alice, "No load")
    with site.client(site.people.alice) as client:
        report = given(client, profile, b"<testsuite><testcase name='a'/></testsuite>")["id"]
    page.goto(f"/reports/{report}")
    expect(page.get_by_role("link", name="Slowest")).to_be_visible()
    expect(page.get_by_role("link", name="Measured")).to_have_count(0)
    page.goto(f"/reports/{report}?tab=measured")
    expect(page.get_by_text("Nothing was measured in this report.")).to_be_visible()


def test_the_same_test_is_seen_with_all_its_parameters(page: Page, site: House) -> None:
    profile = site.new_profile(site.people.alice, "Parameters")
    cases = "".join(f"<testcase name='adds[{n}-up]'/>" for n in range(3))
    broken = "<testcase name='adds[x]'><failure message='no number'/></testcase>"
    report = f"<testsuite>{cases}{broken}<testcase name='adds'/></testsuite>".encode()
    with site.client(site.people.alice) as client:
        ident = given(client, profile, report)["id"]
    page.goto(f"/reports/{ident}/results/1")
    variants = page.locator(".variants a")
    expect(variants).to_have_text(["[0-up]", "[1-up]", "[2-up]", "[x]"])
    expect(variants.nth(1)).to_have_attribute("aria-current", "true")
    variants.nth(3).click()
    expect(page.locator("h1")).to_contain_text("adds[x]")


def test_a_name_that_changes_is_told_as_it_is_written(page: Page, site: House) -> None:
    profile = site.new_profile(site.people.alice, "Ids")
    name = "ships 3f2504e0-4f89-11d3-9a0c-0305e82c3301"
    report = f"<testsuite><testcase name='{name}'/></testsuite>".encode()
    with site.client(site.people.alice) as client:
        given(client, profile, report.replace(b"3f25", b"4f25"), date=DATES[0])
        ident = given(client, profile, report, date=DATES[1])["id"]
    page.goto(f"/reports/{ident}/results/0")
    expect(page.locator(".moments a")).to_have_count(2)
    expect(page.locator("h1")).to_contain_text("ships <id>")
    expect(page.locator(".facts")).to_contain_text(name)
