"""Allure 1's results: an XML file a suite, `<test-suite>`.

Labels of the suite hold for each of its tests, and stand behind them: results wait for its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from assay.formats._allure_labels import Pair, Parameter, metadata_of, name_of, tags_of
from assay.formats._allure_result import Time, error_of, moment, seconds
from assay.formats._html import plain
from assay.formats._json import number
from assay.formats._retries import Retries
from assay.formats._xml import Element, Part, elements
from assay.formats.format import Format, Head
from assay.model import (
    Attachment,
    Container,
    Error,
    Item,
    Notice,
    Passes,
    Result,
    Run,
    Status,
    Step,
)

NAMESPACE = "urn:model.allure.qatools.yandex.ru"
SCOPES = frozenset({"test-suite", "test-cases"})
TESTS = frozenset({"test-case"})

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "broken": Status.BROKEN,
    "skipped": Status.SKIPPED,
    "canceled": Status.SKIPPED,
    "pending": Status.SKIPPED,
}
"""In lower case."""

MARKS = "status_details"
"""The label that says flaky, muted or known."""

NOTHING = frozenset({"", "undefined", "null"})

MOST_HELD = 5_000
"""Results of one suite; of a larger one the first go without the suite's own labels."""


@dataclass(slots=True)
class _Suite:
    """What is known of a suite, and its tests as far as they have come."""

    name: str = ""
    title: str = ""
    description: str = ""
    labels: list[Pair] = field(default_factory=list)
    tests: list[tuple[Result, list[Pair]]] = field(default_factory=list)

    @property
    def path(self) -> tuple[str, ...]:
        shown = self.title or self.name
        return (shown,) if shown else ()


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the suite's results when it ends, then its Container and the run. Times are
    milliseconds since 1970."""
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part)


def _part(part: Part) -> Iterator[Item]:
    scope = part.scope
    if scope.tag == "test-cases" and scope.outer:
        scope = scope.outer
    suite: _Suite = scope.state or _Suite()
    scope.state = suite
    for record in part.records:
        if record.tag == "test-case":
            suite.tests.append(_test(record))
        else:
            _read(suite, record)
    if len(suite.tests) >= MOST_HELD:
        yield from _release(suite)
    if part.ended and part.scope is scope:
        yield from _release(suite)
        if suite.path and suite.description:
            yield Container(suite.path, "Suite", suite.description)
        time = _time(scope.attributes)
        yield Run(date=moment(time), duration=seconds(time))


def _read(suite: _Suite, record: Element) -> None:
    if record.tag == "name":
        suite.name = _text(record)
    elif record.tag == "title":
        suite.title = _text(record)
    elif record.tag == "description":
        suite.description = _description(record)
    elif record.tag == "labels":
        suite.labels += _labels(record)


def _release(suite: _Suite) -> Iterator[Item]:
    """The tests with what the suite says of each; those that were tried again joined."""
    retries = Retries()
    for result, labels in suite.tests:
        for each in retries.add(_labelled(result, suite, [*labels, *suite.labels])):
            yield from _plain(each)
    for each in retries.release():
        yield from _plain(each)
    suite.tests.clear()


def _plain(each: Result | Passes) -> Iterator[Result]:
    assert isinstance(each, Result)
    yield each


def _labelled(result: Result, suite: _Suite, labels: list[Pair]) -> Result:
    marks = {value.lower(): "true" for name, value in labels if name == MARKS}
    told = [(name, value) for name, value in labels if name != MARKS]
    classes = [value for name, value in labels if name == "testClass"]
    return msgspec.structs.replace(
        result,
        path=suite.path or tuple(classes[:1]),
        flaky="flaky" in marks and result.status is Status.PASSED,
        tags=tags_of(told),
        metadata=((result.metadata or {}) | metadata_of(told, ()) | marks) or None,
    )


def _test(case: Element) -> tuple[Result, list[Pair]]:
    """The test by itself, and its labels."""
    time = _time(case.attrib)
    parameters = [(each.get("kind", "argument").lower(), each) for each in case.iter("parameter")]
    given = [_parameter(each) for kind, each in parameters if kind == "argument"]
    others = (_parameter(each) for kind, each in parameters if kind != "argument")
    labels = _labels(case.find("labels"))
    if severity := case.get("severity"):
        labels.append(("severity", severity))
    result = Result(
        path=(),
        name=name_of(_title(case) or "Test", given),
        status=_status(case),
        duration=seconds(time),
        started=moment(time),
        error=_error(case.find("failure")),
        description=_description(case.find("description")),
        steps=_steps(case),
        attachments=_attachments(case),
        parameters={each.name: each.value for each in given if each.name} or None,
        metadata={each.name: each.value for each in others if each.name} or None,
    )
    return result, labels


def _steps(element: Element) -> tuple[Step, ...]:
    return tuple(map(_step, element.iterfind("steps/step")))


def _step(step: Element) -> Step:
    return Step(
        name=_title(step) or "Step",
        status=_status(step),
        duration=seconds(_time(step.attrib)),
        attachments=_attachments(step),
        steps=_steps(step),
    )


def _attachments(element: Element) -> tuple[Attachment, ...]:
    found = []
    for each in element.iterfind("attachments/attachment"):
        source = each.get("source", "")
        if name := each.get("title") or source:
            found.append(Attachment(name, source, each.get("type", "")))
    return tuple(found)


def _parameter(element: Element) -> Parameter:
    return Parameter(element.get("name", ""), element.get("value", ""))


def _labels(labels: Element | None) -> list[Pair]:
    if labels is None:
        return []
    return [(each.get("name", ""), each.get("value", "")) for each in labels.iterfind("label")]


def _status(element: Element) -> Status:
    return STATUSES.get(element.get("status", "").lower(), Status.UNKNOWN)


def _error(failure: Element | None) -> Error | None:
    if failure is None:
        return None
    message, trace = (_text(failure.find(tag)) for tag in ("message", "stack-trace"))
    return error_of(message, trace)


def _title(element: Element) -> str:
    """Its title, or its name: elements of it, but attributes in what some adapters write."""
    told = (_text(element.find(tag)) or element.get(tag, "") for tag in ("title", "name"))
    return next(filter(None, told), "")


def _description(element: Element | None) -> str:
    text = _text(element)
    is_html = element is not None and element.get("type", "").lower() == "html"
    return plain(text) if is_html else text


def _text(element: Element | None) -> str:
    text = (element.text or "").strip() if element is not None else ""
    return "" if text in NOTHING else text


def _time(attributes: dict[str, str]) -> Time:
    return Time(number(attributes.get("start")), number(attributes.get("stop")))


def _sniff(head: Head) -> bool:
    if head.kind != "xml" or head.root != "test-suite":
        return False
    return "test-cases" in head.children or any(value == NAMESPACE for _, value in head.attributes)


FORMAT = Format(
    name="allure1",
    title="Allure 1 results",
    sniff=_sniff,
    parse=parse,
    aliases=("allure-1", "allure_1", "allure1-xml"),
    made_by="The adapters of Allure 1 (JUnit 4, TestNG, Mocha, Jasmine, Cucumber and others)",
    how="mocha --reporter mocha-allure-reporter && zip -r allure.zip allure-results",
    file="allure-results/testsuite.xml",
    notes=(
        "A file is a suite: a container named by its title, its `test-case`s are tests. Send the "
        "whole folder, and attachments are matched by their `source`.",
        "`failed` is failed, `broken` broken; `canceled`, `pending` and `skipped` are skipped.",
        "A test that comes again in its suite after it failed is a further attempt of the same.",
        "Parameters of the kind `argument` are parameters, others are facts; so are labels, the "
        "suite's too, and the severity.",
        "A label `status_details` that says flaky makes a test flaky if it passed.",
    ),
)
