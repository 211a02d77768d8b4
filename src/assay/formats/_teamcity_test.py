"""A test of which TeamCity's messages tell, and what they say when it fails."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from assay.formats._trace import error_of, split_type
from assay.model import Attachment, Error, Result, Status, Step

MAX_OUTPUT = 4 << 20
"""Characters of a test's output; what it prints beyond them is left out."""

ASSERTION = re.compile("assert|comparison|expect|fail", re.IGNORECASE)
"""In the name of an exception that is an assertion; any other one broke the test."""

BROKEN = frozenset({"Error", "test setup failed", "test teardown failed"})
"""Messages of teamcity-messages for Python where no assertion failed."""


_SPACED = re.compile(r"\A([\w\\]+) : ")
"""How PHPUnit parts an exception's type from what it says."""


@dataclass(slots=True)
class Test:
    path: tuple[str, ...]
    name: str
    started: datetime | None
    captured: bool
    status: Status = Status.PASSED
    error: Error | None = None
    seconds: float | None = None
    output: dict[str, list[str]] = field(default_factory=lambda: {"out": [], "err": []})
    size: int = 0
    steps: list[Step] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)

    def say(self, stream: str, text: str) -> None:
        self.size += len(text)
        if self.size <= MAX_OUTPUT:
            self.output[stream].append(text)


def failure(said: dict[str, str]) -> tuple[Status, Error]:
    message, details = said.get("message", "").strip(), said.get("details", "").strip()
    kind, told = split_type(_SPACED.sub(r"\1: ", message))
    if message in ("Error", "Failure") and "\n" in details:
        kind, told = split_type(_last_line(details))
    elif not kind:
        kind = error_of(details).type
    if said.get("type") == "comparisonFailure":
        kind, told = kind or "comparisonFailure", _compared(told or message, said)
    broken = message in BROKEN or (kind and not ASSERTION.search(kind))
    return Status.BROKEN if broken else Status.FAILED, Error(kind, told or message, details)


def _last_line(details: str) -> str:
    """What Python says behind a traceback, from its last line that is not indented on."""
    return details.strip().rpartition("\n")[2]


def _compared(message: str, said: dict[str, str]) -> str:
    pairs = [(key, said[key]) for key in ("expected", "actual") if key in said]
    if all(value in message for _, value in pairs):
        return message
    return "\n".join(filter(None, (message, *(f"{key}: {value}" for key, value in pairs))))


def result(test: Test) -> Result:
    return Result(
        path=test.path,
        name=test.name,
        status=test.status,
        duration=test.seconds,
        started=test.started,
        error=test.error,
        stdout="".join(test.output["out"]),
        stderr="".join(test.output["err"]),
        steps=tuple(test.steps),
        attachments=tuple(test.attachments),
        metadata=test.metadata or None,
    )
