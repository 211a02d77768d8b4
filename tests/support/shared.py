"""A profile with reports, some of them public: what stories about guests begin with."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from assay.store.catalog import open_catalog, shares
from support.house import House, given
from support.shop import picture

DOCUMENT = """<?xml version="1.0"?>
<testsuite name="till" timestamp="2026-03-{day:02}T10:00:00">
  <testcase classname="till.Pay" name="by card" time="0.3">{card}</testcase>
  <testcase classname="till.Pay" name="in cash" time="0.2"/>
</testsuite>
"""
FAILED = (
    '<failure type="TimeoutError" message="waiting for the terminal">at till.py:7</failure>'
    "<system-out>reading the card\n[[ATTACHMENT|shots/till.png]]</system-out>"
)
LEFT_OVER = b"what the nightly job wrote: password=hunter2"


@dataclass(frozen=True, slots=True)
class Till:
    """A profile of Alice's with three reports, oldest first; the last fails, with a screenshot on
    the failed result and a log that belongs to no result."""

    profile: int
    reports: tuple[dict[str, Any], ...]

    @property
    def last(self) -> int:
        return int(self.reports[-1]["id"])


def given_till(house: House, name: str) -> Till:
    """A till of its own for one story or file of them."""
    alice = house.people.alice
    profile = house.new_profile(alice, name)
    with house.client(alice) as client:
        made = [_deliver(client, profile, day, failed=day == 3) for day in (1, 2, 3)]
    return Till(profile, tuple(made))


def deliver(house: House, till: Till, day: int) -> dict[str, Any]:
    """One more report of a till, that passes."""
    with house.client(house.people.alice) as client:
        return _deliver(client, till.profile, day, failed=False)


def _deliver(client: Any, profile: int, day: int, *, failed: bool) -> dict[str, Any]:
    document = DOCUMENT.format(day=day, card=FAILED if failed else "").encode()
    files = (("shots/till.png", picture()), ("job.log", LEFT_OVER)) if failed else ()
    return given(client, profile, document, attachments=files, branch="main", build=str(day))


def share(house: House, of: str, **terms: Any) -> str:
    """Make `reports/3` or `profiles/2` public as Alice, and tell the path of its address."""
    with house.client(house.people.alice) as client:
        answer = client.put(f"/api/v3/{of}/share", json=terms)
    assert answer.status_code == 200, answer.text
    return urlsplit(answer.json()["url"]).path


def end_share(house: House, report: int, ended: datetime) -> None:
    """Let a report's share have ended at `ended`, as time would have done."""
    url = house.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        found = shares.of_report(conn, report)
        assert found is not None
        before = ended - timedelta(days=1)
        terms: dict[str, Any] = {"until": ended, "history": found.history, "now": before}
        shares.put(conn, profile=found.profile_id, report=report, **terms)
