"""Gallio's report (`<report>` in its namespace) and that of MbUnit 2 (`<report-result>`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats._dotnet import arguments_of, error_of, text_of
from assay.formats._embedded import content_of
from assay.formats._time import length, moment, seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Attachment, Error, Item, Notice, Result, Run, Status, Step

NAMESPACE = "gallio.org"
OF_MBUNIT = ("assemblies", "assembly", "namespaces", "namespace", "fixtures", "fixture", "runs")
SCOPES = frozenset(
    {"report", "testPackageRun", "testStepRun", "children", "report-result", *OF_MBUNIT}
)
TESTS = frozenset({"testStep", "run"})

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "skipped": Status.SKIPPED,
    "inconclusive": Status.UNKNOWN,
    "success": Status.PASSED,  # MbUnit's four words
    "failure": Status.FAILED,
    "skip": Status.SKIPPED,
    "ignore": Status.SKIPPED,
}
BROKEN = frozenset({"error", "timeout", "canceled", "setup", "teardown"})
"""Categories of an outcome that failed by something else than an assertion."""

ROOT = "Root"
"""The name of the step in which all others stand."""

OUTPUT = ("ConsoleOutput", "ConsoleInput", "DebugTrace", "DefaultLog", "Default Log", "Host Log")
"""Streams of a log that together are what a test printed."""


@dataclass(slots=True)
class _Run:
    """A step that runs: a test, a part of one, or what holds tests."""

    path: tuple[str, ...] = ()  # for what stands in it
    name: str = ""
    is_test: bool = False
    within: dict[str, Element] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    started: str = ""
    fixture: str = ""


@dataclass(slots=True)
class _Report:
    run: Run = field(default_factory=Run)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield test cases as results, then the run.

    A path is the names of the steps around a test but the root; in MbUnit's the assembly and the
    fixture's class.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            _begin(part.scope, report)
            yield from _part(part, report)
    yield report.run


def _part(part: Part, report: _Report) -> Iterator[Item]:
    run: _Run = part.scope.state
    for record in part.records:
        if part.scope.tag == "testStepRun":
            _learn(run, record)
        elif record.tag == "run":
            yield _of_mbunit(run, record, record.get("name", ""))
        elif record.tag in ("set-up", "tear-down") and record.get("result") == "failure":
            yield _of_mbunit(run, record, f"({record.tag})", Status.BROKEN)
        elif record.tag == "counter" and part.scope.tag == "report-result":
            report.run = Run(report.run.date, seconds(record.get("duration")))
    if part.ended and part.scope.tag == "testStepRun":
        yield from _ended(part.scope, run)


def _begin(scope: Scope, report: _Report) -> None:
    if scope.state is not None:
        return
    if scope.outer:
        _begin(scope.outer, report)
    outer: _Run = scope.outer.state if scope.outer else _Run()
    scope.state = _OPEN.get(scope.tag, _same)(scope.attributes, outer)
    given = scope.attributes
    if scope.tag == "report-result":
        report.run = Run(moment(given.get("date")))
    elif scope.tag == "testPackageRun":
        started, ended = moment(given.get("startTime")), moment(given.get("endTime"))
        report.run = Run(started, length(started, ended))


def _same(_: dict[str, str], outer: _Run) -> _Run:
    return outer


def _step_run(given: dict[str, str], outer: _Run) -> _Run:
    return _Run(outer.path, started=given.get("startTime", ""))


def _assembly(given: dict[str, str], outer: _Run) -> _Run:
    name = given.get("name", "")
    return _Run((*outer.path, name) if name else outer.path)


def _fixture(given: dict[str, str], outer: _Run) -> _Run:
    name = given.get("name", "")
    return _Run((*outer.path, given.get("type") or name or "Fixture"), fixture=name)


_OPEN: dict[str, Callable[[dict[str, str], _Run], _Run]] = {
    "testStepRun": _step_run,
    "assembly": _assembly,
    "fixture": _fixture,
}


# Gallio


def _learn(run: _Run, record: Element) -> None:
    run.within[record.tag] = record
    if record.tag == "testStep":
        run.name = record.get("name", "")
        run.is_test = record.get("isTestCase") == "true"
        run.path = (*run.path, run.name) if run.name not in ("", ROOT) else run.path


def _ended(scope: Scope, run: _Run) -> Iterator[Item]:
    outer = _holder(scope)
    result = _result(run)
    if run.is_test:
        yield result
    elif outer and (outer.is_test or outer.steps):
        outer.steps.append(_as_step(result))
    elif result.status in (Status.FAILED, Status.BROKEN) and result.error:
        # What failed of itself: a tear-down, say, that no test tells of.
        yield Result(run.path, "(set-up or tear-down)", Status.BROKEN, error=result.error)


def _holder(scope: Scope) -> _Run | None:
    """The run around this one."""
    outer = scope.outer
    while outer and outer.tag != "testStepRun":
        outer = outer.outer
    return outer.state if outer else None


def _as_step(result: Result) -> Step:
    return Step(
        result.name,
        result.status,
        result.duration,
        result.error,
        result.stdout,
        result.attachments,
        result.steps,
    )


def _result(run: _Run) -> Result:
    step, told = run.within.get("testStep"), run.within.get("result")
    log = run.within.get("testLog")
    outcome = told.find("outcome") if told is not None else None
    facts = dict(_facts(step)) if step is not None else {}
    name = run.name or "(unnamed)"
    return Result(
        path=run.path[:-1] if run.path[-1:] == (run.name,) else run.path,
        name=name,
        status=_status(outcome),
        duration=seconds(told.get("duration")) if told is not None else None,
        started=moment(run.started),
        error=_error(log) or _reason(facts),
        stdout=_streams(log, *OUTPUT),
        stderr=_streams(log, "ConsoleError"),
        description=facts.pop("Description", ""),
        steps=tuple(run.steps),
        attachments=tuple(_attachments(log)),
        tags=tuple(filter(None, facts.pop("Category", "").split(", "))),
        parameters=arguments_of(name),
        metadata=facts or None,
    )


def _status(outcome: Element | None) -> Status:
    if outcome is None:
        return Status.UNKNOWN
    status = STATUSES.get(outcome.get("status", ""), Status.UNKNOWN)
    category = outcome.get("category", "").lower()
    return Status.BROKEN if status is Status.FAILED and category in BROKEN else status


def _facts(step: Element) -> Iterator[tuple[str, str]]:
    for entry in step.iterfind("metadata/entry"):
        values = ", ".join(filter(None, map(text_of, entry.iterfind("value"))))
        if values and entry.get("key") not in (None, "TestKind"):
            yield entry.get("key", ""), values
    place = step.find("codeLocation")
    if place is not None and place.get("path"):
        yield "source", ":".join(filter(None, (place.get("path"), place.get("line"))))


def _reason(facts: dict[str, str]) -> Error | None:
    reason = facts.pop("IgnoreReason", "") or facts.pop("PendingReason", "")
    return Error(message=reason) if reason else None


def _streams(log: Element | None, *names: str) -> str:
    if log is None:
        return ""
    streams = {each.get("name", ""): text_of(each).strip() for each in log.iterfind("streams/*")}
    return "\n".join(filter(None, map(streams.get, names)))


def _error(log: Element | None) -> Error | None:
    """By the marks in the log's stream of failures, or else its whole text."""
    told = _streams(log, "Failures")
    if log is None or not told:
        return None
    marks: dict[str, str] = {}
    for marker in log.iterfind("streams/stream[@name='Failures']//marker"):
        marks.setdefault(marker.get("class", ""), text_of(marker).strip())
    message = marks.get("ExceptionMessage") or told.partition("\n")[0].strip()
    return Error(marks.get("ExceptionType", ""), message, told if told != message else "")


def _attachments(log: Element | None) -> Iterator[Attachment]:
    for each in log.iterfind("attachments/attachment") if log is not None else ():
        media_type = each.get("contentType", "")
        name = each.get("name") or "attachment"
        path = each.get("contentPath", "")
        encoded = each.get("encoding") == "base64"
        content = content_of(text_of(each), media_type if encoded else "text/plain")
        yield Attachment(name, path, media_type, None if path else content)


# MbUnit 2


def _of_mbunit(run: _Run, record: Element, name: str, status: Status | None = None) -> Result:
    thrown = record.find("exception")
    name = name.removeprefix(f"{run.fixture}.") or "(unnamed)"
    return Result(
        path=run.path,
        name=name,
        status=status or STATUSES.get(record.get("result", ""), Status.UNKNOWN),
        duration=seconds(record.get("duration")),
        error=_thrown(thrown) if thrown is not None else None,
        stdout=text_of(record.find("console-out")),
        stderr=text_of(record.find("console-error")),
        description=text_of(record.find("Description")),
        parameters=arguments_of(name),
    )


def _thrown(thrown: Element) -> Error | None:
    message, trace = text_of(thrown.find("message")), text_of(thrown.find("stack-trace"))
    inner = thrown.find("exception")
    error = error_of(message, trace, thrown.get("type", ""))
    cause = _thrown(inner) if inner is not None else None
    if error is None or cause is None:
        return error or cause
    trace = f"{error.trace}\nCaused by: {cause.type}: {cause.message}\n{cause.trace}"
    return Error(error.type, error.message, trace.strip("\n"))


def _sniff(head: Head) -> bool:
    if head.root == "report":
        return NAMESPACE in head.namespace or bool(
            head.children & {"testPackageRun", "testPackage", "testModel"}
        )
    return head.root == "report-result" and "assemblies" in head.children | {"assemblies"}


FORMAT = Format(
    name="gallio",
    title="Gallio and MbUnit XML",
    sniff=_sniff,
    parse=parse,
    aliases=("mbunit", "gallio-xml", "mbunit-xml"),
    made_by="Gallio (MbUnit 3 and the frameworks it runs), MbUnit 2",
    how="Gallio.Echo.exe Shop.Tests.dll /report-type:xml",
    file="test-report.xml",
    notes=(
        "A test case is a test; in Gallio's report the steps around it are the containers, in "
        "MbUnit's the assembly and the fixture's class.",
        "Steps within a test are its steps. Rows of data are tests of their own, with their "
        "arguments as parameters.",
        "Failed is failed, or broken where its category is error, timeout, canceled, setup or "
        "teardown; inconclusive is unknown; skipped, ignored and pending are skipped.",
        "A set-up or tear-down that failed is a broken result of its own.",
        "Console, trace and log are the output; attachments are attachments, embedded or beside "
        "the report; metadata is metadata, a Category a tag.",
    ),
)
