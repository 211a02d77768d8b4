from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.fingerprint import LONGEST, fingerprint

SAME_CAUSE = [
    ("Timeout 30000ms exceeded", "Timeout 1500ms exceeded"),
    ("no row 6f9619ff-8b86-d011-b42d-00c04fc964ff", "no row 0e984725-c51c-4bf4-9960-e1c80e27aba0"),
    ("<Cart object at 0x7f2a11>", "<Cart object at 0x55d0c2>"),
    ("java.util.List@1b6d3586 is empty", "java.util.List@4554617c is empty"),
    ("at 2026-03-01T10:00:00Z", "at 2026-03-02 11:22:33.123"),
    ("cannot open /tmp/pytest-12/x.db", "cannot open /tmp/pytest-99/y.db"),
    ("\x1b[31mred\x1b[0m", "red"),
    ("expected 3 but was -4.5", "expected 1,000 but was 7e-3"),
    ("line one\n   line two", "line one line two"),
]


@pytest.mark.parametrize(("one", "other"), SAME_CAUSE)
def test_it_forgets_what_changes_from_run_to_run(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


def test_it_keeps_what_names_the_cause() -> None:
    assert fingerprint("expected 'paid' but was 'open'") != fingerprint("expected 'x' but was 'y'")
    assert fingerprint("user42 is locked in v2") == "user42 is locked in v2"


@given(st.text(max_size=300))
def test_it_is_stable_and_on_one_line(text: str) -> None:
    once = fingerprint(text)
    assert fingerprint(once) == once
    assert "\n" not in once


def test_it_looks_at_the_beginning_of_a_huge_message_only() -> None:
    assert len(fingerprint("é" * 1_000_000)) <= LONGEST
