"""`go test -json`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import detect, gojson
from assay.model import Container, Error, Item, Measurement, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "gojson"
CART = "shop.example/shop/cart"
NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)


def parse(events: Iterable[dict[str, Any] | str]) -> list[Item]:
    lines = (each if isinstance(each, str) else json.dumps(each) for each in events)
    return list(gojson.parse(["\n".join(lines).encode()]))


def event(action: str, test: str = "", **more: Any) -> dict[str, Any]:
    named = {"Test": test} if test else {}
    return {"Time": "2026-03-01T10:00:00+01:00", "Action": action, "Package": CART, **named, **more}


def ran(test: str, action: str, *printed: str, took: float = 0.25) -> list[dict[str, Any]]:
    output = [event("output", test, Output=line) for line in printed]
    return [event("run", test), *output, event(action, test, Elapsed=took)]


def results(items: Iterable[Item]) -> dict[str, Result]:
    found = [each for each in items if isinstance(each, Result)]
    return {"/".join((*each.path, each.name)): each for each in found}


def sample(name: str) -> dict[str, Result]:
    items = gojson.parse([(SAMPLES / name).read_bytes()])
    return {key.removeprefix("shop.example/shop/"): each for key, each in results(items).items()}


def test_a_test_is_a_result_of_its_package_without_go_s_own_lines() -> None:
    told = ran(
        "TestAddsUp", "pass", "=== RUN   TestAddsUp\n", "=== three\n", "--- PASS: TestAddsUp"
    )
    assert parse([*told, event("pass", Elapsed=0.5)]) == [
        Result((CART,), "TestAddsUp", Status.PASSED, 0.25, NINE, stdout="=== three\n"),
        Container((CART,), "Package", duration=0.5),
        Run(date=NINE, duration=0),
    ]


def test_a_subtest_is_below_the_test_it_is_of_even_with_slashes_in_its_name() -> None:
    found = sample("go-1.27.json")
    moon = found["cart/TestDelivery/to/the_moon"]
    assert (moon.path, moon.name) == ((CART, "TestDelivery"), "to/the_moon")
    assert (moon.status, moon.error) == (Status.SKIPPED, Error(message="no rocket today"))
    half, parent = found["cart/TestDiscount/half"], found["cart/TestDiscount"]
    assert half.error == Error("", "got 10,\nwant 5", "cart_test.go:24: got 10,\n        want 5\n")
    assert half.metadata == {"file": "cart_test.go", "line": "24"}
    assert "a cart of one line" in half.stdout
    assert parent.error == Error(message="1 subtest failed: half")


def test_of_several_lines_the_last_is_the_error_and_of_testify_the_part_that_says_it() -> None:
    testify = (
        "    cart_test.go:9: one line\n",
        "    cart_test.go:12: \n",
        "        \tError Trace:\t/home/alice/shop/cart/cart_test.go:12\n",
        "        \tError:      \tNot equal: \n",
        "        \t            \texpected: 1\n",
        "        \t            \tactual  : 2\n",
        "        \tTest:       \tTestAddsUp\n",
        "        \tMessages:   \tthe sum\n",
    )
    (found, *_) = results(parse(ran("TestAddsUp", "fail", *testify))).values()
    assert found.error is not None
    assert found.error.message == "Not equal:\nexpected: 1\nactual  : 2\nthe sum"
    assert found.metadata == {"file": "cart_test.go", "line": "12"}


@pytest.mark.parametrize("name", ["go-1.19.json", "go-1.27.json"])
def test_a_panic_is_of_the_test_it_is_met_in_and_what_it_keeps_from_ending_is_unknown(
    name: str,
) -> None:
    found = sample(name)
    for crashed in ("search/TestCrashes/in_the_middle", "search/TestCrashes"):
        error = found[crashed].error
        assert error is not None
        assert (error.type, error.message) == ("panic", "assignment to entry in nil map")
        assert found[crashed].status is Status.BROKEN
    assert found["search/TestLater"].status is Status.UNKNOWN


@pytest.mark.parametrize("name", ["go-1.19.json", "go-1.27.json"])
def test_a_timeout_breaks_the_test_that_ran(name: str) -> None:
    found = sample(name)["stock/TestCountsTheStars"]
    assert found.error is not None
    assert (found.status, found.error.type) == (Status.BROKEN, "timeout")
    assert found.error.message == "test timed out after 2s"


def test_a_package_that_is_not_built_is_broken_with_what_the_compiler_says() -> None:
    error = sample("go-1.27.json")["prices/[build failed]"].error
    assert error is not None
    assert error.message == "prices/prices_test.go:7:2: undefined: prices"
    older = parse(["# shop/prices [shop/prices.test]", "./a.go:6:2: undefined: prices",
                   "FAIL\tshop/prices [build failed]", event("start")])  # fmt: skip
    found = results(older)["shop/prices/[build failed]"]
    assert found.status is Status.BROKEN
    assert found.error == Error(
        "build failed", "./a.go:6:2: undefined: prices", "./a.go:6:2: undefined: prices"
    )


def test_a_package_that_fails_though_its_tests_pass_is_broken() -> None:
    found = sample("go-1.27.json")
    assert found["till/TestOpens"].status is Status.PASSED
    assert found["till/TestMain"].status is Status.BROKEN
    assert found["till/TestMain"].error == Error(message="the till is not shut")


def test_tests_that_gotestsum_runs_again_are_one_result_with_attempts() -> None:
    found = sample("rerun.json")
    flaky, failed = found["cart/TestFlaky"], found["cart/TestDiscount/half"]
    assert (flaky.status, flaky.flaky) == (Status.PASSED, True)
    assert [(each.status, each.error and each.error.message) for each in flaky.attempts] == [
        (Status.FAILED, "the till was asleep")
    ]
    assert (failed.status, failed.flaky, len(failed.attempts)) == (Status.FAILED, False, 2)


def test_a_test_that_passed_when_run_for_one_subtest_fails_while_another_does() -> None:
    first = [event("run", "TestA"), *ran("TestA/x", "fail"), *ran("TestA/y", "fail")]
    again = [
        [event("start"), event("run", "TestA"), *ran(f"TestA/{name}", action)]
        for name, action in (("x", "fail"), ("y", "pass"))
    ]
    ends = [[event(action, "TestA"), event(action)] for action in ("fail", "fail", "pass")]
    found = results(parse([*first, *ends[0], *again[0], *ends[1], *again[1], *ends[2]]))
    assert [found[f"{CART}/TestA/{name}"].flaky for name in "xy"] == [False, True]
    assert found[f"{CART}/TestA"].status is Status.FAILED


def test_repetitions_within_one_run_stay_apart() -> None:
    items = parse([*ran("TestA", "fail"), *ran("TestA", "pass"), event("fail")])
    assert sorted(str(each.status) for each in items if isinstance(each, Result)) == [
        "failed",
        "passed",
    ]


def test_benchmarks_are_measured_in_seconds_and_bytes() -> None:
    lines = ["goos: linux\n", "BenchmarkTotal-2 \t", "  100\t 8.0 ns/op\t 2 lines/op\t 3 MB/s\n",
             "BenchmarkTotal-2 \t  100\t 6.0 ns/op\t 2 lines/op\t 3 MB/s\n"]  # fmt: skip
    items = parse([event("output", Output=line) for line in lines])
    measured = [
        (each.metric, each.value, each.unit) for each in items if isinstance(each, Measurement)
    ]
    assert measured == [("sec/op", 7e-9, "s"), ("lines/op", 2, ""), ("B/s", 3e6, "B/s")]
    (result,) = results(items).values()
    assert (result.name, result.duration) == ("BenchmarkTotal", 7e-9)
    assert result.metadata == {"iterations": "200", "runs": "2", "GOMAXPROCS": "2"}


def test_coverage_is_a_measurement_of_the_package() -> None:
    summary = f"ok  \t{CART}\t(cached)\tcoverage: 85.7% of statements\n"
    items = parse([event("output", Output=summary), event("pass")])
    assert Measurement((CART,), "coverage", "coverage", 85.7, "%") in items
    assert Container((CART,), "Package", metadata={"cached": "true", "coverage": "85.7"}) in items


def test_attributes_are_facts_and_races_have_a_name() -> None:
    assert sample("go-1.27.json")["attr/TestIsOwned"].metadata == {"owner": "alice"}
    error = sample("race.json")["race/TestRaces"].error
    assert error is not None
    assert (error.type, error.message) == ("DATA RACE", "race detected during execution of test")


def test_packages_that_run_side_by_side_are_told_apart() -> None:
    mine, yours = ran("TestA", "pass", "mine\n"), ran("TestA", "fail", "    a_test.go:1: yours\n")
    other = [{**each, "Package": "b"} for each in yours]
    mixed = [each for pair in zip(mine, other, strict=True) for each in pair]
    found = results(parse(mixed))
    assert (found[f"{CART}/TestA"].stdout, found["b/TestA"].error) == (
        "mine\n",
        Error("", "yours", "a_test.go:1: yours\n"),
    )


def test_a_report_that_breaks_off_says_so() -> None:
    items = parse([event("run", "TestA"), event("output", "TestA", Output="half\n")])
    assert any(isinstance(each, Notice) for each in items)
    assert results(items)[f"{CART}/TestA"].status is Status.UNKNOWN


def test_events_are_found_behind_what_the_compiler_printed_and_no_other_lines_are() -> None:
    assert (
        detect(b'# shop\n./a.go:1: no\n{"Time":"x","Action":"run","Test":"A"}\n').name == "gojson"
    )
    with pytest.raises(Malformed):
        parse(["ok", '{"Action": "buy"}'])


def test_a_package_is_found_by_its_folders() -> None:
    assert gojson.FORMAT.smart is not None
    assert gojson.FORMAT.smart(("github.com/acme/shop/cart/till", "TestA")) == (
        "github.com/acme/shop",
        "cart",
        "till",
        "TestA",
    )
