"""Xcode's result bundles: a folder of objects that refer to one another."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import detect, xcresult
from assay.formats.format import Piece
from assay.model import Attachment, Error, Item, Measurement, Result, Run, Status, Step

Object = tuple[str, dict[str, Any]]


def encoded(value: Any) -> bytes:
    """An object, a list or a text as bundles hold it: every type is defined where it stands."""
    kind, inner = ("Array", value) if isinstance(value, list) else ("String", value)
    if isinstance(value, tuple):
        kind, inner = value
    head = f"[T[K2:_nV{len(kind)}:{kind}]".encode()
    if isinstance(inner, list):
        return head + b"".join(map(encoded, inner)) + b"]"
    if isinstance(inner, dict):
        members = (f"K{len(key)}:{key}".encode() + encoded(told) for key, told in inner.items())
        return head + b"".join(members) + b"]"
    text = str(inner).encode()
    return head + b"K2:_vV" + str(len(text)).encode() + b":" + text + b"]"


def ref(ident: str) -> Object:
    return "Reference", {"id": ident}


def group(name: str, *tests: Object) -> Object:
    return "ActionTestSummaryGroup", {"name": name, "subtests": list(tests)}


def case(name: str, status: str = "Success", **said: Any) -> Object:
    return "ActionTestMetadata", {"name": name, "testStatus": status, "duration": "0.5", **said}


def runs(*tests: Object, plan: str = "Test Scheme Action") -> Object:
    target = "ActionTestableSummary", {"targetName": "ShopTests", "tests": list(tests)}
    summary = "ActionTestPlanRunSummary", {"name": plan, "testableSummaries": [target]}
    return "ActionTestPlanRunSummaries", {"summaries": [summary]}


def action(tests: str, device: str = "iPhone 15", **said: Any) -> Object:
    result = "ActionResult", {"testsRef": ref(tests)}
    where = "ActionRunDestinationRecord", {"displayName": device}
    return "ActionRecord", {"actionResult": result, "runDestination": where, **said}


def gather(*actions: Object, **files: Any) -> list[Item]:
    record = "ActionsInvocationRecord", {"actions": list(actions)}
    named = {"root": record, **files}
    contents = {
        key: told if isinstance(told, bytes) else encoded(told) for key, told in named.items()
    }
    pieces = [
        Piece(f"Shop.xcresult/Data/data.0~{key}", partial(bytes, content))
        for key, content in contents.items()
    ]
    return list(xcresult.gather(pieces))


def results(items: list[Item]) -> list[Result]:
    return [item for item in items if isinstance(item, Result)]


def test_a_test_has_its_details_from_other_files() -> None:
    failure = (
        "ActionTestFailureSummary",
        {
            "message": "1 is not 2",
            "issueType": "Assertion Failure",
            "fileName": "/Users/runner/work/shop/shop/Cart.swift",
            "lineNumber": "9",
            "uuid": "F1",
        },
    )
    shot = "ActionTestAttachment", {"filename": "shot.png", "payloadRef": ref("0~shot")}
    activity = (
        "ActionTestActivitySummary",
        {
            "title": "adds up",
            "start": "2026-03-01T12:00:00.000+0000",
            "finish": "2026-03-01T12:00:01.500+0000",
            "failureSummaryIDs": ["F1"],
            "attachments": [shot],
        },
    )
    metric = (
        "ActionTestPerformanceMetricSummary",
        {"displayName": "Clock", "unitOfMeasurement": "s", "measurements": ["1.0", "2.0"]},
    )
    details = (
        "ActionTestSummary",
        {"failureSummaries": [failure], "activitySummaries": [activity]}
        | {"performanceMetrics": [metric]},
    )
    tests = group(
        "All tests", group("Cart", case("testA()", "Failure", summaryRef=ref("0~details")))
    )
    measured, result, _ = gather(
        action("0~tests"), tests=runs(tests), details=details, shot=b"\x89PNG"
    )
    assert measured == Measurement(("ShopTests", "Cart"), "testA", "Clock", 1.5, "s")
    assert result == Result(
        ("ShopTests", "Cart"),
        "testA",
        Status.FAILED,
        0.5,
        datetime(2026, 3, 1, 12, tzinfo=UTC),
        Error("Assertion Failure", "1 is not 2", "Cart.swift:9: 1 is not 2"),
        steps=(
            Step(
                "adds up",
                Status.FAILED,
                1.5,
                Error(message="1 is not 2"),
                attachments=(Attachment("shot.png", content=b"\x89PNG"),),
            ),
        ),
        metadata={"file": "Cart.swift", "line": "9"},
    )


def test_arguments_are_parameters() -> None:
    argument = (
        "TestArgument",
        {"parameter": ("P", {"label": "n"}), "value": ("V", {"description": "1"})},
    )
    details = "ActionTestSummary", {"arguments": [argument]}
    (result,) = results(
        gather(
            action("0~tests"),
            tests=runs(case("rounds(n:)", summaryRef=ref("0~details"))),
            details=details,
        )
    )
    assert (result.name, result.parameters) == ("rounds(n:) [1]", {"n": "1"})


def test_a_test_that_ran_again_is_one_test() -> None:
    again = gather(
        action("0~one"), action("0~two"), one=runs(case("a()", "Failure")), two=runs(case("a()"))
    )
    (result,) = results(again)
    assert (result.status, result.flaky, len(result.attempts)) == (Status.PASSED, True, 1)


def test_devices_and_configurations_stand_above_a_test() -> None:
    one, two = results(
        gather(
            action("0~one"),
            action("0~two", device="iPad"),
            one=runs(case("a()")),
            two=runs(case("a()"), plan="German"),
        )
    )
    assert one.path == ("iPhone 15", "ShopTests")
    assert two.path == ("iPad", "German", "ShopTests")


def test_a_run_has_its_time_and_device() -> None:
    began, ended = "2026-03-01T13:00:00.000+0100", "2026-03-01T13:00:09.500+0100"
    *_, run = gather(action("0~none", startedTime=began, endedTime=ended))
    assert run == Run(
        datetime(2026, 3, 1, 12, tzinfo=UTC), 9.5, metadata={"destination": "iPhone 15"}
    )


def test_a_file_of_a_bundle_is_no_report_of_another_format() -> None:
    log = b"Test Suite 'All tests' started at 2026-03-01 12:00:00.000\n"
    assert detect(log).name == "xcodebuild"
    assert detect(log, "build/Shop.xcresult/Data/data.0~abc").name == "xcresult"
    assert detect(log, "data.0~AmVtwlIAOsO2QjxVvvhgEyIf==").name == "xcresult"


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_an_object_that_breaks_off_is_refused(cut: int) -> None:
    with pytest.raises(Malformed):
        list(xcresult.parse([encoded(runs(case("a()")))[:-cut]]))


def test_a_bundle_without_records_is_refused() -> None:
    with pytest.raises(Malformed, match="no record"):
        list(xcresult.gather([Piece("Shop.xcresult/Info.plist", bytes)]))
