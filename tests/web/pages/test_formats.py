"""The pages of the formats: for everybody, with an example that can be sent at once."""

from __future__ import annotations

import html
import re
import shlex
import subprocess
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assay.formats import FORMATS, Format, by_name
from assay.formats.examples import example
from support.house import House
from support.server import ended

each_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


def test_the_list_has_every_format_and_leads_to_each(stranger: BrowserContext) -> None:
    page = stranger.new_page()
    page.goto("/formats")
    links = page.locator("main .known tbody a").all()
    found = {link.get_attribute("href"): link.inner_text() for link in links}
    assert found == {f"/formats/{each.name}": each.title for each in FORMATS}


def test_a_format_is_found_by_the_tool_that_makes_it(stranger: BrowserContext) -> None:
    page = stranger.new_page()
    page.goto("/formats")
    page.get_by_role("searchbox", name="Search formats").fill("surefire")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".known tbody tr").first).to_contain_text("JUnit XML")
    page.goto("/formats?q=nonesuch+9")
    expect(page.get_by_text("No format is called so.")).to_be_visible()
    page.get_by_role("link", name="Assay's own format").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Assay JSON")


@each_format
def test_a_stranger_is_told_all_of_a_format(site: House, format_: Format) -> None:
    with site.stranger() as nobody:
        answer = nobody.get(f"/formats/{format_.aliases[0].upper()}")
    said = html.unescape(re.sub(r"<[^>]+>", "", answer.text))
    assert answer.status_code == 200
    made_by = format_.made_by.replace("`", "")
    for words in (format_.title, made_by, format_.how, format_.file, "PROFILE_ID"):
        assert words in said
    for note in format_.notes:
        assert note.replace("`", "") in said
    assert f"{site.server.url}/api/v2/profile/PROFILE_ID/import/{format_.name}" in said


@each_format
def test_the_example_can_be_downloaded(site: House, format_: Format) -> None:
    with site.stranger() as nobody:
        answer = nobody.get(f"/formats/{format_.name}/example")
    assert answer.content == example(format_.name)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert format_.file.rsplit("/", 1)[-1] in answer.headers["content-disposition"]


@pytest.mark.parametrize("name", ["junit", "allure", "gojson", "subunit", "playwrighthtml", "k6"])
def test_the_command_sends_the_example(page: Page, site: House, name: str, tmp_path: Path) -> None:
    format_ = by_name(name)
    page.goto(f"/formats/{format_.name}")
    shown = page.get_by_role("main").get_by_text("curl -X POST").inner_text()
    command = shown.replace("\\\n", " ")
    command = command.replace("YOUR_KEY", site.people.alice.secret)
    (tmp_path / format_.file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / format_.file).write_bytes(example(format_.name))
    sent = subprocess.run(shlex.split(command), cwd=tmp_path, check=True, capture_output=True)
    with site.client(site.people.alice) as alice:
        answer = httpx.Response(201, content=sent.stdout).json()
        assert ended(alice, answer)["report_import_status"] == "success"


def test_it_shows_what_becomes_of_the_example(page: Page) -> None:
    page.goto("/formats/cucumber")
    voucher = page.get_by_role("listitem").filter(has_text="Vouchers")
    expect(voucher).to_contain_text("AssertionError: Expected values to be strictly equal")
    expect(voucher).to_contain_text("3 steps")
    expect(voucher.get_by_role("img", name="failed")).to_be_visible()


def test_no_other_name_is_a_format(site: House) -> None:
    with site.stranger() as nobody:
        for path in ("/formats/nonesuch", "/formats/nonesuch/example"):
            assert nobody.get(path).status_code == 404


def test_it_is_found_from_where_one_would_look(page: Page) -> None:
    page.locator("body").press("u")
    page.get_by_role("link", name="What Assay reads").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Formats")
    page.locator("summary").last.click()
    expect(page.get_by_role("link", name="Formats")).to_be_visible()
