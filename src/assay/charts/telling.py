"""What a chart says of a run, in a tooltip."""

from __future__ import annotations

from assay.charts.stacks import numbers, said
from assay.figures import duration, exact, number
from assay.rows import Counts
from assay.store.catalog.reports import Report

BUILD_TIME = "ciBuildDuration"
"""Milliseconds that the whole build took, as XL TestView's clients and Jenkins' plugin tell it."""


def told(report: Report) -> str:
    """How it ended, when it ran, which build it was, how long it took."""
    parts = (
        ended(report.counts),
        exact(report.date),
        f"build {report.build}" if report.build else "",
        duration(report.duration),
    )
    return " · ".join(part for part in parts if part)


def ended(counts: Counts) -> str:
    """ "all 40 passed"; "2 failed, 38 passed"; "no tests"."""
    if not counts.total:
        return "no tests"
    if counts.passed == counts.total and not counts.flaky:
        return f"all {number(counts.total)} passed"
    return said(numbers(counts))


def outcome(counts: Counts) -> str:
    """The status of a whole run: the worst that counts."""
    order = ("failed", "broken", "passed", "skipped")
    return next((status for status in order if getattr(counts, status)), "unknown")


def build_time(report: Report) -> float | None:
    """The seconds that the build took, where it said so."""
    try:
        value = float(report.metadata.get(BUILD_TIME, ""))
    except ValueError:
        return None
    return value / 1000 if 0 <= value < 1e12 else None
