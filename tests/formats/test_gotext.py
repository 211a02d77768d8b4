"""What `go test` prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import FORMATS, detect, gojson, gotext, look
from assay.model import Container, Error, Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "gotext"
CART = "shop.example/shop/cart"


def parse(*lines: str) -> list[Item]:
    return list(gotext.parse(["\n".join(lines).encode()]))


def results(items: list[Item]) -> dict[str, Result]:
    found = [each for each in items if isinstance(each, Result)]
    return {
        "/".join((*each.path, each.name)).removeprefix("shop.example/shop/"): each for each in found
    }


def sample(name: str) -> dict[str, Result]:
    return results(list(gotext.parse([(SAMPLES / name).read_bytes()])))


def test_a_package_s_tests_stand_below_its_name_which_comes_last() -> None:
    assert parse(
        "=== RUN   TestAddsUp",
        "a line",
        "--- PASS: TestAddsUp (0.25s)",
        "PASS",
        f"ok  \t{CART}\t0.500s\tcoverage: 80.0% of statements",
    ) == [
        Result((CART,), "TestAddsUp", Status.PASSED, 0.25, stdout="a line\n"),
        Measurement((CART,), "coverage", "coverage", 80, "%"),
        Container((CART,), "Package", duration=0.5, metadata={"coverage": "80.0"}),
    ]


def test_the_same_is_made_of_the_text_as_of_the_events() -> None:
    events = gojson.parse([(SAMPLES.parent / "gojson" / "go-1.27.json").read_bytes()])
    expected = {
        key: (each.status, each.error and (each.error.type, each.error.message), each.metadata)
        for key, each in results(list(events)).items()
    }
    found = {
        key: (each.status, each.error and (each.error.type, each.error.message), each.metadata)
        for key, each in sample("verbose.txt").items()
    }
    assert found.keys() == expected.keys()
    assert {key for key in found if found[key] != expected[key]} <= {"till/TestMain"}


def test_without_v_there_are_the_tests_that_fail() -> None:
    found = sample("plain.txt")
    assert found["cart/TestDiscount/half"].error == Error(
        "", "got 10,\nwant 5", "cart_test.go:24: got 10,\n            want 5"
    )
    assert found["stock/TestCountsTheStars"].status is Status.BROKEN
    assert "cart/TestAddsUp" not in found


def test_a_subtest_s_lines_are_told_by_their_indentation() -> None:
    found = results(
        parse(
            "--- FAIL: TestA (0.00s)",
            "    a_test.go:1: above",
            "    --- FAIL: TestA/b (0.00s)",
            "        a_test.go:2: below",
            "FAIL",
            "FAIL\tshop\t0.01s",
        )
    )
    assert found["shop/TestA/b"].stdout == "        a_test.go:2: below\n"
    assert found["shop/TestA"].stdout == "    a_test.go:1: above\n"


@pytest.mark.parametrize("name", ["gocheck.txt", "gocheck-vv.txt"])
def test_gocheck_s_tests_take_the_place_of_the_one_that_runs_them(name: str) -> None:
    found = sample(name)
    statuses = {key.removeprefix("shop/till/"): each.status for key, each in found.items()}
    assert statuses == {
        "Till/TestOpens": Status.PASSED,
        "Till/TestRings": Status.PASSED,
        "Till/TestIsKnown": Status.PASSED,
        "Till/TestCounts": Status.FAILED,
        "Till/TestBreaks": Status.BROKEN,
        "Till/TestShuts": Status.SKIPPED,
        "Safe/SetUpSuite": Status.FAILED,
        "Safe/TestLocks": Status.SKIPPED,
    }
    error = found["shop/till/Till/TestCounts"].error
    assert error is not None
    assert error.message == "c.Assert(2, Equals, 3)\nobtained int = 2\nexpected int = 3"
    known = found["shop/till/Till/TestIsKnown"].metadata
    assert known == {"file": "till_test.go", "line": "31", "expected failure": "it never shut"}


def test_benchmarks_are_measured() -> None:
    items = list(gotext.parse([(SAMPLES / "bench.txt").read_bytes()]))
    metrics = {each.metric for each in items if isinstance(each, Measurement)}
    assert metrics == {"sec/op", "lines/op", "B/op", "allocs/op", "B/s"}
    assert {each.name for each in items if isinstance(each, Result)} == {"BenchmarkTotal", "of=3"}


def test_what_has_no_last_line_is_kept_without_a_package() -> None:
    items = parse("=== RUN   TestA", "fatal error: all goroutines are asleep - deadlock!")
    found = results(items)["go test/TestA"]
    assert (found.status, found.error and found.error.type) == (Status.BROKEN, "fatal error")


@pytest.mark.parametrize(
    "text",
    ["ok 1 - adds 2s\nnot ok 2", "FAIL", "PASS", "--- FAIL", "okay then 1.5s", "# a title\n\nok"],
)
def test_other_text_is_none(text: str) -> None:
    assert not gotext.FORMAT.sniff(look(text.encode()))
    with pytest.raises(Malformed):
        parse(*text.split("\n"))


def test_text_with_events_is_the_other_format_s() -> None:
    text = b'# shop\na.go:1: no\nFAIL\tshop [build failed]\n{"Action":"run","Test":"A"}\n'
    assert detect(text).name == "gojson"
    assert [each.name for each in FORMATS if each.sniff(look(text))] == ["gojson"]
    assert not any(isinstance(each, Run) for each in parse("ok  \tshop\t0.1s"))
