"""A running server with people in it: what a story through the door begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from assay.store.catalog import open_catalog, profiles
from support.people import People, Person
from support.server import Server, ended

REPORT = b"""<?xml version="1.0"?>
<testsuite name="shop" timestamp="2026-03-01T10:00:00">
  <testcase classname="shop.Cart" name="adds" time="0.1"/>
  <testcase classname="shop.Cart" name="removes" time="0.2">
    <failure type="AssertionError" message="expected 1 but was 2">at cart.py:12</failure>
  </testcase>
  <testcase classname="shop.Pay" name="pays" time="0.3"><error message="no route"/></testcase>
  <testcase classname="shop.Pay" name="refunds"><skipped message="later"/></testcase>
</testsuite>
"""
"""Four tests: one passed, one failed, one broken, one skipped."""


@dataclass(frozen=True, slots=True)
class House:
    """The server, and alice, bob and charlie."""

    server: Server
    people: People

    def client(self, person: Person) -> httpx.Client:
        return self.server.client(person.secret)

    def stranger(self) -> httpx.Client:
        return self.server.client()

    def new_profile(self, person: Person, name: str) -> int:
        """A profile of its own for one story, in the person's group."""
        catalog = open_catalog(self.server.settings.catalog_url)
        try:
            with catalog.write() as conn:
                made = profiles.make(
                    conn,
                    group=person.group.id,
                    name=f"{name} {datetime.now(UTC):%H:%M:%S.%f}",
                    owner=person.user.id,
                    now=datetime.now(UTC),
                )
            return made.id
        finally:
            catalog.close()


def upload(
    client: httpx.Client,
    profile: int,
    *files: tuple[str, bytes],
    formatter: str = "",
    attachments: tuple[tuple[str, bytes], ...] = (),
    **options: Any,
) -> httpx.Response:
    """One import of these files, as the acknowledgement answers it."""
    parts = [("file[]", (name, data)) for name, data in files]
    parts += [("attachment[]", (name, data)) for name, data in attachments]
    path = f"/api/v2/profile/{profile}/import" + (f"/{formatter}" if formatter else "")
    named = {name.replace("tags", "tag[]"): value for name, value in options.items()}
    return client.post(path, files=parts, params=named)


def given(
    client: httpx.Client, profile: int, data: bytes = REPORT, **options: Any
) -> dict[str, Any]:
    """A report of `data`, imported for real and whole."""
    answer = upload(client, profile, ("report.xml", data), **options)
    assert answer.status_code == 201, answer.text
    status = ended(client, answer.json())
    assert status["report_import_status"] == "success", status
    report: dict[str, Any] = client.get(f"/api/v3/reports/{status['report_id']}").json()
    return report
