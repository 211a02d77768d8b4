"""The rules about how long it took, and about what a load test measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from assay.gates.facts import Facts, Outcome
from assay.gates.values import Growth, Share, Span, apart, percent, span

ALL = "*"
"""The requests a rule is about that names none."""


def judge_duration(facts: Facts, most: Span | Growth) -> Outcome:
    if facts.duration is None:
        return Outcome(None, "the report does not say how long it took")
    return _compare(facts.duration, most, facts.ask.durations)


def judge_error_rate(facts: Facts, most: Share, request: str = ALL) -> Outcome:
    """The failed requests among all."""
    load = facts.ask.load("mean", request)
    if not load.samples or load.errors is None:
        return Outcome(None, _unmeasured("error rate", request))
    rate = 100 * load.errors / load.samples
    holds = rate <= most.percent
    here, limit = apart(percent, rate, most.percent)
    return Outcome(holds, f"{here} {'≤' if holds else '>'} {limit}")


def at_most(metric: str) -> Callable[..., Outcome]:
    """A judge of a metric in seconds, of all requests or of those that a glob fits."""

    def judge(facts: Facts, most: Span | Growth, request: str = ALL) -> Outcome:
        load = facts.ask.load(metric, request)
        if load.value is None:
            return Outcome(None, _unmeasured(metric, request))
        found = _compare(load.value, most, lambda last: facts.ask.loads(metric, request, last))
        if metric == "mean" or load.requests < 2 or found.passed is None:
            return found
        return Outcome(found.passed, f"{found.said} ({load.worst})")

    return judge


def _unmeasured(metric: str, request: str) -> str:
    return f"no {metric} was measured" + (f" of {request}" if request != ALL else "")


def _compare(value: float, most: Any, before: Callable[[int], Sequence[float]]) -> Outcome:
    if isinstance(most, Span):
        return _outcome(value, most.seconds, "")
    earlier = before(most.last)
    if not earlier:
        return Outcome(None, "no report before this one has it, so there is no average")
    mean = sum(earlier) / len(earlier)
    of = f"{percent(most.percent)} of {span(mean)}, the average of {len(earlier)} before"
    return _outcome(value, mean * most.percent / 100, f", {of}")


def _outcome(value: float, limit: float, of: str) -> Outcome:
    holds = value <= limit
    here, there = apart(span, value, limit)
    return Outcome(holds, f"{here} {'≤' if holds else '>'} {there}{of}")
