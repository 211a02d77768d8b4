"""The sentence that each page says first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assay.model import Status
from assay.queries.test_history import Occurrence
from assay.rows import Counts
from assay.store.catalog.reports import Changes, Report, State
from assay.web.pages import verdicts
from assay.web.pages.words import UNIT

NOW = datetime(2026, 3, 12, 14, 14, tzinfo=UTC)


def report(number: int, failed: int = 0, new: int = 0, **counts: int) -> Report:
    """A report of 10 tests, `number` days before now."""
    passed = 10 - failed - counts.get("skipped", 0)
    at = NOW - timedelta(days=number)
    return Report(
        id=100 - number, uuid="", profile_id=1, import_id=None, date=at, created_at=at,
        updated_at=at, origin="junit", state=State.DONE, branch="main", commit=f"c{number}",
        build="", duration=None, tags=[], metadata={},
        counts=Counts(10, passed, failed, **counts),
        changes=Changes(new, 0, failed - new, 0, 0),
    )  # fmt: skip


def occurrence(
    number: int, status: Status, *, flaky: bool = False, attempts: int = 1
) -> Occurrence:
    return Occurrence(100 - number, 0, status, flaky, attempts, 1.0, None, 0, 0, "", "")


def said(history: list[Occurrence]) -> str:
    dates = {each.report: report(100 - each.report) for each in history}
    verdict = verdicts.of_result(history, dates, NOW)
    return f"{verdict.lead} {verdict.rest}".strip().replace(UNIT, " ")


def test_new_failures_are_the_news() -> None:
    verdict = verdicts.of_profile([report(0, 5, 3), report(1, 2)], 2, NOW)
    assert verdict.lead == "3 new failures"
    assert verdict.rest == "since yesterday 14:14 · 2 causes · 2 still failing"


def test_old_failures_say_since_when() -> None:
    latest = [report(0, 2), report(1, 2), report(20, 2, 2), report(30)]
    verdict = verdicts.of_profile(latest, 1, NOW)
    assert verdict.lead == "2 failures, none of them new"
    assert verdict.rest == "since 20 Feb"


def test_a_good_run_says_how_long_it_has_been_good() -> None:
    verdict = verdicts.of_profile([report(n, skipped=1) for n in range(4)], 0, NOW)
    assert verdict.status == "passed"
    assert verdict.lead == "9 tests passed"
    assert verdict.rest == "1 skipped · 4th report in a row without failures"
    assert verdicts.of_profile([report(0)], 0, NOW).lead == "All 10 tests passed"


def test_a_report_counts_what_is_new_in_it() -> None:
    verdict = verdicts.of_report(report(0, 3, 3), 2)
    assert (verdict.lead, verdict.rest) == ("3 new failures, 2 causes;", "7 of 10 passed")


def test_a_first_failure_is_new_and_the_third_names_its_commit() -> None:
    fails, passes = Status.FAILED, Status.PASSED
    assert said([occurrence(0, fails), occurrence(1, passes)]) == (
        "New failure. Before, it passed."
    )
    history = [*(occurrence(n, fails) for n in range(3)), occurrence(3, passes)]
    assert said(history) == (
        "Fails for the 3rd time, since main @ c2, Tue 14:14. Before, it passed."
    )
    assert said([occurrence(0, fails)]) == "Fails in the first report that has it."


def test_a_fix_and_a_lucky_attempt_are_named() -> None:
    fixed = [occurrence(0, Status.PASSED), *(occurrence(n, Status.BROKEN) for n in (1, 2))]
    assert said(fixed) == "Fixed: passed, after 2 failures in a row."
    assert said([occurrence(0, Status.PASSED, flaky=True, attempts=2)]) == (
        "Passed, at the 2nd attempt."
    )
