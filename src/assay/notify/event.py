"""What is told: one event, whichever channel it goes through."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from assay.rows import Counts
from assay.store.catalog.reports import Changes


class Kind(StrEnum):
    """What happened."""

    REPORT = "report.done"
    FAILED = "import.failed"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Subject:
    """The profile it is about, and the company that it belongs to."""

    company: str
    id: int
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Run:
    """A report, as it is told of. `date` is when the tests ran; `duration` is in seconds; `gate` is
    pass or fail where it was judged, for that `reason`."""

    id: int
    url: str
    date: datetime
    counts: Counts
    branch: str = ""
    commit: str = ""
    build: str = ""
    duration: float | None = None
    tags: tuple[str, ...] = ()
    gate: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that fails, with its error in a line."""

    path: tuple[str, ...]
    name: str
    status: str
    error: str
    url: str


@dataclass(frozen=True, slots=True)
class FailedImport:
    """An import that became no report, and why."""

    id: str
    url: str
    message: str


@dataclass(frozen=True, slots=True)
class Event:
    """`report` is there for a report and `failed` for a failed import. `previous` is the report
    before it by date, `changes` what changed since, `changed` whether any result differs.
    `failures` are the first few that are new, or of a first report the first few. `settings_url`
    is where the reader can change when they are told."""

    kind: Kind
    at: datetime
    profile: Subject
    settings_url: str
    report: Run | None = None
    previous: Run | None = None
    changes: Changes = field(default_factory=Changes)
    changed: bool = False
    failures: tuple[Failure, ...] = ()
    failed: FailedImport | None = None

    @property
    def url(self) -> str:
        """The page that says more."""
        about = self.report or self.failed or self.profile
        return about.url


def encode(event: Event) -> dict[str, Any]:
    """The event as JSON holds it."""
    plain: dict[str, Any] = msgspec.to_builtins(event)
    return plain


def decode(plain: dict[str, Any]) -> Event:
    return msgspec.convert(plain, Event)
