"""pytest's JSON report, by the plug-in pytest-json-report: a test with its stages in one object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json, _pytest
from assay.formats._pytest import Stage
from assay.formats._shapes import Shape, read
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import Attempt, Error, Item, Notice, Result, Run, Status

KEYS = frozenset({"created", "exitcode", "root"})
STREAMED = ("collectors", "tests", "warnings")
STAGES = ("setup", "call", "teardown")

SKIP = re.compile(r"""^\('.*', \d+, (['"])(.*)\1\)$""", re.DOTALL)
"""A skipped stage's text: the file, the line and the reason as Python writes a tuple."""

SERVERS = {
    "commit": ("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "TRAVIS_COMMIT"),
    "branch": ("GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "GIT_BRANCH", "TRAVIS_BRANCH"),
    "build": ("GITHUB_RUN_ID", "CI_JOB_ID", "BUILD_TAG", "BUILD_ID", "TRAVIS_BUILD_ID"),
}
"""Variables of CI servers that pytest-metadata collects."""


class Crash(Shape, frozen=True):
    message: str | None = None


class Report(Shape, frozen=True):
    """A stage."""

    outcome: str | None = None
    duration: float | None = None
    longrepr: str | None = None
    crash: Crash | None = None
    traceback: list[Crash] | None = None
    stdout: str | None = None
    stderr: str | None = None
    log: Any = None


class Test(Shape, frozen=True):
    nodeid: str | None = None
    lineno: float | None = None
    outcome: str | None = None
    keywords: list[str] | None = None
    setup: Report | None = None
    call: Report | None = None
    teardown: Report | None = None
    metadata: Any = None
    user_properties: Any = None


class Collector(Shape, frozen=True):
    nodeid: str | None = None
    outcome: str | None = None
    longrepr: str | None = None


class Warned(Shape, frozen=True):
    message: str | None = None
    category: str | None = None
    filename: str | None = None
    lineno: int | None = None


_TEST = msgspec.json.Decoder(Test)
_COLLECTOR = msgspec.json.Decoder(Collector)
_WARNED = msgspec.json.Decoder(Warned)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result a test and one for each collector that failed, and Runs.

    Raises Malformed where it is no JSON object with pytest's keys.
    """
    about: dict[str, Any] = {}
    warnings: list[str] = []
    recognised = False
    for value in _json.values(chunks, STREAMED):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.removesuffix("[]") in {*KEYS, *STREAMED}
        try:
            if value.key == "warnings[]":
                warnings += _warning(value)
            elif value.key in ("tests[]", "collectors[]"):
                root = _json.text(about.get("root"))
                yield from _test(value, root) if value.key == "tests[]" else _collector(value)
            else:
                about[value.key] = _json.decode(value.raw, value.where)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed("pytest's JSON report is an object with “tests”; this one has none")
    yield _run(about)
    if warnings:
        yield _pytest.warned(warnings)


def _run(about: dict[str, Any]) -> Run:
    told = dict(_json.mapping(about.get("environment")))
    places = {
        ours: next((_json.text(told[key]) for key in keys if told.get(key)), "")
        for ours, keys in SERVERS.items()
    }
    return Run(
        date=_json.moment(about.get("created"), 1),
        duration=_json.number(about.get("duration")),
        branch=places["branch"],
        commit=places["commit"],
        build=places["build"],
        metadata=_json.flat(told) or None,
    )


def _test(value: _json.Value, root: str) -> Iterator[Item]:
    test = read(value.raw, _TEST, value.where)
    if test is None or not test.nodeid:
        yield Notice("A test with a nodeid was expected here", value.where)
        return
    reports = [report for name in STAGES if (report := getattr(test, name)) is not None]
    stages = [_stage(name, report) for name in STAGES if (report := getattr(test, name))]
    status = _status(test, stages)
    again = test.outcome == "rerun"
    path, name = _pytest.placed(test.nodeid)
    folder = root.replace("\\", "/").rstrip("/").rpartition("/")[2]
    yield Result(
        path=path,
        name=name,
        status=status,
        duration=_pytest.duration(stages),
        error=_pytest.error(stages),
        stdout="".join(report.stdout or "" for report in reports),
        stderr="".join((report.stderr or "") + _log(report.log) for report in reports),
        steps=_pytest.steps(stages),
        attempts=(Attempt(Status.FAILED),) if again else (),
        flaky=again and status is Status.PASSED,
        tags=_pytest.tags(test.keywords or (), test.nodeid, folder),
        metadata=_metadata(test, path),
    )


def _status(test: Test, stages: list[Stage]) -> Status:
    """By the stages; they may have been left out of the file (`--json-report-omit`)."""
    status = _pytest.outcome(stages)
    if status is Status.UNKNOWN:
        return _pytest.STATUSES.get(test.outcome or "", Status.UNKNOWN)
    return status


def _stage(name: str, report: Report) -> Stage:
    return Stage(name, report.outcome or "", report.duration, _error(report))


def _error(report: Report) -> Error | None:
    if not report.longrepr:
        return None
    if skipped := SKIP.match(report.longrepr):
        return _pytest.reason(skipped[2])
    kind = report.traceback[-1].message if report.traceback else ""
    message = report.crash.message if report.crash else ""
    return _pytest.fault(report.longrepr, message or "", kind or "")


def _log(records: object) -> str:
    """What was logged, a line a record. (The values are not put into the text, which may ask for
    anything.)"""
    return "".join(
        f"{_json.text(each.get('levelname'))} {_json.text(each.get('name'))}: "
        f"{_json.text(each.get('msg'))} {_json.compact(each.get('args'))}".rstrip()
        + "\n"
        for each in _json.objects(records)
    )


def _metadata(test: Test, path: tuple[str, ...]) -> dict[str, str] | None:
    found = _json.flat(test.metadata)
    for each in _json.objects(test.user_properties):
        found |= _json.flat(each)
    if test.outcome in ("xfailed", "xpassed"):
        found["expected"] = "failed"
    if path:
        found["file"] = path[0]
    if test.lineno is not None:
        found["line"] = str(int(test.lineno) + 1)
    return found or None


def _collector(value: _json.Value) -> Iterator[Item]:
    found = read(value.raw, _COLLECTOR, value.where)
    if found is None:
        return
    skipped = SKIP.match(found.longrepr or "")
    error = _pytest.reason(skipped[2]) if skipped else _pytest.fault(found.longrepr or "")
    result = _pytest.collection(found.nodeid or "", Stage("", found.outcome or "", error=error))
    if result:
        yield result


def _warning(value: _json.Value) -> Iterator[str]:
    found = read(value.raw, _WARNED, value.where)
    if found:
        place = f"{within_project(found.filename or '')}:{found.lineno or 0}"
        yield f"{place}: {found.category or 'Warning'}: {found.message or ''}"


def _sniff(head: Head) -> bool:
    return head.kind == "object" and head.keys >= KEYS


FORMAT = Format(
    name="pytestjson",
    title="pytest JSON report",
    sniff=_sniff,
    parse=parse,
    aliases=("pytest-json", "pytest_json", "pytest-json-report", "pytest_json_report"),
    made_by="pytest with the plug-in pytest-json-report",
    how="pytest --json-report --json-report-file=pytest.json",
    file="pytest.json",
    notes=(
        "A test's file is a container, with one for each folder on its way (one for all of it with "
        "`smart=false`), and so is its class; the parameters' id stays in the name.",
        "A failed `call` failed; a failed `setup` or `teardown` is broken, and the stages are "
        "steps then. An expected failure (`xfail`) is skipped, one that passed has passed; both "
        "have `expected` among their facts.",
        "A test that was run again is flaky if it passed at last; the file does not keep what its "
        "earlier tries met.",
        f"A file that could not be read for tests is a broken result, “{_pytest.COLLECTION}”; one "
        "that was skipped whole a skipped one.",
        "Marks are tags; `record_property` and `json_metadata` are facts. The environment, with "
        "commit, branch and build where the CI server tells them, is the report's, and so are "
        "warnings, as a file.",
    ),
    smart=_pytest.tree,
)
