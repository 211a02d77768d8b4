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
from collections.abc import Collection, Sequence
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
    store: Results, profile: int, report: int, earlier: Sequence[int], tests: Collection[int]
) -> dict[int, Label]:
    """The labels of those `tests` of `report` that have one, against the reports `earlier` (newest
    first). A test that stands more than once in a report has no history there, and in this one no
    label: nobody can say which was which."""
    if not tests:
        return {}
    order = [report, *earlier]
    rows = store.ask(_SQL, {"profile": profile, "reports": order, "tests": sorted(set(tests))})
    often = Counter((test, each) for each, test, *_ in rows)
    outcomes = {
        (test, each): Outcome(STATUSES[status], status_hash)
        for each, test, status, status_hash in rows
        if often[test, each] == 1
    }
    labels = {}
    for test in set(tests):
        now = outcomes.get((test, report))
        before = [outcomes[test, each] for each in earlier if (test, each) in outcomes]
        label = judge(now, before) if now else None
        if label:
            labels[test] = label
    return labels


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
