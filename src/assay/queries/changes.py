"""What changed in a report since the reports before it: how much, and which tests.

A test is compared with its *previous occurrence*: its result in the newest earlier report that has
it, by date and not by order of upload.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assay.model import Status
from assay.queries.matching import FAILING, tests_like
from assay.queries.paging import Page, cut, decode_cursor
from assay.rows import STATUSES
from assay.store.catalog.reports import Changes
from assay.store.results import Results

LOOKBACK = 20
"""Earlier reports that are looked through for a previous occurrence. Reports may take turns with
parts of the suite; twenty cover that and keep the question to some milliseconds."""


class Change(StrEnum):
    """How a test differs from its previous occurrence. A new test that fails is a new failure
    too."""

    NEW_FAILURE = "new_failures"
    FIXED = "fixed"
    STILL_FAILING = "still_failing"
    NEW_TEST = "new_tests"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ChangedTest:
    """A test that changed. `status` and `position` are of its result in the report, or for a test
    that is gone, in the report before it."""

    change: Change
    test: int
    position: int
    path: tuple[str, ...]
    name: str
    status: Status
    duration: float | None
    type: str
    message: str


_HOLDS = {
    Change.NEW_FAILURE: "fails AND NOT coalesce(failed, false)",
    Change.FIXED: "passed AND NOT fails AND coalesce(failed, false)",
    Change.STILL_FAILING: "fails AND coalesce(failed, false)",
    Change.NEW_TEST: "fails IS NOT NULL AND failed IS NULL",
    Change.GONE: "fails IS NULL",
}
"""What is true of a row of `compared` for each kind of change. `fails` is null where the report
lacks the test, `failed` where all earlier ones do."""

_PLACE = """coalesce(min(CASE WHEN report = :report THEN position END), min(position))"""
"""In the report if it has the test, else in the one before; asked for by lists only."""

_COMPARED = f"""
WITH pairs AS (
    SELECT test,
        max(CASE WHEN report = :report THEN {FAILING} END) AS fails,
        max(CASE WHEN report = :report THEN status = 1 END) AS passed,
        max(CASE WHEN report = :last THEN {FAILING} END) AS failed,
        {{place}} AS place
    FROM results WHERE profile = :profile AND report IN :pair GROUP BY test
), older AS (
    SELECT test, argMin({FAILING}, indexOf(:order, report)) AS failed
    FROM results
    WHERE profile = :profile AND report IN :older
        AND test IN (SELECT test FROM pairs WHERE failed IS NULL)
    GROUP BY test
), compared AS (
    SELECT pairs.test AS test, place AS position, fails, passed,
        coalesce(pairs.failed, older.failed) AS failed
    FROM pairs LEFT JOIN older ON older.test = pairs.test
)
"""  # noqa: S608
"""A test that stands several times in a report counts once, and fails if one of them does."""

_COUNT = f"""{_COMPARED.format(place=0)}
SELECT {", ".join(f"countIf({holds})" for holds in _HOLDS.values())} FROM compared
"""  # noqa: S608

_LIST = """{compared}
, page AS (
    SELECT test, position FROM compared WHERE {holds} AND position > :position
    ORDER BY position
    LIMIT :limit
)
SELECT page.test, page.position AS position, t.path, t.name, r.status, r.duration,
    coalesce(e.type, ''), coalesce(substringUTF8(e.message, 1, 500), '')
FROM page
JOIN (SELECT * FROM results WHERE profile = :profile AND report = :shown) AS r
    ON r.position = page.position
LEFT JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = page.test
LEFT JOIN (SELECT * FROM details WHERE profile = :profile AND report = :shown) AS d
    ON d.position = page.position
LEFT JOIN (SELECT * FROM errors WHERE profile = :profile) AS e ON e.message_hash = d.message_hash
ORDER BY position
"""


_LATECOMERS = """
SELECT DISTINCT place
FROM (
    SELECT test, min(indexOf(:order, report)) AS place FROM results
    WHERE profile = :profile AND report IN :order
    GROUP BY test
) AS seen
WHERE place > 1
ORDER BY place
"""
"""Where in the order a test stands for the first time."""


def list_affected(store: Results, profile: int, later: Sequence[int]) -> list[int]:
    """Those of `later` (the reports after a place in time, oldest first) whose changes may be
    others when a report comes to that place or goes from it: the first, and those with a test that
    none between has, whose previous occurrence may be there. Where every report has every test,
    that is the first alone."""
    if not later:
        return []
    rows = store.ask(_LATECOMERS, {"profile": profile, "order": list(later)})
    return [later[0], *(later[place - 1] for (place,) in rows)]


def count_changes(store: Results, profile: int, report: int, earlier: Sequence[int]) -> Changes:
    """How many tests of `report` changed since the reports `earlier` (newest first). All zeros
    without any: the first report of a profile changes nothing."""
    if not earlier:
        return Changes()
    counts = store.ask(_COUNT, _values(profile, report, earlier))[0]
    return Changes(*(each or 0 for each in counts))  # no rows at all have no sum


def list_changes(
    store: Results,
    profile: int,
    report: int,
    earlier: Sequence[int],
    change: Change,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ChangedTest]:
    """The tests that `count_changes` counts as `change`, in document order."""
    if not earlier:
        return Page(())
    gone = change is Change.GONE
    _, position = decode_cursor(cursor, (0, -1))
    values = _values(profile, report, earlier)
    values |= {"shown": earlier[0] if gone else report, "position": position, "limit": limit + 1}
    compared = _COMPARED.format(place=_PLACE)
    rows = store.ask(_LIST.format(compared=compared, holds=_HOLDS[change]), values)
    tests = [
        ChangedTest(change, test, place, tuple(path), name, STATUSES[code], seconds, kind, message)
        for test, place, path, name, code, seconds, kind, message in rows
    ]
    return cut(tests, limit, lambda each: (0, each.position))


@dataclass(frozen=True, slots=True)
class ChangedSegment:
    """A container, or the tests of one name: how many of its tests began to fail, and how many
    were fixed. `position` is of one of them in the report."""

    title: str
    leaf: bool
    new_failures: int
    fixed: int
    position: int


_SEGMENTS = """{compared}
SELECT title, leaf, countIf(kind = 1), countIf(kind = 2), min(position)
FROM (
    SELECT kind, position, length(path) < :level AS leaf,
        CASE WHEN length(path) < :level THEN name ELSE path[:level] END AS title
    FROM (
        SELECT test, position, CASE WHEN {broke} THEN 1 WHEN {fixed} THEN 2 ELSE 0 END AS kind
        FROM compared
    ) AS turned
    JOIN (SELECT * FROM tests WHERE profile = :profile{below}) AS t ON t.test = turned.test
    WHERE kind > 0
) AS placed
GROUP BY title, leaf
ORDER BY countIf(kind = 1) DESC, count(*) DESC, title
LIMIT :limit
"""


def list_changed_segments(
    store: Results,
    profile: int,
    report: int,
    earlier: Sequence[int],
    path: Sequence[str] = (),
    *,
    limit: int = 200,
) -> list[ChangedSegment]:
    """What lies directly below `path` and has tests that began to fail, or were fixed, since the
    reports `earlier`; most new failures first."""
    if not earlier:
        return []
    below = tests_like("", path)
    text = _SEGMENTS.format(
        compared=_COMPARED.format(place=_PLACE),
        broke=_HOLDS[Change.NEW_FAILURE],
        fixed=_HOLDS[Change.FIXED],
        below=below.where(),
    )
    values = _values(profile, report, earlier) | {"level": len(path) + 1, "limit": limit}
    rows = store.ask(text, below.values | values)
    return [
        ChangedSegment(title, bool(leaf), broke, fixed, position)
        for title, leaf, broke, fixed, position in rows
    ]


def _values(profile: int, report: int, earlier: Sequence[int]) -> dict[str, object]:
    last, *older = earlier
    return {
        "profile": profile,
        "report": report,
        "last": last,
        "pair": [report, last],
        "older": older,
        "order": list(earlier),
    }
