"""Bazel's build events, as --build_event_json_file writes them: a test target is a result.

Names and meanings are those of Bazel's build_event_stream.proto. Of a target there come: how it is
configured, how it was built, each try of each shard of each run, and last a summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._bep_facts import (
    about_build,
    duration_of,
    files_of,
    moment_of,
    printed,
)
from assay.formats.format import Format, Head
from assay.model import FAILURES, Attempt, Error, Item, Notice, Result, Run, Status, Step

STATUSES = {
    "PASSED": Status.PASSED,
    "FLAKY": Status.PASSED,
    "FAILED": Status.FAILED,
    "TIMEOUT": Status.BROKEN,
    "INCOMPLETE": Status.BROKEN,
    "REMOTE_FAILURE": Status.BROKEN,
    "FAILED_TO_BUILD": Status.BROKEN,
    "TOOL_HALTED_BEFORE_TESTING": Status.BROKEN,
    "NO_STATUS": Status.UNKNOWN,
}
MESSAGES = {
    "TIMEOUT": "It ran out of time",
    "INCOMPLETE": "It did not run to its end",
    "REMOTE_FAILURE": "The machine that ran it failed",
    "FAILED_TO_BUILD": "It could not be built",
    "TOOL_HALTED_BEFORE_TESTING": "Bazel stopped before it ran",
}

ABORTED = {"SKIPPED": Status.SKIPPED, "NO_BUILD": None, "NO_ANALYZE": None}
"""By `aborted.reason`: what is not compatible is skipped; what nobody asked for is left out. Any
other reason broke the target."""

OF_A_TARGET = ("targetCompleted", "testSummary", "configuredLabel", "unconfiguredLabel")

MAX_HELD = 20_000
"""Failures to hold until Bazel has printed their output; beyond them they are let go without."""

MAX_TARGETS = 500_000
INTERNAL = "__"
"""How tags begin that rules set for themselves."""


@dataclass(slots=True)
class _Target:
    label: str
    kind: str = ""
    size: str = ""
    tags: tuple[str, ...] = ()
    tries: dict[tuple[int, int], list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Build:
    targets: dict[str, _Target] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    held: dict[str, Result] = field(default_factory=dict)
    output: dict[str, str] = field(default_factory=dict)
    started: datetime | None = None
    finished: datetime | None = None
    about: dict[str, str] = field(default_factory=dict)
    recognised: bool = False

    def take(self, event: dict[str, Any]) -> Iterator[Item]:
        ident = _json.mapping(event.get("id"))
        kind = next(iter(ident), "")
        said = _json.mapping(ident.get(kind))
        label = _json.text(said.get("label"))
        self.recognised = self.recognised or bool(kind)
        if "aborted" in event and kind in OF_A_TARGET and label:
            yield from self._aborted(label, _json.mapping(event["aborted"]))
        elif label:
            yield from self._of_target(kind, label, said, event)
        else:
            self._of_build(event)

    def _of_build(self, event: dict[str, Any]) -> None:
        started, finished = (_json.mapping(event.get(key)) for key in ("started", "finished"))
        self.started = self.started or moment_of(started, "startTime", "startTimeMillis")
        self.finished = moment_of(finished, "finishTime", "finishTimeMillis") or self.finished
        self.about |= about_build(event)
        progress = _json.mapping(event.get("progress"))
        for stream in ("stdout", "stderr"):
            for label, said in printed(_json.text(progress.get(stream))):
                if len(self.output) < MAX_HELD:
                    self.output.setdefault(label, said)

    def _of_target(
        self, kind: str, label: str, said: dict[str, Any], event: dict[str, Any]
    ) -> Iterator[Item]:
        if kind == "targetConfigured":
            self._configured(label, _json.mapping(event.get("configured")))
        elif kind == "testResult":
            target = self._target(label)
            run, shard = (int(_json.number(said.get(key)) or 1) for key in ("run", "shard"))
            tries = target.tries.setdefault((run, shard), [])
            tries.append(_json.mapping(event.get("testResult")))
        elif kind == "testSummary":
            yield from self._summed_up(label, _json.mapping(event.get("testSummary")))
        elif kind == "targetCompleted":
            completed = _json.mapping(event.get("completed"))
            if completed.get("success") is not True:
                yield from self._not_built(label, completed)
        elif kind == "actionCompleted":
            self._action(label, _json.mapping(event.get("action")))

    def _target(self, label: str) -> _Target:
        return self.targets.setdefault(label, _Target(label))

    def _configured(self, label: str, said: dict[str, Any]) -> None:
        if len(self.targets) >= MAX_TARGETS:
            return
        target = self._target(label)
        target.kind = _json.text(said.get("targetKind")).removesuffix(" rule")
        target.size = _json.text(said.get("testSize")).lower()
        tags = said.get("tag")
        told = map(_json.text, tags) if isinstance(tags, list) else ()
        target.tags = tuple(tag for tag in told if tag and not tag.startswith(INTERNAL))

    def _action(self, label: str, action: dict[str, Any]) -> None:
        """Why a target could not be built, for the one that comes next."""
        if action.get("success") is True:
            return
        detail = _json.text(_json.mapping(action.get("failureDetail")).get("message"))
        name = _json.text(action.get("type"))
        self.output.setdefault(label, f"{name}: {detail}" if name and detail else detail)

    def _not_built(self, label: str, completed: dict[str, Any]) -> Iterator[Item]:
        detail = _json.text(_json.mapping(completed.get("failureDetail")).get("message"))
        yield from self._broken(label, Status.BROKEN, detail or MESSAGES["FAILED_TO_BUILD"])

    def _aborted(self, label: str, said: dict[str, Any]) -> Iterator[Item]:
        reason = _json.text(said.get("reason"))
        status = ABORTED.get(reason, Status.BROKEN)
        if status is not None:
            told = _json.text(said.get("description")) or reason or "It was aborted"
            yield from self._broken(label, status, told)

    def _broken(self, label: str, status: Status, message: str) -> Iterator[Item]:
        """A target that never became a test."""
        if label not in self.done:
            target = self._target(label)
            path, name = _named(label)
            result = Result(
                path,
                name,
                status,
                error=Error(message=message.strip()),
                tags=target.tags,
                metadata=_metadata(target, {}),
            )
            yield from self._give(label, result)

    def _summed_up(self, label: str, summary: dict[str, Any]) -> Iterator[Item]:
        if label not in self.done:
            yield from self._give(label, _result(self._target(label), summary))

    def _give(self, label: str, result: Result) -> Iterator[Item]:
        self.targets.pop(label, None)
        self.done.add(label)
        if result.status in FAILURES and len(self.held) < MAX_HELD:
            self.held[label] = result
        else:
            yield result

    def end(self) -> Iterator[Item]:
        for target in [each for each in self.targets.values() if each.tries]:
            yield from self._summed_up(target.label, {})
        for label, result in self.held.items():
            yield _with_output(result, self.output.get(label, ""))
        length = None
        if self.started and self.finished and self.finished >= self.started:
            length = (self.finished - self.started).total_seconds()
        about = dict(self.about)
        branch, commit = about.pop("branch", ""), about.pop("commit", "")
        yield Run(self.started, length, branch=branch, commit=commit, metadata=about or None)


def _named(label: str) -> tuple[tuple[str, ...], str]:
    """The package, and the target within it."""
    package, _, name = label.rpartition(":")
    return ((package,), name) if package else ((), label)


def _result(target: _Target, summary: dict[str, Any]) -> Result:
    """A test, with what each try of it says; the summary is empty where the build was stopped."""
    path, name = _named(target.label)
    lasts = {place: tries[-1] for place, tries in target.tries.items()}
    word = _json.text(summary.get("overallStatus")) or _worst(lasts.values())
    status = STATUSES.get(word, Status.UNKNOWN)
    details = (_json.text(each.get("statusDetails")) for each in lasts.values())
    detail = next(filter(None, details), "")
    last = next(iter(lasts.values()), {})
    started = moment_of(summary, "firstStartTime", "firstStartTimeMillis")
    attempts = tuple(_attempts(target))
    return Result(
        path=path,
        name=name,
        status=status,
        duration=duration_of(summary, "totalRunDuration", "totalRunDurationMillis")
        or sum(filter(None, map(_seconds, lasts.values())))
        or None,
        started=started or moment_of(last, "testAttemptStart", "testAttemptStartMillisEpoch"),
        error=_error(word, detail) if status in FAILURES else None,
        steps=tuple(_shards(lasts)) if len(lasts) > 1 else (),
        attachments=tuple(
            file for tries in target.tries.values() for each in tries for file in files_of(each)
        ),
        attempts=attempts,
        flaky=word == "FLAKY" or (status is Status.PASSED and bool(attempts)),
        tags=target.tags,
        metadata=_metadata(target, last),
    )


def _error(word: str, detail: str) -> Error:
    kind = "" if word == "FAILED" else word
    return Error(kind, detail or MESSAGES.get(word, "It failed"))


def _worst(lasts: Iterable[dict[str, Any]]) -> str:
    words = [_json.text(each.get("status")) for each in lasts]
    return next((word for word in words if word != "PASSED"), "PASSED" if words else "NO_STATUS")


def _seconds(attempt: dict[str, Any]) -> float | None:
    return duration_of(attempt, "testAttemptDuration", "testAttemptDurationMillis")


def _attempts(target: _Target) -> Iterator[Attempt]:
    for tries in target.tries.values():
        for each in tries[:-1]:
            word = _json.text(each.get("status"))
            status = STATUSES.get(word, Status.UNKNOWN)
            error = _error(word, _json.text(each.get("statusDetails")))
            when = moment_of(each, "testAttemptStart", "testAttemptStartMillisEpoch")
            failed = error if status in FAILURES else None
            yield Attempt(status, _seconds(each), when, failed)


def _shards(lasts: dict[tuple[int, int], dict[str, Any]]) -> Iterator[Step]:
    """The shards, and the runs where there are several, as steps."""
    runs = len({run for run, _ in lasts}) > 1
    shards = len({shard for _, shard in lasts}) > 1
    for (run, shard), last in sorted(lasts.items()):
        parts = [f"run {run}"] * runs + [f"shard {shard}"] * shards
        status = STATUSES.get(_json.text(last.get("status")), Status.UNKNOWN)
        yield Step(", ".join(parts), status, _seconds(last))


def _metadata(target: _Target, last: dict[str, Any]) -> dict[str, str] | None:
    execution = _json.mapping(last.get("executionInfo"))
    remotely = "remotely" if execution.get("cachedRemotely") is True else ""
    found = {
        "kind": target.kind,
        "size": target.size,
        "cached": "locally" if last.get("cachedLocally") is True else remotely,
        "strategy": _json.text(execution.get("strategy")),
    }
    return {key: value for key, value in found.items() if value} or None


_OF_BAZEL = re.compile(r"exec \$\{PAGER|Executing tests from |-{10,}$|$")
"""Lines that Bazel puts before a test's own output."""


def _with_output(result: Result, output: str) -> Result:
    """The failure with what Bazel printed of it: its first line of its own is the message."""
    if not output or result.error is None:
        return result
    own = [line for line in output.split("\n") if not _OF_BAZEL.match(line)]
    told = result.error.message
    message = own[0] if own and told == "It failed" else told
    error = Error(result.error.type, message, "\n".join(own))
    return replace(result, error=error)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield Results, and last the Run; raises Malformed where there is no event.

    Older versions of Bazel write milliseconds, newer ones times and durations as protobuf's JSON.
    """
    build = _Build()
    for value in _json.sequence(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        try:
            event = _json.decode(value.raw, value.where)
        except Malformed as error:
            yield Notice(f"An event was left out. {error.message}", error.where)
            continue
        yield from build.take(_json.mapping(event))
    if not build.recognised:
        raise Malformed('Each of Bazel\'s events is an object with an "id"; there is none here')
    yield from build.end()


EVENTS = frozenset({"started", "testResult", "testSummary", "completed", "configured", "finished"})
WITHIN = frozenset(
    {"startTimeMillis", "startTime", "buildToolVersion", "optionsDescription", "testActionOutput"}
    | {"overallStatus", "targetKind", "targetConfigured", "targetCompleted"}
)


def _sniff(head: Head) -> bool:
    known = head.kind == "object" and "id" in head.keys
    return known and bool(head.keys & EVENTS and head.nested & WITHIN)


FORMAT = Format(
    name="bep",
    title="Bazel build events (JSON)",
    sniff=_sniff,
    parse=parse,
    aliases=("bazel", "bazel-bep", "build-event-json"),
    made_by="Bazel",
    how="bazel test --build_event_json_file=bep.json //...",
    file="bep.json",
    notes=(
        "A test target is a result, its package the container. `FAILED` is failed; `TIMEOUT` and "
        "what could not be run or built is broken, also a target that is no test.",
        "Tries of a test that is `flaky` are its attempts; shards, and runs where there are "
        "several, are steps.",
        "`test.log`, `test.xml` and undeclared outputs are attachments, if `bazel-testlogs` is "
        "sent along. With `--test_output=errors` what a failed test printed is its error.",
        "The rule, the size, whether the result was cached and how it was run are facts; tags are "
        "tags.",
        "Branch and commit are those of the workspace status (`STABLE_GIT_COMMIT`, `GIT_BRANCH` "
        "…) or of `--build_metadata`; the user's and the machine's names are left out.",
    ),
)
