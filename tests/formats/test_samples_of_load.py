"""What many samples amount to, in little memory."""

from __future__ import annotations

import random
from typing import cast

import pytest

from assay.errors import Malformed
from assay.formats._figures import failure, percent
from assay.formats._samples import ERROR, EXACT, MAX_LABELS, MAX_REASONS, Samples, Spread
from assay.model import Measurement, Notice, Result, Run, Status


def test_percentiles_of_few_samples_are_exact_by_nearest_rank() -> None:
    spread = Spread()
    for millisecond in random.Random(4).sample(range(1, 201), 200):
        spread.add(millisecond / 1000)
    assert spread.metrics() == pytest.approx(
        {
            "mean": 0.1005,
            "median": 0.1,
            "p90": 0.18,
            "p95": 0.19,
            "p99": 0.198,
            "min": 0.001,
            "max": 0.2,
        }
    )


def test_percentiles_of_many_samples_are_within_half_a_percent() -> None:
    chance, samples, times = random.Random(4), Samples(), []
    for _ in range(2 * EXACT):
        times.append(chance.lognormvariate(-3, 1.5))
        samples.add((), "GET /", times[-1])
    (tally,) = samples.labels.values()
    assert not tally.spread.exact
    assert samples.kept == 0
    times.sort()
    found = tally.spread.metrics()
    for name, share in (("median", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)):
        assert found[name] == pytest.approx(times[int(share * len(times)) - 1], rel=ERROR + 1e-9)
    assert (found["min"], found["max"]) == (times[0], times[-1])


def test_times_of_nothing_or_of_ages_do_not_break_the_buckets() -> None:
    spread = Spread()
    spread.condense()
    for seconds in (0.0, 0.0, 0.0, 1e300):
        spread.add(seconds)
    assert spread.metrics()["median"] == 0
    assert spread.metrics()["p99"] >= 1e5


def test_labels_beyond_the_limit_are_counted_together() -> None:
    samples = Samples()
    for number in range(MAX_LABELS + 3):
        samples.add((), f"GET /{number}", 0.1)
    items = list(samples.items())
    last = [item for item in items if isinstance(item, Result)][-1]
    assert last.name == "(other labels)"
    assert Measurement((), "(other labels)", "samples", 3) in items
    (notice,) = (item for item in items if isinstance(item, Notice))
    assert "3 samples of the rest" in notice.message


def test_reasons_beyond_the_limit_are_counted_together() -> None:
    samples = Samples()
    for number in range(MAX_REASONS + 5):
        samples.add((), "GET /", 0.1, f"500 no. {number}")
    error = cast("Result", next(samples.items())).error
    assert error
    assert error.message.startswith("45 of 45 requests failed (100.0 %): other reasons ×5, ")
    assert error.trace.count("\n") == MAX_REASONS


def test_the_run_is_from_the_first_sample_to_the_end_of_the_last() -> None:
    samples = Samples()
    samples.add((), "slow", 3, at=1_000_000_000)
    samples.add((), "quick", 1, at=1_000_000_001)
    samples.add((), "odd", float("nan"), at=1e300)
    *items, run = samples.items()
    assert isinstance(run, Run)
    assert (run.date and run.date.timestamp(), run.duration) == (1_000_000_000, 3)
    assert Measurement((), "slow", "throughput", 1 / 3, "1/s") in items


def test_without_a_sample_there_is_nothing() -> None:
    with pytest.raises(Malformed):
        list(Samples().items())


def test_a_failure_says_how_many_and_the_most_frequent_reasons() -> None:
    error = failure(12, 4000, {"timeout": 1, "500 Internal Server Error": 10, "": 1})
    assert error.message == (
        "12 of 4,000 requests failed (0.3 %): "
        "500 Internal Server Error ×10, timeout ×1, no reason ×1"
    )
    assert not error.trace
    assert failure(1, 1, {"a": 1, "b": 1, "c": 1, "d": 1}).trace.count("\n") == 3


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0.0 %"), (0.00001, "< 0.1 %"), (0.125, "12.5 %"), (1, "100.0 %")]
)
def test_a_share_is_told_in_percent(share: float, said: str) -> None:
    assert percent(share) == said


def test_a_part_is_a_step_with_its_own_count() -> None:
    samples = Samples()
    tally = samples.add(("g",), "Check out", 0.4, "a request failed")
    tally.add_part("Cart", 0.1, "500")
    tally.add_part("Cart", 0.3, None)
    result = next(samples.items())
    assert isinstance(result, Result)
    (step,) = result.steps
    assert (step.name, step.status, step.duration) == ("Cart", Status.FAILED, pytest.approx(0.2))
    assert step.error
    assert step.error.message == "1 of 2 requests failed (50.0 %): 500 ×1"
