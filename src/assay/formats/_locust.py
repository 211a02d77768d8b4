"""Locust's statistics as it keeps them: response times rounded to milliseconds, and how often each.

`locust --json` prints them; the workers of a distributed test send them to the master, from where
Taurus writes them down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from assay.formats import _json
from assay.formats._figures import Figures
from assay.formats._samples import MAX_LABELS, MAX_NAME, SHARES, Tally, moment, note, run_of
from assay.model import Run

MILLISECONDS = 1000

KEYS = frozenset({"num_requests", "num_failures", "response_times"})
SINCE_FAILURES_COUNT = "num_fail_per_sec"
"""A key that is there where failed requests are among `num_requests`, as they are since 1.0."""

MOST_TIMES = 20_000


@dataclass(slots=True)
class Stats:
    """The sums of one kind of request. Times are milliseconds."""

    requests: int = 0
    failures: int = 0
    total: float = 0.0
    content: float = 0.0
    shortest: float | None = None
    longest: float | None = None
    times: dict[float, int] = field(default_factory=dict)
    span: Tally = field(default_factory=Tally)
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, entry: dict[str, Any]) -> None:
        """Take in what one process knows of it."""
        failures, requests = _count(entry, "num_failures"), _count(entry, "num_requests")
        self.failures += failures
        self.requests += requests if SINCE_FAILURES_COUNT in entry else requests + failures
        self.total += _json.number(entry.get("total_response_time")) or 0.0
        self.content += _json.number(entry.get("total_content_length")) or 0.0
        self.shortest = _least(self.shortest, _json.number(entry.get("min_response_time")))
        longest = _json.number(entry.get("max_response_time"))
        self.longest = max(filter(None, (self.longest, longest)), default=self.longest)
        for time, count in _json.mapping(entry.get("response_times")).items():
            self._add_times(_json.number(time), int(_json.number(count) or 0))
        for key in ("start_time", "last_request_timestamp"):
            self.span.span(_json.number(entry.get(key)) or 0.0)

    def _add_times(self, time: float | None, count: int) -> None:
        if time is not None and count > 0 and (time in self.times or len(self.times) < MOST_TIMES):
            self.times[time] = self.times.get(time, 0) + count

    def metrics(self) -> dict[str, float]:
        found: dict[str, float] = {"samples": self.requests, "errors": self.failures}
        timed = sum(self.times.values())
        if timed:
            found["mean"] = self.total / timed / MILLISECONDS
            found |= {name: self._at(ceil(share * timed)) for name, share in SHARES}
        for name, value in (("min", self.shortest), ("max", self.longest)):
            if value is not None:
                found[name] = value / MILLISECONDS
        took = run_of(self.span).duration
        if took:
            found["throughput"] = self.requests / took
        return found | ({"received": self.content} if self.content else {})

    def _at(self, rank: int) -> float:
        for time in sorted(self.times):
            rank -= self.times[time]
            if rank <= 0:
                return time / MILLISECONDS
        return 0.0


@dataclass(slots=True)
class AllStats:
    """The statistics of all kinds of requests."""

    labels: dict[str, Stats] = field(default_factory=dict)

    def add(self, entry: dict[str, Any]) -> None:
        if stats := self._of(entry):
            stats.add(entry)

    def add_error(self, entry: dict[str, Any]) -> None:
        if stats := self._of(entry):
            note(stats.reasons, _json.text(entry.get("error")), _count(entry, "occurrences"))

    def _of(self, entry: dict[str, Any]) -> Stats | None:
        name = label_of(_json.text(entry.get("method")), _json.text(entry.get("name")))[:MAX_NAME]
        if name not in self.labels and len(self.labels) >= MAX_LABELS:
            return None
        return self.labels.setdefault(name, Stats())

    def figures(self) -> Iterator[Figures]:
        for name, stats in self.labels.items():
            started = moment(stats.span.first)
            yield Figures((), name, stats.metrics(), stats.reasons, started)

    def run(self) -> Run:
        return run_of(*(stats.span for stats in self.labels.values()))


def label_of(method: str, name: str) -> str:
    """`GET /cart`; what Locust calls a request that has no method is its kind (`gRPC`)."""
    return name if method in ("", "None") and name else f"{method} {name}".strip() or "(no name)"


def _count(entry: dict[str, Any], key: str) -> int:
    return max(0, int(_json.number(entry.get(key)) or 0))


def _least(one: float | None, other: float | None) -> float | None:
    return min((each for each in (one, other) if each is not None), default=None)
