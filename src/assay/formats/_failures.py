"""Failures as the C and C++ frameworks report them: any number in a test, each with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.model import Error


@dataclass(frozen=True, slots=True)
class Failure:
    """One of the failures of a test, or why it was skipped: where (`cart.cc:17`), and why."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}\n{self.message}".strip()


def error_of(failures: Sequence[Failure], kind: str = "") -> Error | None:
    """What the first of these says, with all of them and their places as the trace."""
    if not failures:
        return None
    return Error(kind, failures[0].message, "\n\n".join(map(str, failures)))


def place_of(file: str | None, line: str | None) -> str:
    """`cart.cc:17`, or what of it is known."""
    file, line = (file or "").strip(), (line or "").strip()
    return f"{file}:{line}" if file and line and line != "0" else file
