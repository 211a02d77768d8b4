"""The demo's company: the same every time, and everything in it that the pages are to show."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from assay.demo import plan
from assay.demo.company import DAYS, GREEN, PROFILES, TOOL_STOPPED
from assay.demo.plan import Delivery
from assay.formats import by_name, detect
from assay.formats.format import HEAD_BYTES
from assay.model import FAILURES, Result, Status
from assay.rows import Counts

NOW = datetime(2025, 9, 17, 15, 30, tzinfo=UTC)
NAMES = [profile.name for profile in PROFILES if profile.pace]


@pytest.fixture(scope="module")
def history() -> list[Delivery]:
    return list(plan(NOW))


@pytest.fixture(scope="module")
def by_profile(history: list[Delivery]) -> dict[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in history:
        found[delivery.profile.name].append(delivery)
    return found


def results(delivery: Delivery) -> list[Result]:
    items = by_name(delivery.profile.formatter).parse([delivery.body])
    return [item for item in items if isinstance(item, Result)]


def failures(delivery: Delivery) -> dict[str, str]:
    return {
        r.name: r.error.message if r.error else ""
        for r in results(delivery)
        if r.status in FAILURES
    }


def count(found: list[Result]) -> Counts:
    by_status = Counter(str(result.status) for result in found)
    flaky = sum(result.flaky for result in found)
    return Counts(total=len(found), flaky=flaky, **by_status)


def on_main(deliveries: list[Delivery]) -> list[Delivery]:
    return [delivery for delivery in deliveries if delivery.branch == "main"]


def test_it_is_the_same_every_time(history: list[Delivery]) -> None:
    assert list(plan(NOW)) == history


def test_another_seed_makes_another_history(history: list[Delivery]) -> None:
    assert list(plan(NOW, seed=8)) != history


def test_it_is_months_of_history_that_ends_today(history: list[Delivery]) -> None:
    dates = [delivery.date for delivery in history]
    assert dates == sorted(dates)
    assert NOW - dates[0] > timedelta(days=DAYS - 5)
    assert timedelta(0) < NOW - dates[-1] < timedelta(hours=1)
    assert sum(date.weekday() < 5 for date in dates) > 0.9 * len(dates)


def test_it_is_small_enough_to_wait_for(history: list[Delivery]) -> None:
    assert 500 <= len(history) <= 800
    assert 60_000 <= sum(d.counts.total for d in history if d.counts) <= 120_000


def test_every_profile_but_one_has_a_history(by_profile: dict[str, list[Delivery]]) -> None:
    assert sorted(by_profile) == sorted(NAMES)
    assert [profile.name for profile in PROFILES if not profile.pace] == ["iOS app"]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_what_its_tool_would_write(
    name: str, by_profile: dict[str, list[Delivery]]
) -> None:
    for delivery in by_profile[name][-12:]:
        if delivery.counts:
            assert detect(delivery.body[:HEAD_BYTES]).name == delivery.profile.formatter


@pytest.mark.parametrize("name", NAMES)
def test_every_file_holds_what_was_planned(
    name: str, by_profile: dict[str, list[Delivery]]
) -> None:
    for delivery in by_profile[name]:
        if delivery.counts:
            assert count(results(delivery)) == delivery.counts, delivery.date


def test_a_regression_broke_many_tests_for_one_cause_and_was_mended(
    by_profile: dict[str, list[Delivery]],
) -> None:
    runs = [(d, failures(d)) for d in on_main(by_profile["Payment service"])]
    hit = [delivery for delivery, failed in runs if len(failed) >= 15]
    assert hit
    assert hit[-1].date - hit[0].date < timedelta(days=2)
    assert all(len(failed) < 3 for delivery, failed in runs if delivery.date > hit[-1].date)
    assert {m.partition(" within")[0] for m in failures(hit[0]).values()} == {"No connection"}


def test_some_tests_are_flaky_on_one_commit(by_profile: dict[str, list[Delivery]]) -> None:
    seen: dict[tuple[str, str], set[Status]] = defaultdict(set)
    for delivery in by_profile["Search API"]:
        for result in results(delivery):
            seen[delivery.commit, result.name].add(result.status)
    assert [name for (_, name), how in seen.items() if {Status.PASSED, Status.FAILED} <= how]


@pytest.mark.parametrize("name", ["Web shop UI", "Payment service", "Android app"])
def test_some_tests_pass_when_run_again(name: str, by_profile: dict[str, list[Delivery]]) -> None:
    flaky = [r for delivery in by_profile[name] for r in results(delivery) if r.flaky]
    assert flaky
    assert all(result.status is Status.PASSED and result.attempts for result in flaky)


def test_there_are_new_failures_of_two_causes_today(by_profile: dict[str, list[Delivery]]) -> None:
    before, today = (failures(delivery) for delivery in by_profile["Web shop UI"][-2:])
    new = {name: message for name, message in today.items() if name not in before}
    assert len(new) == 4
    assert len({message.splitlines()[0] for message in new.values()}) == 2
    assert all(result.error and result.error.trace for result in results_of_today(by_profile))


def results_of_today(by_profile: dict[str, list[Delivery]]) -> list[Result]:
    return [r for r in results(by_profile["Web shop UI"][-1]) if r.status in FAILURES]


def test_screenshots_come_beside_and_inside(by_profile: dict[str, list[Delivery]]) -> None:
    beside = by_profile["Web shop UI"][-1]
    named = {a.path for r in results_of_today(by_profile) for a in r.attachments}
    assert named == {name for name, _ in beside.attachments}
    assert all(body.startswith(b"\x89PNG") for _, body in beside.attachments)
    assert b"image/png" in by_profile["Checkout acceptance"][-1].body


def test_one_test_grows_slower(by_profile: dict[str, list[Delivery]]) -> None:
    took = [
        result.duration or 0.0
        for delivery in by_profile["Search API"]
        for result in results(delivery)
        if result.name == "test_returns_json"
    ]
    assert sum(took[-5:]) > 4 * sum(took[:5])


def test_tests_are_added_over_time(by_profile: dict[str, list[Delivery]]) -> None:
    for name in NAMES[:4]:
        first, last = by_profile[name][0].counts, by_profile[name][-1].counts
        assert first
        assert last
        assert first.total < last.total


def test_skipped_tests_say_why(by_profile: dict[str, list[Delivery]]) -> None:
    skipped = [r for r in results(by_profile["Payment service"][-1]) if r.status is Status.SKIPPED]
    assert len(skipped) == 2
    assert all(result.error and result.error.message for result in skipped)


def test_one_profile_is_always_green(by_profile: dict[str, list[Delivery]]) -> None:
    assert all(d.counts and not d.counts.failed + d.counts.broken for d in by_profile[GREEN])


def test_one_profile_has_been_red_for_weeks(by_profile: dict[str, list[Delivery]]) -> None:
    recent = [d for d in by_profile["Partner contracts"] if NOW - d.date < timedelta(days=20)]
    assert len(recent) > 5
    assert all(d.counts and d.counts.failed and d.counts.broken for d in recent)


def test_one_profile_got_a_page_instead_of_a_report_today(
    by_profile: dict[str, list[Delivery]],
) -> None:
    assert [d.counts is None for d in by_profile[TOOL_STOPPED][-2:]] == [False, True]
    assert by_profile[TOOL_STOPPED][-1].body.startswith(b"<!DOCTYPE html>")


def test_it_uses_branches_and_commits(history: list[Delivery]) -> None:
    branches = Counter(delivery.branch.partition("/")[0] for delivery in history)
    assert set(branches) == {"main", "release", "feature", "fix"}
    assert branches["main"] > len(history) / 2
    assert all(len(delivery.commit) == 40 for delivery in history)


@pytest.mark.parametrize("day", range(7))
def test_its_stories_are_told_on_any_day_of_the_week(day: int) -> None:
    now = NOW + timedelta(days=day, hours=day * 3)
    runs = [delivery for delivery in plan(now) if delivery.profile.name == "Payment service"]
    hit = [d for d in runs if d.counts and d.counts.broken >= 15]
    assert len(hit) >= 3
    assert {delivery.branch for delivery in hit} <= {"main", "release/4.8"}
    after = [d for d in runs if d.date > hit[-1].date]
    assert after
    assert all(d.counts and d.counts.broken < 3 for d in after)
