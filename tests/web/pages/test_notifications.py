"""The bell, the table of the account, the channels and their deliveries, as people use them."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from support.browser import visitor
from support.house import House
from support.shop import DESK, Shop


def chosen(site: House, profile: int) -> str:
    with site.client(site.people.alice) as client:
        answer = client.get(f"/api/v3/profiles/{profile}/subscription").json()
    return str(answer["condition"])


def test_the_bell_shows_and_keeps_a_choice(page: Page, web_shop: Shop, site: House) -> None:
    page.goto(f"/profiles/{web_shop.profile}")
    bell = page.locator(".bell")
    bell.locator("summary").click()
    bell.get_by_role("button", name="Only on changes").click()
    page.wait_for_url(f"**/profiles/{web_shop.profile}")
    assert chosen(site, web_shop.profile) == "changes"
    page.locator(".bell summary").click()
    current = page.locator(".bell button[aria-current]")
    expect(current).to_have_text("Only on changes")


def test_the_bell_needs_no_script(chromium: Browser, site: House, web_shop: Shop) -> None:
    alice = site.people.alice
    with visitor(chromium, site, viewport=DESK, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("E-mail").fill(alice.email)
        page.get_by_label("Password").fill(alice.password)
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"/profiles/{web_shop.empty}")
        page.locator(".bell summary").click()
        page.get_by_role("button", name="Always").click()
        assert page.url.endswith(f"/profiles/{web_shop.empty}")
    assert chosen(site, web_shop.empty) == "always"


def test_the_account_has_a_choice_for_each_profile(page: Page, web_shop: Shop, site: House) -> None:
    page.goto("/account")
    select = page.get_by_label("When to mail me about Web UI tests")
    select.select_option("Only with errors and changes")
    page.get_by_role("button", name="Save the choices").click()
    expect(page.get_by_text("Your choices are saved.")).to_be_visible()
    assert chosen(site, web_shop.profile) == "errors_and_changes"
    expect(select).to_have_value("errors_and_changes")


def test_a_channel_is_added_tried_changed_and_removed(page: Page, web_shop: Shop) -> None:
    """The address is of this machine, where messages may not go unless the administrator says
    so: the answer to the test says it."""
    page.goto(f"/profiles/{web_shop.profile}/notifications")
    page.get_by_text("Add Slack").click()
    form = page.locator("details[open] form").first
    form.get_by_label("Webhook URL").fill("http://127.0.0.1:9/services/secret-part")
    form.get_by_label("Name in the list").fill("#web")
    form.get_by_role("button", name="Add the channel").click()
    channel = page.locator(".channels > li").filter(has_text="#web")
    expect(channel).to_contain_text("Slack · an incoming webhook")
    assert "secret-part" not in page.content()

    channel.get_by_role("button", name="Send a test").click()
    expect(page.locator("#said")).to_contain_text("127.0.0.1, where messages may not go")
    expect(page.locator(".sendings tbody tr").first).to_contain_text("given up")
    page.locator(".sendings").get_by_role("button", name="Try now").first.click()
    expect(page.locator("#said")).to_contain_text("did not arrive")

    channel.get_by_text("Change or remove").click()
    channel.get_by_label("Name in the list").fill("#web-tests")
    channel.get_by_role("button", name="Save the channel").click()
    expect(page.get_by_text("The channel is changed.")).to_be_visible()
    channel = page.locator(".channels > li").filter(has_text="#web-tests")
    channel.get_by_text("Change or remove").click()
    channel.get_by_role("button", name="Remove the channel").click()
    expect(page.get_by_text("The channel is removed")).to_be_visible()
    expect(page.get_by_text("No channel yet.")).to_be_visible()


def test_a_wrong_form_keeps_what_was_typed_but_for_secrets(site: House, web_shop: Shop) -> None:
    alice = site.people.alice
    with site.stranger() as client:
        client.headers.update({"origin": site.server.url, "accept": "text/html"})
        client.post("/login", data={"email": alice.email, "password": alice.password})
        typed = {"kind": "webhook", "name": "The gate", "url": "nowhere", "secret": "whsec_hidden"}
        answer = client.post(f"/profiles/{web_shop.empty}/channels", data=typed)
    assert answer.status_code == 422
    assert "Nothing was changed. URL: The address begins with https://" in answer.text
    assert 'value="The gate"' in answer.text
    assert 'value="nowhere"' in answer.text
    assert "whsec_hidden" not in answer.text


def test_a_made_secret_is_shown_this_once(page: Page, web_shop: Shop) -> None:
    page.goto(f"/profiles/{web_shop.empty}/notifications")
    page.get_by_text("Add Webhook").click()
    form = page.locator("details[open] form").first
    form.get_by_label("URL").fill("https://ci.example.org/assay")
    form.get_by_role("button", name="Add the channel").click()
    secret = page.locator(".secret code")
    expect(secret).to_have_text(re.compile(r"^whsec_[\w+/]{43}=$"))
    shown = secret.inner_text()
    page.goto(f"/profiles/{web_shop.empty}/notifications")
    assert shown not in page.content()


def test_a_user_looks_after_channels_and_not_after_the_company(
    chromium: Browser, site: House, web_shop: Shop
) -> None:
    bob = site.people.bob
    with visitor(chromium, site, viewport=DESK) as context:
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("E-mail").fill(bob.email)
        page.get_by_label("Password").fill(bob.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/companies/*")
        page.goto(f"/profiles/{web_shop.profile}/notifications")
        expect(page.get_by_text("Add Slack")).to_be_visible()
        expect(page.get_by_text("All of the company")).to_have_count(0)
    with site.client(bob) as client:
        path = f"/companies/{site.people.alice.company.id}/deliveries"
        assert client.get(path).status_code == 403
        assert client.get(f"/api/v3{path}").status_code == 403
