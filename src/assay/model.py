"""The words of Assay as data: what every format is translated into, and nothing else.

A format's parser yields these as it reads, in any order except that a result is whole when it is
yielded. Durations are seconds, times aware UTC datetimes. They are msgspec structs rather than
dataclasses because a report is hundreds of thousands of them (docs/adr/0003).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from math import isnan

from msgspec import Struct


class Status(StrEnum):
    """How a test ended. A *failure* is `failed` (an assertion) or `broken` (an error)."""

    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


FAILURES = frozenset({Status.FAILED, Status.BROKEN})


class Error(Struct, frozen=True, gc=False, omit_defaults=True):
    """Why a test failed, broke or was skipped: `TimeoutError`, its message, its stack trace."""

    type: str = ""
    message: str = ""
    trace: str = ""


class Attachment(Struct, frozen=True, gc=False, omit_defaults=True):
    """A file that belongs to a result, step, container or report.

    Either `content` is embedded in the report, or `path` is what the report calls a file that is
    delivered beside it (matched by its last parts; never opened as a path).
    """

    name: str
    path: str = ""
    media_type: str = ""
    content: bytes | None = None


class Step(Struct, frozen=True, gc=False, omit_defaults=True):
    """One step of a test: a Cucumber step, a Robot keyword, a TestNG configuration method."""

    name: str
    status: Status
    duration: float | None = None
    error: Error | None = None
    output: str = ""
    attachments: tuple[Attachment, ...] = ()
    steps: tuple[Step, ...] = ()


class Attempt(Struct, frozen=True, gc=False, omit_defaults=True):
    """An earlier try of a test that was run again."""

    status: Status
    duration: float | None = None
    started: datetime | None = None
    error: Error | None = None
    stdout: str = ""
    stderr: str = ""


class Result(Struct, frozen=True, gc=False, omit_defaults=True):
    """One test in one report.

    `path` holds the titles of the containers above it, outermost first. `attempts` are the earlier
    tries, oldest first, without the last one, whose outcome is the result's own. `flaky` is true
    when it passed after an attempt that did not.
    """

    path: tuple[str, ...]
    name: str
    status: Status
    duration: float | None = None
    started: datetime | None = None
    error: Error | None = None
    stdout: str = ""
    stderr: str = ""
    description: str = ""
    steps: tuple[Step, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    flaky: bool = False
    tags: tuple[str, ...] = ()
    parameters: dict[str, str] | None = None
    metadata: dict[str, str] | None = None


class Container(Struct, frozen=True, gc=False, omit_defaults=True):
    """What is known of a node above the results beyond its title (the last of `path`)."""

    path: tuple[str, ...]
    classification: str = ""
    description: str = ""
    duration: float | None = None
    stdout: str = ""
    stderr: str = ""
    attachments: tuple[Attachment, ...] = ()
    metadata: dict[str, str] | None = None


class Measurement(Struct, frozen=True, gc=False, omit_defaults=True):
    """A number a test or a load generator measured, e.g. `p95` of `GET /cart` in seconds."""

    path: tuple[str, ...]
    name: str
    metric: str
    value: float
    unit: str = ""


class Run(Struct, frozen=True, gc=False, omit_defaults=True):
    """What a document says of the whole run. Several may come; a later one fills what is empty."""

    date: datetime | None = None
    duration: float | None = None
    branch: str = ""
    commit: str = ""
    build: str = ""
    tags: tuple[str, ...] = ()
    metadata: dict[str, str] | None = None
    attachments: tuple[Attachment, ...] = ()


class Notice(Struct, frozen=True, gc=False, omit_defaults=True):
    """A warning for the import's log: the document was read, and this is odd about it. `lost` says
    that it broke off, and what came before is all there is."""

    message: str
    where: str = ""
    lost: bool = False


class Passes(Struct, frozen=True, gc=False, omit_defaults=True):
    """Consecutive tests of one container that passed and have nothing else to say, but for facts
    that are the same of all: most of most reports. Means the same as a `Result` for each; a
    `durations` entry is NaN where unknown, and `started` may be left out."""

    path: tuple[str, ...]
    names: list[str]
    durations: list[float]
    metadata: dict[str, str] | None = None
    started: list[datetime | None] | None = None


Item = Result | Container | Measurement | Run | Notice
"""What a parser yields."""

PackedItem = Item | Passes
"""What a parser yields that is written for speed."""


def expand(items: Iterable[PackedItem]) -> Iterator[Item]:
    """The items with each `Passes` as its results."""
    for item in items:
        if isinstance(item, Passes):
            starts = item.started or [None] * len(item.names)
            for name, seconds, start in zip(item.names, item.durations, starts, strict=True):
                known = None if isnan(seconds) else seconds
                yield Result(item.path, name, Status.PASSED, known, start, metadata=item.metadata)
        else:
            yield item
