"""The option `smart`: some formats' trees are tidied, unless the client says not to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.house import House, given

SAMPLES = Path(__file__).parent.parent / "samples"
JEST = "jest/jest.json"
FINK = "fink/fink.json"


def paths(house: House, sample: str, **options: Any) -> set[tuple[str, ...]]:
    """Where the results of an import stand."""
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "trees")
        report = given(alice, profile, (SAMPLES / sample).read_bytes(), **options)
        found = alice.get(f"/api/v3/reports/{report['id']}/results").json()["items"]
    return {tuple(item["path"]) for item in found}


@pytest.mark.parametrize("options", [{}, {"smart": "true"}, {"smart": "True"}])
def test_a_container_stands_for_each_folder(house: House, options: dict[str, str]) -> None:
    assert paths(house, JEST, **options) == {
        ("src", "cart.test.js", "cart"),
        ("src", "cart.test.js", "cart", "totals"),
        ("src", "pay", "card.test.js"),
        ("src", "pay", "cash.test.js"),
    }


def test_without_it_the_files_are_a_flat_list(house: House) -> None:
    assert paths(house, JEST, smart="false", formatter="jest-json") == {
        ("src/cart.test.js", "cart"),
        ("src/cart.test.js", "cart", "totals"),
        ("src/pay/card.test.js",),
        ("src/pay/cash.test.js",),
    }


def test_addresses_stand_below_their_hosts(house: House) -> None:
    assert paths(house, FINK) == {
        ("shop.example",),
        ("shop.example", "basket"),
        ("shop.example", "books"),
        ("shop.example", "books", "emma"),
        ("shop.example", "books", "persuasion"),
        ("publisher.example", "jane austen"),
        ("gone.example", "reviews"),
    }


def test_without_it_the_pages_are_a_flat_list(house: House) -> None:
    found = paths(house, FINK, smart="False", formatter="Fink")
    assert ("https://shop.example/books/emma",) in found
    assert {len(path) for path in found} == {1}
