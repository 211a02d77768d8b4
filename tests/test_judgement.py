"""Reports judged by gates, through the door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from assay.store.catalog import keys, open_catalog
from assay.store.catalog.keys import Scope
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

    def write(self, rules: str) -> dict[str, Any]:
        """Give the profile a gate; what is answered."""
        return self._told(self.client.put(self.address(), json={"rules": rules}))

    def preview(self, rules: str) -> dict[str, Any]:
        return self._told(self.client.post(self.address("/preview"), json={"rules": rules}))

    def verdict(self, report: int) -> dict[str, Any]:
        return self._told(self.client.get(f"/api/v3/reports/{report}/gate"))

    def address(self, more: str = "") -> str:
        return f"/api/v3/profiles/{self.profile}/gate{more}"

    @staticmethod
    def _told(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


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


def test_a_profile_is_judged_by_the_rules_it_is_given(diary: Diary) -> None:
    diary.write("failures: 1\ntests: 2")
    report = diary.day(1, BAD)
    assert diary.verdict(report) | {"url": ""} == {
        "report_id": report,
        "profile_id": diary.profile,
        "state": "done",
        "waiting": False,
        "gate": "pass",
        "reason": "All 2 rules hold",
        "rules": [
            {"rule": "failures", "passed": True, "said": "1 ≤ 1"},
            {"rule": "tests", "passed": True, "said": "2 ≥ 2"},
        ],
        "url": "",
    }


def test_a_gate_is_shown_as_it_is_read_until_there_is_an_own_one_the_one_it_has(
    diary: Diary,
) -> None:
    told = diary.client.get(diary.address()).json()
    assert (told["rules"], told["built_in"]) == ("failures: 0\n", "default")
    told = diary.write("only: {branches: main}\np95: {GET /: 1 s}")
    assert told["built_in"] is None
    assert told["branches"] == ["main"]
    assert told["parsed"] == [{"rule": "p95", "about": "GET /", "value": "1 s", "line": 2}]
    assert diary.client.get(diary.address()).json() == told
    told = diary.client.delete(diary.address()).json()
    assert (told["rules"], told["built_in"]) == ("failures: 0\n", "default")


def test_what_is_wrong_with_a_gate_is_said_and_the_one_before_stays(diary: Diary) -> None:
    diary.write("failures: 1")
    answer = diary.client.put(diary.address(), json={"rules": "tests: 1\nfailers: 0"})
    assert answer.status_code == 422
    said = "Line 2: There is no rule “failers”; did you mean “failures”?"
    assert answer.json() == {"message": said, "field": "rules"}
    assert diary.client.post(diary.address("/preview"), json={"rules": "x"}).status_code == 422
    assert diary.client.get(diary.address()).json()["rules"] == "failures: 1"


def test_changing_a_gate_judges_the_newest_report_and_leaves_the_others(diary: Diary) -> None:
    old, new = diary.day(1, BAD), diary.day(2, BAD)
    told = diary.write("failures: 1")
    assert (told["judged"]["report_id"], told["judged"]["gate"]) == (new, "pass")
    assert (diary.gate(old), diary.gate(new)) == ("fail", "pass")
    told = diary.client.delete(diary.address()).json()
    assert (told["judged"]["report_id"], told["judged"]["gate"]) == (new, "fail")


EVERY = """
failures: 0
new failures: 0
regressions: 0
no failures in: [shop/pays]
broken: 0
pass rate: 60 %
tests: 2
skipped: 0
flaky: 0
vanished: 0
duration: [1 min, 110 % of the average]
error rate: 10 %
mean: [105 ms, 110 % of the average of the last 2]
p95: {GET /cart: 120 ms, "*": 110 % of the last 3}
max: 120 ms
tags: nightly
branch: [main, release/*]
metadata: {browser: firefox}
"""
"""A rule of every kind."""


def test_the_preview_says_of_each_report_what_the_gate_then_decides(diary: Diary) -> None:
    days = [GOOD, BAD, GOOD, junit(("adds", True)), BAD]
    days += [jmeter(*[("GET /cart", took, took < 130)] * 5) for took in (100, 104, 125, 130)]
    rules = [*filter(None, EVERY.splitlines()), EVERY, "only: {branches: main}\nfailures: 0"]
    made = [
        diary.day(n, data, branch="main" if n % 2 else "fix", tags="nightly" if n % 3 else "x")
        for n, data in enumerate(days, 1)
    ]
    for each in rules:
        told = diary.preview(each)
        said = {report["id"]: (report["gate"], report["reason"]) for report in told["reports"]}
        assert list(said) == made[::-1]
        gates = [gate for gate, _ in said.values()]
        assert told["would_fail"] == gates.count("fail")
        assert told["judged"] == len(gates) - gates.count(None)
        decided = diary.write(each)["judged"]
        assert said[made[-1]] == (decided["gate"], decided["reason"]), each


def test_imports_are_decided_as_they_would_have_been_previewed(diary: Diary) -> None:
    diary.write(EVERY)
    made = [diary.day(n, data, branch="main") for n, data in enumerate((GOOD, BAD, BAD, GOOD), 1)]
    told = {each["id"]: (each["gate"], each["reason"]) for each in diary.preview(EVERY)["reports"]}
    verdicts = {report: diary.verdict(report) for report in made}
    assert told == {report: (v["gate"], v["reason"]) for report, v in verdicts.items()}


@pytest.mark.parametrize(
    ("glob", "said"),
    [
        ("pays", "1 of 1 fails: s › shop › pays"),
        ("shop › pays", "1 of 1 fails: s › shop › pays"),
        ("s/shop/*", "1 of 2 fails: s › shop › pays"),
        ("*d?s", "none of 1 fails"),
        ("ays", "no test is called so"),
        ("p.ys", "no test is called so"),
    ],
)
def test_tests_are_found_by_globs_over_their_names(diary: Diary, glob: str, said: str) -> None:
    diary.day(1, BAD)
    told = diary.write(f'no failures in: ["{glob}"]')["judged"]
    assert [each["said"] for each in told["rules"]] == [said]


def test_a_report_that_comes_late_makes_those_after_it_be_judged_again(diary: Diary) -> None:
    diary.write("new failures: 0")
    first, last = diary.day(1, GOOD), diary.day(3, BAD)
    assert (diary.gate(first), diary.gate(last)) == (None, "fail")
    diary.day(2, BAD)
    assert diary.gate(last) == "pass"


def test_what_a_person_corrects_counts(diary: Diary) -> None:
    diary.write("tags: [nightly]")
    report = diary.day(1, GOOD)
    assert diary.gate(report) == "fail"
    diary.client.patch(f"/api/v3/reports/{report}", json={"tags": ["nightly"]})
    assert diary.gate(report) == "pass"


def test_a_regression_passed_in_the_report_before(diary: Diary) -> None:
    diary.write("regressions: 0")
    diary.day(1, junit(("adds", True)))
    assert diary.gate(diary.day(2, BAD)) == "pass"  # `pays` is new, and failed from the first
    diary.day(3, GOOD)
    assert diary.verdict(diary.day(4, BAD))["reason"] == "regressions: 1 > 0"


def test_the_newest_report_is_found_by_branch_commit_and_build(diary: Diary) -> None:
    one = diary.day(1, BAD, branch="main", commit="a1b2c3d4", build="7")
    two = diary.day(2, GOOD, branch="fix", commit="ffff", build="8")

    def find(**asked: str) -> tuple[int | None, str | None]:
        told = diary.client.get(diary.address("/verdict"), params=asked).json()
        return told["report_id"], told["gate"]

    assert find() == find(branch="fix") == find(commit="ff") == (two, "pass")
    assert find(branch="main") == find(commit="a1b2c3d4") == find(build="7") == (one, "fail")
    assert find(build="9") == find(branch="main", build="8") == (None, None)


def test_whoever_may_only_look_may_not_change_the_gate(house: House, diary: Diary) -> None:
    report = diary.day(1, GOOD)
    with house.client(house.people.charlie) as charlie:
        for method, more in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/preview")):
            asked = charlie.request(method, diary.address(more), json={"rules": "failures: 0"})
            assert asked.status_code == 404
        assert charlie.get(diary.address("/verdict")).status_code == 404
        assert charlie.get(f"/api/v3/reports/{report}/gate").status_code == 404
    for scopes, codes in (("read", (200, 403, 200, 200)), ("import", (403, 403, 403, 200))):
        with house.server.client(key_with(house, scopes)) as client:
            rules = {"rules": "failures: 0"}
            answers = (
                client.get(diary.address()),
                client.put(diary.address(), json=rules),
                client.post(diary.address("/preview"), json=rules),
                client.get(f"/api/v3/reports/{report}/gate"),
            )
            assert tuple(each.status_code for each in answers) == codes


def key_with(house: House, scope: str) -> str:
    """A key of Alice's for that alone."""
    user, now = house.people.alice.user.id, datetime.now(UTC)
    opened = closing(open_catalog(house.server.settings.catalog_url))
    with opened as catalog, catalog.write() as conn:
        _, secret = keys.make(conn, user=user, name=scope, scopes=[Scope(scope)], now=now)
    return secret
