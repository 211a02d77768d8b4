"""Bodies come out of the store as they went in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.store.bodies import LARGE, pack, unpack


@given(st.binary(max_size=200).map(lambda text: b'{"trace":"' + text + b'"}'), st.booleans())
def test_what_is_unpacked_is_what_was_packed(body: bytes, large: bool) -> None:
    whole = body * LARGE if large else body
    assert unpack(pack(whole)) == whole


def test_a_small_body_stays_as_it_is_and_a_large_one_shrinks() -> None:
    assert pack(b"{" * LARGE) == b"{" * LARGE
    assert len(pack(b"{" * (LARGE + 1))) < 100
