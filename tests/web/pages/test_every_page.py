"""Every page, as people meet it: at a desk by day, at a desk by night, on a phone.

Each is looked over by axe, may not err or ask another host, and leaves a picture in `screenshots`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from support.browser import SCREENSHOTS, grave_faults, sign_in, visitor
from support.house import House
from support.shop import DESK, Shop

PAGES = {
    "company": "/companies/{company}",
    "company-reports": "/companies/{company}/reports",
    "company-people": "/companies/{company}/people",
    "company-settings": "/companies/{company}/settings",
    "companies": "/companies",
    "profile-settings": "/profiles/{profile}/settings",
    "group-settings": "/groups/1/settings",
    "profile": "/profiles/{profile}",
    "profile-reports": "/profiles/{profile}/reports",
    "profile-tests": "/profiles/{profile}?tab=tests",
    "gate": "/profiles/{profile}/gate",
    "gate-begun": "/profiles/{profile}/gate?begin=strict",
    "profile-nothing-found": "/profiles/{profile}?q=no+such+thing",
    "profile-empty": "/profiles/{empty}",
    "new-profile": "/groups/1/profiles/new",
    "set": "/profiles/{set}",
    "set-empty": "/profiles/{empty_set}",
    "report": "/reports/{report}",
    "report-unfolded": "/reports/{report}?open={failure}",
    "report-changes": "/reports/{report}?tab=changes",
    "report-tree": "/reports/{report}?tab=tree",
    "report-slowest": "/reports/{report}?tab=slowest",
    "report-all": "/reports/{report}?tab=all",
    "report-printed": "/reports/{report}/print",
    "report-files": "/reports/{report}?tab=files",
    "comparison": "/reports/{report}/compare/{before}",
    "trash": "/profiles/{profile}/trash",
    "result": "/reports/{report}/results/{failure}",
    "import": "/imports/{import_id}",
    "upload": "/upload?profile={profile}",
    "account": "/account",
    "job": "/profiles/{profile}/job",
    "source": "/profiles/{profile}/source",
    "notifications": "/profiles/{profile}/notifications",
    "deliveries": "/companies/{company}/deliveries",
    "api-docs": "/api/docs",
    "formats": "/formats",
    "known-format": "/formats/cucumber",
    "not-found": "/reports/999999",
}
MISSING = frozenset({"not-found"})
WAYS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


@pytest.fixture(scope="module", params=WAYS)
def way(
    request: pytest.FixtureRequest, chromium: Browser, site: House
) -> Iterator[tuple[str, BrowserContext]]:
    """A way to look at a page, with Alice signed in."""
    options = WAYS[request.param] | {"reduced_motion": "reduce"}
    with visitor(chromium, site, **options) as context:
        sign_in(context.new_page(), site.people.alice)
        yield request.param, context


def test_the_readme_gets_its_picture(chromium: Browser, site: House, web_shop: Shop) -> None:
    """`docs/profile.png` is a copy of the one this leaves in `screenshots`."""
    with visitor(chromium, site, viewport=DESK, color_scheme="light") as context:
        page = context.new_page()
        sign_in(page, site.people.alice)
        page.goto(f"/profiles/{web_shop.profile}", wait_until="networkidle")
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / "readme.png")


@pytest.mark.parametrize("name", PAGES)
def test_it_reads_well(
    way: tuple[str, BrowserContext], name: str, web_shop: Shop, site: House
) -> None:
    look, context = way
    page = context.new_page()
    company = site.people.alice.company.id
    ids = {field: getattr(web_shop, field) for field in Shop.__dataclass_fields__}
    answer = page.goto(PAGES[name].format(company=company, **ids), wait_until="networkidle")
    assert answer is not None
    assert answer.status == (404 if name in MISSING else 200)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than it is"
    assert grave_faults(page) == []
    page.close()
