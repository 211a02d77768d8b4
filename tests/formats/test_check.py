"""Check's XML."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from assay.formats import check, detect
from assay.model import Error, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "check"


def results(file: str) -> dict[str, Result]:
    items = check.parse([(SAMPLES / file).read_bytes()])
    return {each.name: each for each in items if isinstance(each, Result)}


def test_a_failure_has_the_line_of_its_assertion() -> None:
    said = "the coupon SUMMER is worth nothing"
    assert results("check.xml")["takes_a_coupon"] == Result(
        ("Cart", "Core"),
        "takes_a_coupon",
        Status.FAILED,
        error=Error("", said, f"cart.c:11\n{said}"),
        metadata={"file": "cart.c", "line": "11"},
    )


def test_a_signal_breaks_a_test() -> None:
    found = results("check.xml")["counts_its_books"]
    assert (found.path, found.status) == (("Warehouse", "Stock"), Status.BROKEN)
    assert found.error
    assert found.error.message == "Received signal 6 (Aborted)"
    assert found.duration is None, "-1 in the file"


def test_each_round_of_a_loop_has_its_number() -> None:
    found = results("check.xml")
    rounds = [found[f"doubles [{number}]"] for number in range(4)]
    assert [each.parameters for each in rounds] == [{"iteration": str(n)} for n in range(4)]
    assert [each.status for each in rounds].count(Status.FAILED) == 1
    assert found["starts_empty"].parameters is None


def test_the_run_has_its_date_and_duration() -> None:
    document = b"""<testsuites xmlns="http://check.sourceforge.net/ns">
      <datetime>2026-03-01 09:00:00</datetime><suite><title>Cart</title></suite>
      <duration>0.5</duration></testsuites>"""
    assert detect(document).name == "check"
    assert list(check.parse([document])) == [Run(datetime(2026, 3, 1, 9, tzinfo=UTC), 0.5)]
