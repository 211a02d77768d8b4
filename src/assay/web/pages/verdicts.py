"""What each page says first: is it good, what is new, since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from assay.model import FAILURES
from assay.queries.test_history import Occurrence
from assay.store.catalog.reports import Report, State
from assay.web.pages import runs, words
from assay.web.pages.parts import Profile, Verdict


def of_company(profiles: Sequence[Profile], now: datetime) -> Verdict | None:
    """How many profiles are in trouble; None for a company without any."""
    told = [profile for profile in profiles if profile.newest]
    if not told:
        return Verdict("none", "Nothing has been reported yet.") if profiles else None
    bad = [profile for profile in told if profile.status in FAILURES]
    newest = max(profile.newest.date for profile in told if profile.newest)
    rest = f"The newest report is from {words.relative(newest, now)}."
    if not bad:
        lead = f"No failures in {words.count(len(told), 'profile')}."
        return Verdict("passed", lead, rest)
    have = "has" if len(bad) == 1 else "have"
    lead = f"{len(bad)} of {words.count(len(told), 'profile')} {have} failures."
    return Verdict("failed", lead, rest)


def of_profile(latest: Sequence[Report], causes: int, now: datetime) -> Verdict:
    """What the newest report (the first of `latest`) says, against those before it."""
    newest, *before = latest
    if not failures(newest):
        return _calm(latest)
    changes = newest.changes
    rest = [
        _since(latest, now) if before else "",
        words.count(causes, "cause") if causes > 1 else "",
        f"{words.number(changes.still_failing)} still failing" if changes.new_failures
        and changes.still_failing else "",
        f"{words.number(changes.fixed)} fixed" if changes.fixed else "",
    ]  # fmt: skip
    return Verdict(runs.mark(newest), _bad(newest), " · ".join(part for part in rest if part))


def of_report(report: Report, causes: int) -> Verdict:
    """The sentence above a report."""
    if report.state is State.RUNNING:
        return _so_far(report)
    if report.state is not State.DONE:
        return UNREAD[report.state]
    counts = report.counts
    if not failures(report):
        return _calm([report])
    of = f"{words.number(counts.passed)} of {words.number(counts.total)} passed"
    by = f", {words.count(causes, 'cause')}" if causes > 1 else ""
    return Verdict(runs.mark(report), _bad(report) + by + ";", of)


def of_result(
    history: Sequence[Occurrence], dates: dict[int, Report], now: datetime, *, alone: bool = False
) -> Verdict:
    """What one result is to those before it; `history` is newest first and begins with it. Where
    it is looked at `alone`, nothing is said of others."""
    here, *before = history
    status = "flaky" if here.flaky else here.status.value
    if alone and here.status in FAILURES:
        return Verdict(status, f"{status.title()}.")
    if here.status not in FAILURES:
        return Verdict(status, *_good(here, before))
    streak = [here, *takewhile(lambda each: each.status in FAILURES, before)]
    rest = _before(before[len(streak) - 1 :])
    if len(streak) == 1:
        new = "New failure." if before else "Fails in the first report that has it."
        return Verdict(status, new, rest)
    first = dates[streak[-1].report]
    since = " ".join(
        part for part in (runs.source(first) and f"{runs.source(first)},", _at(first, now)) if part
    )
    lead = f"Fails for the {words.ordinal(len(streak))} time,"
    return Verdict(status, lead, f"since {since}. {rest}".strip())


def failures(report: Report) -> int:
    """Results that failed or broke."""
    return report.counts.failed + report.counts.broken


UNREAD = {
    State.RECEIVED: Verdict("running", "Waiting to be read.", "The bytes are safe."),
    State.PROCESSING: Verdict("running", "Being read …"),
    State.FAILED: Verdict("unknown", "Nothing could be read.", "The import's log says why."),
}


def _so_far(report: Report) -> Verdict:
    counts = report.counts
    if not counts.total:
        return Verdict("running", "Running:", "no results so far.")
    lead = f"Running: {words.count(counts.total, 'result')} so far,"
    said = runs.sentence(counts) if failures(report) else "none of them a failure"
    return Verdict("running", lead, f"{said}.")


def _since(latest: Sequence[Report], now: datetime) -> str:
    """Since the last report, for what is new in this one; else since the first that failed."""
    newest, last, *_ = latest
    if newest.changes.new_failures:
        return words.since(last.date, now)
    streak = list(takewhile(failures, latest))
    if len(streak) == len(latest):
        return f"in each of the last {words.count(len(latest), 'report')}"
    return words.since(streak[-1].date, now) if len(streak) > 1 else ""


def _at(report: Report, now: datetime) -> str:
    return words.relative(report.date, now)


def _bad(report: Report) -> str:
    """New failures are the news, where there are any."""
    new, all_of_them = report.changes.new_failures, failures(report)
    if new:
        return words.count(new, "new failure")
    if report.changes.still_failing:
        return f"{words.count(all_of_them, 'failure')}, none of them new"
    return words.count(all_of_them, "failure")


def _calm(latest: Sequence[Report]) -> Verdict:
    newest = latest[0]
    counts = newest.counts
    if not counts.passed:
        lead = "No tests in this report." if not counts.total else "No test ran."
        return Verdict(runs.mark(newest), lead, runs.sentence(counts) if counts.total else "")
    length = sum(1 for _ in takewhile(lambda report: not failures(report), latest))
    rest = [
        f"{words.number(newest.changes.fixed)} fixed" if newest.changes.fixed else "",
        f"{words.number(counts.skipped)} skipped" if counts.skipped else "",
        f"{words.number(counts.flaky)} flaky" if counts.flaky else "",
        f"{words.ordinal(length)} report in a row without failures" if length > 2 else "",
    ]
    lead = f"{_all(counts.passed, counts.total)} passed"
    return Verdict("passed", lead, " · ".join(part for part in rest if part))


def _all(passed: int, total: int) -> str:
    whole = passed == total
    return f"All {words.number(total)} tests" if whole else words.count(passed, "test")


def _good(here: Occurrence, before: Sequence[Occurrence]) -> tuple[str, str]:
    if here.status == "skipped":
        return "Skipped.", _before(before)
    if here.status == "unknown":
        return "The report does not say how it ended.", _before(before)
    if here.flaky:
        return f"Passed, at the {words.ordinal(here.attempts)} attempt.", _before(before)
    if before and before[0].status in FAILURES:
        length = sum(1 for _ in takewhile(lambda each: each.status in FAILURES, before))
        return "Fixed:", f"passed, after {words.count(length, 'failure')} in a row."
    return "Passed.", _before(before)


def _before(before: Sequence[Occurrence]) -> str:
    if not before:
        return ""
    passed = sum(1 for each in before if each.status == "passed")
    if passed == len(before) == 1:
        return "Before, it passed."
    if passed == len(before):
        return f"Before, it passed {words.count(passed, 'time')} in a row."
    return f"Before, it passed {passed} of {words.count(len(before), 'time')}."
