"""FPCUnit's XML: tests of Free Pascal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from assay.formats.fpcunit import parse
from assay.model import Container, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "fpcunit"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def named(name: str) -> Result:
    found = (each for each in sample("shop.xml") if isinstance(each, Result))
    return next(each for each in found if each.name == name)


def test_suites_are_containers() -> None:
    assert named("Rounds") == Result(
        ("Till", "Prices", "TPriceTest"), "Rounds", Status.PASSED, 0.013
    )
    assert Container(("Till", "Prices"), "suite", duration=0.013) in sample("shop.xml")


def test_a_failure_says_what_was_expected() -> None:
    found = named("Compares")
    assert (found.path, found.status) == (("TCartTest",), Status.FAILED)
    assert found.error == Error("", '"price & <tare>" expected: <3> but was: <4>')


def test_an_exception_has_its_class() -> None:
    found = named("Divides")
    assert (found.status, found.error, found.metadata) == (
        Status.BROKEN,
        Error("EDivByZero", "Division by zero"),
        None,
    )


def test_a_test_is_ignored_for_a_reason() -> None:
    found = named("Prints")
    assert (found.status, found.error) == (
        Status.SKIPPED,
        Error(message="there is no printer here"),
    )


def test_an_error_has_its_place() -> None:
    document = (
        "<TestResults><TestListing><TestSuite Name='T'><Test Name='a' Result='Error'>"
        "<ExceptionClass>Exception</ExceptionClass><ExceptionMessage>no</ExceptionMessage>"
        "<SourceUnitName>cart.pas</SourceUnitName><LineNumber>51</LineNumber>"
        "<FailedMethodName>T__A</FailedMethodName></Test></TestSuite></TestListing></TestResults>"
    )
    found = next(each for each in parse([document.encode()]) if isinstance(each, Result))
    assert found.metadata == {"source": "cart.pas:51", "method": "T__A"}


def test_the_run_has_its_date_and_duration() -> None:
    assert sample("price.xml")[-1] == Run(datetime(2026, 11, 22, 4, 20, 41, tzinfo=UTC), 0.012)


def test_the_list_that_suites_are_asked_for_from_is_no_container() -> None:
    found = [each.path for each in sample("price.xml") if isinstance(each, Result)]
    assert found == [("TPriceTest",)] * 2


def test_a_document_cut_short_gives_what_was_whole() -> None:
    document = (SAMPLES / "shop.xml").read_bytes().partition(b'<Test Name="Divides"')[0]
    found = list(parse([document]))
    assert [each.name for each in found if isinstance(each, Result)] == [
        "Adds",
        "Removes",
        "Compares",
    ]
    assert any(isinstance(each, Notice) for each in found)
