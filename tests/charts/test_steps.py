"""Where a line leaves its level."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assay.charts.steps import find_steps, usual

CALM = [1.0, 1.02, 0.99, 1.01, 1.0, 0.98]


def test_a_step_is_told_once_and_what_stays_there_is_usual() -> None:
    assert find_steps([*CALM, 2.0, 2.02, 1.99, 2.01, 2.0]) == {6: 1.0}


def test_a_step_there_and_back_later_is_two() -> None:
    assert list(find_steps([*CALM, *[2.0] * 5, *CALM])) == [6, 11]


def test_noise_is_none() -> None:
    assert find_steps(CALM * 5) == {}
    assert find_steps([1.0, 3.0, 2.0, 4.0, 1.5, 3.5, 2.5]) == {}


def test_of_few_figures_nobody_knows_what_is_usual() -> None:
    assert find_steps([1.0, 1.0, 1.0, 1.0, 9.0]) == {}


def test_runs_without_a_figure_are_stepped_over() -> None:
    assert find_steps([1.0, None, 1.0, 1.0, 1.0, None, 1.0, 2.0]) == {7: 1.0}


def test_what_is_too_small_to_be_told_is_not() -> None:
    assert find_steps([0.0] * 5 + [0.009], least=0.01) == {}
    assert find_steps([0.0] * 5 + [0.011], least=0.01) == {5: 0.0}


def test_the_usual_is_of_what_was_before() -> None:
    assert usual([1.0, 2.0, None, 3.0, 99.0]) == 2.0
    assert usual([1.0]) is None
    assert usual([]) is None


@given(st.lists(st.none() | st.floats(0, 1e9)))
def test_steps_are_places_with_a_value_and_never_two_within_a_level(
    values: list[float | None],
) -> None:
    places = list(find_steps(values))
    assert all(values[place] is not None for place in places)
    assert all(later - earlier >= 5 for earlier, later in pairwise(places))
