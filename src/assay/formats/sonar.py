"""SonarQube's generic test execution: files with test cases, durations in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assay.formats import _trace
from assay.formats._retries import Retries, results_only
from assay.formats._testcase import VERDICTS, failure_of, text_of
from assay.formats._time import seconds
from assay.formats._workspaces import within_project
from assay.formats._xml import Element, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Status

ROOTS = frozenset({"testExecutions", "unitTest"})
"""The second is the root of before SonarQube 6.2, which some reporters still write."""

SCOPES = ROOTS | {"file"}
CASES = frozenset({"testCase"})
MILLISECONDS = 1000

SAYS_NOTHING = frozenset({"", "Error", "Failure", "Test failed"})
"""Messages that reporters write in want of one: jest-sonar's is always "Error"."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield test cases as results and files that tell more of themselves as containers."""
    for part in elements(chunks, SCOPES, CASES):
        if isinstance(part, Notice):
            yield part
            continue
        path = _path(part.scope)
        retries: Retries = part.scope.state or Retries()
        part.scope.state = retries
        for record in part.records:
            if record.tag == "testCase":
                yield from results_only(retries.add(_result(path, record)))
        if part.ended:
            yield from results_only(retries.release())
            about = {k: v for k, v in part.scope.attributes.items() if k == "configuration" and v}
            if part.scope.tag == "file" and about:
                yield Container(path, "file", metadata=about)


def _path(scope: Scope) -> tuple[str, ...]:
    file = within_project(scope.attributes.get("path", "")) if scope.tag == "file" else ""
    return (file,) if file else ()


def _result(path: tuple[str, ...], case: Element) -> Result:
    verdicts = [child for child in case if child.tag in VERDICTS]
    milliseconds = seconds(case.get("duration"))
    return Result(
        path=path,
        name=case.get("name") or "(unnamed)",
        status=VERDICTS[verdicts[0].tag] if verdicts else Status.PASSED,
        duration=None if milliseconds is None else milliseconds / MILLISECONDS,
        error=_error(verdicts, case.get("name", "")) if verdicts else None,
    )


def _error(verdicts: list[Element], name: str) -> Error | None:
    first = verdicts[0]
    if first.tag == "skipped" and first.get("message") == name and not text_of(first):
        return None  # jest-sonar's reason is the test's name
    if len(verdicts) == 1 and first.get("message", "").strip() in SAYS_NOTHING:
        told = text_of(first)
        return _trace.error_of(told) if told else None
    return failure_of(verdicts)


def _sniff(head: Head) -> bool:
    return head.root in ROOTS and (head.root == "testExecutions" or "file" in head.children)


FORMAT = Format(
    name="sonar",
    title="SonarQube generic test execution",
    sniff=_sniff,
    parse=parse,
    aliases=("sonarqube", "sonar-generic", "sonar-xml", "generic-test-execution"),
    made_by="jest-sonar, karma-sonarqube-unit-reporter, Catch2, xcresultparser and other reporters",
    how="npx jest --reporters=jest-sonar",
    file="sonar-report.xml",
    notes=(
        "A test case is a test, the file is the container above it, named as in the project.",
        "failure is failed, error broken, skipped skipped; a case with several verdicts has all of "
        "them as its trace.",
        "Durations are milliseconds, as SonarQube wants them.",
        "A case that stands there again after it failed is one with attempts.",
    ),
)
