"""The shapes of the native API, and how they are made from what the stores give.

Others build on these: fields are added, never renamed or removed.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from msgspec.structs import asdict

from assay.errors import Invalid
from assay.rows import Counts
from assay.store.catalog.reports import Changes as ReportChanges
from assay.store.catalog.reports import Report

T = TypeVar("T")

PAGE = 50
LARGEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class CountsShape:
    total: int
    passed: int
    failed: int
    broken: int
    skipped: int
    unknown: int
    flaky: int


@dataclass(frozen=True, slots=True)
class ReportShape:
    """One run of tests. `date` is when the tests ran, `created_at` when the report came. While
    `state` is running, it is still coming in, and `counts` are of what has come."""

    id: int
    uuid: str
    profile_id: int
    date: datetime
    created_at: datetime
    origin: str
    state: str
    tags: list[str]
    branch: str
    commit: str
    build: str
    duration: float | None
    metadata: dict[str, str]
    counts: CountsShape
    changes: ReportChanges
    gate: str | None
    import_id: str | None
    url: str


@dataclass(frozen=True, slots=True)
class ErrorShape:
    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Some of a list; `next` is the `cursor` for those after them, or null."""

    items: list[T]
    next: str | None


def shape_counts(counts: Counts) -> CountsShape:
    return CountsShape(**asdict(counts))


def shape_report(report: Report, base: str) -> ReportShape:
    return ReportShape(
        id=report.id,
        uuid=report.uuid,
        profile_id=report.profile_id,
        date=report.date,
        created_at=report.created_at,
        origin=report.origin,
        state=report.state.value,
        tags=report.tags,
        branch=report.branch,
        commit=report.commit,
        build=report.build,
        duration=report.duration,
        metadata=report.metadata,
        counts=shape_counts(report.counts),
        changes=report.changes,
        gate=report.gate,
        import_id=report.import_id,
        url=f"{base}/reports/{report.id}",
    )


def test_id(test: int) -> str:
    """A test's hash as text: 64 bits are more than a JavaScript number holds."""
    return f"{test:016x}"


def read_test_id(text: str) -> int:
    try:
        number = int(text, 16)
    except ValueError:
        number = -1
    if len(text) > 16 or not 0 <= number < 2**64:
        raise Invalid(f"{text[:40]!r} is no test id; ids have 16 hexadecimal digits", "test_id")
    return number


def report_cursor(reports: list[Report], limit: int) -> str | None:
    """The place after the last of a full page of reports, newest first."""
    if len(reports) < limit:
        return None
    last = reports[-1]
    text = f"{last.date.isoformat()} {last.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_report_cursor(text: str | None) -> tuple[datetime, int] | None:
    """The place a cursor means. Raises `Invalid` for one that we did not make."""
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        date, _, number = raw.partition(" ")
        return datetime.fromisoformat(date).astimezone(UTC), int(number)
    except ValueError:
        message = "This cursor is none of ours; take `next` from the page before"
        raise Invalid(message, "cursor") from None
