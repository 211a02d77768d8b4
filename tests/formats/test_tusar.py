"""TUSAR: what DTKit makes of other tools' reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats.tusar import parse
from assay.model import Container, Error, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "tusar"


def test_it_is_read_as_junit_is_with_names_of_its_own() -> None:
    suite = ("shop.CartTest",)
    assert list(parse([(SAMPLES / "shop.xml").read_bytes()])) == [
        Result(suite, "adds_up", Status.PASSED, 0.5),
        Result(
            suite,
            "rounds",
            Status.FAILED,
            0.25,
            error=Error("assertion", "1 is not 2", "cart.cpp:12: 1 is not 2"),
            stdout="rounding 1.4",
        ),
        Result(suite, "loads", Status.BROKEN, 0.0, error=Error("std::runtime_error", "No disk")),
        Result(suite, "is_sent_by_drone", Status.SKIPPED),
        Container(suite, "suite", duration=0.75),
        Run(metadata={"tool": "cpptest"}),
    ]


def test_what_is_no_test_is_left_out_and_said_so() -> None:
    found = list(parse([b"<tusar><coverage/><tests><testsuite/></tests></tusar>"]))
    assert found == [Notice("<coverage> is no test result and was left out"), Run()]


def test_other_documents_are_malformed() -> None:
    with pytest.raises(Malformed):
        list(parse([b"<sonar/>"]))
