"""When someone wants to hear of a report: Calliope's six choices and one of ours, as one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """The choices, in the order in which they are offered."""

    NEVER = "never"
    ERRORS = "errors"
    CHANGES = "changes"
    ERRORS_AND_CHANGES = "errors_and_changes"
    ERRORS_OR_CHANGES = "errors_or_changes"
    GATE = "gate"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Choice:
    """`title` is its name, `words` say when one hears of a report. `of_report` is asked whether it
    has failures and whether its results differ from the report's before; `of_gate` whether the
    gate failed, or passes again; `of_failed` is for an import that became no report, `of_late` for
    a report from the past."""

    title: str
    words: str
    of_report: Callable[[bool, bool], bool]
    of_failed: bool
    of_late: bool = False
    of_gate: bool = False


CHOICES: dict[Condition, Choice] = {
    Condition.NEVER: Choice(
        "Never", "No mails about this profile", lambda _errors, _changes: False, False
    ),
    Condition.ERRORS: Choice(
        "Only on errors", "A report has failures", lambda errors, _changes: errors, True
    ),
    Condition.CHANGES: Choice(
        "Only on changes",
        "Results differ from the report before",
        lambda _errors, changes: changes,
        False,
    ),
    Condition.ERRORS_AND_CHANGES: Choice(
        "Only with errors and changes",
        "A report has failures, and results differ",
        lambda errors, changes: errors and changes,
        False,
    ),
    Condition.ERRORS_OR_CHANGES: Choice(
        "Only with errors or changes",
        "A report has failures, or results differ",
        lambda errors, changes: errors or changes,
        True,
    ),
    Condition.GATE: Choice(
        "Only when the gate fails or passes again",
        "The gate fails, or passes after it failed",
        lambda _errors, _changes: False,
        True,
        of_gate=True,
    ),
    Condition.ALWAYS: Choice(
        "Always", "Every report, late ones too", lambda _errors, _changes: True, True, True
    ),
}
"""What Calliope documents of the six choices. That failed imports count as errors, and late reports
for `always` alone, is ours."""


def wants_report(
    condition: Condition, *, errors: bool, changes: bool, late: bool, gate: bool = False
) -> bool:
    """Whether to tell of a report; `gate` where the gate failed, or passes again."""
    choice = CHOICES[condition]
    wanted = choice.of_report(errors, changes) or (choice.of_gate and gate)
    return wanted and (choice.of_late or not late)


def wants_failed(condition: Condition) -> bool:
    """Whether to tell of an import that failed."""
    return CHOICES[condition].of_failed
