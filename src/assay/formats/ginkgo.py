"""Ginkgo's JSON report: an array of suites, each with its specs (`types.Report` of Ginkgo 2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._shapes import Shape, read
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import FAILURES, Attempt, Container, Error, Item, Notice, Result, Run, Status, Step

NANOSECONDS = 1e9
KEYS = frozenset({"SuitePath", "SuiteDescription"})
FIRST_YEAR = 1980
"""Go writes the year 1 where there is no time."""

STATES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "skipped": Status.SKIPPED,
    "pending": Status.SKIPPED,
    "panicked": Status.BROKEN,
    "timedout": Status.BROKEN,
    "interrupted": Status.BROKEN,
    "aborted": Status.BROKEN,
}
TYPES = {"panicked": "panic", "timedout": "timeout", "failed": "", "skipped": "", "pending": ""}
"""What an error is called; one of another state as the state is."""

SPEC = "It"
"""The type of what is a test; the others are suites' set-ups and clean-ups, told if they fail."""

ATTEMPT = re.compile(r"Failure recorded during attempt (\d+):\n")
"""How Ginkgo begins the message of an earlier try's failure."""

WHOLE = "[suite]"
BY = "By Step"
"""The name of a step among the entries, until Ginkgo 2.6; then steps are events."""

MAX_ATTEMPTS = 100


class Place(Shape, frozen=True, rename="pascal"):
    file_name: str | None = None
    line_number: int | None = None
    full_stack_trace: str | None = None


class Failure(Shape, frozen=True, rename="pascal"):
    message: str | None = None
    location: Place | None = None
    forwarded_panic: str | None = None
    failure_node_type: str | None = None
    timeline_location: dict[str, msgspec.Raw] | None = None


class Additional(Shape, frozen=True, rename="pascal"):
    state: str | None = None
    failure: Failure | None = None


class Event(Shape, frozen=True, rename="pascal"):
    spec_event_type: str | None = None
    message: str | None = None
    duration: float | None = None


class Value(Shape, frozen=True):
    as_json: str | None = msgspec.field(default=None, name="AsJSON")
    representation: str | None = msgspec.field(default=None, name="Representation")


class Entry(Shape, frozen=True, rename="pascal"):
    name: str | None = None
    value: Value | None = None


class Progress(Shape, frozen=True, rename="pascal"):
    message: str | None = None
    current_node_type: str | None = None
    current_node_text: str | None = None
    current_step_text: str | None = None


class Spec(Shape, frozen=True, rename="pascal"):
    container_hierarchy_texts: list[str] | None = None
    container_hierarchy_labels: list[list[str]] | None = None
    leaf_node_type: str | None = None
    leaf_node_location: Place | None = None
    leaf_node_labels: list[str] | None = None
    leaf_node_text: str | None = None
    state: str | None = None
    start_time: str | None = None
    run_time: float | None = None
    num_attempts: int | None = None
    max_flake_attempts: int | None = None
    max_must_pass_repeatedly: int | None = None
    failure: Failure | None = None
    additional_failures: list[Additional] | None = None
    captured_ginkgo_writer_output: str | None = None
    captured_std_out_err: str | None = None
    spec_events: list[Event] | None = None
    report_entries: list[Entry] | None = None
    progress_reports: list[Progress] | None = None


class Config(Shape, frozen=True, rename="pascal"):
    random_seed: int | None = None
    label_filter: str | None = None
    focus_strings: list[str] | None = None
    skip_strings: list[str] | None = None


class Suite(Shape, frozen=True, rename="pascal"):
    suite_path: str | None = None
    suite_description: str | None = None
    suite_labels: list[str] | None = None
    suite_succeeded: bool | None = None
    special_suite_failure_reasons: list[str] | None = None
    start_time: str | None = None
    run_time: float | None = None
    suite_config: Config | None = None
    spec_reports: list[msgspec.Raw] | None = None


_SUITE, _SPEC = msgspec.json.Decoder(Suite), msgspec.json.Decoder(Spec)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each suite's Container and Results, and last the Run.

    Durations are nanoseconds in the document. Raises Malformed where there is no suite.
    """
    first: datetime | None = None
    total = 0.0
    found = False
    for value in _json.values(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        suite = read(value.raw, _SUITE, value.where)
        if suite is None or suite.suite_description is None:
            yield Notice("A suite was expected here", value.where)
            continue
        found = True
        started = _moment(suite.start_time)
        first = min(first or started, started) if started else first
        total += suite.run_time or 0
        yield from _suite(suite, _specs(suite, value), value.where)
    if not found:
        raise Malformed('Ginkgo\'s report is an array of suites with "SuitePath"; there is none')
    yield Run(date=first, duration=total / NANOSECONDS)


def _specs(suite: Suite, value: _json.Value) -> Iterable[bytes | msgspec.Raw]:
    """The specs' JSON, each; of a suite with odd values they are written anew."""
    if suite.spec_reports:
        return suite.spec_reports
    found = _json.mapping(_json.decode(value.raw, value.where)).get("SpecReports")
    return map(msgspec.json.encode, found) if isinstance(found, list) else ()


def _suite(suite: Suite, specs: Iterable[bytes | msgspec.Raw], where: str) -> Iterator[Item]:
    path = (suite.suite_description or within_project(suite.suite_path or "") or "Suite",)
    config = suite.suite_config or Config()
    about = {
        "path": within_project(suite.suite_path or ""),
        "seed": str(config.random_seed or ""),
        "label filter": config.label_filter or "",
        "focus": ", ".join(config.focus_strings or ()),
        "skip": ", ".join(config.skip_strings or ()),
    }
    known = {key: value for key, value in about.items() if value}
    yield Container(path, "Suite", duration=_seconds(suite.run_time), metadata=known or None)
    failed = False
    for number, raw in enumerate(specs):
        spec = read(raw, _SPEC, where)
        if spec is None:
            yield Notice("A spec was expected here", f"{where}.SpecReports[{number}]")
            continue
        result = _result(spec, path, suite.suite_labels or [])
        failed = failed or result.status in FAILURES
        if spec.leaf_node_type == SPEC or result.status in FAILURES:
            yield result
    reasons = suite.special_suite_failure_reasons or []
    if reasons and not failed and suite.suite_succeeded is False:
        yield Result(path, WHOLE, Status.BROKEN, error=_said("\n".join(reasons)))


def _said(reasons: str) -> Error:
    """Why a suite failed though none of its specs did."""
    message, _, rest = reasons.partition("\n")
    return Error(message=message, trace=reasons if rest.strip() else "")


def _result(spec: Spec, path: tuple[str, ...], labels: list[str]) -> Result:
    status = STATES.get(spec.state or "", Status.UNKNOWN)
    attempts = _attempts(spec)
    is_spec = spec.leaf_node_type == SPEC
    return Result(
        path=(*path, *(spec.container_hierarchy_texts or ())),
        name=(is_spec and spec.leaf_node_text) or _node(spec),
        status=status,
        duration=_seconds(spec.run_time),
        started=_moment(spec.start_time),
        error=_error(spec),
        stdout=_output(spec),
        steps=_steps(spec, status),
        attempts=attempts,
        flaky=status is Status.PASSED and bool(attempts),
        tags=_labels(spec, labels),
        metadata=_metadata(spec),
    )


def _node(spec: Spec) -> str:
    """What is no spec, as Ginkgo itself names it: `[BeforeSuite]`, `[ReportAfterSuite] to CI`."""
    return f"[{spec.leaf_node_type or SPEC}] {spec.leaf_node_text or ''}".strip()


def _error(spec: Spec) -> Error | None:
    if spec.state == "pending":
        return Error(message="pending")
    failure = spec.failure
    if failure is None:
        return None
    later = [
        _text(each.failure)
        for each in spec.additional_failures or ()
        if each.failure and not ATTEMPT.match(each.failure.message or "")
    ]
    return _of(failure, spec.state or "", later)


def _of(failure: Failure, state: str, later: list[str]) -> Error:
    message = ATTEMPT.sub("", failure.message or "", count=1).strip()
    trace = (failure.location and failure.location.full_stack_trace) or ""
    return Error(
        TYPES.get(state, state),
        failure.forwarded_panic or message,
        "\n\n".join(filter(None, [trace.strip("\n"), *later])),
    )


def _text(failure: Failure) -> str:
    """A failure after the first, as of a clean-up, in short."""
    place = failure.location or Place()
    at = f"{within_project(place.file_name or '')}:{place.line_number}" if place.file_name else ""
    said = failure.forwarded_panic or failure.message or ""
    return f"[{failure.failure_node_type or 'Also'}] {said}\n{at}".strip()


def _attempts(spec: Spec) -> tuple[Attempt, ...]:
    """The tries before the last. Ginkgo keeps the failures of each; those of a spec that must pass
    several times are no tries of this kind."""
    if (spec.max_flake_attempts or 0) < 2 or (spec.num_attempts or 0) < 2:
        return ()
    failures: dict[int, Additional] = {}
    for each in spec.additional_failures or ():
        numbered = ATTEMPT.match((each.failure and each.failure.message) or "")
        if numbered:
            failures.setdefault(int(numbered[1][:9]), each)
    tries = range(1, min(spec.num_attempts or 0, MAX_ATTEMPTS))
    return tuple(_attempt(failures.get(number)) for number in tries)


def _attempt(found: Additional | None) -> Attempt:
    if found is None or found.failure is None:
        return Attempt(Status.FAILED)
    state = found.state or "failed"
    return Attempt(STATES.get(state, Status.FAILED), error=_of(found.failure, state, []))


def _output(spec: Spec) -> str:
    """What the spec wrote, and what Ginkgo was asked about it while it ran."""
    reports = [
        " › ".join(filter(None, [each.message, each.current_node_text, each.current_step_text]))
        for each in spec.progress_reports or ()
    ]
    progress = "\n".join(f"Progress: {report}" for report in reports if report)
    parts = (spec.captured_ginkgo_writer_output, spec.captured_std_out_err, progress)
    return "\n".join(part.rstrip("\n") for part in parts if part)


def _steps(spec: Spec, status: Status) -> tuple[Step, ...]:
    """What `By` said. The last one did not pass where the spec did not."""
    ends: dict[str, float | None] = {
        each.message or "": each.duration
        for each in spec.spec_events or ()
        if each.spec_event_type == "By (End)"
    }
    names = [each.message or "" for each in spec.spec_events or () if each.spec_event_type == "By"]
    names += [_entered(each) for each in spec.report_entries or () if each.name == BY]
    steps = [Step(name, Status.PASSED, _seconds(ends.get(name))) for name in names]
    if steps and status in FAILURES:
        steps[-1] = Step(names[-1], status, steps[-1].duration)
    return tuple(steps)


def _entered(entry: Entry) -> str:
    value = entry.value or Value()
    try:
        told = _json.mapping(_json.decode((value.as_json or "").encode()))
    except Malformed:
        told = {}
    return _json.text(told.get("Text")) or value.representation or BY


def _labels(spec: Spec, labels: list[str]) -> tuple[str, ...]:
    above = [label for level in spec.container_hierarchy_labels or () for label in level]
    return tuple(dict.fromkeys([*labels, *above, *(spec.leaf_node_labels or ())]))


def _metadata(spec: Spec) -> dict[str, str] | None:
    place = spec.leaf_node_location or Place()
    entries = {
        each.name: (each.value.representation or each.value.as_json or "")
        for each in spec.report_entries or ()
        if each.name and each.value and each.name != BY
    }
    about = {
        "file": within_project(place.file_name or ""),
        "line": str(place.line_number or ""),
        "must pass repeatedly": str(spec.max_must_pass_repeatedly or ""),
        **entries,
    }
    return {key: value for key, value in about.items() if value} or None


def _moment(time: str | None) -> datetime | None:
    found = _json.moment(time)
    return found if found and found.year >= FIRST_YEAR else None


def _seconds(nanoseconds: float | None) -> float | None:
    return None if nanoseconds is None or nanoseconds < 0 else nanoseconds / NANOSECONDS


def _sniff(head: Head) -> bool:
    return head.kind in ("array", "object") and head.keys >= KEYS


FORMAT = Format(
    name="ginkgo",
    title="Ginkgo JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("ginkgo-json", "ginkgo_json"),
    made_by="Ginkgo 2, for Go",
    how="ginkgo run --json-report=ginkgo.json -r",
    file="ginkgo.json",
    notes=(
        "A suite is a container, and so is each `Describe` and `Context`; a spec is a result. A "
        "suite's `BeforeSuite` and the like are results only where they fail.",
        "A spec that failed is failed; one that panicked, timed out, was interrupted or aborted is "
        "broken, and says which. Pending and skipped specs are skipped.",
        "The tries of `FlakeAttempts` are attempts, each with its failure; passed at last, it is "
        "flaky. `MustPassRepeatedly` is a fact of the spec.",
        "Labels are tags; what `By` says is a step; report entries are facts; what the spec wrote "
        "and its progress reports are its output; failures of clean-ups stand in the trace.",
        f"A suite that fails though no spec does (it was not built, has a focus, pending specs are "
        f"not allowed) is one broken result `{WHOLE}`.",
    ),
)
