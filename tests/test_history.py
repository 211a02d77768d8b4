"""What a result is to those before it, through the door: labels, and what a report counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

import httpx
import pytest

from support.house import House, given

BODIES = {
    "passed": "",
    "failed": '<failure type="AssertionError" message={0}>at cart.py:12</failure>',
    "broken": '<error type="OSError" message={0}/>',
    "skipped": "<skipped message={0}/>",
}


def run(*cases: tuple[str, ...]) -> bytes:
    """A JUnit document of (name, status, message) each."""
    return f"<testsuite name='s'>{''.join(_case(*case) for case in cases)}</testsuite>".encode()


def _case(name: str, status: str = "passed", message: str = "no") -> str:
    body = BODIES[status].format(quoteattr(message))
    return f'<testcase classname="shop" name={quoteattr(name)}>{body}</testcase>'


@dataclass(frozen=True, slots=True)
class Diary:
    """A profile of one story, to which days are added in any order."""

    client: httpx.Client
    profile: int

    def day(self, number: int, *cases: tuple[str, ...]) -> int:
        """A report of that day of March; its id."""
        date = f"2026-03-{number:02}T10:00:00Z"
        made: int = given(self.client, self.profile, run(*cases), date=date)["id"]
        return made

    def labels(self, report: int) -> dict[str, str | None]:
        """What each test of a report is labelled."""
        answer = self.client.get(f"/api/v3/reports/{report}/results", params={"limit": 500})
        return {each["name"]: each["label"] for each in answer.json()["items"]}

    def changes(self, report: int) -> dict[str, int]:
        """What a report counts as changed, without zeros."""
        found: dict[str, Any] = self.client.get(f"/api/v3/reports/{report}").json()["changes"]
        return {kind: n for kind, n in found.items() if n}


@pytest.fixture
def diary(house: House) -> Iterator[Diary]:
    alice = house.people.alice
    with house.client(alice) as client:
        yield Diary(client, house.new_profile(alice, "Diary"))


def test_it_labels_by_calliopes_rules(diary: Diary) -> None:
    names = ("steady", "breaks", "errs", "heals", "mends", "rests", "wakes", "repeats", "differs")
    before = ("passed", "passed", "passed", "failed", "broken", "passed", "skipped", "failed")
    diary.day(1, *zip(names, (*before, "failed"), strict=True))
    after = ("passed", "failed", "broken", "passed", "passed", "skipped", "failed", "failed")
    second = diary.day(
        2, *zip(names[:8], after, strict=True), ("differs", "failed", "elsewhere"), ("comes",)
    )
    assert diary.labels(second) == {
        "steady": None,
        "breaks": "New failure",
        "errs": "New failure",
        "heals": "Fixed",
        "mends": "Fixed",
        "rests": "Was passed",
        "wakes": "Was skipped",
        "repeats": "2nd time",
        "differs": "Changed",
        "comes": "New result",
    }


def test_a_status_that_differs_in_another_way_names_the_one_before(diary: Diary) -> None:
    diary.day(1, ("a", "failed"), ("b", "broken"), ("c", "skipped"), ("d", "failed"))
    second = diary.day(2, ("a", "broken"), ("b", "failed"), ("c",), ("d", "skipped"))
    assert diary.labels(second) == {
        "a": "Was failed",
        "b": "Was broken",
        "c": "Was skipped",
        "d": "Was failed",
    }


def test_the_same_end_is_counted_and_another_error_begins_anew(diary: Diary) -> None:
    ends = ["no", "no", "no", "other", "other"]
    days = [diary.day(n, ("a", "failed", end), ("b", "skipped")) for n, end in enumerate(ends, 1)]
    labels = [diary.labels(day) for day in days]
    times = ["New result", "2nd time", "3rd time"]
    assert [each["a"] for each in labels] == [*times, "Changed", "2nd time"]
    assert [each["b"] for each in labels] == [*times, "4th time", "5th time"]


def test_a_label_looks_as_far_back_as_need_be(diary: Diary) -> None:
    diary.day(1, ("part",), ("whole", "failed"))
    for day in range(2, 26):
        diary.day(day, ("whole", "failed"))
    last = diary.day(26, ("part", "failed"), ("whole", "failed"), ("new",))
    assert diary.labels(last) == {"part": "New failure", "whole": "26th time", "new": "New result"}


def test_a_late_delivery_changes_the_labels_of_what_comes_after(diary: Diary) -> None:
    diary.day(1, ("a",), ("b", "failed"), ("c",))
    third = diary.day(3, ("a", "failed"), ("b", "failed"), ("c",))
    assert diary.labels(third) == {"a": "New failure", "b": "2nd time", "c": None}
    assert diary.changes(third) == {"new_failures": 1, "still_failing": 1}
    second = diary.day(2, ("a", "failed"), ("b",), ("c", "failed"))
    assert diary.labels(second) == {"a": "New failure", "b": "Fixed", "c": "New failure"}
    assert diary.labels(third) == {"a": "2nd time", "b": "New failure", "c": "Fixed"}
    assert diary.changes(third) == {"new_failures": 1, "still_failing": 1, "fixed": 1}


def test_before_is_by_date_and_not_by_order_of_upload(diary: Diary) -> None:
    second = diary.day(2, ("a", "failed"))
    first = diary.day(1, ("a",))
    assert diary.labels(first) == {"a": "New result"}
    assert diary.labels(second) == {"a": "New failure"}


def test_a_late_part_is_seen_by_all_reports_that_look_back_on_it(diary: Diary) -> None:
    """Shards: a test that the report before lacks is compared with the one before that."""
    days = [diary.day(n, ("other half",)) for n in range(2, 8)]
    halves = [diary.day(8, ("half", "failed")), diary.day(10, ("half", "failed"))]
    diary.day(9, ("other half",))
    assert diary.changes(halves[0]) == {"new_failures": 1, "new_tests": 1, "gone": 1}
    diary.day(1, ("half",))
    assert diary.changes(halves[0]) == {"new_failures": 1, "gone": 1}
    assert diary.labels(halves[0]) == {"half": "New failure"}
    assert diary.changes(halves[1]) == {"still_failing": 1, "gone": 1}
    assert diary.changes(days[0]) == {"new_tests": 1, "gone": 1}


def test_a_deletion_is_seen_by_all_reports_that_looked_back_on_it(diary: Diary) -> None:
    first = diary.day(1, ("half",), ("other half",))
    diary.day(2, ("other half",))
    third = diary.day(3, ("other half",), ("half", "failed"))
    assert diary.changes(third) == {"new_failures": 1}
    assert diary.client.delete(f"/api/v3/reports/{first}").status_code == 204
    assert diary.changes(third) == {"new_failures": 1, "new_tests": 1}
    assert diary.labels(third) == {"half": "New result", "other half": None}


def test_results_of_one_name_are_kept_apart_and_said(diary: Diary) -> None:
    first = diary.day(1, ("twice",), ("twice", "failed"), ("once",))
    second = diary.day(2, ("twice",), ("twice", "failed"), ("once",))
    third = diary.day(3, ("twice", "failed"))
    answer = diary.client.get(f"/api/v3/reports/{second}/results").json()["items"]
    assert [(each["name"], each["label"]) for each in answer] == [
        ("twice", None),
        ("twice", None),
        ("once", None),
    ]
    assert diary.labels(third) == {"twice": "New result"}
    made = diary.client.get(f"/api/v3/reports/{first}").json()["import_id"]
    log = diary.client.get(f"/api/v3/imports/{made}").json()["log"]
    [warning] = [line["message"] for line in log if line["level"] == "warning"]
    assert warning.startswith("1 test stands several times in this report (2 results)")
    assert warning.endswith("such as s › shop › twice (2 times)")
