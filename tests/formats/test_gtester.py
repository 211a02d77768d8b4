"""The XML of GLib's gtester."""

from __future__ import annotations

from pathlib import Path

from assay.formats import gtester
from assay.model import Error, Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "gtester"


def items(file: str) -> list[Item]:
    return list(gtester.parse([(SAMPLES / file).read_bytes()]))


def results(file: str) -> dict[str, Result]:
    return {each.name: each for each in items(file) if isinstance(each, Result)}


def test_an_assertion_fails_a_test() -> None:
    found = results("gtester.xml")["takes-a-coupon"]
    assert found.path == ("cart_test", "cart")
    assert found.status is Status.FAILED
    assert found.error
    assert found.error.message == "assertion failed (total(5, 2) == 9): (10 == 9)"
    assert found.error.trace.startswith("ERROR:cart.c:")


def test_what_is_fatal_breaks_a_test() -> None:
    found = results("gtester.xml")["counts-its-books"]
    said = "FATAL-ERROR: the warehouse does not answer"
    assert (found.status, found.error) == (Status.BROKEN, Error("", said, said))
    assert found.stdout == "asking the warehouse"


def test_a_test_that_skips_itself_is_skipped_and_one_that_is_incomplete_has_failed() -> None:
    found = results("gtester.xml")
    assert found["is-wrapped-as-a-gift"].status is Status.SKIPPED
    drone = found["is-sent-by-drone"]
    assert (drone.status, drone.metadata) == (Status.FAILED, {"incomplete": "yes"})
    assert drone.error == Error(message="It is incomplete")


def test_a_program_that_is_started_again_skips_what_it_has_run() -> None:
    found = [each.name for each in items("gtester.xml") if isinstance(each, Result)]
    assert found.count("starts-empty") == 1


def test_what_was_never_run_is_skipped() -> None:
    document = b"""<gtester><testbinary path="/srv/shop/cart_test">
      <testcase path="/cart/pays" skipped="1"/></testbinary></gtester>"""
    assert list(gtester.parse([document])) == [
        Result(("cart_test", "cart"), "pays", Status.SKIPPED),
        Run(),
    ]


def test_performance_is_measured() -> None:
    measured = [each for each in items("gtester.xml") if isinstance(each, Measurement)]
    assert measured == [Measurement(("cart_test", "search"), "is-quick", "seconds a search", 0.25)]


def test_messages_are_output_and_the_seed_is_told() -> None:
    assert results("cart.xml")["adds-up-its-lines"].stdout == (
        "two of five\nBug Reference: https://shop.example/bugs/42"
    )
    *_, run = items("cart.xml")
    assert isinstance(run, Run)
    assert (run.metadata or {})["random-seed"].startswith("R02S")
