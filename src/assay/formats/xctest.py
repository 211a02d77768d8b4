"""Xcode's TestSummaries.plist: the results of XCTest, as Xcode wrote them up to version 10.

The groups around the tests ("All tests", "Selected tests", the bundle) depend on how they were
started, so they are left out: a test's containers are its target and its class.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from assay.errors import Malformed
from assay.formats._facts import attachment
from assay.formats._json import mapping, number, objects, text
from assay.formats._plist import Dictionary, dictionaries
from assay.formats.format import Format, Head
from assay.model import (
    FAILURES,
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

TARGETS, TESTS, SUBTESTS = "TestableSummaries", "Tests", "Subtests"

STATUSES = {
    "Success": Status.PASSED,
    "Expected Failure": Status.PASSED,  # it failed, as XCTExpectFailure says that it does
    "Failure": Status.FAILED,
    "Skipped": Status.SKIPPED,
}

THROWN = re.compile(r"failed: caught |.*\bcrashed\b|Crash:|Test crashed", re.IGNORECASE)
"""Messages of what is no assertion: an error or exception that nobody caught, a crash."""

ASSERTION = re.compile(r"(XCT\w+) failed\b")
"""`XCTAssertEqual failed: ("1") is not equal to ("2")`"""

AT_A_TIME = re.compile(r"(Start Test) at [\d :.-]+\Z")
"""The title of the first activity, which would be another one in every run."""

OF_THE_GROUP = "(suite)"
"""The name of the result that a failure outside any test makes."""

EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
"""Of Apple's time intervals."""

MOST_SECONDS = 10**10
"""Beyond the year 2300: no time that a test could have started at."""

UNITS = {"seconds": "s", "bytes": "B", "kilobytes": "kB"}

OF_THE_DESTINATION = {
    "device": ("TargetDevice", "ModelName"),
    "os-version": ("TargetDevice", "OperatingSystemVersionWithBuildNumber"),
    "sdk": ("TargetSDK", "Name"),
    "computer": ("LocalComputer", "ModelName"),
    "computer-os-version": ("LocalComputer", "OperatingSystemVersionWithBuildNumber"),
}


@dataclass(slots=True)
class _Report:
    date: datetime | None = None
    duration: float | None = None
    targets: int = 0
    metadata: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results with their activities as steps and what they measured, then targets
    as containers and the run. Raises `Malformed` for a property list that has no tests' summaries.
    """
    report = _Report()
    for found in dictionaries(chunks, frozenset({TARGETS, TESTS, SUBTESTS})):
        if isinstance(found, Notice):
            yield found
        elif found.key == TARGETS:
            yield from _target(found, report)
        elif found.key:
            yield from _test_or_group(found, report)
        else:
            _read_run(found.values, report)
    if not report.targets and report.date is None and report.duration is None:
        raise Malformed(f"The property list has no {TARGETS}: it is no TestSummaries.plist")
    yield Run(report.date, report.duration, metadata=report.metadata or None)


# The run and its targets


def _read_run(values: dict[str, Any], report: _Report) -> None:
    destination = mapping(values.get("RunDestination"))
    found = {"destination": text(destination.get("Name"))}
    found["architecture"] = text(destination.get("TargetArchitecture"))
    for name, (part, key) in OF_THE_DESTINATION.items():
        found[name] = text(mapping(destination.get(part)).get(key))
    report.targets += TARGETS in values
    report.metadata |= {name: value for name, value in found.items() if value}


def _target(found: Dictionary, report: _Report) -> Iterator[Item]:
    report.targets += 1
    path = _path([found.values], "")
    yield from _own_failure(path, found.values)
    project = text(found.values.get("ProjectPath"))
    yield Container(path, "target", metadata={"project": project} if project else None)


def _path(around: Iterable[dict[str, Any]], identifier: str) -> tuple[str, ...]:
    """The target, and the classes that the identifier names before the method."""
    targets = (text(each.get("TargetName")) for each in around)
    classes = identifier.split("/")[:-1]
    return tuple(filter(None, (next(filter(None, targets), ""), *classes)))


def _own_failure(path: tuple[str, ...], values: dict[str, Any]) -> Iterator[Result]:
    if error := _error(values):
        yield Result(path, OF_THE_GROUP, Status.BROKEN, error=error)


# Tests


def _test_or_group(found: Dictionary, report: _Report) -> Iterator[Item]:
    values = found.values
    identifier = text(values.get("TestIdentifier"))
    if _is_group(values):
        if found.key == TESTS and (duration := number(values.get("Duration"))) is not None:
            report.duration = (report.duration or 0) + max(0.0, duration)
        yield from _own_failure(_path(found.above, ""), values)
        return
    path = _path(found.above, identifier)
    name = text(values.get("TestName")) or identifier.rpartition("/")[2] or "(unnamed)"
    result = _result(path, name, values)
    report.date = min(filter(None, (report.date, result.started)), default=None)
    report.targets = report.targets or 1
    yield result
    yield from _measurements(result, values)


def _is_group(values: dict[str, Any]) -> bool:
    of_a_group = text(values.get("TestObjectClass")).endswith("Group")
    return "TestStatus" not in values and (SUBTESTS in values or of_a_group)


def _result(path: tuple[str, ...], name: str, values: dict[str, Any]) -> Result:
    word = text(values.get("TestStatus"))
    status = STATUSES.get(word, Status.UNKNOWN)
    error = _error(values)
    if status is Status.FAILED and error and THROWN.match(error.message):
        status = Status.BROKEN
    activities = objects(values.get("ActivitySummaries"))
    return Result(
        path,
        name,
        status,
        _positive(values.get("Duration")),
        min(filter(None, map(_started, activities)), default=None),
        error if status is not Status.PASSED else None,
        steps=tuple(map(_step, activities)),
        metadata={"status": word} if word == "Expected Failure" else None,
    )


def _error(values: dict[str, Any]) -> Error | None:
    """The first failure gives the message; where each happened, and the others, are the trace."""
    failures = objects(values.get("FailureSummaries"))
    if not failures:
        return None
    message = text(failures[0].get("Message")).strip()
    kind = ASSERTION.match(message)
    places = [_place(failure) for failure in failures]
    trace = [
        f"{place}: {text(each.get('Message'))}"
        for place, each in zip(places, failures, strict=True)
    ]
    only_place = len(failures) == 1
    return Error(kind[1] if kind else "", message, places[0] if only_place else "\n".join(trace))


def _place(failure: dict[str, Any]) -> str:
    line = number(failure.get("LineNumber"))
    return text(failure.get("FileName")) + (f":{line:.0f}" if line else "")


def _positive(value: object) -> float | None:
    found = number(value)
    return found if found is not None and found >= 0 else None


# Activities


def _step(activity: dict[str, Any]) -> Step:
    """Only an assertion that failed is told apart, by its type."""
    steps = tuple(_step(each) for each in objects(activity.get("SubActivities")))
    asserted = text(activity.get("ActivityType")).endswith("testAssertionFailure")
    failed = asserted or any(step.status in FAILURES for step in steps)
    start, end = (number(activity.get(f"{which}TimeInterval")) for which in ("Start", "Finish"))
    return Step(
        AT_A_TIME.sub(r"\1", text(activity.get("Title"))) or "(untitled)",
        Status.FAILED if failed else Status.PASSED,
        max(0.0, end - start) if start and end else None,
        attachments=tuple(_attachments(activity)),
        steps=steps,
    )


def _attachments(activity: dict[str, Any]) -> Iterator[Attachment]:
    """Files of the folder `Attachments` beside the list; Xcode 8 names screenshots by their
    activity's id only."""
    for each in objects(activity.get("Attachments")):
        if file := text(each.get("Filename")):
            yield attachment(file)
    identity = text(activity.get("UUID"))
    if activity.get("HasScreenshotData") and identity:
        yield attachment(f"Screenshot_{identity}.png")


def _started(activity: dict[str, Any]) -> datetime | None:
    start = number(activity.get("StartTimeInterval"))
    if start is None or not 0 < start < MOST_SECONDS:
        return None
    return EPOCH + timedelta(seconds=start)


def _measurements(result: Result, values: dict[str, Any]) -> Iterator[Measurement]:
    """The mean of each metric's measurements."""
    for metric in objects(values.get("PerformanceMetrics")):
        name = text(metric.get("Name")) or text(metric.get("Identifier")).rpartition(".")[2]
        measured = metric.get("Measurements")
        numbers = [number(each) for each in measured] if isinstance(measured, list) else []
        known = [each for each in numbers if each is not None]
        if name and known:
            unit = text(metric.get("UnitOfMeasurement"))
            mean = sum(known) / len(known)
            yield Measurement(result.path, result.name, name, mean, UNITS.get(unit, unit))


def sniff(head: Head) -> bool:
    """A property list with the key that nobody else's has."""
    return head.root == "plist" and f"<key>{TARGETS}</key>" in head.text


FORMAT = Format(
    name="xctest",
    title="XCTest plist",
    sniff=sniff,
    parse=parse,
    aliases=("xctest-xml", "xctest_xml", "xctest-plist", "testsummaries", "xcode"),
    made_by="Xcode up to version 10, fastlane scan",
    how="xcodebuild test -scheme Shop -resultBundlePath Shop.bundle",
    file="TestSummaries.plist",
    notes=(
        "A test method is a test; its target and its class are the containers above it.",
        "Success and an expected failure passed, Failure is failed, or broken where an error was "
        "not caught or the app crashed.",
        "The first failure's message is the error's; files and lines of all are its trace.",
        "Activities are steps within steps, with their screenshots and other attachments: send "
        "the bundle's folder Attachments along.",
        "Each performance metric is a measurement, the mean of its values.",
        "The device, its system, the SDK and the computer are metadata of the report.",
    ),
)
