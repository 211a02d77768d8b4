"""From a gate and a report's facts to a verdict, and to the sentence that gives its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from assay.gates.facts import Facts, Outcome, Verdict
from assay.gates.globs import any_fits
from assay.gates.reading import ONLY, Entry, Gate

PASS, FAIL = "pass", "fail"


def judge(gate: Gate, facts: Facts) -> Verdict:
    """Fail if a rule does not hold; pass if none does not and one at least does; else neither."""
    other = _concerns_others(gate, facts)
    if other:
        return Verdict(None, [{"rule": ONLY, "passed": None, "said": other}])
    judged = [_told(each, _judge(each, facts)) for each in gate.entries]
    found = {each["passed"] for each in judged}
    return Verdict(FAIL if False in found else PASS if True in found else None, judged)


def explain(judged: Sequence[dict[str, Any]] | None) -> str:
    """The reason of a verdict in one sentence, from what each rule said; empty without any."""
    if not judged:
        return ""
    failed = [each for each in judged if each["passed"] is False]
    if failed:
        return "; ".join(map(_reason, failed))
    if any(each["passed"] for each in judged):
        held = sum(bool(each["passed"]) for each in judged)
        return "The rule holds" if held == 1 else f"All {held} rules hold"
    return f"Not judged: {'; '.join(map(_said, judged))}"


def shorten(judged: Iterable[dict[str, Any]] | None) -> str:
    """What the rules that do not hold said, short: "new failures: 3 > 0"."""
    return "; ".join(_said(each) for each in judged or () if each["passed"] is False)


def _concerns_others(gate: Gate, facts: Facts) -> str:
    """Why the gate is not for this report; empty where it is."""
    if gate.branches and not any_fits(gate.branches, facts.branch):
        return f"the gate is only for {' and '.join(gate.branches)}, not for " + (
            f"branch {facts.branch}" if facts.branch else "a report without a branch"
        )
    if gate.tags and not any(any_fits(gate.tags, tag) for tag in facts.tags):
        return f"the gate is only for reports tagged {' or '.join(gate.tags)}"
    return ""


def _judge(entry: Entry, facts: Facts) -> Outcome:
    if entry.about is None:
        return entry.rule.judge(facts, entry.value)
    return entry.rule.judge(facts, entry.value, entry.about)


def _told(entry: Entry, outcome: Outcome) -> dict[str, Any]:
    told = {"rule": entry.title, "passed": outcome.passed, "said": outcome.said}
    return told | ({"reason": outcome.reason} if outcome.reason else {})


def _reason(each: dict[str, Any]) -> str:
    return str(each.get("reason") or _said(each))


def _said(each: dict[str, Any]) -> str:
    return f"{each['rule']}: {each['said']}"
