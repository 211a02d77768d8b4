"""Ginkgo's JSON report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import ginkgo
from assay.model import Attempt, Container, Error, Notice, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "ginkgo"
NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)


def results(name: str) -> dict[str, Result]:
    items = ginkgo.parse([(SAMPLES / name).read_bytes()])
    return {each.name: each for each in items if isinstance(each, Result)}


def test_a_spec_is_found_below_its_containers_with_labels_steps_entries_and_output() -> None:
    assert results("shop.json")["adds up its lines"] == Result(
        path=("Cart Suite", "Cart"),
        name="adds up its lines",
        status=Status.PASSED,
        duration=0.0015,
        started=NINE.replace(microsecond=1000),
        stdout="two books",
        steps=(Step("putting in two books", Status.PASSED, 0.0007),),
        tags=("shop", "money", "fast"),
        metadata={"file": "cart/cart_test.go", "line": "10", "owner": "alice"},
    )


def test_the_tries_of_a_flaky_spec_are_attempts() -> None:
    found = results("shop.json")
    assert found["is counted at last"].flaky
    (attempt,) = found["is counted at last"].attempts
    assert attempt.error is not None
    assert (attempt.status, attempt.error.message) == (Status.FAILED, "the till was asleep")
    failed = found["is half as dear"]
    assert (failed.status, failed.flaky, len(failed.attempts)) == (Status.FAILED, False, 1)
    assert failed.error is not None
    assert failed.error.message == "Expected\n    <int>: 10\nto equal\n    <int>: 5"
    assert failed.error.trace.endswith("[AfterEach] the drawer is stuck\ncart/cart_test.go:30")
    assert [step.status for step in failed.steps] == [Status.PASSED, Status.FAILED]


def test_a_spec_that_must_pass_several_times_has_no_attempts() -> None:
    found = results("shop.json")["stays counted"]
    assert (found.attempts, found.metadata and found.metadata["must pass repeatedly"]) == ((), "3")


@pytest.mark.parametrize(
    ("file", "name", "error"),
    [
        ("shop.json", "has no shelf", ("panic", "assignment to entry in nil map")),
        ("shop.json", "counts the stars", ("timeout", "A spec timeout occurred")),
        ("broken.json", "opens", ("interrupted", "Interrupted by User")),
        ("broken.json", "shuts", ("aborted", "there is no key")),
    ],
)
def test_what_did_not_end_by_itself_is_broken(file: str, name: str, error: tuple[str, str]) -> None:
    found = results(file)[name]
    assert found.error is not None
    assert (found.status, (found.error.type, found.error.message)) == (Status.BROKEN, error)


def test_progress_reports_are_output_and_pending_specs_say_so() -> None:
    found = results("shop.json")
    assert found["counts the stars"].stdout == (
        "Progress: Automatically polling progress › counts the stars › star 12"
    )
    assert found["is sent by drone"].error == Error(message="pending")
    assert found["is sent to the moon"].status is Status.SKIPPED


def test_a_set_up_is_a_result_only_where_it_fails_and_so_is_a_suite_that_was_not_built() -> None:
    assert not any(name.startswith("[") for name in results("shop.json"))
    found = results("broken.json")
    assert (found["[BeforeSuite]"].status, found["[BeforeSuite]"].path) == (
        Status.FAILED,
        ("Stock Suite",),
    )
    error = found["[suite]"].error
    assert error is not None
    assert (found["[suite]"].path, error.message) == (("prices",), "Failed to compile prices:")
    assert "undefined: prices" in error.trace


def test_a_suite_is_a_container_and_the_run_has_their_time() -> None:
    items = list(ginkgo.parse([(SAMPLES / "shop.json").read_bytes()]))
    about = {"path": "cart", "seed": "1772355600", "label filter": "!slow"}
    assert Container(("Cart Suite",), "Suite", duration=0.012, metadata=about) in items
    assert items[-1] == Run(date=NINE, duration=0.024)


def test_odd_values_do_not_hurt() -> None:
    odd = b"""[{"SuitePath": 5, "SuiteDescription": "S", "SpecReports": [7, {"LeafNodeType": "It",
    "LeafNodeText": "a", "State": "odd", "NumAttempts": "2", "Failure": [], "SpecEvents": 1}]},1]"""
    items = list(ginkgo.parse([odd]))
    (found,) = [each for each in items if isinstance(each, Result)]
    assert (found.status, found.attempts) == (Status.UNKNOWN, ())
    assert sum(isinstance(each, Notice) for each in items) == 2
    assert Attempt(Status.FAILED) not in found.attempts
    with pytest.raises(Malformed):
        list(ginkgo.parse([b'[{"suite": 1}]']))
