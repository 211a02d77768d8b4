"""The rules about how many tests did what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assay.gates.facts import Facts, Outcome
from assay.gates.values import Amount, Share, apart, percent
from assay.rows import Counts

NO_EARLIER = "there is no report before this one"
NO_TESTS = "no test ran"


def ran(counts: Counts) -> int:
    """The tests that were not skipped."""
    return counts.total - counts.skipped


def total(counts: Counts) -> int:
    return counts.total


def failing(counts: Counts) -> int:
    return counts.failed + counts.broken


def at_most(
    count: Callable[[Counts], int], of: Callable[[Counts], int] = ran
) -> Callable[[Facts, Any], Outcome]:
    """A judge of how many tests there are of a kind, or which share `of` others they are."""

    def judge(facts: Facts, most: Amount) -> Outcome:
        return compare(count(facts.counts), of(facts.counts), most)

    return judge


def judge_failures(facts: Facts, most: Amount) -> Outcome:
    """At most so many. With none allowed, the reason is XL TestView's, to the letter."""
    found = compare(failing(facts.counts), ran(facts.counts), most)
    if found.passed is False and most == Amount(0):
        return Outcome(False, found.said, f"{failing(facts.counts)} test(s) failed")
    return found


def judge_new_failures(facts: Facts, most: Amount) -> Outcome:
    if not facts.ask.has_earlier():
        return Outcome(None, NO_EARLIER)
    return compare(facts.new_failures, ran(facts.counts), most)


def judge_regressions(facts: Facts, most: Amount) -> Outcome:
    if not facts.ask.has_earlier():
        return Outcome(None, NO_EARLIER)
    return compare(facts.ask.regressions(), ran(facts.counts), most)


def judge_gone(facts: Facts, most: Amount) -> Outcome:
    if not facts.ask.has_earlier():
        return Outcome(None, NO_EARLIER)
    return compare(facts.gone, 0, most)


def judge_tests(facts: Facts, least: Amount) -> Outcome:
    here = facts.counts.total
    return Outcome(here >= least.number, f"{here:,} {'≥' if here >= least.number else '<'} {least}")


def judge_pass_rate(facts: Facts, least: Share) -> Outcome:
    """Of the tests that ran."""
    whole = ran(facts.counts)
    if not whole:
        return Outcome(None, NO_TESTS)
    rate = 100 * facts.counts.passed / whole
    here, limit = apart(percent, rate, least.percent)
    holds = rate >= least.percent
    return Outcome(holds, f"{here} {'≥' if holds else '<'} {limit}")


def judge_matching(facts: Facts, globs: list[str]) -> Outcome:
    """That none of the tests fails whose names a glob fits."""
    found = facts.ask.matching(globs)
    if not found.tests:
        return Outcome(None, "no test is called so")
    if not found.failing:
        return Outcome(True, f"none of {found.tests:,} fails")
    more = found.failing - len(found.names)
    named = ", ".join(found.names) + (f" and {more:,} more" if more else "")
    fail = "fails" if found.failing == 1 else "fail"
    return Outcome(False, f"{found.failing:,} of {found.tests:,} {fail}: {named}")


def compare(count: int, whole: int, most: Amount) -> Outcome:
    """A number against at most so many, or against so large a share of `whole`."""
    if not most.share:
        holds = count <= most.number
        return Outcome(holds, f"{count:,} {'≤' if holds else '>'} {most}")
    if not whole:
        return Outcome(None, NO_TESTS)
    share = 100 * count / whole
    holds = share <= most.number
    here, limit = apart(percent, share, most.number)
    return Outcome(holds, f"{count:,} of {whole:,}, {here} {'≤' if holds else '>'} {limit}")
