"""Fills a results store with millions of made-up but believable results, fast.

    python bench/generate.py --results 10_000_000 --into /tmp/results.duckdb

Profiles differ as real ones do: a few with 100,000 tests, many with some hundreds. Their reports
come in turn, day after day, so that the rows of one profile lie scattered as they would. A test
has its own usual duration; some tests are flaky, some break for a while, some are new. Rows are the
same for the same arguments.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assay.store.duckdb import connect
from assay.store.results import open_results

KINDS = ((100_000, 0.30), (10_000, 0.30), (2_000, 0.25), (300, 0.15))
"""So many tests a profile has, and which part of all results is of such profiles."""

REPORTS = 500
"""So many reports a profile gets, unless the results do not suffice."""

AT_ONCE = 1_000_000
"""Rows made by one statement."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`reports` of `tests` tests each; ids of reports are given by `load`."""

    id: int
    tests: int
    reports: int


def plan(results: int) -> list[Profile]:
    """Profiles that have about `results` results together."""
    profiles: list[Profile] = []
    for tests, part in KINDS:
        runs = max(int(results * part / tests), 1)
        while runs > 0:
            taken = min(runs, REPORTS)
            profiles.append(Profile(len(profiles) + 1, tests, taken))
            runs -= taken
    return profiles


def turns(profiles: list[Profile]) -> Iterator[tuple[int, Profile, int]]:
    """(report id, profile, how many of its reports came before), in the order they come."""
    due = sorted(
        ((number + 0.5) / profile.reports, profile.id, number, profile)
        for profile in profiles
        for number in range(profile.reports)
    )
    for report, (_, _, number, profile) in enumerate(due, 1):
        yield report, profile, number


def load(file: Path, results: int) -> dict[int, list[int]]:
    """Makes the store at `file`; the ids of the reports of each profile, oldest first."""
    open_results(f"duckdb://{file.absolute()}").close()  # makes the tables
    profiles = plan(results)
    reports: dict[int, list[int]] = {profile.id: [] for profile in profiles}
    with connect(str(file.absolute()), memory="2GB", threads=2) as connection:
        connection.execute(_MACROS)
        for profile in profiles:
            connection.execute(_TESTS, {"profile": profile.id, "tests": profile.tests})
            connection.execute(_ERRORS, {"profile": profile.id})
        waiting: list[tuple[int, int, int, int]] = []
        for report, profile, number in turns(profiles):
            reports[profile.id].append(report)
            waiting.append((report, profile.id, number, profile.tests))
            if sum(tests for *_, tests in waiting) >= AT_ONCE:
                _add(connection, waiting)
        _add(connection, waiting)
        connection.execute("DROP TABLE turn")
        connection.execute("CHECKPOINT")
    return reports


def _add(connection: duckdb.DuckDBPyConnection, waiting: list[tuple[int, int, int, int]]) -> None:
    connection.execute(
        "CREATE OR REPLACE TABLE turn(report BIGINT, profile BIGINT, n BIGINT, tests BIGINT)"
    )
    if waiting:
        connection.executemany("INSERT INTO turn VALUES (?, ?, ?, ?)", waiting)
    connection.execute(_RESULTS)
    connection.execute(_DETAILS)
    waiting.clear()


_MACROS = """
CREATE TEMP MACRO test_hash(profile, i) AS hash(profile * 10_000_000 + i);
CREATE TEMP MACRO chance(a, b) AS (hash(a, b) % 1_000_000) / 1e6;
CREATE TEMP MACRO cause(profile, i) AS (profile * 1000 + i % 97 % 40)::UBIGINT;
"""

_TESTS = """
INSERT INTO tests
SELECT $profile, test_hash($profile, i),
    ['com', 'example', 'area' || i % 7, 'module' || i // 400, 'Feature' || i // 20],
    'it_handles_' || ['orders', 'refunds', 'carts', 'users', 'dates'][i % 5 + 1] || '_case_' || i
FROM range($tests) t(i)
"""

_ERRORS = """
INSERT INTO errors
SELECT $profile, cause($profile, i) + 500, cause($profile, i), 'AssertionError',
    'expected ' || i || ' to be ' || i * 7 || ' in basket ' || i,
    'expected <n> to be <n> in basket ' || i
FROM range(40) t(i)
"""

_RESULTS = """
INSERT INTO results
WITH drawn AS (
    SELECT profile, report, n, i, test_hash(profile, i) AS test, chance(report, i) AS luck,
        chance(profile, i) AS kind
    FROM turn, range(tests) t(i)
), judged AS (
    SELECT *, CASE
        WHEN kind < 0.004 AND luck < 0.15 THEN 2
        WHEN kind > 0.997 AND (n + i) % 90 < 12 THEN 2
        WHEN luck < 0.0005 THEN 3
        WHEN kind BETWEEN 0.5 AND 0.51 THEN 4
        ELSE 1 END AS status
    FROM drawn
    WHERE i < 100 OR kind < 0.98 OR n > i % 200
)
SELECT profile, report, i, test, status, kind < 0.004 AND luck > 0.85, 1,
    round(exp(-4 + 6 * chance(i, profile)) * (0.9 + luck / 5), 3),
    CASE WHEN profile % 3 = 0 THEN 1_700_000_000_000 + report * 3_600_000 + i * 10 END,
    CASE WHEN status IN (2, 3) THEN cause(profile, i) ELSE 0 END,
    CASE WHEN status IN (2, 3) THEN cause(profile, i) + status ELSE status END
FROM judged
ORDER BY report, test
"""

_DETAILS = """
INSERT INTO details
SELECT profile, report, position, test, error + 500,
    encode('{"trace":"' || repeat('at shop.Basket.add(Basket.java:' || position % 900 || ')\\n', 12)
        || '","stdout":"started ' || report || '"}')
FROM results
WHERE report IN (SELECT report FROM turn) AND status IN (2, 3)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=10_000_000)
    parser.add_argument("--into", type=Path, required=True)
    wanted = parser.parse_args()
    began = time.perf_counter()
    reports = load(wanted.into, wanted.results)
    made = sum(len(ids) for ids in reports.values())
    with duckdb.connect(str(wanted.into)) as connection:
        [(rows,)] = connection.execute("SELECT count(*) FROM results").fetchall()
    size = wanted.into.stat().st_size
    print(f"{rows:,} results in {made:,} reports of {len(reports)} profiles")
    print(f"{size:,} bytes, {size / rows:.1f} a result; {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
