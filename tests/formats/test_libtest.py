"""Rust's libtest JSON, and cargo-nextest's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import libtest
from assay.model import Attempt, Container, Error, Item, Measurement, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "libtest"


def parse(*events: dict[str, Any] | str) -> list[Item]:
    lines = (each if isinstance(each, str) else json.dumps(each) for each in events)
    return list(libtest.parse(["\n".join(lines).encode()]))


def results(items: Iterable[Item]) -> dict[str, Result]:
    return {"/".join((*e.path, e.name)): e for e in items if isinstance(e, Result)}


def sample(name: str) -> dict[str, Result]:
    return results(libtest.parse([(SAMPLES / name).read_bytes()]))


def told(name: str, event: str, **more: Any) -> dict[str, Any]:
    return {"type": "test", "event": event, "name": name, **more}


def failed(stdout: str, name: str = "a", **more: Any) -> Result:
    (found,) = results(parse(told(name, "failed", stdout=stdout, **more))).values()
    return found


def test_modules_are_containers_and_seconds_may_be_texts() -> None:
    assert parse(
        told("cart::adds_up", "started"),
        told("cart::adds_up", "ok", exec_time="0.250s", stdout="a line\n"),
        {"type": "suite", "event": "ok", "exec_time": 0.5},
    ) == [Result(("cart",), "adds_up", Status.PASSED, 0.25, stdout="a line\n"), Run(duration=0.5)]


def test_cargo_s_own_lines_name_the_binary() -> None:
    assert "tests/till.rs (till)/opens" in sample("with-cargo.json")
    assert "src/lib.rs (shop)/tests/adds_up" in sample("with-cargo.json")
    older = parse("     Running target/debug/deps/till-80af19a7da14758a", told("opens", "ok"))
    assert "till/opens" in results(older)


def test_a_panic_tells_what_and_where() -> None:
    found = sample("cargo-test.json")["tests/discount/is_half_as_dear"]
    assert found.error is not None
    assert (found.status, found.error.type) == (Status.FAILED, "panic")
    assert found.error.message == (
        "assertion `left == right` failed: the discount is missing\n  left: 10\n right: 5"
    )
    assert found.metadata == {"file": "src/lib.rs", "line": "33"}
    assert found.stdout.startswith("a cart of one line\nand a till\n")


def test_a_panic_of_old_stands_in_quotation_marks() -> None:
    found = failed("thread 'a' panicked at 'assertion failed: x\n  left: `1`', src/lib.rs:10:9\nn")
    assert found.error is not None
    assert found.error.message == "assertion failed: x\n  left: `1`"
    assert found.metadata == {"file": "src/lib.rs", "line": "10"}


def test_the_panic_of_its_own_thread_is_the_test_s() -> None:
    helper = "thread 'worker' panicked at src/b.rs:1:1:\nlost\n"
    found = failed(f"{helper}thread 'a' (12) panicked at src/a.rs:2:1:\njoined a worker\nnote: x")
    assert found.error is not None
    assert found.error.message == "joined a worker"


@pytest.mark.parametrize(
    ("result", "kind", "message"),
    [
        (failed("Error: NotFound\n"), "Error", "NotFound"),
        (
            failed("thread 'a' panicked at a.rs:1:2:\ncalled `Option::unwrap()` on a `None` value"),
            "panic",
            "called `Option::unwrap()` on a `None` value",
        ),
        (failed("", reason="time limit exceeded"), "timeout", "time limit exceeded"),
    ],
)
def test_what_nobody_asserted_is_broken(result: Result, kind: str, message: str) -> None:
    assert result.error is not None
    assert (result.status, result.error.type, result.error.message) == (
        Status.BROKEN,
        kind,
        message,
    )


def test_what_libtest_says_of_a_test_is_its_error() -> None:
    assert failed("", message="note: test did not panic as expected").error == Error(
        message="note: test did not panic as expected"
    )
    moon = sample("cargo-test.json")["tests/is_sent_to_the_moon"]
    assert (moon.status, moon.error) == (Status.SKIPPED, Error(message="no rocket today"))


@pytest.mark.parametrize("name", ["nextest.json", "nextest-plus.json"])
def test_the_tries_of_nextest_are_attempts(name: str) -> None:
    found = sample(name)
    till = found["shop::till/opens"]
    assert (till.status, till.flaky, till.attempts) == (
        Status.PASSED,
        True,
        (Attempt(Status.FAILED),),
    )
    half = found["shop::shop/tests/discount/is_half_as_dear"]
    assert (half.status, half.flaky, len(half.attempts)) == (Status.FAILED, False, 2)


def test_tries_that_are_all_told_of_are_joined() -> None:
    items = parse(told("a::b$c", "failed", stdout="Error: 1\n"), told("a::b$c#2", "ok"))
    (found,) = results(items).values()
    assert [each.error and each.error.message for each in found.attempts] == ["1"]
    assert found.flaky


def test_tests_of_the_documentation_are_below_their_file() -> None:
    found = sample("cargo-test.json")["src/lib.rs/half (line 19)"]
    assert found.status is Status.FAILED
    assert found.metadata == {"file": "src/lib.rs", "line": "19"}


def test_benchmarks_are_measured_in_seconds() -> None:
    items = parse({"type": "bench", "name": "b", "median": 50, "deviation": 2, "mib_per_second": 3})
    assert items == [
        Result((), "b", Status.PASSED, 5e-8, tags=("benchmark",)),
        Measurement((), "b", "median", 5e-8, "s"),
        Measurement((), "b", "deviation", 2e-9, "s"),
        Measurement((), "b", "throughput", 3e6, "B/s"),
        Run(),
    ]


def test_a_test_that_never_ends_is_told_of() -> None:
    items = parse(told("a", "started"), told("b", "started"), told("b", "ok"))
    assert any(isinstance(each, Notice) for each in items)
    assert results(items)["a"].status is Status.BROKEN


def test_other_lines_are_left_alone() -> None:
    items = parse('{"level": "INFO"}', "{:?}", "a line", told("a", "ok"), '{"type": "unknown"}')
    assert [type(each) for each in items] == [Result, Run]
    assert Container not in map(type, items)
    with pytest.raises(Malformed):
        parse('{"level": "INFO"}')
