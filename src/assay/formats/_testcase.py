"""One `<testcase>` of JUnit XML as a result: verdict, error, output, properties, reruns."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from assay.formats._facts import Facts, marked
from assay.formats._retries import join
from assay.formats._time import moment, seconds
from assay.formats._trace import split_type
from assay.formats._xml import Element
from assay.model import FAILURES, Error, Result, Status

VERDICTS = {
    "failure": Status.FAILED,
    "error": Status.BROKEN,
    "skipped": Status.SKIPPED,
    "skip": Status.SKIPPED,
    "ignored": Status.SKIPPED,
    "disabled": Status.SKIPPED,
}
"""What an element in a test case says of it. Where there are several, the first of this list says:
pytest writes a failure and the error of the teardown after it into one case."""

PRECEDENCE = {tag: place for place, tag in enumerate(VERDICTS)}

STATUSES = {
    "notrun": Status.SKIPPED,  # GoogleTest's DISABLED_ tests
    "suppressed": Status.SKIPPED,  # GoogleTest's `result`
    "disabled": Status.SKIPPED,  # CTest, Catch2
    "skipped": Status.SKIPPED,
    "ignored": Status.SKIPPED,
    "pending": Status.SKIPPED,
    "fail": Status.FAILED,  # CTest
    "failed": Status.FAILED,
    "failure": Status.FAILED,
    "error": Status.BROKEN,
    "errored": Status.BROKEN,
}
"""What the attributes `status` and `result` say of a case without such an element."""

RERUNS = {
    "rerunFailure": Status.FAILED,
    "rerunError": Status.BROKEN,
    "flakyFailure": Status.FAILED,
    "flakyError": Status.BROKEN,
}
"""Surefire's (and nextest's): further tries of a failure, and earlier ones of a success."""

PARAMETERS = ("value_param", "type_param")
"""GoogleTest's attributes of parameterised and typed tests."""

CASE_ATTRIBUTES = frozenset(
    {"name", "classname", "class", "time", "duration", "timestamp", "status", "result"}
    | {"assertions", "id", "tests"}
)
"""Those that are something else in the model, or nothing to anybody; the others are metadata."""

NO_FACTS = Facts()


def read_case(path: tuple[str, ...], name: str, case: Element) -> Result:
    """The case as a result, its reruns joined to it as attempts."""
    within = _Within(case)
    verdicts, stdout, stderr = within.verdicts, _join(within.stdout), _join(within.stderr)
    if len(verdicts) > 1:
        verdicts.sort(key=lambda verdict: PRECEDENCE[verdict.tag])
    facts = _facts(case.attrib, within, stdout, stderr)
    result = Result(
        path,
        name,
        VERDICTS[verdicts[0].tag] if verdicts else _status(case),
        seconds(case.get("time") or case.get("duration")),
        moment(case.get("timestamp")),
        failure_of(verdicts) if verdicts else None,
        stdout,
        stderr,
        facts.description,
        steps=tuple(facts.steps),
        attachments=tuple(facts.attachments),
        tags=tuple(facts.tags),
        parameters=facts.parameters or None,
        metadata=facts.metadata or None,
    )
    return _with_reruns(result, within.reruns) if within.reruns else result


class _Within:
    """What stands in a case, or in a rerun of one."""

    __slots__ = ("properties", "reruns", "stderr", "stdout", "trace", "verdicts")

    def __init__(self, element: Element) -> None:
        self.verdicts: list[Element] = []
        self.reruns: list[Element] = []
        self.properties: list[Element] = []
        self.stdout: list[str] = []
        self.stderr: list[str] = []
        self.trace = ""
        for child in element:
            self._add(child)

    def _add(self, child: Element) -> None:
        tag = child.tag
        if tag in VERDICTS:
            self.verdicts.append(child)
        elif tag == "system-out":
            self.stdout.append(text_of(child))
        elif tag == "system-err":
            self.stderr.append(text_of(child))
        elif tag == "properties":
            self.properties.append(child)
        elif tag == "stackTrace":
            self.trace = text_of(child)
        elif tag in RERUNS:
            self.reruns.append(child)


def _join(texts: list[str]) -> str:
    return "\n".join(filter(None, texts)) if texts else ""


def _facts(given: dict[str, str], within: _Within, *outputs: str) -> Facts:
    plain = given.keys() <= CASE_ATTRIBUTES and not within.properties
    if plain and not any(map(marked, outputs)):
        return NO_FACTS
    facts = Facts()
    for key in given:
        if key not in CASE_ATTRIBUTES:
            (facts.parameters if key in PARAMETERS else facts.metadata)[key] = given[key]
    for properties in within.properties:
        facts.add_all(properties_of(properties))
    facts.add_marked(*outputs)
    return facts


def _status(case: Element) -> Status:
    for key in ("status", "result"):
        if found := STATUSES.get(case.get(key, "").lower()):
            return found
    return Status.PASSED


def _with_reruns(result: Result, reruns: list[Element]) -> Result:
    """Surefire's order: a success after its failures, a failure before its further ones."""
    tries = [_rerun(result, child) for child in reruns]
    if result.status not in FAILURES:
        return join([*tries, result])
    joined = join([result, *tries])
    if joined.duration is None:  # of one try only is it told
        return msgspec.structs.replace(joined, duration=result.duration)
    return joined


def _rerun(result: Result, element: Element) -> Result:
    within = _Within(element)
    return msgspec.structs.replace(
        result,
        status=RERUNS[element.tag],
        duration=seconds(element.get("time")),
        started=moment(element.get("timestamp")),
        error=_told(element, within.trace or (element.text or "").strip("\r\n")),
        stdout=_join(within.stdout),
        stderr=_join(within.stderr),
        attachments=(),
    )


def failure_of(verdicts: list[Element]) -> Error | None:
    """Why a case ended so. Of several verdicts the first gives the message, all of them the trace.

    None if they say nothing.
    """
    first = verdicts[0]
    if len(verdicts) == 1:
        trace = text_of(first)
    else:
        trace = "\n\n".join(text_of(verdict) or verdict.get("message", "") for verdict in verdicts)
    if not trace and not first.attrib:
        return None
    return _told(first, trace)


def _told(verdict: Element, trace: str) -> Error:
    message = verdict.get("message", "").strip()
    if not message:
        message = trace.partition("\n")[0].strip()
        trace = trace if "\n" in trace else ""
    kind = verdict.get("type", "").strip() or split_type(message)[0]
    return Error(kind, message, trace if trace != message else "")


def text_of(element: Element) -> str:
    """All text in an element, without empty lines around it."""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return text.strip("\r\n") if text and not text.isspace() else ""


def properties_of(element: Element) -> Iterator[tuple[str, str]]:
    """Names and values; a long value may stand as text."""
    for child in element.iter("property"):
        if name := child.get("name"):
            yield name, child.get("value") or text_of(child)
