"""The last runs of a profile as a strip: calm runs lie low, failing ones stand up.

Height says the same as colour: a run without failures is a short stroke, one with failures a tall
one, the taller the larger the share that failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from assay.rows import Counts

RUNS = 14
STEP = 5
STROKE = 4
HEIGHT = 16
CALM = 4
LEAST = 8


@dataclass(frozen=True, slots=True)
class Stroke:
    """One run."""

    status: str
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Spark:
    """The strip, newest run at the right, and the same in words."""

    strokes: tuple[Stroke, ...]
    width: int
    title: str
    height: int = HEIGHT


def draw(runs: Sequence[Counts], length: int = RUNS) -> Spark:
    """The strip of `runs`, oldest first; room is kept for runs that are still to come."""
    runs = runs[-length:]
    first = length - len(runs)
    strokes = tuple(_stroke(run, (first + at) * STEP) for at, run in enumerate(runs))
    return Spark(strokes, length * STEP - (STEP - STROKE), _title(runs))


def _stroke(run: Counts, x: int) -> Stroke:
    bad = run.failed + run.broken
    if not bad:
        return Stroke(_calm(run), x, HEIGHT - CALM, CALM)
    tall = LEAST + round((HEIGHT - LEAST) * sqrt(bad / run.total))
    return Stroke("failed" if run.failed else "broken", x, HEIGHT - tall, tall)


def _calm(run: Counts) -> str:
    if not run.passed:
        return "skipped" if run.skipped else "unknown"
    return "passed"


def _title(runs: Sequence[Counts]) -> str:
    if not runs:
        return "No report yet"
    bad = sum(1 for run in runs if run.failed + run.broken)
    if len(runs) == 1:
        return "One report, with failures" if bad else "One report, without failures"
    return f"{bad or 'None'} of the last {len(runs)} reports had failures"
