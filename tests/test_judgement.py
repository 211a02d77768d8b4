"""Reports judged by gates, through the door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from support.house import House, given

LOAD = """timeStamp,elapsed,label,responseCode,success,allThreads
{}"""


def junit(*cases: tuple[str, bool]) -> bytes:
    """A report of tests by name, and whether they pass."""
    told = "".join(
        f'<testcase classname="shop" name="{name}">{"" if passed else "<failure/>"}</testcase>'
        for name, passed in cases
    )
    return f"<testsuite name='s'>{told}</testsuite>".encode()


def jmeter(*samples: tuple[str, int, bool]) -> bytes:
    """A load test of samples: label, milliseconds, and whether they succeeded."""
    lines = (
        f"{1772000000000 + n},{took},{label},200,{str(good).lower()},1\n"
        for n, (label, took, good) in enumerate(samples)
    )
    return LOAD.format("".join(lines)).encode()


GOOD, BAD = junit(("adds", True), ("pays", True)), junit(("adds", True), ("pays", False))


@dataclass(frozen=True, slots=True)
class Diary:
    """A profile of one story."""

    client: httpx.Client
    profile: int

    def day(self, number: int, data: bytes, **options: Any) -> int:
        """A report of that day of March; its id."""
        date = f"2026-03-{number:02}T10:00:00Z"
        made: int = given(self.client, self.profile, data, date=date, **options)["id"]
        return made

    def gate(self, report: int) -> str | None:
        found: str | None = self.client.get(f"/api/v3/reports/{report}").json()["gate"]
        return found


@pytest.fixture
def diary(house: House) -> Iterator[Diary]:
    alice = house.people.alice
    with house.client(alice) as client:
        yield Diary(client, house.new_profile(alice, "Gates"))


def test_without_a_gate_of_its_own_a_report_passes_when_no_test_fails(diary: Diary) -> None:
    assert diary.gate(diary.day(1, GOOD)) == "pass"
    assert diary.gate(diary.day(2, BAD)) == "fail"


def test_a_load_test_is_judged_by_its_errors_and_by_the_reports_before_it(diary: Diary) -> None:
    fine = diary.day(1, jmeter(*[("GET /cart", 100, True)] * 19, ("GET /cart", 100, False)))
    assert diary.gate(fine) == "pass"  # a failed request is a failed result, and 5 % are allowed
    assert diary.gate(diary.day(2, jmeter(*[("GET /cart", 120, True)] * 9))) == "fail"
    assert diary.gate(diary.day(3, jmeter(*[("GET /cart", 120, True)] * 9))) == "pass"
    errors = [("GET /cart", 90, True)] * 8 + [("GET /cart", 90, False)]
    assert diary.gate(diary.day(4, jmeter(*errors))) == "fail"
