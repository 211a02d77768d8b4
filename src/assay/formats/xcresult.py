"""Xcode's result bundles, `.xcresult`: folders of objects that refer to one another by hashes.

What is needed is read without Xcode's own tools: the record of the invocation, the tree of tests of
each of its actions, a test's details, and the files these refer to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from assay.errors import Malformed
from assay.formats import _json
from assay.formats import _xcresult_objects as objects
from assay.formats._retries import attempt_of
from assay.formats._text import as_written
from assay.formats._xcresult_test import (
    Blob,
    Case,
    document_place,
    measured,
    reference,
    result_of,
)
from assay.formats.format import Format, Head, Piece
from assay.model import FAILURES, Error, Item, Notice, Result, Run, Status

INVOCATION, RUNS, TEST = (
    "ActionsInvocationRecord",
    "ActionTestPlanRunSummaries",
    "ActionTestSummary",
)
LARGEST = 64 << 20
"""Bytes of an object to read: the logs of builds, which are larger, are not needed."""

DEEPEST = 60
WRAPPERS = re.compile(r"All tests|Selected tests|.*\.xctest")
"""Groups that XCTest puts around its classes; so is one of groups that has the target's name."""

PLAIN = frozenset({"Test Scheme Action", ""})
"""Names of a run that has no configuration of a test plan."""

_FILE = re.compile(r"(?:^|[/\\])data\.(0~[\w=-]+)$")
_BUNDLE = re.compile(r"\.xcresult[/\\]|(?:^|[/\\])(?:data|refs)\.0~[\w-]{16,}=*$")


@dataclass(slots=True)
class _Bundle:
    """The files by their ids, and of the objects which are of interest."""

    files: dict[str, Piece] = field(default_factory=dict)
    invocations: list[Piece] = field(default_factory=list)
    runs: list[Piece] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        kind = objects.type_of(piece.read()[:200])
        if ident := _FILE.search(piece.name):
            self.files[ident[1]] = piece
        if kind == INVOCATION:
            self.invocations.append(piece)
        elif kind == RUNS:
            self.runs.append(piece)

    def blob(self, ident: str) -> bytes:
        piece = self.files.get(ident)
        return piece.read() if piece else b""

    def object(self, ident: str) -> dict[str, Any]:
        """The object of that id; an empty one where it is not there, or is none."""
        data = self.blob(ident)
        if not objects.type_of(data) or len(data) > LARGEST:
            return {}
        try:
            return _json.mapping(objects.read(data))
        except Malformed:
            return {}


def gather(pieces: Iterable[Piece]) -> Iterator[Item]:
    """All that the files of one or more bundles tell of."""
    bundle = _Bundle()
    for piece in pieces:
        bundle.add(piece)
    if not bundle.invocations and not bundle.runs:
        raise Malformed("The bundle has no record of what Xcode did; all its files are needed")
    if not bundle.invocations:
        for piece in bundle.runs:
            yield from _tests(_read(piece), (), bundle)
        return
    for piece in bundle.invocations:
        try:
            yield from _invocation(_read(piece), bundle)
        except Malformed as error:
            yield Notice(f"A record was left out. {error.message}", piece.name)


def _read(piece: Piece) -> dict[str, Any]:
    return _json.mapping(objects.read(piece.read()))


def _invocation(record: dict[str, Any], bundle: _Bundle) -> Iterator[Item]:
    actions = _json.objects(record.get("actions"))
    places = {_destination(action) for action in actions if _runs(action)}
    cases: list[Result] = []
    for action in actions:
        yield from _build(action)
        above = (_destination(action),) if len(places) > 1 else ()
        told = bundle.object(_runs(action))
        for item in _tests(told, above, bundle):
            if isinstance(item, Result):
                cases.append(item)
            else:
                yield item
    yield from _folded(cases)
    yield _run(actions)


def _runs(action: dict[str, Any]) -> str:
    """The id of the tests that an action ran."""
    return reference(_json.mapping(action.get("actionResult")).get("testsRef"))


def _destination(action: dict[str, Any]) -> str:
    place = _json.mapping(action.get("runDestination"))
    system = _json.mapping(place.get("targetSDKRecord"))
    named = _json.text(place.get("displayName"))
    version = _json.text(
        _json.mapping(place.get("targetDeviceRecord")).get("operatingSystemVersion")
    )
    version = version or _json.text(system.get("operatingSystemVersion"))
    return f"{named} ({version})" if version else named


def _build(action: dict[str, Any]) -> Iterator[Result]:
    """What could not be built, as a broken result."""
    built = _json.mapping(action.get("buildResult"))
    issues = _json.objects(_json.mapping(built.get("issues")).get("errorSummaries"))
    if not issues:
        return
    file, line = document_place(issues[0])
    everything = "\n".join(_issue(issue) for issue in issues)
    kind, message = (_json.text(issues[0].get(key)) for key in ("issueType", "message"))
    metadata = {"file": file, "line": line} if file else None
    error = Error(kind, message, everything)
    yield Result((), "(build)", Status.BROKEN, error=error, metadata=metadata)


def _issue(issue: dict[str, Any]) -> str:
    file, line = document_place(issue)
    return ": ".join(filter(None, (file and f"{file}:{line}", _json.text(issue.get("message")))))


def _tests(told: dict[str, Any], above: tuple[str, ...], bundle: _Bundle) -> Iterator[Item]:
    """The tests of an action: of each configuration of its test plan, of each target."""
    for plan in _json.objects(told.get("summaries")):
        name = _json.text(plan.get("name"))
        configured = above if name in PLAIN else (*above, name)
        for target in _json.objects(plan.get("testableSummaries")):
            title = _json.text(target.get("targetName")) or _json.text(target.get("name"))
            path = (*configured, title) if title else configured
            for failure in _json.objects(target.get("failureSummaries")):
                message = _json.text(failure.get("message"))
                yield Result(path, "(target)", Status.BROKEN, error=Error(message=message))
            for test in _json.objects(target.get("tests")):
                yield from _cases(test, path, bundle)


def _cases(
    node: dict[str, Any], path: tuple[str, ...], bundle: _Bundle, depth: int = 0
) -> Iterator[Item]:
    """The tests of a group, or the test that it is."""
    name = _json.text(node.get("name"))
    if "testStatus" in node:
        case = Case(path, node, bundle.object(reference(node.get("summaryRef"))))
        result = result_of(case, bundle.blob)
        yield from measured(case, result)
        yield result
        return
    if depth < DEEPEST:
        tests = _json.objects(node.get("subtests"))
        repeats = path[-1:] == (name,) and not any("testStatus" in test for test in tests)
        below = path if repeats or WRAPPERS.fullmatch(name) or not name else (*path, name)
        for test in tests:
            yield from _cases(test, below, bundle, depth + 1)


def _folded(cases: list[Result]) -> Iterator[Result]:
    """The tests, of those that ran several times the last with the others as its attempts."""
    tests: dict[tuple[tuple[str, ...], str], list[Result]] = {}
    for case in cases:
        tests.setdefault((case.path, case.name), []).append(case)
    for tries in tests.values():
        *earlier, last = tries
        failed = any(each.status in FAILURES for each in earlier)
        flaky = failed and last.status is Status.PASSED
        yield replace(last, attempts=tuple(map(attempt_of, earlier)), flaky=flaky)


def _run(actions: list[dict[str, Any]]) -> Run:
    begun = [when for each in actions if (when := _json.moment(each.get("startedTime")))]
    ended = [when for each in actions if (when := _json.moment(each.get("endedTime")))]
    length = (max(ended) - min(begun)).total_seconds() if begun and ended else None
    places = ", ".join(dict.fromkeys(filter(None, map(_destination, actions))))
    return Run(
        min(begun, default=None), length, metadata={"destination": places} if places else None
    )


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """What one of a bundle's objects tells of by itself; durations are seconds.

    Raises Malformed where it is no object, or none that tells of tests.
    """
    data = b"".join(as_written(chunks))
    kind = objects.type_of(data)
    if kind not in (INVOCATION, RUNS, TEST):
        raise Malformed(f"Of a bundle's objects, {kind or 'this'} tells of no test; send all of it")
    told = _json.mapping(objects.read(data))
    alone = _Bundle()
    if kind == INVOCATION:
        yield from _invocation(told, alone)
    elif kind == RUNS:
        found = list(_tests(told, (), alone))
        yield from (item for item in found if not isinstance(item, Result))
        yield from _folded([item for item in found if isinstance(item, Result)])
    else:
        no_blob: Blob = alone.blob
        yield result_of(Case((), told, told), no_blob)


def _sniff(head: Head) -> bool:
    return head.text.startswith(objects.BEGINS.decode())


FORMAT = Format(
    name="xcresult",
    title="Xcode result bundle",
    sniff=_sniff,
    parse=parse,
    gather=gather,
    bundle=_BUNDLE,
    aliases=("xcode-result", "xcresultbundle"),
    made_by="Xcode since version 11",
    how="xcodebuild test -resultBundlePath Shop.xcresult && zip -r Shop.zip Shop.xcresult",
    file="Shop.zip",
    notes=(
        "The whole folder is one report, sent as a zip or tar. It is read without Xcode's tools.",
        "A test is a result, its target and its class the containers; the configuration of a test "
        "plan, and the device where there are several, stand above them.",
        "A failure's message, its place and its named frames are the error; an exception or an "
        "error that was thrown breaks a test. An expected failure is passed; `expected` tells.",
        "Activities are steps, with their attachments; arguments are parameters, and part of the "
        "name. Performance metrics are measurements.",
        "A test that ran several times is one result with its tries.",
        "What could not be built is a broken result, `(build)`. Coverage and logs are left out.",
    ),
)
