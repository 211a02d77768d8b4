"""What GoogleTest's JSON and its text have in common: how it reports a failure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assay.model import Error, Status

THROWN = re.compile(r"(?:Unknown )?C\+\+ exception |SEH exception ")
"""How GoogleTest reports what a test did not catch."""

OUTSIDE = "(outside any test)"
"""The name of what fails in no test: in an environment's set-up, for one."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One of the failures of a test, or why it was skipped: where (`cart.cc:17`), and why."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}\n{self.message}".strip()


def error_of(failures: Sequence[Failure]) -> Error | None:
    """What the first of these says, with all of them and their places as the trace."""
    if not failures:
        return None
    return Error(message=failures[0].message, trace="\n\n".join(map(str, failures)))


def status_of(failures: Sequence[Failure]) -> Status:
    """Broken where nothing but exceptions ended it, failed where an assertion did."""
    if not failures:
        return Status.PASSED
    thrown = all(THROWN.match(each.message) for each in failures)
    return Status.BROKEN if thrown else Status.FAILED


def worded(message: str) -> str:
    """A message without the word that it is one of a failure, which `FAIL()` begins with."""
    return message.strip().removeprefix("Failed\n").strip()
