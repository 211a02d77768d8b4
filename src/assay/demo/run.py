"""One run of a profile's tests, before it is written down in the shape its tool would give it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.demo.company import Profile
from assay.model import Status
from assay.rows import Counts


@dataclass(frozen=True, slots=True)
class Failure:
    """`error` where the tool tells errors and failed assertions apart."""

    type: str
    message: str
    trace: str
    error: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One test; `tries` are the failures of its earlier attempts. `shot` names its screenshot."""

    suite: str
    name: str
    status: Status
    seconds: float
    failure: Failure | None = None
    reason: str = ""
    tries: tuple[Failure, ...] = ()
    shot: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """`build` counts up over all branches of a profile."""

    profile: Profile
    date: datetime
    branch: str
    commit: str
    build: int
    tags: tuple[str, ...]
    cases: tuple[Case, ...]

    @property
    def seconds(self) -> float:
        return sum(case.seconds for case in self.cases)

    def counts(self) -> Counts:
        """What a reader of the run's file should count."""
        found = [case.status for case in self.cases]
        flaky = sum(bool(case.tries) and case.status is Status.PASSED for case in self.cases)
        return Counts(
            total=len(found),
            passed=found.count(Status.PASSED),
            failed=found.count(Status.FAILED),
            broken=found.count(Status.BROKEN),
            skipped=found.count(Status.SKIPPED),
            flaky=flaky,
        )

    def suites(self) -> dict[str, list[Case]]:
        """The cases by suite, in order."""
        grouped: dict[str, list[Case]] = {}
        for case in self.cases:
            grouped.setdefault(case.suite, []).append(case)
        return grouped
