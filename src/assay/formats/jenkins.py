"""junitResult.xml, as Jenkins keeps a build's test results, and its API's `testReport/api/xml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from assay.formats import _trace
from assay.formats._containers import containers, suite_name
from assay.formats._dotnet import text_of
from assay.formats._facts import named_files
from assay.formats._retries import Retries, results_only
from assay.formats._time import moment, seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status

SCOPES = frozenset({"result", "testResult", "suites", "suite", "cases"})
CASES = frozenset({"case"})

STATUSES = {
    "PASSED": Status.PASSED,
    "FIXED": Status.PASSED,
    "FAILED": Status.FAILED,
    "REGRESSION": Status.FAILED,
    "SKIPPED": Status.SKIPPED,
}
"""What the API adds to a case: how it ended, and how that compares with the build before."""

KEPT = ("failedSince", "age", "nodeId", "status")
PLAIN = ("", "0", "PASSED", "FAILED", "SKIPPED")
"""What of these tells nobody anything."""

HELD = 50_000
"""Results of a suite to hold until its name and its stages are known, which may stand last."""


@dataclass(slots=True)
class _Suite:
    """What has been told of a suite, and its cases, which have no path before its end."""

    said: dict[str, str] = field(default_factory=dict)
    retries: Retries = field(default_factory=Retries)
    blocks: list[str] = field(default_factory=list)
    held: list[Result] = field(default_factory=list)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield cases as results, suites as containers, then the run.

    A path is the pipeline's stages, the suite's name and the class. Raises Malformed for other
    documents.
    """
    run = _Run()
    for part in elements(chunks, SCOPES, CASES):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, run)
    yield Run(run.date, run.duration)


@dataclass(slots=True)
class _Run:
    date: datetime | None = None
    duration: float | None = None


def _part(part: Part, run: _Run) -> Iterator[Item]:
    scope = part.scope
    if scope.tag in ("suite", "cases"):
        suite = _suite_of(scope)
        for record in part.records:
            _learn(suite, record)
        if len(suite.held) >= HELD:
            yield from _release(suite)
        if part.ended and scope.tag == "suite":
            yield from _close(suite, run)
        return
    for record in part.records:
        if record.tag == "duration":
            run.duration = seconds(text_of(record))


def _suite_of(scope: Scope) -> _Suite:
    scope = scope.outer if scope.tag == "cases" and scope.outer else scope
    if scope.state is None:
        scope.state = _Suite()
    found: _Suite = scope.state
    return found


def _learn(suite: _Suite, record: Element) -> None:
    if record.tag == "case":
        suite.held.append(_case(record))
    elif record.tag == "enclosingBlockNames":  # innermost first
        names = [text_of(each) for each in record] or [text_of(record)]
        suite.blocks += filter(None, names)
    else:
        suite.said[record.tag] = text_of(record)


def _release(suite: _Suite) -> Iterator[Item]:
    titles = _titles(suite)
    for case in suite.held:
        classname = case.path[0]
        path = containers(titles, classname, case.name)
        yield from results_only(suite.retries.add(msgspec.structs.replace(case, path=path)))
    suite.held.clear()


def _close(suite: _Suite, run: _Run) -> Iterator[Item]:
    yield from _release(suite)
    yield from results_only(suite.retries.release())
    started = moment(suite.said.get("timestamp"))
    run.date = min(filter(None, (run.date, started)), default=None)
    path = _titles(suite)
    stdout, stderr = suite.said.get("stdout", ""), suite.said.get("stderr", "")
    if path and (stdout or stderr):
        time = seconds(suite.said.get("duration"))
        yield Container(path, "suite", duration=time, stdout=stdout, stderr=stderr)


def _titles(suite: _Suite) -> tuple[str, ...]:
    """The stages and the suite, unless that is named after its file: `(results.xml)`."""
    name = suite_name(suite.said.get("name", ""))
    of_file = name.startswith("(") and name.endswith(".xml)")
    return (*reversed(suite.blocks), *(() if of_file or not name else (name,)))


def _case(case: Element) -> Result:
    """The case, with its class as its path."""
    said = {child.tag: text_of(child) for child in case}
    name = said.get("testName") or said.get("name") or "(unnamed)"
    status = _status(said)
    stdout, stderr = said.get("stdout", ""), said.get("stderr", "")
    kept = {key: said[key] for key in KEPT if said.get(key, "") not in PLAIN}
    return Result(
        path=(said.get("className", ""),),
        name=name,
        status=status,
        duration=seconds(said.get("duration")),
        error=_error(said) if status is not Status.PASSED else None,
        stdout=stdout,
        stderr=stderr,
        attachments=tuple(named_files(stdout, stderr)),
        metadata={**dict(_properties(case)), **kept} or None,
    )


def _status(said: dict[str, str]) -> Status:
    if said.get("skipped") == "true":
        return Status.SKIPPED
    if found := STATUSES.get(said.get("status", "")):
        return found
    failed = "errorStackTrace" in said or "errorDetails" in said
    return Status.FAILED if failed else Status.PASSED


def _error(said: dict[str, str]) -> Error | None:
    """The stack trace tells the type, the details what was said."""
    details, trace = said.get("errorDetails", "").strip(), said.get("errorStackTrace", "")
    if reason := said.get("skippedMessage"):
        return Error(message=reason)
    if not (details or trace):
        return None
    found = _trace.error_of(trace or details)
    return Error(found.type, details or found.message, trace)


def _properties(case: Element) -> Iterator[tuple[str, str]]:
    """Of a version that keeps them, or its API."""
    for entry in case.iterfind("properties//entry"):
        texts = [text_of(each) for each in entry]
        if len(texts) == 2:
            yield texts[0], texts[1]
    for each in case.iterfind("properties/property"):
        yield each.get("name", ""), each.get("value", "")


def _sniff(head: Head) -> bool:
    """Its root has a common name: by what stands below it, or the plug-in that wrote it."""
    if head.root == "result":
        plugin = dict(head.attributes).get("plugin", "")
        return "suites" in head.children or plugin.startswith("junit@")
    return head.root == "testResult" and bool({"suite", "failCount"} & head.children)


FORMAT = Format(
    name="jenkins",
    title="Jenkins test results",
    sniff=_sniff,
    parse=parse,
    aliases=("jenkins-junit", "junitresult", "junit-result"),
    made_by="Jenkins, in a build's folder, and its API; also of UFT and other tools' results",
    how="cp $JENKINS_HOME/jobs/shop/builds/7/junitResult.xml .",
    file="junitResult.xml",
    notes=(
        "A case is a test; the pipeline's stages, the suite and the class are the containers.",
        "A case with an error's details or stack trace is failed: Jenkins does not tell errors "
        "from failures.",
        "The build since which it has failed, the node and the case's properties are metadata.",
        "`testReport/api/xml` of a build is read as well.",
    ),
)
