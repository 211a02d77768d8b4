"""test_result.xml of Android's Compatibility Test Suite and the suites that Tradefed runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats._dotnet import text_of
from assay.formats._facts import attachment
from assay.formats._time import length, moment, seconds
from assay.formats._trace import split_type
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status

SCOPES = frozenset({"Result", "Module", "TestCase"})
TESTS = frozenset({"Test"})

STATUSES = {
    "pass": Status.PASSED,
    "fail": Status.FAILED,
    "ignored": Status.SKIPPED,
    "assumption_failure": Status.SKIPPED,
    "skipped": Status.SKIPPED,
    "not_executed": Status.SKIPPED,
    "not-executed": Status.SKIPPED,
    "incomplete": Status.BROKEN,  # begun, and never ended: the device or the runner died
    "error": Status.BROKEN,
    "timeout": Status.BROKEN,
}
"""In any case of letters: CTS writes the first two, Tradefed the names of its TestStatus."""

FILES = ("BugReport", "Logcat", "Screenshot", "ScreenshotFile", "HostLog")
"""Elements of a test with the place of a file."""

OF_THE_RUN = (
    "suite_name",
    "suite_version",
    "suite_plan",
    "suite_build_number",
    "suite_variant",
    "devices",
    "command_line_args",
    "os_name",
    "os_version",
    "java_version",
    "report_version",
    "reference_url",
    "log_url",
)
OF_THE_BUILD = (
    "build_fingerprint",
    "build_id",
    "build_model",
    "build_manufacturer",
    "build_brand",
    "build_product",
    "build_type",
    "build_version_release",
    "build_version_sdk",
    "build_version_security_patch",
)
MILLISECONDS = 1000
OF_THE_MODULE = "(module)"
"""The result for a module that was not run to its end."""


@dataclass(slots=True)
class _Report:
    root: dict[str, str] = field(default_factory=dict)
    build: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results, modules as containers, then the run.

    A path is the module, with its ABI before it as Tradefed writes it, and the class. A module
    that was not done is a broken result.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield _run(report)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    scope = part.scope
    if scope.outer is None:
        report.root = scope.attributes
    for record in part.records:
        if record.tag == "Test":
            yield _test(_path(scope), record)
        elif record.tag == "Build":
            report.build = record.attrib
        elif record.tag == "Reason" and scope.tag == "Module":
            scope.attributes["reason"] = record.get("message") or text_of(record)
    if part.ended and scope.tag == "Module":
        yield from _module(scope)


def _path(scope: Scope) -> tuple[str, ...]:
    outer = _path(scope.outer) if scope.outer else ()
    name = scope.attributes.get("name", "")
    if scope.tag == "Module":
        name = " ".join(filter(None, (scope.attributes.get("abi"), name)))
    return (*outer, name) if name and scope.tag != "Result" else outer


def _module(scope: Scope) -> Iterator[Item]:
    given, path = scope.attributes, _path(scope)
    if given.get("done") == "false":
        reason = given.get("reason") or "The module was not run to its end"
        yield Result(path, OF_THE_MODULE, Status.BROKEN, error=Error(message=reason.strip()))
    runtime = seconds(given.get("runtime"))
    abi = given.get("abi", "")
    yield Container(
        path,
        "module",
        duration=None if runtime is None else runtime / MILLISECONDS,
        metadata={"abi": abi} if abi else None,
    )


def _test(path: tuple[str, ...], test: Element) -> Result:
    status = STATUSES.get(test.get("result", "").lower(), Status.UNKNOWN)
    if test.get("skipped") == "true":
        status = Status.SKIPPED
    failure = test.find("Failure")
    return Result(
        path=path,
        name=test.get("name") or "(unnamed)",
        status=status,
        error=_error(failure) if failure is not None else None,
        attachments=tuple(_files(test)),
        metadata=dict(_facts(test)) or None,
    )


def _error(failure: Element) -> Error:
    trace = text_of(failure.find("StackTrace"))
    told = failure.get("message", "").strip() or trace.strip().partition("\n")[0].strip()
    kind, message = split_type(told)
    return Error(kind, message, trace)


def _files(test: Element) -> Iterator[Attachment]:
    for tag in FILES:
        if path := text_of(test.find(tag)).strip():
            yield attachment(path)


def _facts(test: Element) -> Iterator[tuple[str, str]]:
    """Of a failure what Tradefed knows of its cause; of CTS Verifier's tests what they measured."""
    failure = test.find("Failure")
    for key in ("error_name", "error_code"):
        if failure is not None and failure.get(key):
            yield key, failure.get(key, "")
    for metric in test.iterfind("Metric"):
        if metric.get("key"):
            yield metric.get("key", ""), text_of(metric)
    for metric in test.iterfind("Summary/Metric"):
        yield metric.get("message") or "metric", " ".join(text_of(metric).split())


def _run(report: _Report) -> Run:
    started, ended = moment(report.root.get("start")), moment(report.root.get("end"))
    metadata = {key: report.root[key] for key in OF_THE_RUN if report.root.get(key)}
    metadata |= {key: report.build[key] for key in OF_THE_BUILD if report.build.get(key)}
    return Run(
        started,
        length(started, ended),
        build=report.build.get("build_id", ""),
        metadata=metadata or None,
    )


def _sniff(head: Head) -> bool:
    """Its root's name is common: by what it says of the suite, or what stands below it."""
    if head.root != "Result":
        return False
    told = {key for key, _ in head.attributes}
    return bool({"suite_name", "suite_plan", "report_version"} & told) or (
        "Module" in head.children and bool({"Summary", "Build"} & head.children)
    )


FORMAT = Format(
    name="cts",
    title="Android CTS",
    sniff=_sniff,
    parse=parse,
    aliases=("android-cts", "tradefed", "gts", "vts", "cts-verifier"),
    made_by="Android's Compatibility Test Suite, VTS, GTS, CTS Verifier; Tradefed's suites",
    how="cts-tradefed run cts -m CtsAccessibilityTestCases",
    file="test_result.xml",
    notes=(
        "A test is a test; module (with its ABI) and class are the containers above it.",
        "fail is failed; ignored, assumption_failure and skipped ones are skipped; what did not "
        "end is broken.",
        f"A module that is not done is a broken result “{OF_THE_MODULE}”, with the reason if one "
        "is told.",
        "The suite, the devices and the build's fingerprint are metadata of the report; logs and "
        "screenshots are attachments, if they are sent along.",
    ),
)
