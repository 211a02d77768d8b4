"""A gate is written while one sees what it would have said, and stands on the pages afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from assay.store.catalog import open_catalog
from assay.store.catalog.members import Role
from support.browser import grave_faults, sign_in, visitor
from support.house import House, given
from support.people import Person, join
from support.shared import share


def run(*failing: str) -> bytes:
    cases = "".join(
        f'<testcase classname="cart" name="{name}">{"<failure/>" * (name in failing)}</testcase>'
        for name in ("adds", "removes", "pays")
    )
    return f"<testsuite name='shop'>{cases}</testsuite>".encode()


@dataclass(frozen=True, slots=True)
class Month:
    """A profile with four reports: the first good, the others with failures, the last with two."""

    profile: int
    reports: tuple[int, ...]

    @property
    def url(self) -> str:
        return f"/profiles/{self.profile}/gate"


@pytest.fixture
def month(site: House) -> Month:
    alice = site.people.alice
    profile = site.new_profile(alice, "Month")
    days = enumerate((run(), run("pays"), run("pays"), run("pays", "adds")), 1)
    with site.client(alice) as client:
        made = [given(client, profile, data, date=f"2026-03-{day:02}")["id"] for day, data in days]
    return Month(profile, tuple(made))


@contextmanager
def signed_in(site: House, person: Person) -> Iterator[httpx.Client]:
    with site.stranger() as client:
        client.headers.update({"origin": site.server.url, "accept": "text/html"})
        client.post("/login", data={"email": person.email, "password": person.password})
        yield client


def test_what_the_rules_would_have_said_changes_while_one_types(page: Page, month: Month) -> None:
    page.goto(f"/profiles/{month.profile}")
    page.get_by_role("link", name="Gate", exact=True).click()
    expect(page.get_by_text("The newest report fails the gate.")).to_be_visible()
    trial = page.locator("#trial")
    expect(trial).to_contain_text("These rules would have failed 3 of the last 4 reports.")
    rules = page.get_by_role("textbox", name="Rules")
    expect(rules).to_have_value("failures: 0\n")
    rules.fill("failures: 1\n")
    expect(trial).to_contain_text("would have failed 1 of the last 4 reports. 3 would have passed")
    expect(trial.get_by_role("link", name="failures: 2 > 1").first).to_be_visible()
    rules.fill("failures: 1\nfailers: 2")
    expect(trial).to_contain_text("Line 2: There is no rule “failers”; did you mean “failures”?")
    rules.fill("mean: 1 s")
    expect(trial).to_contain_text("These rules could judge none of the last 4 reports.")


def test_the_tab_key_leads_on_from_the_editor(page: Page, month: Month) -> None:
    page.goto(month.url)
    page.get_by_role("textbox", name="Rules").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save the gate")).to_be_focused()
    assert grave_faults(page) == []


def test_a_saved_gate_judges_the_newest_report_which_says_why(page: Page, month: Month) -> None:
    page.goto(month.url)
    page.get_by_role("textbox", name="Rules").fill(
        'new failures: 1\nno failures in: ["*pays"]\nmean: 1 s\n'
    )
    page.get_by_role("button", name="Save the gate").click()
    newest = month.reports[-1]
    said = page.get_by_role("status")
    expect(said).to_contain_text(f"The gate is saved. Report #{newest}, the newest, was judged")
    expect(page.get_by_text("Written by Alice")).to_be_visible()
    page.goto(f"/reports/{newest}")
    gate = page.locator("details.gate")
    expect(gate.locator("summary")).to_contain_text("no failures in: 1 of 1 fails: shop › cart")
    gate.locator("summary").click()
    expect(gate.get_by_role("listitem")).to_have_text(
        [
            "new failures 1 ≤ 1",
            "no failures in 1 of 1 fails: shop › cart › pays",
            "mean no mean was measured",
        ]
    )
    gate.get_by_role("link", name="The gate of this profile").click()
    page.get_by_role("button", name="Go without a gate of its own").click()
    expect(said).to_contain_text("The profile has no gate of its own any more.")
    expect(page.get_by_role("textbox", name="Rules")).to_have_value("failures: 0\n")


def test_lists_tell_where_a_gate_failed_or_says_another_thing_than_the_results(
    page: Page, month: Month, site: House
) -> None:
    with site.client(site.people.alice) as client:
        client.put(f"/api/v3{month.url}", json={"rules": "failures: 2"})
    page.goto(f"/profiles/{month.profile}/reports")
    rows = page.locator(".runs li")
    told = rows.locator(".label", has_text="gate").get_by_role("img")
    assert [mark.get_attribute("aria-label") for mark in told.all()] == [
        "passed",
        "failed",
        "failed",
    ]
    page.goto(f"/profiles/{month.profile}")
    head = page.locator(".grid thead .c a")
    expect(head.last.locator(".mark.gate.passed")).to_be_visible()
    assert "gate passed" in (head.last.get_attribute("title") or "")
    assert "gate failed: failures: 1 > 0" in (head.nth(1).get_attribute("title") or "")


def test_one_may_begin_with_rules_that_are_there(page: Page, month: Month) -> None:
    page.goto(month.url)
    page.get_by_role("link", name="Not worse").click()
    expect(page.get_by_role("textbox", name="Rules")).to_have_value(
        "new failures: 0\nvanished: 0\nduration: 120 % of the average of the last 20\n"
    )
    expect(page.locator("#trial")).to_contain_text("of the last 4 reports")
    page.get_by_text("All rules").click()
    expect(page.get_by_text("At least this share of the tests that ran passed")).to_be_visible()


def test_all_of_it_works_without_script(chromium: Browser, site: House, month: Month) -> None:
    with visitor(chromium, site, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        page.goto(month.url)
        page.get_by_role("textbox", name="Rules").fill("failures: 1")
        page.get_by_role("button", name="Try it").click()
        expect(page.locator("#trial")).to_contain_text("would have failed 1 of the last 4 reports")
        page.get_by_role("button", name="Save the gate").click()
        expect(page.get_by_role("status")).to_contain_text("The gate is saved.")
        expect(page.get_by_role("textbox", name="Rules")).to_have_value("failures: 1\n")


def test_what_cannot_be_saved_stays_in_the_editor(site: House, month: Month) -> None:
    with signed_in(site, site.people.bob) as bob:
        answer = bob.post(month.url, data={"rules": "tests: 1\r\nfailures: one"})
        assert answer.status_code == 422
        assert "The gate is not saved." in answer.text
        assert "Line 2: “failures” says how many at most" in answer.text
        assert ">tests: 1\nfailures: one\n</textarea>" in answer.text
        assert ">failures: 0\n</textarea>" in bob.get(month.url).text


def test_whoever_may_only_look_sees_the_rules_and_no_editor(site: House, month: Month) -> None:
    url = site.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        reader = join(conn, site.people.alice, "Rea", Role.READ_ONLY)
    with signed_in(site, reader) as client:
        seen = client.get(month.url)
        assert "failures: 0" in seen.text
        assert "<textarea" not in seen.text
        assert client.post(month.url, data={"rules": "failures: 9"}).status_code == 403
        assert client.post(f"{month.url}/remove").status_code == 403
    with signed_in(site, site.people.charlie) as client:
        for method, more in (("GET", ""), ("POST", ""), ("POST", "/trial"), ("POST", "/remove")):
            assert client.request(method, month.url + more).status_code == 404


def test_guests_see_no_gate_but_in_a_badge_that_asks_for_it(site: House, month: Month) -> None:
    path = share(site, f"profiles/{month.profile}")
    with site.stranger() as guest:
        report = guest.get(f"{path}/reports/{month.reports[-1]}")
        assert report.status_code == 200
        assert 'class="menu right gate"' not in report.text
        told = guest.get(f"{path}/badge.json?style=gate").json()
        drawn = guest.get(f"{path}/badge.svg?style=gate").text
        other = guest.get(f"{path}/badge.json?style=gate&branch=none").json()
    assert (told["message"], told["isError"]) == ("gate failed", True)
    assert "gate failed" in drawn
    assert other["message"] == "no reports"


def test_before_the_first_report_there_is_nothing_to_try_the_rules_on(
    page: Page, site: House
) -> None:
    profile = site.new_profile(site.people.alice, "Fresh")
    page.goto(f"/profiles/{profile}/gate")
    expect(page.get_by_text("No report has come to this gate yet.")).to_be_visible()
    expect(page.locator("#trial")).to_contain_text("There is no report yet to try these rules on.")
