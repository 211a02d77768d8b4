"""What gates said of reports, as pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay import gates
from assay.store.catalog.reports import Report
from assay.web.pages.parts import GateMark, RuleRow

STATUS = {gates.PASS: "passed", gates.FAIL: "failed", None: "none"}
RULES = {True: "passed", False: "failed", None: "none"}


def gate_mark(report: Report) -> GateMark | None:
    """The verdict on a report, in a few words, with each rule; None where it was never judged."""
    if report.judged is None:
        return None
    return GateMark(
        STATUS[report.gate],
        _words(report.gate, report.judged),
        tuple(RuleRow(RULES[each["passed"]], each["rule"], each["said"]) for each in report.judged),
        f"/profiles/{report.profile_id}/gate",
        report.gate == gates.FAIL or (_has_failures(report) and report.gate == gates.PASS),
    )


def reason(judged: Sequence[dict[str, Any]] | None) -> str:
    """Why a report passed, failed, or was not judged, each rule in the same short words."""
    return gates.shorten(judged) or gates.explain(judged).removeprefix("Not judged: ")


def dissent(report: Report) -> str:
    """The verdict's mark, where it says another thing than the results do; else empty."""
    if report.gate is None or (report.gate == gates.FAIL) == _has_failures(report):
        return ""
    return STATUS[report.gate]


def _has_failures(report: Report) -> bool:
    return bool(report.counts.failed + report.counts.broken)


def tooltip(report: Report) -> str:
    """The same in a line: "gate failed: new failures: 3 > 0"; empty where there is no verdict."""
    if report.gate is None:
        return ""
    failed = gates.shorten(report.judged)
    return f"gate failed: {failed}" if failed else "gate passed"


def _words(gate: str | None, judged: Sequence[dict[str, Any]]) -> str:
    if gate == gates.FAIL:
        return gates.shorten(judged)
    return "passed" if gate == gates.PASS else "not judged"
