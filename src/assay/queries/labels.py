"""The label of a result: what it is to the test's earlier results.

The words and their rules are those that Calliope's users know:

    New result       no earlier occurrence
    New failure      fails, and passed before
    Fixed            passed, and failed before
    Was skipped      the status differs in another way
    3rd time         not passed, and the same as in the occurrences before it
    Changed          the same status, and something else differs
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from assay.model import FAILURES, Status
from assay.rows import STATUSES
from assay.store.results import Results


class Kind(StrEnum):
    """The kinds of labels, for what wants to treat them apart."""

    NEW_RESULT = "new_result"
    NEW_FAILURE = "new_failure"
    FIXED = "fixed"
    WAS = "was"
    TIMES = "times"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Label:
    """`text` is what a person reads. `before` is the earlier status, where there is one; `times`
    how often in a row the result was the same, this one counted."""

    kind: Kind
    text: str
    before: Status | None = None
    times: int = 1


Older = Callable[[], Sequence[int]]
"""The reports before those that are looked at first, newest first; asked for only where those do
not settle a label."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a result ended: its status, and the hash of all that makes it the same as another."""

    status: Status
    status_hash: int


_SQL = """
SELECT report, test, status, status_hash
FROM results
WHERE profile = :profile AND report IN :reports AND test IN :tests
"""


def label_results(
    store: Results,
    profile: int,
    report: int,
    earlier: Sequence[int],
    tests: Collection[int],
    older: Older = tuple,
) -> dict[int, Label]:
    """The labels of those `tests` of `report` that have one, against the reports `earlier` (newest
    first) and, for tests that these leave open, those `older`. A test that stands more than once in
    a report has no history there, and in this one no label: nobody can say which was which."""
    if not tests:
        return {}
    order = [report, *earlier]
    found = _outcomes(store, profile, order, tests)
    now = {test: found[test, report] for test in set(tests) if (test, report) in found}
    before = {test: _before(found, test, earlier) for test in now}
    open_ = [test for test, was in before.items() if _unsettled(now[test], was)]
    further = older() if open_ else ()
    if further:
        found = _outcomes(store, profile, further, open_)
        for test in open_:
            before[test] += _before(found, test, further)
    labels = {test: judge(outcome, before[test]) for test, outcome in now.items()}
    return {test: label for test, label in labels.items() if label}


Outcomes = dict[tuple[int, int], Outcome]
"""By test and report."""


def _outcomes(
    store: Results, profile: int, looked_at: Sequence[int], tests: Collection[int]
) -> Outcomes:
    """How the tests ended, where they stand once in a report."""
    values = {"profile": profile, "reports": list(looked_at), "tests": sorted(set(tests))}
    rows = store.ask(_SQL, values)
    often = Counter((test, report) for report, test, *_ in rows)
    return {
        (test, report): Outcome(STATUSES[status], status_hash)
        for report, test, status, status_hash in rows
        if often[test, report] == 1
    }


def _before(found: Outcomes, test: int, looked_at: Sequence[int]) -> list[Outcome]:
    return [found[test, report] for report in looked_at if (test, report) in found]


def _unsettled(now: Outcome, before: Sequence[Outcome]) -> bool:
    """Whether older results could say something else: there is none yet, or all were the same."""
    return not before or (
        now.status is not Status.PASSED and all(outcome == now for outcome in before)
    )


def judge(now: Outcome, before: Sequence[Outcome]) -> Label | None:
    """The label of `now`, whose earlier outcomes are `before`, newest first; None for a test that
    passed as it did before."""
    if not before:
        return Label(Kind.NEW_RESULT, "New result")
    last = before[0]
    if now.status is not last.status:
        return _judge_status(now.status, last.status)
    if now != last:
        return Label(Kind.CHANGED, "Changed", last.status)
    if now.status is Status.PASSED:
        return None
    times = 1 + sum(1 for _ in takewhile(now.__eq__, before))
    return Label(Kind.TIMES, f"{_ordinal(times)} time", last.status, times)


def _judge_status(now: Status, last: Status) -> Label:
    if now in FAILURES and last is Status.PASSED:
        return Label(Kind.NEW_FAILURE, "New failure", last)
    if now is Status.PASSED and last in FAILURES:
        return Label(Kind.FIXED, "Fixed", last)
    return Label(Kind.WAS, f"Was {last}", last)


def _ordinal(number: int) -> str:
    last = 0 if 10 < number % 100 < 20 else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"
