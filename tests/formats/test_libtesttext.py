"""What `cargo test`, `cargo bench` and Criterion.rs print."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import libtest, libtesttext, look
from assay.model import Container, Error, Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "libtesttext"
BIN = "     Running unittests src/lib.rs (target/debug/deps/shop-507999230d6984fa)"
PANIC = "thread 'a' panicked at src/a.rs:1:2:"


def parse(*lines: str) -> list[Item]:
    return list(libtesttext.parse(["\n".join(lines).encode()]))


def results(items: Iterable[Item]) -> dict[str, Result]:
    return {"/".join((*e.path, e.name)): e for e in items if isinstance(e, Result)}


def sample(name: str) -> dict[str, Result]:
    return results(libtesttext.parse([(SAMPLES / name).read_bytes()]))


def test_a_binary_s_tests_stand_below_it() -> None:
    assert parse(
        BIN,
        "",
        "running 2 tests",
        "test cart::adds_up ... ok <0.250s>",
        "test moon ... ignored, no rocket today",
        "",
        "test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; "
        "finished in 0.50s",
    ) == [
        Result(("src/lib.rs (shop)", "cart"), "adds_up", Status.PASSED, 0.25),
        Result(
            ("src/lib.rs (shop)",), "moon", Status.SKIPPED, error=Error(message="no rocket today")
        ),
        Container(("src/lib.rs (shop)",), "Binary", duration=0.5),
        Run(duration=0.5),
    ]


@pytest.mark.parametrize("name", ["cargo-test.txt", "nocapture.txt", "show-output.txt"])
def test_what_a_test_printed_is_kept_with_it_wherever_it_stands(name: str) -> None:
    found = sample(name)
    half = found["src/lib.rs (shop)/tests/discount/is_half_as_dear"]
    assert half.stdout.startswith("a cart of one line\nand a till\n\nthread ")
    assert half.error is not None
    assert half.error.message == (
        "assertion `left == right` failed: the discount is missing\n  left: 10\n right: 5"
    )
    assert half.metadata == {"file": "src/lib.rs", "line": "33"}
    assert found["src/lib.rs (shop)/tests/discount/is_a_result"].status is Status.BROKEN
    assert found["tests/till.rs (till)/opens"].status is Status.FAILED
    assert found["Doc-tests shop/src/lib.rs/half (line 19)"].metadata == {
        "file": "src/lib.rs",
        "line": "19",
    }


def test_the_same_is_made_of_the_text_as_of_the_events() -> None:
    events = results(libtest.parse([(SAMPLES.parent / "libtest" / "with-cargo.json").read_bytes()]))
    text = sample("cargo-test.txt")
    for name, each in events.items():
        same = text[name]
        assert (each.status, each.metadata) == (same.status, same.metadata)
        assert (each.error and each.error.message) == (same.error and same.error.message)


def test_a_verdict_may_be_glued_to_what_was_printed() -> None:
    items = parse("running 2 tests", "test a ... half a lineok", "test b ... FAILED")
    assert [each.status for each in results(items).values()] == [Status.UNKNOWN, Status.FAILED]
    items = parse("running 2 tests", "test a ... one", "twook", "test b ... ok")
    assert results(items)["a"].status is Status.PASSED


def test_a_crash_is_of_the_test_that_ran_or_of_the_binary() -> None:
    crash = "  process didn't exit successfully: `target/debug/deps/a` (signal: 6, SIGABRT)"
    known = results(parse(BIN, "running 1 test", "test a ... dying", crash))
    assert known["src/lib.rs (shop)/a"].error == Error(
        "crash", "The test binary ended (signal: 6, SIGABRT)", "dying\n"
    )
    unknown = results(parse(BIN, "running 2 tests", "test a ... ok", crash))
    assert unknown["src/lib.rs (shop)/[crash]"].status is Status.BROKEN
    assert unknown["src/lib.rs (shop)/a"].status is Status.PASSED


def test_benchmarks_are_measured_in_seconds() -> None:
    line = "test b ... bench:   1,500.5 ns/iter (+/- 20) = 27,777 MB/s"
    assert parse("running 1 test", line)[:-1] == [
        Result((), "b", Status.PASSED, 1.5005e-6, tags=("benchmark",)),
        Measurement((), "b", "median", 1.5005e-6, "s"),
        Measurement((), "b", "deviation", 2e-8, "s"),
        Measurement((), "b", "throughput", 2.7777e10, "B/s"),
    ]


def test_criterion_s_benchmarks_have_an_estimate_bounds_and_a_change() -> None:
    items = parse(
        "     Running benches/totals.rs (target/release/deps/totals-9c9e88f8a2bd0d1c)",
        "Benchmarking totals/of three lines: Warming up for 3.0000 s",
        "Benchmarking totals/of three lines: Analyzing",
        "totals/of three lines",
        "                        time:   [20.0 ns 22.5 ns 24.0 ns]",
        "                        thrpt:  [1.0 MiB/s 2.0 MiB/s 3.0 MiB/s]",
        "                 change:",
        "                        time:   [+5.0% +6.5% +8.0%] (p = 0.00 < 0.05)",
        "                        Performance has regressed.",
        "Found 4 outliers among 100 measurements (4.00%)",
        "",
        "thread 'main' panicked at benches/totals.rs:9:5:",
        "the till is shut",
    )
    path, name = ("benches/totals.rs (totals)", "totals"), "of three lines"
    about = {
        "change": "+6.5% (p = 0.00 < 0.05)",
        "verdict": "Performance has regressed.",
        "outliers": "4 outliers among 100 measurements",
    }
    assert items[:5] == [
        Result(path, name, Status.PASSED, 2.25e-8, tags=("benchmark",), metadata=about),
        Measurement(path, name, "time", 2.25e-8, "s"),
        Measurement(path, name, "time low", 2e-8, "s"),
        Measurement(path, name, "time high", 2.4e-8, "s"),
        Measurement(path, name, "throughput", 2 * 1024**2, "B/s"),
    ]
    crash = results(items)["benches/totals.rs (totals)/[crash]"]
    assert (crash.status, crash.error and crash.error.message) == (
        Status.BROKEN,
        "the till is shut",
    )


@pytest.mark.parametrize(
    "text", ["running late", "test a ... ok", "real    time: [1 2 3]", "test result: fine"]
)
def test_other_text_is_none(text: str) -> None:
    assert not libtesttext.FORMAT.sniff(look(text.encode()))
    with pytest.raises(Malformed):
        parse(text)


@pytest.mark.parametrize(
    "time", ["[20.0 ns 4..888 ns 24.0 ns]", "[. ns 22.5 ns 24.0 ns]", "[1 ns 2 fortnights 3 ns]"]
)
def test_figures_that_are_no_numbers_are_no_benchmark(time: str) -> None:
    with pytest.raises(Malformed):
        parse(f"totals    time:   {time}")


def test_a_throughput_that_is_no_number_is_left_out() -> None:
    items = parse("a    time:   [1 ns 2 ns 3 ns]", "    thrpt:  [1 B/s 2.. B/s 3 B/s]")
    metrics = [item.metric for item in items if isinstance(item, Measurement)]
    assert metrics == ["time", "time low", "time high"]
