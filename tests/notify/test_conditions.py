"""Calliope's six choices and that of the gate, each with its column of the truth table."""

from __future__ import annotations

from itertools import product

import pytest

from assay.notify.conditions import CHOICES, Condition, wants_failed, wants_report

KINDS = ("quiet", "changes", "errors", "both")
TABLE = {
    Condition.NEVER: (False, False, False, False),
    Condition.ERRORS: (False, False, True, True),
    Condition.CHANGES: (False, True, False, True),
    Condition.ERRORS_AND_CHANGES: (False, False, False, True),
    Condition.ERRORS_OR_CHANGES: (False, True, True, True),
    Condition.GATE: (False, False, False, False),
    Condition.ALWAYS: (True, True, True, True),
}
"""A report without failures that is as the one before, one that only differs, one that only has
failures, one of both."""


def test_there_are_no_others() -> None:
    assert set(TABLE) == set(CHOICES) == set(Condition)


@pytest.mark.parametrize("condition", Condition)
def test_it_tells_of_a_report_as_the_table_says(condition: Condition) -> None:
    told = [
        wants_report(condition, errors=errors, changes=changes, late=False)
        for errors, changes in product((False, True), repeat=2)
    ]
    assert dict(zip(KINDS, told, strict=True)) == dict(zip(KINDS, TABLE[condition], strict=True))


@pytest.mark.parametrize("condition", Condition)
def test_only_always_is_told_of_the_past(condition: Condition) -> None:
    told = wants_report(condition, errors=True, changes=True, late=True)
    assert told == (condition is Condition.ALWAYS)


@pytest.mark.parametrize("condition", Condition)
def test_a_gate_that_turned_is_told_to_those_who_chose_it_and_to_always(
    condition: Condition,
) -> None:
    for late in (False, True):
        told = wants_report(condition, errors=False, changes=False, late=late, gate=True)
        assert told == (condition is Condition.ALWAYS or (condition is Condition.GATE and not late))


def test_a_failed_import_is_an_error() -> None:
    assert {each for each in Condition if wants_failed(each)} == {
        Condition.ERRORS,
        Condition.ERRORS_OR_CHANGES,
        Condition.GATE,
        Condition.ALWAYS,
    }
