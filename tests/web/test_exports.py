"""A report that was exported and imported again is the same report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from support.house import House, given

SAMPLES = Path(__file__).parent.parent / "samples"
FILES = [
    "junit/pytest.xml",
    "junit/surefire.xml",
    "cucumber/cucumber-js.json",
    "ctrf/playwright.json",
    "robotframework/robot-7.xml",
]
OURS = {"id", "uuid", "created_at", "origin", "import_id", "url", "changes", "profile_id"}


@pytest.mark.parametrize("name", [name for name in FILES if (SAMPLES / name).exists()])
def test_a_report_survives_export_and_import(house: House, name: str) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "first")
        first = given(alice, profile, (SAMPLES / name).read_bytes(), tags="a:b", branch="main")
        exported = alice.get(f"/api/v3/reports/{first['id']}/calliope.json")
        assert exported.headers["content-disposition"].startswith("attachment")
        again = given(
            alice,
            house.new_profile(house.people.alice, "again"),
            exported.content,
            formatter="calliope",
        )
        assert without(again) == without(first)
        assert results_of(alice, again) == results_of(alice, first)


def without(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name not in OURS}


def results_of(client: httpx.Client, report: dict[str, Any]) -> list[dict[str, Any]]:
    """Every result with all it says, but for its place on this server."""
    page = client.get(
        f"/api/v3/reports/{report['id']}/results", params={"limit": 500, "sort": "document"}
    )
    found = []
    for item in page.json()["items"]:
        whole = client.get(f"/api/v3/reports/{report['id']}/results/{item['position']}").json()
        whole["result"].pop("url")
        whole["result"].pop("label")
        found.append(strip(whole))
    return found


def strip(value: Any) -> Any:
    """Without the addresses and types of files: those are exported by name."""
    if isinstance(value, dict):
        if set(value) == {"name", "media_type", "url"}:
            return value["name"]
        return {name: strip(each) for name, each in value.items()}
    return [strip(each) for each in value] if isinstance(value, list) else value
