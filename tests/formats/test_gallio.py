"""Gallio's report, and MbUnit 2's before it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import detect
from assay.formats.gallio import parse
from assay.model import Attachment, Error, Item, Notice, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "gallio"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def named(name: str) -> dict[str, Result]:
    return {item.name: item for item in sample(name) if isinstance(item, Result)}


def test_a_case_has_its_steps_output_files_and_facts() -> None:
    assert named("gallio.xml")["AddsUp"] == Result(
        ("Shop.Tests", "CartTests"),
        "AddsUp",
        Status.PASSED,
        0.1,
        datetime(2026, 1, 2, 3, 4, 5, 100_000, tzinfo=UTC),
        stdout="2 kettles",
        description="Lines are added up",
        steps=(Step("with two lines", Status.PASSED, 0.05),),
        attachments=(Attachment("cart.txt", "", "text/plain", b"kettle"),),
        tags=("fast", "cart"),
        metadata={"AuthorName": "Bo", "source": "c:\\shop\\CartTests.cs:12"},
    )


def test_rows_are_tests_below_theirs_and_the_run_has_a_length() -> None:
    rounds = named("gallio.xml")["Rounds(1.4, 2)"]
    assert rounds.path == ("Shop.Tests", "CartTests", "Rounds")
    assert rounds.parameters == {"0": "1.4", "1": "2"}
    assert sample("gallio.xml")[-1] == Run(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 2.5)


def test_an_outcome_of_the_category_error_is_broken_and_its_marks_tell_why() -> None:
    loads = named("gallio.xml")["Loads"]
    assert (loads.status, loads.error) == (
        Status.BROKEN,
        Error(
            "System.IO.IOException",
            "No disk",
            "System.IO.IOException: No disk\n   at Shop.Prices.Load()",
        ),
    )


def test_what_is_ignored_has_a_reason() -> None:
    assert named("gallio.xml")["IsSentByDrone"].error == Error(message="Not before spring")


def test_mbunits_tear_down_is_a_broken_result_with_the_inner_exception() -> None:
    assert named("mbunit.xml")["(tear-down)"] == Result(
        ("Shop.Tests", "Shop.TillTests"),
        "(tear-down)",
        Status.BROKEN,
        0.0625,
        error=Error(
            "System.InvalidOperationException",
            "The drawer is stuck",
            "   at Shop.TillTests.Close()\n"
            "Caused by: System.IO.IOException: No paper\n   at Shop.Till.Print()",
        ),
    )


def test_a_container_that_failed_of_itself_is_told() -> None:
    step = "<testStep name='{}' isTestCase='{}'/>"
    failed = (
        "<result><outcome status='failed' category='setup'/></result><testLog><streams>"
        "<stream name='Failures'><body>No database</body></stream></streams></testLog>"
    )
    text = (
        "<report xmlns='http://www.gallio.org/'><testPackageRun><testStepRun>"
        f"{step.format('Root', 'false')}<children><testStepRun>{step.format('Till', 'false')}"
        f"{failed}</testStepRun></children></testStepRun></testPackageRun></report>"
    )
    error = Error(message="No database")
    assert list(parse([text.encode()])) == [
        Result(("Till",), "(set-up or tear-down)", Status.BROKEN, error=error),
        Run(),
    ]


def test_other_reports_are_none_of_gallios() -> None:
    with pytest.raises(UnknownFormat):
        detect(b"<report name='JaCoCo'><sessioninfo/></report>")
    with pytest.raises(Malformed):
        list(parse([b"<html/>"]))


def test_a_report_cut_short_gives_what_was_whole() -> None:
    whole = (SAMPLES / "mbunit.xml").read_bytes()
    found = list(parse([whole[: whole.index(b"IsSentByDrone")]]))
    assert [type(item) for item in found] == [Result, Result, Notice, Run]
