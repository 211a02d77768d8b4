"""Tests of web-platform-tests and of Mozilla's harnesses: their words, what was expected of them,
and subtests as steps.

The words are those of mozlog's structured logging. `expected` is only written where it differs
from what came; without it a failure is one that was expected, and fails no run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from assay.model import FAILURES, Attachment, Error, Result, Status, Step

STATUSES = {
    "OK": Status.PASSED,
    "PASS": Status.PASSED,
    "FAIL": Status.FAILED,
    "ERROR": Status.BROKEN,
    "INTERNAL-ERROR": Status.BROKEN,
    "CRASH": Status.BROKEN,
    "ASSERT": Status.BROKEN,
    "TIMEOUT": Status.BROKEN,
    "EXTERNAL-TIMEOUT": Status.BROKEN,
    "NOTRUN": Status.BROKEN,
    "SKIP": Status.SKIPPED,
    "PRECONDITION_FAILED": Status.SKIPPED,
}
"""`NOTRUN` is a subtest that the end of its test came before."""

MAX_STEPS = 2_000
"""Subtests of one test to show; those that did not pass are always shown."""

MAX_SHOWN = 5


@dataclass(slots=True)
class Test:
    """A test, or a subtest, while it is told of."""

    name: str
    word: str = ""
    expected: str = ""
    intermittent: tuple[str, ...] = ()
    message: str = ""
    stack: str = ""
    started: datetime | None = None
    seconds: float | None = None
    steps: list[Step] = field(default_factory=list)
    subtests: int = 0
    bad: int = 0  # subtests that did not end as expected
    attachments: list[Attachment] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    size: int = 0
    metadata: dict[str, str] = field(default_factory=dict)

    def add(self, subtest: Test) -> None:
        """Take a subtest as a step."""
        status, error = outcome(subtest)
        self.subtests += 1
        self.bad += status in FAILURES
        if len(self.steps) < MAX_STEPS or (status in FAILURES and self.bad < MAX_STEPS):
            self.steps.append(Step(subtest.name, status, error=error, output=_aside(subtest)))


def outcome(test: Test) -> tuple[Status, Error | None]:
    """What became of it, given what was expected, and why."""
    status = STATUSES.get(test.word, Status.UNKNOWN)
    unexpected = test.expected not in ("", test.word) and test.word not in test.intermittent
    if not unexpected:
        if status is Status.SKIPPED:
            return status, Error(message=test.message) if test.message else None
        if test.word == "NOTRUN":
            return Status.SKIPPED, None
        return Status.PASSED if test.word in STATUSES else status, None
    if status is Status.PASSED:
        return Status.FAILED, Error(message=f"{test.word}, though {test.expected} was expected")
    if status is Status.SKIPPED:
        return status, Error(message=test.message) if test.message else None
    kind = "" if status is Status.FAILED else test.word
    return status, Error(
        kind, test.message or f"{test.word} instead of {test.expected}", test.stack
    )


def _aside(test: Test) -> str:
    """What a failure that was expected says."""
    passed = outcome(test)[0] is Status.PASSED and STATUSES.get(test.word) is not Status.PASSED
    return "\n".join(filter(None, (test.word, test.message))) if passed else ""


def result(test: Test) -> Result:
    """The test as a result: failed if one of its subtests is, though it itself is well."""
    status, error = outcome(test)
    failed = [step for step in test.steps if step.status in FAILURES]
    if failed and status not in FAILURES:
        status, error = _worst(failed), _of_subtests(test, failed)
    path, name = place(test.name)
    return Result(
        path=path,
        name=name,
        status=status,
        duration=test.seconds,
        started=test.started,
        error=error,
        stdout="\n".join(filter(None, (*test.output, _aside(test)))),
        steps=tuple(test.steps),
        attachments=tuple(test.attachments),
        metadata={**test.metadata, **_facts(test)} or None,
    )


def _worst(failed: Iterable[Step]) -> Status:
    """Failed where an assertion did, or else broken."""
    return Status.FAILED if Status.FAILED in {each.status for each in failed} else Status.BROKEN


def _of_subtests(test: Test, failed: list[Step]) -> Error:
    def said(step: Step) -> str:
        return f"{step.name}: {step.error.message}" if step.error else step.name

    shown = [said(step) for step in failed[:MAX_SHOWN]]
    head = f"{test.bad} of {test.subtests} subtests failed"
    traces = (step.error.trace for step in failed if step.error and step.error.trace)
    return Error(message="\n".join((head, *shown)), trace=next(traces, ""))


def _facts(test: Test) -> dict[str, str]:
    intermittent = ", ".join(test.intermittent)
    differs = test.expected if test.expected != test.word else ""
    plain = STATUSES.get(test.word) in (Status.PASSED, Status.SKIPPED)
    as_expected = not plain and not differs
    found = {
        "status": test.word if as_expected or differs else "",
        "expected": differs or (test.word if as_expected else ""),
        "known intermittent": intermittent,
    }
    return {key: value for key, value in found.items() if value}


def place(test: str) -> tuple[tuple[str, ...], str]:
    """The folders a test lies in, and its own name with its variant: `/a/b.html?c=d/e#f`."""
    ends = [at for sign in "?#" if (at := test.find(sign)) >= 0]
    file = test[: min(ends)] if ends else test
    folders, _, name = file.rpartition("/")
    return tuple(filter(None, folders.split("/"))), (name + test[len(file) :]) or test
