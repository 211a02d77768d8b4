"""What GoogleTest's JSON and its text have in common: how it words a failure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.formats._failures import Failure
from assay.model import Status

THROWN = re.compile(r"(?:Unknown )?C\+\+ exception |SEH exception ")
"""How GoogleTest reports what a test did not catch."""

OUTSIDE = "(outside any test)"
"""The name of what fails in no test: in an environment's set-up, for one."""


def status_of(failures: Sequence[Failure]) -> Status:
    """Broken where nothing but exceptions ended it, failed where an assertion did."""
    if not failures:
        return Status.PASSED
    thrown = all(THROWN.match(each.message) for each in failures)
    return Status.BROKEN if thrown else Status.FAILED


def worded(message: str) -> str:
    """A message without the word that it is one of a failure, which `FAIL()` begins with."""
    return message.strip().removeprefix("Failed\n").strip()
