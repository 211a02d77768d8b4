"""Times every question that pages ask, on a store made by `generate.py`.

    python bench/questions.py --of /tmp/results.duckdb [--rounds 20]

Asked of the largest profile (100,000 tests), and of one of the smallest, whose rows lie scattered
through the whole store. Prints p50 and p95 in milliseconds, and the CPU time that p50 stands for.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from assay.queries.changes import (
    LOOKBACK,
    Change,
    count_changes,
    list_changed_segments,
    list_changes,
)
from assay.queries.compare import Difference, Side, count_differences, list_differences
from assay.queries.flakiness import list_flaky
from assay.queries.grid import Only, show_grid
from assay.queries.labels import label_results
from assay.queries.levels import list_segments
from assay.queries.profile_tests import Sort as TestSort
from assay.queries.profile_tests import list_tests
from assay.queries.report_errors import list_causes
from assay.queries.report_results import Sort, list_results
from assay.queries.report_tree import show_level
from assay.queries.result_detail import show_result
from assay.queries.spans import list_spans
from assay.queries.test_history import list_history
from assay.queries.timing import mean_durations
from assay.store.results import Results, open_results

SPANNED = 10
"""Reports of 100,000 results that a chart of durations looks into."""

Question = Callable[[], object]


def questions(store: Results, profile: int, reports: list[int]) -> dict[str, Question]:
    """Every question, of the newest of `reports`."""
    report, last = reports[0], reports[1]
    page = list_results(store, profile, report)
    tests = [each.test for each in page.items]
    broken = page.items[0].position
    area = ("com", "example", "area3")
    about = (store, profile, report)
    earlier = reports[1 : LOOKBACK + 1]
    sides = (Side(profile, last), Side(profile, report))
    return {
        "report: failures first": lambda: list_results(*about),
        "report: second page": lambda: list_results(*about, cursor=page.next),
        "report: slowest": lambda: list_results(*about, sort=Sort.SLOWEST),
        "report: document order": lambda: list_results(*about, sort=Sort.DOCUMENT),
        "report: search": lambda: list_results(*about, q="refunds case_77"),
        "report: search errors": lambda: list_results(*about, q="basket 7"),
        "report: in a container": lambda: list_results(*about, path=area),
        "report: tree, root": lambda: show_level(*about),
        "report: tree, deeper": lambda: show_level(*about, area),
        "report: causes": lambda: list_causes(*about),
        "report: changes counted": lambda: count_changes(*about, earlier),
        "report: new failures": lambda: list_changes(*about, earlier, Change.NEW_FAILURE),
        "report: tests gone": lambda: list_changes(*about, earlier, Change.GONE),
        "report: labels of a page": lambda: label_results(*about, earlier, tests),
        "result: detail": lambda: show_result(*about, broken),
        "compare: counts": lambda: count_differences(store, *sides),
        "compare: slower": lambda: list_differences(store, *sides, Difference.SLOWER),
        "profile: grid of 20": lambda: show_grid(store, profile, reports[:20]),
        "profile: grid of 50": lambda: show_grid(store, profile, reports[:50]),
        "profile: grid, failing": lambda: show_grid(
            store, profile, reports[:50], only=Only.FAILING
        ),
        "profile: grid, search": lambda: show_grid(store, profile, reports[:50], q="case_77"),
        "profile: tests by name": lambda: list_tests(store, profile, reports[:50]),
        "profile: tests by failures": lambda: list_tests(
            store, profile, reports[:50], sort=TestSort.FAILURES
        ),
        "profile: slowest tests": lambda: list_tests(
            store, profile, reports[:50], sort=TestSort.SLOWEST
        ),
        "chart: segments": lambda: list_segments(store, {report: profile}),
        "chart: segments, deeper": lambda: list_segments(store, {report: profile}, area),
        "chart: changed segments": lambda: list_changed_segments(*about, earlier),
        "chart: flaky of 30": lambda: list_flaky(store, profile, reports[:30][::-1]),
        "chart: flaky of 300": lambda: list_flaky(store, profile, reports[:300][::-1]),
        "chart: parts of the durations": lambda: list_spans(store, profile, reports[:SPANNED]),
        "chart: mean durations": lambda: mean_durations(store, profile, reports[:2]),
        "test: history of 50": lambda: list_history(store, profile, tests[0], reports[:50]),
        "test: history of 500": lambda: list_history(store, profile, tests[0], reports[:500]),
    }


def measure(question: Question, rounds: int) -> tuple[float, float, float]:
    """p50, p95 and the median CPU time, in milliseconds, once the first answer is there."""
    question()
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        question()
        walls.append(1e3 * (time.perf_counter() - wall))
        cpus.append(1e3 * (time.process_time() - cpu))
    return median(walls), quantiles(walls, n=20)[-1], median(cpus)


def choose(store: Results) -> list[tuple[int, list[int]]]:
    """The profile of most tests and the one of fewest, with their reports, newest first."""
    sizes = store.ask("SELECT profile, count(*) FROM tests GROUP BY profile ORDER BY 2, 1", {})
    chosen = []
    for profile in (sizes[-1][0], sizes[0][0]):
        sql = "SELECT DISTINCT report FROM results WHERE profile = :profile ORDER BY 1 DESC"
        chosen.append((profile, [report for (report,) in store.ask(sql, {"profile": profile})]))
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--memory", default="256MB")
    wanted = parser.parse_args()
    store = open_results(f"duckdb://{wanted.of.absolute()}", memory=wanted.memory)
    for profile, reports in choose(store):
        sizes = "SELECT count(*) FROM results WHERE profile = :profile AND report = :report"
        [(size,)] = store.ask(sizes, {"profile": profile, "report": reports[0]})
        print(f"profile {profile}: {len(reports)} reports, the newest of {size:,} results")
        for name, question in questions(store, profile, reports).items():
            p50, p95, cpu = measure(question, wanted.rounds)
            print(f"  {name:28} p50 {p50:6.1f}  p95 {p95:6.1f}  cpu {cpu:6.1f} ms", flush=True)
    store.close()


if __name__ == "__main__":
    main()
