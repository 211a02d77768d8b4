"""TRX: what Visual Studio's tools, `dotnet test` and JavaScript's imitators write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import detect, trx
from assay.formats.trx import parse
from assay.model import Attachment, Error, Item, Notice, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "trx"
SPACE = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"
CART = ("Shop.Tests.dll", "Shop.Tests.CartTests")


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def named(items: list[Item]) -> dict[str, Result]:
    return {item.name: item for item in items if isinstance(item, Result)}


def document(results: str, definitions: str = "", more: str = "") -> list[Item]:
    """As `dotnet test` writes it: the results first."""
    text = (
        f"<TestRun xmlns='{SPACE}'><Results>{results}</Results>"
        f"<TestDefinitions>{definitions}</TestDefinitions>{more}</TestRun>"
    )
    return list(parse([text.encode()]))


def result(name: str = "Adds", more: str = "outcome='Passed'", within: str = "") -> str:
    return f"<UnitTestResult testId='{name}' testName='{name}' {more}>{within}</UnitTestResult>"


def definition(name: str = "Adds", classname: str = "Shop.Tests.CartTests") -> str:
    return (
        f"<UnitTest name='{name}' storage='c:\\b\\shop.tests.dll' id='{name}'><Execution id='1'/>"
        f"<TestMethod codeBase='C:\\b\\Shop.Tests.dll' className='{classname}' name='{name}'/>"
        "</UnitTest>"
    )


@pytest.mark.parametrize("before", [True, False])
def test_a_test_has_its_assembly_and_class_wherever_its_definition_stands(before: bool) -> None:
    parts = (f"<TestDefinitions>{definition()}</TestDefinitions>", f"<Results>{result()}</Results>")
    text = "".join(parts if before else reversed(parts))
    found = list(parse([f"<TestRun>{text}</TestRun>".encode()]))
    assert found == [Result(CART, "Adds", Status.PASSED), Run()]


def test_results_that_wait_for_their_definitions_are_packed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trx, "HELD", 2)
    names = [f"Adds{number}" for number in range(5)]
    found = document("".join(map(result, names)), "".join(map(definition, reversed(names))))
    assert found == [*(Result(CART, name, Status.PASSED) for name in names), Run()]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Passed", Status.PASSED),
        ("Failed", Status.FAILED),
        ("NotExecuted", Status.SKIPPED),
        ("Inconclusive", Status.SKIPPED),
        ("Timeout", Status.BROKEN),
        ("Aborted", Status.BROKEN),
        ("NotRunnable", Status.BROKEN),
        ("Warning", Status.PASSED),
        ("InProgress", Status.UNKNOWN),
        ("Whatever", Status.UNKNOWN),
    ],
)
def test_every_outcome_has_a_status(said: str, status: Status) -> None:
    found = named(document(result(more=f"outcome='{said}'")))["Adds"]
    assert found.status is status


def test_no_outcome_is_an_error_as_the_schema_has_it() -> None:
    assert named(document(result(more="")))["Adds"].status is Status.BROKEN


def test_rows_of_data_are_tests_with_parameters_and_their_test_is_none() -> None:
    found = named(sample("vstest.trx"))
    assert [name for name in found if name.startswith("Sums")] == [
        "Sums (1,1,2)",
        "Sums (2,2,4)",
        "Sums (3,3,6)",
    ]
    assert found["Sums (2,2,4)"].path == CART
    assert found["Sums (2,2,4)"].parameters == {"0": "2", "1": "2", "2": "4"}
    assert found['Rounds(price: 1.5, mode: "up, always")'].parameters == {
        "price": "1.5",
        "mode": '"up, always"',
    }


def test_rows_that_share_a_name_are_told_by_their_number() -> None:
    found = named(sample("mstest.trx"))
    assert found["Prices (Data Row 1)"].parameters == {"row": "1"}


def test_a_test_that_failed_when_none_of_its_rows_did_is_told_too() -> None:
    rows = result("Sums (1)") + result("Sums (2)")
    whole = result(
        "Sums",
        "outcome='Failed' resultType='DataDrivenTest'",
        "<Output><ErrorInfo><Message>Clean-up failed</Message></ErrorInfo></Output>"
        f"<InnerResults>{rows}</InnerResults>",
    )
    found = named(document(whole))
    assert [str(each.status) for each in found.values()] == ["passed", "passed", "failed"]
    assert found["Sums"].error == Error(message="Clean-up failed")


def test_an_ordered_test_is_a_container() -> None:
    found = named(sample("mstest.trx"))
    assert found["Counts"].path == (
        "Closing",
        "Shop.Old.Tests.dll",
        "Shop.Old.Tests.StockTests",
    )


def test_a_definition_tells_owner_work_items_categories_and_what_it_is_for() -> None:
    found = named(sample("mstest.trx"))["Orders"]
    assert found.tags == ("nightly", "stock")
    assert found.description == "Orders what runs out"
    assert found.metadata == {"owner": "Cy", "work items": "12, 15"}
    assert found.duration == 86_400.5


def test_a_failure_has_its_exception_output_and_files() -> None:
    found = named(sample("vstest.trx"))["Loads_prices"]
    assert found.error == Error(
        "System.IO.IOException",
        "No disk",
        "    at Shop.Prices.Load() in C:\\a\\1\\s\\src\\Prices.cs:line 7",
    )
    assert (found.stdout, found.stderr) == ("loading\nGET /prices", "slow")
    assert found.attachments == (
        Attachment("prices.log", "In/00000002-1c5f-4657-8ad5-4a44e0caff57/AGENT/prices.log"),
    )
    assert found.metadata == {"priority": "1", "owner": "Bo"}


def test_a_test_is_skipped_for_a_reason_which_vstest_prints() -> None:
    found = named(sample("vstest.trx"))["Is_sent_by_drone"]
    assert (found.status, found.error, found.stdout) == (
        Status.SKIPPED,
        Error(message="Not before spring"),
        "",
    )


def test_a_scenario_of_specflow_has_its_steps() -> None:
    found = named(sample("vstest.trx"))["Pays at the till"]
    assert found.steps == (
        Step("Given a cart with 2 kettles", Status.PASSED, 0.0),
        Step(
            "When the till is out of paper",
            Status.FAILED,
            0.1,
            Error(message="No paper\n  in tray 1"),
        ),
        Step("Then the total is", Status.SKIPPED),
    )
    assert found.parameters == {"paper": "none"}
    assert found.metadata == {"FeatureTitle": "Pay", "method": "PaysAtTheTill"}


def test_a_run_that_was_aborted_is_a_broken_result_and_what_xunit_repeats_is_none() -> None:
    found = sample("vstest.trx")
    said = "The active test run was aborted. Reason: Test host process crashed : Stack overflow."
    assert found[-2:] == [
        Result((), "(test run)", Status.BROKEN, error=Error(message=said)),
        Run(
            datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC),
            3.5,
            metadata={
                "user": "AGENT\\runner",
                "computer": "AGENT",
                "output": "[xUnit.net 00:00:00.10]   Starting:    Shop.Tests",
            },
            attachments=(Attachment("shop.coverage", "In/AGENT/shop.coverage"),),
        ),
    ]


def test_a_warning_of_the_run_is_kept_with_it() -> None:
    *_, run = sample("mstest.trx")
    assert isinstance(run, Run)
    assert run.metadata == {
        "warnings": "Test Run deployment issue: 'Shop.Prices' was not found.",
        "user": "AGENT\\runner",
        "computer": "AGENT",
        "settings": "Nightly",
    }


def test_jests_suites_are_containers() -> None:
    found = named(sample("jest.trx"))
    assert found["takes cash"].path == ("cart.test.js", "cart", "at the till")
    error = found["takes cards"].error
    assert error
    assert (error.type, error.message) == ("TypeError", "No terminal is connected")


def test_the_same_test_again_after_a_failure_is_another_attempt() -> None:
    failed = result(more="outcome='Failed' duration='00:00:02'")
    (found, _) = document(failed + result(), definition())
    assert isinstance(found, Result)
    assert (found.status, found.flaky, len(found.attempts)) == (Status.PASSED, True, 1)


def test_two_tests_of_one_name_stay_apart() -> None:
    failed = result(more="outcome='Failed'").replace("testId='Adds'", "testId='2'")
    assert len(document(failed + result())) == 3


def test_a_test_without_a_definition_has_its_class_from_its_name() -> None:
    (found, _) = document(result("Shop.Tests.CartTests.Adds(x: &quot;a.b&quot;)"))
    assert isinstance(found, Result)
    assert (found.path, found.name) == (("Shop.Tests.CartTests",), 'Adds(x: "a.b")')


def test_a_report_cut_short_gives_what_was_whole() -> None:
    text = f"<TestRun xmlns='{SPACE}'><Results>{result()}{result('Sums')[:-9]}"
    found = list(parse([text.encode()]))
    assert [type(item) for item in found] == [Result, Run, Notice]


def test_what_is_no_run_of_tests_is_refused() -> None:
    with pytest.raises(Malformed):
        list(parse([b"<TestRuns/>"]))
    assert detect(b"<TestRun><ResultSummary outcome='Completed'/></TestRun>").name == "trx"


@pytest.mark.parametrize("said", ["", "00:00:nan", "00:00:1e999", "9" * 5_000 + ":00:00", "soon"])
def test_what_is_no_duration_is_none(said: str) -> None:
    (found, _) = document(result(more=f"outcome='Passed' duration='{said}'"))
    assert isinstance(found, Result)
    assert found.duration is None


def test_tests_that_are_only_counted_are_noticed() -> None:
    summary = "<ResultSummary outcome='Failed'><Counters total='48'/></ResultSummary>"
    assert document("", more=summary) == [
        Notice("The summary counts 48 tests, and the report has none"),
        Run(),
    ]
