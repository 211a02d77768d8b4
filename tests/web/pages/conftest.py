"""A browser, and a server with a web shop's weeks of test runs in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from itertools import islice

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from assay.store.catalog import groups, open_catalog, profiles
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
    profile, *others, empty = _profiles(site, "Web UI tests", "API tests", "Unit tests", "iOS app")
    last = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=12)
    with site.client(alice) as client:
        for other in others:
            for each in islice(shop.deliveries(last), other * 3, 10 + other * 3):
                given(client, other, each.document)
        reports = [
            given(
                client,
                profile,
                each.document,
                attachments=(("shots/pay.png", shop.picture()),),
                branch="main",
                commit=sha1(str(each.number).encode()).hexdigest(),
                build=str(each.number),
                tags=["nightly", "env:staging"],
            )
            for each in shop.deliveries(last)
        ]
        _, everything, empty_set = _sets(client, profile, *others, empty)
        newest = reports[-1]
        found = client.get(f"/api/v3/reports/{newest['id']}/results?q=card&status=failed").json()
    return Shop(
        profile=profile,
        empty=empty,
        set=everything,
        empty_set=empty_set,
        report=newest["id"],
        before=reports[-2]["id"],
        failure=found["items"][0]["position"],
        import_id=newest["import_id"],
    )


def _sets(client: httpx.Client, profile: int, *others: int) -> tuple[int, int, int]:
    """A set of all but the profile, one of both, and one of nothing."""
    group = client.get(f"/api/v3/profiles/{profile}").json()["group_id"]
    names = ("Behind the pages", "Everything", "Nothing yet")
    url = f"/api/v3/groups/{group}/profiles"
    made = [client.post(url, json={"name": each, "kind": "set"}).json()["id"] for each in names]
    inner, everything, empty = made
    for number, members in ((inner, others), (everything, (profile, inner))):
        client.put(f"/api/v3/profiles/{number}/members", json={"members": members})
    return inner, everything, empty


def _profiles(site: House, *names: str) -> list[int]:
    """Profiles of Alice's, in a group of their own."""
    alice, now = site.people.alice, datetime.now(UTC)
    url = site.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        group = groups.make(conn, company=alice.company.id, name="Web shop", now=now)
        made = [profiles.make(conn, group=group.id, name=name, now=now) for name in names]
    return [each.id for each in made]


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
