"""A real browser at a real server, that minds what no page may do: errors, and other hosts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from support.house import House
from support.people import Person

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
SCREENSHOTS = Path(__file__).parent.parent.parent / "screenshots"
GRAVE = ("serious", "critical")
expect.set_options(timeout=15_000)

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, or the one that Playwright has brought itself."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])


@dataclass
class Watch:
    """What a page did that it should not have done."""

    host: str
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", lambda request: self._asked(request.url))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "404 (Not Found)" not in text:
            self.faults.append(f"console: {text}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.faults.append(f"asked another host: {url}")


@contextmanager
def visitor(browser: Browser, house: House, **options: Any) -> Iterator[BrowserContext]:
    """Somebody's browser at the house's server; on leaving, nothing may have gone wrong."""
    watch = Watch(urlsplit(house.server.url).netloc)
    context = browser.new_context(base_url=house.server.url, **options)
    context.set_default_timeout(15_000)
    context.on("page", watch.over)
    yield context
    context.close()
    assert not watch.faults, "\n".join(watch.faults)


def sign_in(page: Page, person: Person) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/companies/*")


def grave_faults(page: Page) -> list[str]:
    """What axe finds to be serious or worse; Swagger UI's own elements are not ours to judge."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({exclude: ['.swagger-ui']})")
    return [
        f"{each['id']}: {json.dumps(each['nodes'][0]['html'])}"
        for each in found["violations"]
        if each["impact"] in GRAVE
    ]
