"""FitNesse's XML."""

from __future__ import annotations

from pathlib import Path

from assay.formats import fitnesse
from assay.model import Container, Error, Item, Result, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "fitnesse"


def sample(name: str) -> list[Item]:
    return list(fitnesse.parse([(SAMPLES / f"{name}.xml").read_bytes()]))


def pages(items: list[Item]) -> dict[str, Result]:
    return {item.name: item for item in items if isinstance(item, Result)}


def alone(root: str, inner: str) -> Result:
    document = f"<testResults><rootPath>{root}</rootPath>{inner}</testResults>"
    (found,) = pages(list(fitnesse.parse([document.encode()]))).values()
    return found


def test_the_pages_above_a_page_are_its_containers() -> None:
    found = pages(sample("suite"))["AddsUp"]
    assert found.path == ("ShopSuite", "BasketSuite")
    assert found.tags == ("smoke", "fast")
    assert found.metadata == {"right": "3"}
    assert [each.name for each in found.attachments] == ["AddsUp.html"]


def test_a_history_and_a_page_run_alone_tell_of_the_same_tests() -> None:
    assert pages(sample("history"))["AddsUp"].path == ("ShopSuite", "BasketSuite")
    found = alone("ShopSuite.BasketSuite.AddsUp", "<result><counts/></result>")
    assert (found.path, found.name) == (("ShopSuite", "BasketSuite"), "AddsUp")


def test_a_wrong_assertion_tells_its_place_and_what_was_expected() -> None:
    found = pages(sample("suite"))["GivesADiscount"]
    assert found.status is Status.FAILED
    told = "row 2, column 1: expected 8, was 9"
    assert found.error == Error("", "1 right, 1 wrong, 1 ignored", told)


def test_an_exception_breaks_a_page() -> None:
    found = pages(sample("suite"))["AsksTheWarehouse"]
    assert found.status is Status.BROKEN
    assert found.error
    assert found.error.trace.endswith("java.lang.IllegalStateException: no answer")


def test_a_page_on_which_nothing_was_asserted_is_skipped() -> None:
    assert pages(sample("suite"))["SentByDrone"].status is Status.SKIPPED


def test_what_the_test_system_printed_is_the_suites_output() -> None:
    assert Container(("ShopSuite",), "Page", stdout="the shop is open") in sample("suite")


def test_an_exception_of_the_test_system_is_a_result() -> None:
    log = "<executionLog><exceptions><exception>no fixtures</exception></exceptions></executionLog>"
    found = alone("ShopSuite", log)
    assert found == Result(
        ("ShopSuite",), "Test system", Status.BROKEN, error=Error(message="no fixtures")
    )
