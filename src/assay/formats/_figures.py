"""A load test's figures, one set for each label (a kind of request), as Assay's words.

A label is one result, which failed when any of its requests did, and a measurement for each figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf, isfinite

from assay.model import Attachment, Error, Item, Measurement, Result, Status, Step

UNITS = {
    "samples": "",
    "errors": "",
    "error rate": "",
    "mean": "s",
    "median": "s",
    "p75": "s",
    "p90": "s",
    "p95": "s",
    "p99": "s",
    "min": "s",
    "max": "s",
    "throughput": "1/s",
    "received": "B",
    "sent": "B",
}
"""The metrics of a label, in the order in which they come. An error rate is a share of 1."""

MOST_TOLD = 3
"""Reasons in an error's message; its trace has all that are known."""

LEAST_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one label. `metrics` are named as in `UNITS`; `reasons` says how often
    requests failed of what; `noun` is what one of them is called when there are several."""

    path: tuple[str, ...]
    name: str
    metrics: Mapping[str, float]
    reasons: Mapping[str, int] = field(default_factory=dict)
    started: datetime | None = None
    steps: tuple[Step, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    tags: tuple[str, ...] = ()
    metadata: dict[str, str] | None = None
    noun: str = "requests"


def items_of(figures: Figures) -> Iterator[Item]:
    """The label's result, whose duration is the mean, and its measurements."""
    metrics = dict(figures.metrics)
    samples, errors = metrics.get("samples"), metrics.get("errors")
    if samples and errors is not None:
        metrics.setdefault("error rate", errors / samples)
    mean = metrics.get("mean", -1.0)
    yield Result(
        figures.path,
        figures.name,
        Status.FAILED if errors and errors > 0 else Status.PASSED,
        mean if mean >= 0 else None,
        figures.started,
        error_of(figures),
        steps=figures.steps,
        attachments=figures.attachments,
        tags=figures.tags,
        metadata=figures.metadata,
    )
    for metric, unit in UNITS.items():
        value = float(metrics.get(metric, inf))
        if isfinite(value):
            yield Measurement(figures.path, figures.name, metric, value, unit)


def error_of(figures: Figures) -> Error | None:
    """How many requests failed, and the most frequent reasons; None where none failed."""
    errors = int(figures.metrics.get("errors", 0))
    if errors <= 0:
        return None
    samples = int(figures.metrics.get("samples", 0))
    return failure(errors, samples, figures.reasons, figures.noun)


def failure(errors: int, samples: int, reasons: Mapping[str, int], noun: str = "requests") -> Error:
    """`12 of 4,000 requests failed (0.3 %): 500 Internal Server Error ×10, timeout ×2`."""
    said = f"{errors:,} {noun} failed"
    if samples >= errors:
        said = f"{errors:,} of {samples:,} {noun} failed ({percent(errors / samples)})"
    told = sorted(reasons.items(), key=lambda each: -each[1])
    parts = [f"{reason.strip() or 'no reason'} ×{count:,}" for reason, count in told]
    if parts:
        more = f" and {len(parts) - MOST_TOLD} more" if len(parts) > MOST_TOLD else ""
        said += f": {', '.join(map(_first_line, parts[:MOST_TOLD]))}{more}"
    trace = "\n".join(parts) if len(parts) > MOST_TOLD or "\n" in "".join(parts) else ""
    return Error(message=said, trace=trace)


def percent(share: float) -> str:
    """`12.5 %`; of little that is not nothing, `< 0.1 %`."""
    return f"{share:.1%}".replace("%", " %") if share >= LEAST_SHARE or not share else "< 0.1 %"


def _first_line(reason: str) -> str:
    first, _, rest = reason.partition("\n")
    return f"{first.strip()} … {rest.rpartition(' ')[2]}" if rest else first
