"""What a rule can know of a report, and what it says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assay.rows import Counts


@dataclass(frozen=True, slots=True)
class Matched:
    """Tests of a report that globs fit: how many there are, how many of them fail, and the names of
    the first that do."""

    tests: int
    failing: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """What some requests of a load test amount to together; None for what was not measured. `value`
    is of the metric asked for, in seconds: a mean over all samples, any other the largest of the
    requests', which is that of `worst`."""

    requests: int
    samples: float | None = None
    errors: float | None = None
    value: float | None = None
    worst: str = ""


class Lookup(Protocol):
    """What is found out about the report only when a rule asks."""

    def has_earlier(self) -> bool:
        """Whether the profile has a report before it, by date."""

    def regressions(self) -> int:
        """How many tests passed in the report before and fail in it."""

    def matching(self, globs: Sequence[str]) -> Matched:
        """The tests whose names any of the globs fits."""

    def durations(self, last: int) -> Sequence[float]:
        """How long the `last` reports before it took, in seconds, where that is known."""

    def load(self, metric: str, request: str) -> Load:
        """Of the requests that the glob fits."""

    def loads(self, metric: str, request: str, last: int) -> Sequence[float]:
        """`Load.value` of each of the `last` reports before it, where there is one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A report, as rules see it. `duration` is in seconds."""

    counts: Counts
    new_failures: int
    gone: int
    duration: float | None
    branch: str
    tags: Sequence[str]
    metadata: Mapping[str, str]
    ask: Lookup


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of a report: that it holds (`passed`), that it does not, or (None) that it
    cannot be judged. `said` stands behind the rule's name: "3 > 0". `reason` says the same as a
    sentence of its own, where the rule has one."""

    passed: bool | None
    said: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`gate` is pass, fail, or None where nothing could be judged; `judged` has what each rule
    said: {"rule", "passed", "said"}, and "reason" where there is one."""

    gate: str | None
    judged: list[dict[str, Any]]
