"""docs/gates.md says what the rules say."""

from __future__ import annotations

import re
from pathlib import Path

from assay import gatekeeping, gates, judgement
from assay.gates import BUILT_IN, RULES, values

DOCUMENT = (Path(__file__).parents[2] / "docs/gates.md").read_text()


def test_every_rule_is_in_the_table_in_its_own_words() -> None:
    rows = re.findall(r"^\| `([a-z0-9 ]+)` \| (.+) \| `(.+)` \|$", DOCUMENT, re.MULTILINE)
    assert rows == [(rule.name, rule.about, rule.example) for rule in RULES]


def test_the_gates_that_come_with_assay_are_listed_with_their_rules() -> None:
    for each in BUILT_IN.values():
        [row] = re.findall(
            rf"^\| {each.title}: .* \| (.+) \| `{each.name}` \|$", DOCUMENT, re.MULTILINE
        )
        assert re.findall("`([^`]+)`", row) == each.rules.splitlines()


def test_the_example_is_a_gate() -> None:
    example = DOCUMENT.split("```")[1]
    assert len(gates.parse(example).entries) == 7


def test_the_numbers_are_right() -> None:
    assert f"the last {judgement.LOOKED_AT} reports" in DOCUMENT
    assert f"the last {values.LONG_TERM}, and of at most {values.MOST_REPORTS}" in DOCUMENT
    assert f"{gatekeeping.TIMEOUT:.0f} seconds" in DOCUMENT
