"""What a load test's samples amount to, label by label, in memory that does not grow with them.

Percentiles are by nearest rank. They are exact as long as a label has at most `EXACT` samples, and
beyond that within `ERROR` of it: the samples are then counted in buckets, each 1 % above the last.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from math import ceil, log, sqrt

from assay.errors import Malformed
from assay.formats._figures import Figures, failure, items_of
from assay.model import Attachment, Item, Notice, Run, Status, Step

EXACT = 20_000
"""Samples of a label whose times are kept one by one."""

EXACT_IN_ALL = 2_000_000
"""The same of all labels together."""

GROWTH = 1.01
ERROR = sqrt(GROWTH) - 1
"""0.5 %: how far the middle of a bucket is from its bounds, in proportion."""

SHORTEST, LONGEST = 1e-6, 1e5
"""Seconds between which buckets tell times apart."""

BUCKETS = ceil(log(LONGEST / SHORTEST, GROWTH)) + 2

MAX_LABELS = 2_000
MAX_REASONS = 40
MAX_PARTS = 40
MAX_NAME = 500
MAX_REASON = 300

OTHERS = "(other labels)"
OTHER_REASONS = "other reasons"

LATEST = 4_102_444_800
"""The year 2100: later times are no times."""

SHARES = (("median", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99))


@dataclass(slots=True)
class Spread:
    """How times, in seconds, are spread."""

    exact: array[float] = field(default_factory=lambda: array("d"))
    buckets: array[int] | None = None
    count: int = 0
    total: float = 0.0
    shortest: float = float("inf")
    longest: float = 0.0

    def add(self, seconds: float) -> None:
        self.count += 1
        self.total += seconds
        if seconds < self.shortest:
            self.shortest = seconds
        if seconds > self.longest:
            self.longest = seconds
        if self.buckets is None:
            self.exact.append(seconds)
        else:
            self.buckets[_bucket(seconds)] += 1

    def condense(self) -> int:
        """From now on count in buckets; returns how many times are no longer kept."""
        if self.buckets is not None:
            return 0
        self.buckets = array("Q", bytes(8 * BUCKETS))
        for seconds in self.exact:
            self.buckets[_bucket(seconds)] += 1
        kept, self.exact = len(self.exact), array("d")
        return kept

    def metrics(self) -> dict[str, float]:
        """The figures by their names; none where there are no times."""
        if not self.count:
            return {}
        ranks = [max(1, ceil(share * self.count)) for _, share in SHARES]
        values = self._exactly(ranks) if self.buckets is None else self._about(ranks)
        found = dict(zip((name for name, _ in SHARES), values, strict=True))
        mean = self.total / self.count
        return {"mean": mean, **found, "min": self.shortest, "max": self.longest}

    def _exactly(self, ranks: list[int]) -> list[float]:
        ordered = sorted(self.exact)
        return [ordered[rank - 1] for rank in ranks]

    def _about(self, ranks: list[int]) -> list[float]:
        upto = list(accumulate(self.buckets or ()))
        found = (next(i for i, count in enumerate(upto) if count >= rank) for rank in ranks)
        return [min(max(_middle(each), self.shortest), self.longest) for each in found]


def _bucket(seconds: float) -> int:
    if seconds <= SHORTEST:
        return 0
    return min(BUCKETS - 1, ceil(log(seconds / SHORTEST, GROWTH)))


def _middle(bucket: int) -> float:
    """The geometric middle of a bucket's bounds."""
    return SHORTEST * GROWTH ** (bucket - 0.5) if bucket else 0.0


@dataclass(slots=True)
class _Part:
    """The samples that one label's are made of, such as a transaction's requests."""

    samples: int = 0
    errors: int = 0
    seconds: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)

    def step(self, name: str) -> Step:
        error = failure(self.errors, self.samples, self.reasons) if self.errors else None
        status = Status.FAILED if self.errors else Status.PASSED
        return Step(name, status, self.seconds / self.samples, error)


@dataclass(slots=True)
class Tally:
    """All samples of one label. Times of day are seconds since 1970."""

    spread: Spread = field(default_factory=Spread)
    samples: int = 0
    errors: int = 0
    first: float | None = None
    last: float | None = None
    received: float = 0.0
    sent: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)
    parts: dict[str, _Part] = field(default_factory=dict)
    metadata: dict[str, str] | None = None
    attachments: tuple[Attachment, ...] = ()

    def span(self, at: float, seconds: float = 0.0) -> None:
        """Take in a time of day and what lasted from then on."""
        if 0 < at < LATEST:
            ended = at + (seconds if 0 <= seconds < LATEST else 0.0)
            if self.first is None or at < self.first:
                self.first = at
            if self.last is None or ended > self.last:
                self.last = ended

    def add_part(self, name: str, seconds: float | None, reason: str | None) -> None:
        """One of the samples that this label's last sample is made of."""
        name = name[:MAX_NAME]
        if name not in self.parts and len(self.parts) >= MAX_PARTS:
            name = OTHERS
        part = self.parts.setdefault(name, _Part())
        part.samples += 1
        part.seconds += seconds or 0.0
        if reason is not None:
            part.errors += 1
            note(part.reasons, reason)

    def metrics(self, over: float | None) -> dict[str, float]:
        found: dict[str, float] = {"samples": self.samples, "errors": self.errors}
        found |= self.spread.metrics()
        took = over
        if took is None and self.first is not None and self.last is not None:
            took = self.last - self.first
        if took and took > 0:
            found["throughput"] = self.samples / took
        told = {"received": self.received, "sent": self.sent}
        return found | {name: value for name, value in told.items() if value}


def note(reasons: dict[str, int], reason: str, count: int = 1) -> None:
    """Count a reason, among the others if there are too many."""
    reason = reason.strip()[:MAX_REASON] or "no reason given"
    if reason not in reasons and len(reasons) >= MAX_REASONS:
        reason = OTHER_REASONS
    reasons[reason] = reasons.get(reason, 0) + count


@dataclass(slots=True)
class Samples:
    """The samples of a run, label by label."""

    labels: dict[tuple[tuple[str, ...], str], Tally] = field(default_factory=dict)
    kept: int = 0  # times that are held one by one
    left_over: int = 0  # samples of labels beyond the limit
    noun: str = "requests"

    def of(self, path: tuple[str, ...], name: str) -> Tally:
        """The label's tally; beyond the limit, that of all others."""
        found = self.labels.get((path, name))
        if found is None:
            key = tuple(title[:MAX_NAME] for title in path), name[:MAX_NAME]
            if key in self.labels:
                return self.labels[key]
            if len(self.labels) >= MAX_LABELS:
                self.left_over += 1
                return self.labels.setdefault(((), OTHERS), Tally())
            found = self.labels[key] = Tally()
        return found

    def add(
        self,
        path: tuple[str, ...],
        name: str,
        seconds: float | None,
        reason: str | None = None,
        at: float | None = None,
    ) -> Tally:
        """Count a sample, and give its label's tally; `reason` is why it failed, None if it did
        not; `at` is when it began, in seconds since 1970."""
        tally = self.of(path, name)
        tally.samples += 1
        if reason is not None:
            tally.errors += 1
            note(tally.reasons, reason)
        if seconds is not None and 0 <= seconds < float("inf"):
            self._time(tally.spread, seconds)
        if at is not None:
            tally.span(at, seconds or 0.0)
        return tally

    def _time(self, spread: Spread, seconds: float) -> None:
        spread.add(seconds)
        if spread.buckets is None:
            self.kept += 1
            if len(spread.exact) > EXACT or self.kept > EXACT_IN_ALL:
                self.kept -= spread.condense()

    def items(self, whole_run: bool = False) -> Iterator[Item]:
        """All labels in the order of their first samples, then the run. Throughputs are over a
        label's own time from its first sample to the end of its last, or over the whole run's.

        Raises `Malformed` where there is no sample.
        """
        if not self.labels:
            raise Malformed("There is no sample here")
        run = self.run()
        for (path, name), tally in self.labels.items():
            if tally.samples:
                yield from items_of(self._figures(path, name, tally, whole_run, run))
        if self.left_over:
            yield Notice(
                f"There are more than {MAX_LABELS:,} labels; {self.left_over:,} samples of the "
                f"rest are counted together as “{OTHERS}”"
            )
        yield run

    def _figures(
        self, path: tuple[str, ...], name: str, tally: Tally, whole_run: bool, run: Run
    ) -> Figures:
        return Figures(
            path,
            name,
            tally.metrics(run.duration if whole_run else None),
            tally.reasons,
            moment(tally.first),
            tuple(part.step(name) for name, part in tally.parts.items()),
            attachments=tally.attachments,
            metadata=tally.metadata,
            noun=self.noun,
        )

    def run(self) -> Run:
        """When the first sample began, and how long it was until the last had ended."""
        return run_of(*self.labels.values())


def run_of(*tallies: Tally) -> Run:
    """The time that they span."""
    first = min((each.first for each in tallies if each.first), default=None)
    last = max((each.last for each in tallies if each.last), default=None)
    took = last - first if first is not None and last is not None else None
    return Run(moment(first), took)


def moment(at: float | None) -> datetime | None:
    """A time of day as `Samples` takes it."""
    return None if at is None or not 0 < at < LATEST else datetime.fromtimestamp(at, UTC)
