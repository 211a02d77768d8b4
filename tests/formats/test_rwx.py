"""RWX's test results, as Captain writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats.rwx import parse
from assay.model import Attempt, Error, Item, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "rwx"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def at(second: int, microsecond: int = 0) -> datetime:
    return datetime(2026, 1, 2, 3, 4, second, microsecond, tzinfo=UTC)


def test_a_test_is_in_its_file_and_lineage() -> None:
    assert sample("rwx.json")[0] == Result(
        ("spec/cart_spec.rb", "Cart", "when empty"),
        "adds up",
        Status.PASSED,
        0.25,
        at(5),
        stdout="0 kettles",
        metadata={"id": "./spec/cart_spec.rb:4", "line": "4"},
    )


def test_a_failure_tells_its_exception_and_where() -> None:
    rounds = sample("rwx.json")[1]
    assert isinstance(rounds, Result)
    assert rounds.error == Error(
        "RSpec::Expectations::ExpectationNotMetError",
        "expected: 2, got: 1",
        "./spec/cart_spec.rb:14:in `block'\n./spec/spec_helper.rb:3",
    )


def test_past_attempts_are_attempts() -> None:
    assert sample("rwx.json")[2] == Result(
        (),
        "Till opens",
        Status.PASSED,
        0.5,
        at(8, 500_000),
        attempts=(Attempt(Status.BROKEN, 1.0, at(6)),),
        flaky=True,
        metadata={"shard": "2"},
    )


def test_what_is_in_quarantine_is_skipped_with_its_failure() -> None:
    assert sample("rwx.json")[3] == Result(
        (),
        "Till prints",
        Status.SKIPPED,
        error=Error(message="No paper"),
        metadata={"status": "quarantined"},
    )


def test_an_error_outside_any_test_is_a_broken_result() -> None:
    assert sample("rwx.json")[-2:] == [
        Result(
            ("spec/prices_spec.rb",),
            "(other error)",
            Status.BROKEN,
            error=Error("LoadError", "cannot load such file -- prices"),
            metadata={"line": "1"},
        ),
        Run(metadata={"framework": "Ruby RSpec"}),
    ]


def test_json_without_tests_is_malformed() -> None:
    with pytest.raises(Malformed):
        list(parse([b'{"framework": {}}']))
