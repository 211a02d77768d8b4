"""Results that have their path and name in common with another of the same report.

They are kept apart, and none has a history: nobody can say which was which in another report.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from assay.store.results import Results


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A test that has so many results in one report."""

    path: tuple[str, ...]
    name: str
    results: int


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How many tests of a report have several results, how many results those are together, and
    some of them."""

    tests: int
    results: int
    examples: tuple[Duplicate, ...]


LONGEST_TITLE = 120
"""Characters of a test's name that a sentence shows."""

_REPORT = "profile = :profile AND report = :report"
_SEVERAL = f"""
SELECT test, count(*) AS n FROM results WHERE {_REPORT} GROUP BY test HAVING count(*) > 1
"""  # noqa: S608
_COUNT = f"SELECT count(*), coalesce(sum(n), 0) FROM ({_SEVERAL}) AS several"  # noqa: S608
_SOME = f"""
SELECT path, name, n
FROM ({_SEVERAL} ORDER BY test LIMIT :limit) AS several
JOIN (SELECT * FROM tests WHERE profile = :profile) AS t ON t.test = several.test
ORDER BY path, name
"""  # noqa: S608
_AMONG = f"""
SELECT test, count(*) FROM results WHERE {_REPORT} AND test IN :tests
GROUP BY test HAVING count(*) > 1
"""  # noqa: S608


def find_duplicates(store: Results, profile: int, report: int, limit: int = 3) -> Duplicates:
    """What there is of them in a report, with `limit` examples."""
    keys = {"profile": profile, "report": report}
    ((tests, results),) = store.ask(_COUNT, keys)
    rows = store.ask(_SOME, keys | {"limit": limit}) if tests else []
    return Duplicates(tests, results, tuple(Duplicate(tuple(p), name, n) for p, name, n in rows))


def count_alike(
    store: Results, profile: int, report: int, tests: Collection[int]
) -> dict[int, int]:
    """Those of `tests` that stand several times in the report, and how often."""
    if not tests:
        return {}
    values = {"profile": profile, "report": report, "tests": sorted(set(tests))}
    return dict(store.ask(_AMONG, values))


def describe(found: Duplicates) -> str:
    """What there is of them, as a sentence."""
    stand = "1 test stands" if found.tests == 1 else f"{found.tests:,} tests stand"
    some = "; ".join(f"{_title(each)} ({each.results} times)" for each in found.examples)
    return (
        f"{stand} several times in this report ({found.results:,} results): these are kept apart, "
        "and have no history, because nobody can say which was which in other reports, such as "
        f"{some}"
    )


def _title(test: Duplicate) -> str:
    whole = " › ".join((*test.path, test.name))
    return whole if len(whole) <= LONGEST_TITLE else f"{whole[: LONGEST_TITLE - 1]}…"
