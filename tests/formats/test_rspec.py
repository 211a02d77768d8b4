"""RSpec's JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import rspec
from assay.model import Error, Item, Notice, Result, Run, Status

CHECK = {
    "class": "RSpec::Expectations::ExpectationNotMetError",
    "message": "\nexpected: 2\n     got: 1\n",
    "backtrace": ["./spec/cart_spec.rb:7:in `block'", "./spec/spec_helper.rb:3:in `run'"],
}
PLACE = {"file": "spec/cart_spec.rb", "line": "7"}


def example(**more: Any) -> dict[str, Any]:
    return {
        "id": "./spec/cart_spec.rb[1:1:1]",
        "status": "passed",
        "run_time": 0.25,
        "description": "adds up",
        "full_description": "Cart with apples adds up",
        "file_path": "./spec/cart_spec.rb",
        "line_number": 7,
        **more,
    }


def parse(*examples: Any, **more: Any) -> list[Item]:
    document = {"version": "3.13.0", "examples": examples} | more
    return list(rspec.parse([json.dumps(document).encode()]))


def results(*examples: Any, **more: Any) -> list[Result]:
    return [each for each in parse(*examples, **more) if isinstance(each, Result)]


def test_an_example_stands_in_its_file_and_groups() -> None:
    assert parse(example(), seed=1234, summary={"duration": 1.5}) == [
        Result(
            ("spec/cart_spec.rb", "Cart with apples"),
            "adds up",
            Status.PASSED,
            0.25,
            metadata=PLACE,
        ),
        Run(duration=1.5, metadata={"rspec": "3.13.0", "seed": "1234"}),
    ]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (CHECK["class"], Status.FAILED),
        ("RSpec::Mocks::MockExpectationError", Status.FAILED),
        ("RSpec::Core::Pending::PendingExampleFixedError", Status.FAILED),
        ("NoMethodError", Status.BROKEN),
    ],
)
def test_what_no_expectation_raised_is_broken(kind: str, status: Status) -> None:
    [result] = results(example(status="failed", exception=CHECK | {"class": kind}))
    assert result.status is status
    assert result.error == Error(kind, "expected: 2\n     got: 1", "\n".join(CHECK["backtrace"]))


def test_a_pending_example_says_why() -> None:
    [result] = results(example(status="pending", pending_message="SHOP-99"))
    assert (result.status, result.error) == (Status.SKIPPED, Error(message="SHOP-99"))


def test_a_shared_example_stands_in_the_file_that_runs_it() -> None:
    [result] = results(example(file_path="./spec/support/priced.rb"))
    assert result.path[0] == "spec/cart_spec.rb"
    assert result.metadata == {"file": "spec/support/priced.rb", "line": "7"}


def test_examples_of_one_name_are_told_apart_by_their_place() -> None:
    found = results(example(), example(id="./spec/cart_spec.rb[1:1:2]"), example(id=None))
    assert [each.name for each in found] == ["adds up", "adds up [1:1:2]", "adds up (3)"]


def test_errors_outside_of_the_examples_are_broken() -> None:
    told = "\nAn error occurred while loading ./a.rb.\n\nLoadError:\n  no such file\n"
    [result] = results(messages=[told], summary={"errors_outside_of_examples_count": 1})
    assert result == Result(
        (),
        rspec.OUTSIDE,
        Status.BROKEN,
        error=Error("", "An error occurred while loading ./a.rb.", told.strip()),
    )
    assert results(messages=["Run options: include {:focus=>true}"], summary={}) == []


def test_a_tidy_tree_has_the_folders_of_the_file() -> None:
    assert rspec.FORMAT.smart is not None
    assert rspec.FORMAT.smart(("spec/cart_spec.rb", "a/b")) == ("spec", "cart_spec.rb", "a/b")


def test_what_is_no_example_is_left_out() -> None:
    assert parse(7)[0] == Notice("An example was expected here", "examples[0]")


def test_what_is_no_report_is_malformed() -> None:
    with pytest.raises(Malformed, match="examples"):
        list(rspec.parse([b'{"tests": []}']))
