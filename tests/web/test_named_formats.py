"""Reports sent to the formatter's own address, by the names that Calliope's clients use for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.house import House, given

SAMPLES = Path(__file__).parent.parent / "samples"


def report(house: House, sample: str, **options: Any) -> dict[str, Any]:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "named")
        return given(alice, profile, (SAMPLES / sample).read_bytes(), **options)


@pytest.mark.parametrize(
    ("formatter", "sample", "origin"),
    [
        ("nunit", "nunit/nunit3.xml", "nunit"),
        ("NUnit-XML", "nunit/nunit2.xml", "nunit"),
        ("xunit", "xunit/xunit-2.xml", "xunit"),
        ("xunit_xml", "xunit/xunit-3.xml", "xunit"),
        ("xunit", "junit/robot-xunit.xml", "xunit"),
        ("xctest", "xctest/TestSummaries.plist", "xctest"),
        ("xctest-xml", "xctest/selected.plist", "xctest"),
        ("zaproxy", "zaproxy/zap.xml", "zaproxy"),
        ("ZAProxy", "zaproxy/zap.json", "zaproxy"),
    ],
)
def test_it_is_imported_under_its_name(
    house: House, formatter: str, sample: str, origin: str
) -> None:
    found = report(house, sample, formatter=formatter)
    assert (found["origin"], found["state"]) == (origin, "done")
    assert found["counts"]["total"] > 0


def test_a_step_that_failed_says_why_and_where(house: House) -> None:
    found = report(house, "nunit/nunit3.xml")
    with house.client(house.people.alice) as alice:
        items = alice.get(f"/api/v3/reports/{found['id']}/results").json()["items"]
        position = next(each["position"] for each in items if each["name"] == "Checks")
        page = alice.get(f"/reports/{found['id']}/results/{position}").text
    assert "But was:  11" in page.partition("Steps")[2]
    assert "CartTests.cs:line 38" in page.partition("Steps")[2]
