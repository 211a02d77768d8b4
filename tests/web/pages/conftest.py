"""A browser, and a server with a web shop's weeks of test runs in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from assay.store.catalog import open_catalog
from support import people as settlers
from support import shop
from support.browser import launch, sign_in, visitor
from support.house import House, given
from support.server import Server
from support.shop import DESK, Shop


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server of these tests' own, with Alice, Bob and Charlie."""
    running = Server(tmp_path_factory.mktemp("site") / "data")
    catalog = open_catalog(running.settings.catalog_url)
    catalog.migrate()
    people = settlers.settle(catalog)
    catalog.close()
    running.start()
    yield House(running, people)
    running.stop()


@pytest.fixture(scope="session")
def web_shop(site: House) -> Shop:
    """Alice's web shop, imported run by run."""
    alice = site.people.alice
    with site.client(alice) as client:
        last = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=12)
        reports = [
            given(
                client,
                alice.profile.id,
                each.document,
                attachments=(("shots/pay.png", shop.picture()),),
                branch="main",
                commit=f"{each.number * 7919:040x}",
                build=str(each.number),
                tags=["nightly", "env:staging"],
            )
            for each in shop.deliveries(last)
        ]
        newest = reports[-1]
        found = client.get(f"/api/v3/reports/{newest['id']}/results?q=card&status=failed").json()
    return Shop(
        profile=alice.profile.id,
        empty=site.new_profile(alice, "Nothing yet"),
        report=newest["id"],
        before=reports[-2]["id"],
        failure=found["items"][0]["position"],
        import_id=newest["import_id"],
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def stranger(chromium: Browser, site: House) -> Iterator[BrowserContext]:
    """A browser in which nobody is signed in."""
    with visitor(chromium, site, viewport=DESK) as context:
        yield context


@pytest.fixture
def page(stranger: BrowserContext, site: House) -> Page:
    """A page on which Alice is signed in."""
    stranger.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = stranger.new_page()
    sign_in(opened, site.people.alice)
    return opened
