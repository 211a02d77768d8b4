"""The steps of a scenario that SpecFlow, or Reqnroll after it, prints in a test's output.

A test framework runs each scenario as a plain test; what became of its steps is told in the output
alone: the step as it was written, then a line (or several) that begins with an arrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.formats._time import seconds
from assay.model import Error, Status, Step

ARROW = "-> "

VERDICTS = (
    ("done: ", Status.PASSED),
    ("error: ", Status.FAILED),
    ("binding error: ", Status.BROKEN),
    ("pending: ", Status.SKIPPED),
    ("skipped because of previous errors", Status.SKIPPED),
    ("No matching step definition found for the step", Status.SKIPPED),
)
"""What its trace listener writes behind the arrow; any other line of one (`warning:`) is no end."""

_TOOK = re.compile(r" \((\d+[.,]\d+)s\)$")
"""The time at a line's end, with the machine's decimal mark."""


def steps_of(output: str) -> tuple[Step, ...]:
    """The steps that the output tells of, none where it is no scenario's."""
    return tuple(_steps(output)) if ARROW in output else ()


def _steps(output: str) -> Iterator[Step]:
    """Between two arrows stand more lines of the first one's error, then the next step."""
    between: list[str] = []
    last: tuple[str, Status, str] | None = None
    for line in output.splitlines():
        found = _verdict(line) if line.startswith(ARROW) else None
        if found is None:
            between.append(line)
            continue
        at = max((n for n, each in enumerate(between) if _may_be_step(each)), default=0)
        if last:
            yield _step(*last, between[:at])
        last = ("".join(between[at : at + 1]), *found)
        between = []
    if last:
        yield _step(*last, [])


def _may_be_step(line: str) -> bool:
    """Not part of a step's table or text, which is indented."""
    return bool(line) and not line.startswith((" ", "\t", ARROW))


def _verdict(line: str) -> tuple[Status, str] | None:
    said = line.removeprefix(ARROW)
    for word, status in VERDICTS:
        if said.startswith(word.rstrip()):
            return status, said[len(word) :]
    return None


def _step(name: str, status: Status, said: str, more: list[str]) -> Step:
    said = "\n".join((said, *more)).rstrip()
    took = _TOOK.search(said)
    failed = status in (Status.FAILED, Status.BROKEN)
    return Step(
        name=name.strip() or "Step",
        status=status,
        duration=seconds(took[1]) if took else None,
        error=Error(message=_TOOK.sub("", said).strip()) if failed else None,
    )
