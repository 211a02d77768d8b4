"""The grid of dashboards: tiles settle, and none lies on another."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assay.web
from assay.errors import Invalid
from assay.workspace.layout import COLUMNS, LOWEST, TALLEST, Box, below, check, settle

STYLES = Path(assay.web.__file__).parent / "static" / "grid.css"


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    w, h = draw(st.integers(2, COLUMNS)), draw(st.integers(2, 6))
    return Box(draw(st.integers(0, COLUMNS - w)), draw(st.integers(0, 30)), w, h)


@given(st.lists(boxes(), max_size=12))
def test_none_lies_on_another_and_none_could_be_higher(given: list[Box]) -> None:
    settled = settle(given)
    assert [(each.x, each.w, each.h) for each in settled] == [(b.x, b.w, b.h) for b in given]
    assert not any(one.meets(other) for one, other in combinations(settled, 2))
    for each in settled:
        above = Box(each.x, each.y - 1, each.w, each.h)
        assert each.y == 0 or any(above.meets(other) for other in settled if other is not each)
    assert settle(settled) == settled


def test_who_was_first_keeps_the_place_and_the_other_makes_room() -> None:
    assert settle([Box(0, 0, 6, 4), Box(3, 2, 6, 4)]) == [Box(0, 0, 6, 4), Box(3, 4, 6, 4)]
    assert settle([Box(4, 9, 6, 4)]) == [Box(4, 0, 6, 4)]
    assert below([]) == 0


@pytest.mark.parametrize(
    ("box", "said"),
    [
        (Box(11, 0, 2, 2), "begins in columns 0 to 10"),
        (Box(-1, 0, 2, 2), "begins in columns"),
        (Box(0, LOWEST, 2, 2), "rows 0 to 143"),
        (Box(0, 0, 13, 2), "2 to 12 columns wide"),
        (Box(0, 0, 1, 2), "2 to 12 columns wide"),
        (Box(0, 0, 2, TALLEST + 1), "2 to 24 rows high"),
    ],
)
def test_beside_the_grid_there_is_no_place(box: Box, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        check(box, "The tile")


def test_a_grid_has_an_end() -> None:
    with pytest.raises(Invalid, match="more than 144 rows"):
        settle([Box(0, 0, 12, TALLEST)] * 7)


def test_the_stylesheet_knows_every_place() -> None:
    named = set(re.findall(r"\.([xywh]-\d+)", STYLES.read_text()))
    wanted = {f"x-{n}" for n in range(COLUMNS)} | {f"w-{n + 1}" for n in range(COLUMNS)}
    wanted |= {f"y-{n}" for n in range(LOWEST)} | {f"h-{n + 1}" for n in range(TALLEST)}
    assert named == wanted
