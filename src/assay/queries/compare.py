"""Two reports beside each other: what one has and the other has not, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assay.model import Status
from assay.queries.matching import FAILING, tests_like
from assay.queries.paging import Page, cut, decode_cursor
from assay.rows import STATUSES
from assay.store.results import Results

FACTOR, SECONDS = 1.5, 0.1
"""A test is slower or faster when its duration differs by this factor and by this much at least:
what is less is lost in the noise of a shared machine."""


class Difference(StrEnum):
    """How a test differs in the second report. One that fails in both may have another status,
    too."""

    BROKE = "broke"
    FIXED = "fixed"
    STATUS = "status"
    STILL_FAILING = "still_failing"
    ADDED = "added"
    REMOVED = "removed"
    SLOWER = "slower"
    FASTER = "faster"


@dataclass(frozen=True, slots=True)
class Side:
    """A report of a profile. The two of a comparison may be of different profiles."""

    profile: int
    report: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A test in both reports; None for what the one that lacks it would say. Durations are in
    seconds."""

    test: int
    path: tuple[str, ...]
    name: str
    before: Status | None
    after: Status | None
    duration_before: float | None
    duration_after: float | None
    position_before: int | None
    position_after: int | None


_BOTH_RAN = "a.status = 1 AND b.status = 1"

_HOLDS = {
    Difference.BROKE: "b.fails AND NOT a.fails",
    Difference.FIXED: "a.fails AND b.status = 1",
    Difference.STATUS: "a.status <> b.status AND NOT (b.fails AND NOT a.fails) "
    "AND NOT (a.fails AND b.status = 1)",
    Difference.STILL_FAILING: "a.fails AND b.fails",
    Difference.ADDED: "a.test IS NULL",
    Difference.REMOVED: "b.test IS NULL",
    Difference.SLOWER: f"{_BOTH_RAN} AND b.duration > a.duration * {FACTOR} "
    f"AND b.duration - a.duration >= {SECONDS}",
    Difference.FASTER: f"{_BOTH_RAN} AND a.duration > b.duration * {FACTOR} "
    f"AND a.duration - b.duration >= {SECONDS}",
}
"""What is true of a test before (a) and after (b) for each difference."""


def _side(name: str) -> str:
    return f"""
    SELECT test, argMax(status, weight) AS status, max(weight) = 2 AS fails,
        sum(duration) AS duration, min(position) AS position
    FROM (
        SELECT *, CASE WHEN {FAILING} THEN 2 WHEN status = 1 THEN 1 ELSE 0 END AS weight
        FROM results WHERE profile = :{name}_profile AND report = :{name}_report
    ) AS weighed
    GROUP BY test
    """  # noqa: S608


_JOINED = f"({_side('a')}) AS a FULL JOIN ({_side('b')}) AS b ON a.test = b.test"
"""A test that stands several times in a report is compared by its worst result."""

_COUNT = f"SELECT {', '.join(f'countIf({holds})' for holds in _HOLDS.values())} FROM {_JOINED}"  # noqa: S608

_LIST = """
WITH page AS (
    SELECT coalesce(b.test, a.test) AS test, a.status AS before, b.status AS after,
        a.duration AS duration_before, b.duration AS duration_after,
        a.position AS position_before, b.position AS position_after,
        coalesce(b.position, a.position) AS place
    FROM {joined}
    WHERE {holds} AND coalesce(b.position, a.position) > :place{named}
    ORDER BY place
    LIMIT :limit
)
SELECT page.test, path, name, before, after, duration_before, duration_after, position_before,
    position_after
FROM page
LEFT JOIN (SELECT * FROM tests WHERE profile = :shown) AS t ON t.test = page.test
ORDER BY place
"""


_NAMED = """
        AND coalesce(b.test, a.test) IN (SELECT test FROM tests WHERE profile = :shown{where})"""


def count_differences(store: Results, before: Side, after: Side) -> dict[Difference, int]:
    """How many tests differ in which way; a test can be in none or several."""
    counts = store.ask(_COUNT, _values(before, after))[0]
    return dict(zip(_HOLDS, counts, strict=True))


def list_differences(
    store: Results,
    before: Side,
    after: Side,
    difference: Difference,
    *,
    q: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Compared]:
    """The tests that `count_differences` counts as `difference`, in document order; those alone
    that have every word of `q` in their name and containers."""
    _, place = decode_cursor(cursor, (0, -1))
    shown = before.profile if difference is Difference.REMOVED else after.profile
    search = tests_like(q, ())
    named = _NAMED.format(where=search.where()) if search.conditions else ""
    rows = store.ask(
        _LIST.format(joined=_JOINED, holds=_HOLDS[difference], named=named),
        _values(before, after)
        | search.values
        | {"shown": shown, "place": place, "limit": limit + 1},
    )
    tests = [
        Compared(test, tuple(path), name, _status(was), _status(now), *seconds_and_positions)
        for test, path, name, was, now, *seconds_and_positions in rows
    ]
    return cut(tests, limit, _place)


def _place(test: Compared) -> tuple[float, int]:
    position = test.position_before if test.position_after is None else test.position_after
    return 0, position or 0


def _status(code: int | None) -> Status | None:
    return None if code is None else STATUSES[code]


def _values(before: Side, after: Side) -> dict[str, object]:
    return {
        "a_profile": before.profile,
        "a_report": before.report,
        "b_profile": after.profile,
        "b_report": after.report,
    }
