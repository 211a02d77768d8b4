"""The option `smart`: some formats' trees are tidied, unless the client says not to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.house import House, given

SAMPLE = (Path(__file__).parent.parent / "samples/jest/jest.json").read_bytes()


def paths(house: House, **options: Any) -> set[tuple[str, ...]]:
    """Where the results of an import stand."""
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "trees")
        report = given(alice, profile, SAMPLE, **options)
        found = alice.get(f"/api/v3/reports/{report['id']}/results").json()["items"]
    return {tuple(item["path"]) for item in found}


@pytest.mark.parametrize("options", [{}, {"smart": "true"}, {"smart": "True"}])
def test_a_container_stands_for_each_folder(house: House, options: dict[str, str]) -> None:
    assert paths(house, **options) == {
        ("src", "cart.test.js", "cart"),
        ("src", "cart.test.js", "cart", "totals"),
        ("src", "pay", "card.test.js"),
        ("src", "pay", "cash.test.js"),
    }


def test_without_it_the_files_are_a_flat_list(house: House) -> None:
    assert paths(house, smart="false", formatter="jest-json") == {
        ("src/cart.test.js", "cart"),
        ("src/cart.test.js", "cart", "totals"),
        ("src/pay/card.test.js",),
        ("src/pay/cash.test.js",),
    }
