"""Serenity's results.csv."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import serenitycsv
from assay.model import Item, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "serenitycsv"


def read(name: str) -> list[Item]:
    return list(serenitycsv.parse([(SAMPLES / name).read_bytes()]))


def test_a_line_is_a_test_of_its_story() -> None:
    assert read("results.csv")[1] == Result(
        ("Basket",),
        "Gives a discount",
        Status.FAILED,
        1.07,
        datetime(2026, 5, 4, 8, 0, 1, 563738, tzinfo=UTC),
        metadata={"stability": "0.5"},
    )


def test_quotes_and_commas_are_the_titles_own() -> None:
    names = [item.name for item in read("results.csv") if isinstance(item, Result)]
    assert 'Depends on the warehouse, and its "door"' in names


def test_further_columns_are_facts() -> None:
    (found,) = (
        item for item in read("extra.csv") if isinstance(item, Result) and item.name[0] == "L"
    )
    assert found.status is Status.BROKEN
    assert found.metadata == {"Author": "bob", "stability": "0.9"}


def test_the_earliest_date_is_the_reports() -> None:
    assert Run(datetime(2026, 5, 4, 8, tzinfo=UTC)) in read("extra.csv")


def test_a_table_of_something_else_is_malformed() -> None:
    with pytest.raises(Malformed, match="Story, Title, Result"):
        list(serenitycsv.parse([b"a,b\n1,2\n"]))
