"""UFT's results, of today and of QuickTest's time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import detect
from assay.formats.uft import parse
from assay.model import Attachment, Error, Item, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "uft"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def test_a_run_is_a_test_with_what_it_did_as_steps() -> None:
    total = "expected 12\nwas 11"
    pay = 'Cannot identify the object "Pay" (of class WebButton).'
    page = Step(
        "CartPage",
        Status.FAILED,
        3.0,
        output="Page",
        steps=(
            Step('"Total"', Status.FAILED, error=Error(message=total)),
            Step("Pay.Click", Status.FAILED, error=Error(message=pay)),
        ),
    )
    steps = (Step('SystemUtil.Run "iexplore.exe",1', Status.PASSED, 2.0), page)
    first = f'"Total": {total}'
    began = datetime(2026, 1, 1, 21, 34, 5, tzinfo=UTC)
    assert sample("run_results.xml") == [
        Result(
            (),
            "ShopWeb",
            Status.FAILED,
            7.0,
            began,
            Error(message=first, trace=f"{first}\nPay.Click: {pay}"),
            steps=(Step("Pay", Status.FAILED, 5.0, steps=steps),),
            attachments=(Attachment("Default.xls", "Default.xls"),),
        ),
        Run(
            began,
            7.0,
            metadata={
                "ToolName": "HP Unified Functional Testing",
                "ToolVersion": "12.54",
                "OrchestrationToolName": "HP Unified Functional Testing",
                "OrchestrationToolVersion": "12.54",
            },
        ),
    ]


def test_the_old_file_is_read_in_spite_of_its_doctype() -> None:
    steps = (
        Step("word.Set", Status.PASSED, output='"kettle"'),
        Step("found", Status.PASSED, output="2 kettles"),
    )
    action = Step("Type a word", Status.PASSED, 2.0, steps=steps)
    began = datetime(2026, 1, 30, 11, 22, 38, tzinfo=UTC)
    assert sample("Results.xml") == [
        Result(
            (),
            "Search",
            Status.PASSED,
            4.0,
            began,
            steps=(Step("Iteration 1", Status.PASSED, steps=(action,)),),
        ),
        Run(
            began,
            4.0,
            metadata={
                "productName": "HP Unified Functional Testing",
                "productVer": "11.50",
                "os": "Windows 7",
                "host": "agent",
            },
        ),
    ]


def test_the_components_of_a_business_process_are_tests() -> None:
    text = (
        "<Report ver='2.0'><General/><BPT><DName>Sell</DName>"
        "<Doc><DName>Open</DName><NodeArgs status='Passed'/></Doc>"
        "<Doc><DName>Pay</DName><NodeArgs status='Failed'/></Doc></BPT></Report>"
    )
    opened, paid, run = parse([text.encode()])
    assert opened == Result(("Sell",), "Open", Status.PASSED)
    assert paid == Result(("Sell",), "Pay", Status.FAILED)
    assert run == Run(metadata={"business process": "Sell"})


def test_other_results_and_reports_are_none_of_ufts() -> None:
    for other in (b"<Results><row/></Results>", b"<Report><General/></Report>"):
        with pytest.raises(UnknownFormat):
            detect(other)
    with pytest.raises(Malformed):
        list(parse([b"<html/>"]))
