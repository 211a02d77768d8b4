"""Xcode's TestSummaries.plist."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.errors import Malformed, TooLarge, UnknownFormat
from assay.formats import _plist, detect
from assay.formats.xctest import parse
from assay.model import (
    Attachment,
    Container,
    Error,
    Item,
    Measurement,
    Notice,
    Result,
    Run,
    Status,
    Step,
)

T0 = (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) - datetime(2001, 1, 1, tzinfo=UTC)).total_seconds()


def plist(value: object) -> str:
    """The value as Xcode writes it, its keys in order."""
    if isinstance(value, dict):
        pairs = sorted(value.items())
        return "<dict>" + "".join(f"<key>{k}</key>{plist(v)}" for k, v in pairs) + "</dict>"
    if isinstance(value, list):
        return "<array>" + "".join(map(plist, value)) + "</array>"
    if isinstance(value, bool):
        return "<true/>" if value else "<false/>"
    if isinstance(value, float):
        return f"<real>{value}</real>"
    tag = "integer" if isinstance(value, int) else "string"
    return f"<{tag}>{value}</{tag}>"


def items(summaries: dict[str, object]) -> list[Item]:
    return list(parse([f"<plist version='1.0'>{plist(summaries)}</plist>".encode()]))


def group(name: str, *tests: dict[str, object], **more: object) -> dict[str, object]:
    kind = "IDESchemeActionTestSummaryGroup"
    return {"TestName": name, "TestObjectClass": kind, "Subtests": list(tests), **more}


def case(name: str, status: str = "Success", **more: object) -> dict[str, object]:
    identity = {"TestIdentifier": f"CartTests/{name}", "TestName": name}
    return identity | {"TestStatus": status, "Duration": 0.25} | more


def of_target(*tests: dict[str, object]) -> list[Item]:
    groups = [
        group("All tests", group("ShopTests.xctest", group("CartTests", *tests)), Duration=2.5)
    ]
    target = {"TargetName": "ShopTests", "ProjectPath": "Shop.xcodeproj", "Tests": groups}
    return items({"FormatVersion": "1.2", "TestableSummaries": [target]})


def results(*tests: dict[str, object]) -> list[Result]:
    return [item for item in of_target(*tests) if isinstance(item, Result)]


def failure(message: str, line: int = 7) -> dict[str, object]:
    return {"FileName": "/b/Cart.swift", "LineNumber": line, "Message": message}


def test_a_method_is_a_test_of_its_target_and_class() -> None:
    assert of_target(case("testAdds()")) == [
        Result(("ShopTests", "CartTests"), "testAdds()", Status.PASSED, 0.25),
        Container(("ShopTests",), "target", metadata={"project": "Shop.xcodeproj"}),
        Run(None, 2.5),
    ]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Success", Status.PASSED),
        ("Expected Failure", Status.PASSED),
        ("Failure", Status.FAILED),
        ("Skipped", Status.SKIPPED),
        ("Perhaps", Status.UNKNOWN),
    ],
)
def test_every_status_has_a_status(word: str, status: Status) -> None:
    (found,) = results(case("testAdds()", word))
    assert found.status is status


@pytest.mark.parametrize(
    "message",
    ['failed: caught error: "no disk"', "Crash: Shop at main", "Shop crashed in main()"],
)
def test_what_is_no_assertion_breaks(message: str) -> None:
    (found,) = results(case("testAdds()", "Failure", FailureSummaries=[failure(message)]))
    assert (found.status, found.error) == (Status.BROKEN, Error("", message, "/b/Cart.swift:7"))


def test_a_failure_has_its_assertion_message_and_place() -> None:
    failures = [failure("XCTAssertTrue failed - no"), failure("XCTFail failed", 8)]
    one, two = results(
        case("testAdds()", "Failure", FailureSummaries=failures[:1]),
        case("testCounts()", "Failure", FailureSummaries=failures),
    )
    assert one.error == Error("XCTAssertTrue", "XCTAssertTrue failed - no", "/b/Cart.swift:7")
    assert two.error
    assert two.error.trace == (
        "/b/Cart.swift:7: XCTAssertTrue failed - no\n/b/Cart.swift:8: XCTFail failed"
    )


def test_activities_are_steps() -> None:
    asserted = "com.apple.dt.xctest.activity-type.testAssertionFailure"
    inner = {
        "Title": "Assertion Failure",
        "ActivityType": asserted,
        "Attachments": [{"Filename": "Shot.png", "Name": "k"}],
    }
    outer = {
        "Title": "Tap",
        "StartTimeInterval": T0,
        "FinishTimeInterval": T0 + 1.5,
        "HasScreenshotData": True,
        "UUID": "B2EB",
        "SubActivities": [inner],
    }
    (found,) = results(case("testPays()", "Failure", ActivitySummaries=[outer, {"Title": "Wait"}]))
    assert found.started == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    shot = Attachment("Shot.png", "Shot.png")
    screenshot = Attachment("Screenshot_B2EB.png", "Screenshot_B2EB.png")
    within = Step("Assertion Failure", Status.FAILED, attachments=(shot,))
    assert found.steps == (
        Step("Tap", Status.FAILED, 1.5, attachments=(screenshot,), steps=(within,)),
        Step("Wait", Status.PASSED),
    )


def test_a_step_is_called_the_same_in_every_run() -> None:
    activity = {"Title": "Start Test at 2026-01-02 03:04:05.678"}
    (found,) = results(case("testPays()", ActivitySummaries=[activity]))
    assert found.steps == (Step("Start Test", Status.PASSED),)


def test_a_metric_is_a_measurement() -> None:
    metric = {"Name": "Time", "Measurements": [0.25, 0.75], "UnitOfMeasurement": "seconds"}
    found = of_target(case("testWeighs()", PerformanceMetrics=[metric]))
    place = ("ShopTests", "CartTests")
    assert Measurement(place, "testWeighs()", "Time", 0.5, "s") in found


def test_a_failure_outside_any_test_is_a_broken_result() -> None:
    broken = group("All tests", FailureSummaries=[failure("Early exit")])
    found = items({"TestableSummaries": [{"TargetName": "ShopTests", "Tests": [broken]}]})
    assert found[0] == Result(
        ("ShopTests",),
        "(suite)",
        Status.BROKEN,
        error=Error("", "Early exit", "/b/Cart.swift:7"),
    )


def test_the_run_has_the_device_it_ran_on() -> None:
    device = {"ModelName": "iPhone X", "OperatingSystemVersionWithBuildNumber": "12.4"}
    destination = {"Name": "My phone", "TargetDevice": device, "TargetSDK": {"Name": "iOS 12"}}
    assert items({"RunDestination": destination, "TestableSummaries": []}) == [
        Run(
            metadata={
                "destination": "My phone",
                "device": "iPhone X",
                "os-version": "12.4",
                "sdk": "iOS 12",
            }
        )
    ]


def test_other_property_lists_are_none_of_ours() -> None:
    document = b"<plist><dict><key>rootId</key><dict/></dict></plist>"
    with pytest.raises(UnknownFormat):
        detect(document)
    with pytest.raises(Malformed, match="TestSummaries"):
        list(parse([document]))


def test_a_list_cut_short_gives_what_was_whole() -> None:
    document = f"<plist>{plist({'TestableSummaries': [{'Tests': [case('testAdds()')]}]})}</plist>"
    found = list(parse([document.encode()[:-40]]))
    assert [type(item) for item in found] == [Result, Container, Notice, Run]


def test_a_dictionary_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plist, "MAX_HELD", 60)
    many = [case(f"test{number}()") for number in range(100)]
    assert len(results(*many)) == 100
    with pytest.raises(TooLarge):
        results(case("testAdds()", FailureSummaries=[failure("no")] * 100))
