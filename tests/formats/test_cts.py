"""Android's Compatibility Test Suite, and what Tradefed's suites write alike."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import detect
from assay.formats.cts import parse
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "cts"
MODULE = "x86_64 CtsShopTestCases"
CART = (MODULE, "android.shop.cts.CartTest")


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def named(name: str) -> dict[str, Result]:
    return {item.name: item for item in sample(name) if isinstance(item, Result)}


def test_a_failure_has_type_message_trace_cause_and_screenshot() -> None:
    assert named("test_result.xml")["testRounds[price=1.4]"] == Result(
        CART,
        "testRounds[price=1.4]",
        Status.FAILED,
        error=Error(
            "java.lang.AssertionError",
            "expected:<2> but was:<1>",
            "java.lang.AssertionError: expected:<2> but was:<1>\n"
            "\tat org.junit.Assert.fail(Assert.java:89)\n"
            "\tat android.shop.cts.CartTest.testRounds(CartTest.java:20)",
        ),
        attachments=(Attachment("testRounds.png", "logs/inv_1/testRounds.png"),),
        metadata={"error_name": "TEST_FAILURE", "error_code": "500001"},
    )


def test_assumptions_ignored_and_skipped_ones_are_skipped() -> None:
    found = named("test_result.xml")
    names = [name for name, each in found.items() if each.status is Status.SKIPPED]
    assert names == ["testScans", "testIsSentByDrone", "testOpens"]


def test_a_module_has_its_abi_before_it_as_tradefed_has_it() -> None:
    assert sample("test_result.xml")[6] == Container(
        (MODULE,), "module", duration=10.264, metadata={"abi": "x86_64"}
    )


def test_a_module_that_was_not_done_is_broken_for_a_reason() -> None:
    reason = Error(message="Device emulator-5554 was lost")
    path = ("x86_64 CtsTillTestCases[instant]",)
    assert named("test_result.xml")["(module)"] == Result(
        path, "(module)", Status.BROKEN, error=reason
    )


def test_the_run_has_suite_device_and_build() -> None:
    run = sample("test_result.xml")[-1]
    assert isinstance(run, Run)
    assert (run.date, run.duration, run.build) == (
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        60.5,
        "UE1A.230829",
    )
    assert run.metadata
    assert run.metadata["suite_plan"] == "cts"
    assert run.metadata["devices"] == "emulator-5554"
    assert "host_name" not in run.metadata


def test_cts_verifier_measures() -> None:
    found = named("verifier.xml")
    metadata = found["com.android.cts.verifier.audio.HifiUltrasoundTestActivity"].metadata
    assert metadata == {"ultrasound": "1.5"}


def test_another_result_is_none_of_tradefeds() -> None:
    with pytest.raises(UnknownFormat):
        detect(b"<Result><row/></Result>")
    with pytest.raises(Malformed):
        list(parse([b"<TestResult/>"]))


def test_a_report_cut_short_gives_what_was_whole() -> None:
    whole = (SAMPLES / "test_result.xml").read_bytes()
    found = list(parse([whole[: whole.index(b"testScans")]]))
    assert [type(item) for item in found] == [Result, Result, Result, Container, Notice, Run]
