"""What a failure is called, what it says and where it came from."""

from __future__ import annotations

import pytest

from assay.formats._trace import error_of
from assay.model import Error


def test_a_trace_begins_at_its_first_frame_blank_lines_or_not() -> None:
    told = "TypeError: no price\n\n\n    at pay (pay.ts:3:4)\n"
    assert error_of(told) == Error("TypeError", "no price", told.strip("\n"))


@pytest.mark.parametrize("piece", ["\n", " ", " \n", "a.", "(A", "::", "Error"])
def test_a_text_that_repeats_itself_a_million_times_is_read(piece: str) -> None:
    error = error_of("TypeError: no price" + piece * 1_000_000)
    assert error.message
