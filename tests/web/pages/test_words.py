"""Numbers, durations, times and names, as people are told them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assay.web.pages import words

NOW = datetime(2026, 3, 12, 14, 14, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace(words.UNIT, " ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (float("nan"), ""),
        (0, "0 ms"),
        (0.0004, "<1 ms"),
        (0.012, "12 ms"),
        (0.0996, "0.10 s"),
        (1.2371, "1.24 s"),
        (9.996, "10.0 s"),
        (30, "30.0 s"),
        (59.96, "1 min 00 s"),
        (484, "8 min 04 s"),
        (3900, "1 h 05 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float | None, said: str) -> None:
    assert plain(words.duration(seconds)) == said


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=24, minutes=12), "yesterday 14:02"),
        (timedelta(days=4), "Sun 14:14"),
        (timedelta(days=40), "31 Jan"),
        (timedelta(days=400), "5 Feb 2025"),
        (timedelta(hours=-3), "Thu 17:14"),
    ],
)
def test_times_are_said_by_their_distance_as_long_as_that_says_more(
    gone: timedelta, said: str
) -> None:
    assert plain(words.relative(NOW - gone, NOW)) == said


def test_all_is_a_hundred_per_cent_and_almost_all_is_not() -> None:
    assert plain(words.rate(4832, 4832)) == "100 %"
    assert plain(words.rate(99_999, 100_000)) == "99.9 %"
    assert plain(words.rate(1, 100_000)) == "0.1 %"
    assert plain(words.rate(0, 3)) == "0 %"
    assert words.rate(0, 0) == "–"


def test_sizes_have_a_fitting_unit() -> None:
    sizes = [plain(words.size(n)) for n in (0, 999, 1_500, 48_211, 2_346_829, 7_000_000_000)]
    assert sizes == ["0 B", "999 B", "1.5 kB", "48 kB", "2.3 MB", "7.0 GB"]


@pytest.mark.parametrize(
    ("metric", "value", "unit", "said"),
    [
        ("samples", 4_000, "", "4,000"),
        ("score", 0.912345, "", "0.9123"),
        ("error rate", 0.0233, "", "2.33 %"),
        ("throughput", 12.5, "1/s", "12.5 /s"),
        ("p95", 0.1354, "s", "135 ms"),
        ("p95", 4.2, "s", "4.20 s"),
        ("mean", 4.2e-7, "s", "420 ns"),
        ("drift", -0.002, "s", "-2 ms"),
        ("received", 1_500_000, "B", "1.5 MB"),
        ("coverage", 81.25, "%", "81.25 %"),
    ],
)
def test_what_was_measured_is_said_in_its_unit(
    metric: str, value: float, unit: str, said: str
) -> None:
    assert plain(words.measure(metric, value, unit)) == said


def test_a_change_is_said_where_there_is_one() -> None:
    changes = [
        plain(words.change(*pair)) for pair in ((2, 2.5), (3, 2.9), (0, 1), (None, 1), (1, 1))
    ]
    assert changes == ["+25 %", "-3.3 %", "", "", ""]


def test_ordinals_know_the_teens() -> None:
    numbers = [words.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)]
    assert numbers == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th"]


def test_a_commit_is_shortened_and_a_word_is_not() -> None:
    assert words.short("a1b2c3d4e5f60718293a4b5c6d7e8f9012345678") == "a1b2c3d"
    assert words.short("release-2026-03-12") == "release-2026-03-12"


def test_a_long_name_is_cut_in_its_middle_and_is_whole_together() -> None:
    name = words.name(("shop", "checkout"), "x" * 300 + " to the invoice")
    assert name.path == "shop › checkout › "
    assert name.tail == "to the invoice"
    assert name.whole == "shop › checkout › " + name.head + name.tail


@pytest.mark.parametrize("torn", ["👩‍👩‍👧‍👦", "e\u0301", "🏽"])
def test_no_letter_is_torn_apart(torn: str) -> None:
    for shift in range(12):
        text = "a" * 40 + torn + "b" * shift
        head, tail = words.halves(text)
        assert head + tail == text
        assert torn in head or torn in tail


def test_an_error_is_said_in_one_line_and_its_type_once() -> None:
    assert (
        words.said("a.b.TimeoutError", "waiting for #pay\nlog") == "TimeoutError: waiting for #pay"
    )
    assert words.said("TimeoutError", "TimeoutError: waiting") == "TimeoutError: waiting"
    assert words.said("StaleElement", "") == "StaleElement"
    assert words.said("", "\n\n  boom") == "boom"


def test_since_when_is_said_without_a_clock_within_a_day() -> None:
    assert plain(words.since(NOW - timedelta(hours=11), NOW)) == "in the last 11 h"
    assert plain(words.since(NOW - timedelta(days=40), NOW)) == "since 31 Jan"
