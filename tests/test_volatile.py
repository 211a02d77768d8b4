"""A name that holds what changes with every run is steadied; any other stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.volatile import may_change, steady

CHANGING = [
    ("keeps 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "keeps <id>"),
    ("test_x[2026-11-22T03:22:25.123Z]", "test_x[<time>]"),
    ("at 2026-11-22 03:22", "at <time>"),
    ("order 1795318945123", "order <time>"),
    ("writes /tmp/pytest-of-root/pytest-3/x0", "writes <tmp>"),
    ("test_open[/var/folders/zz/T/a.txt]", "test_open[<tmp>]"),
    (r"opens C:\Users\me\AppData\Local\Temp\a.txt", "opens <tmp>"),
    ("test_f[<Cart object at 0x7f00a2b4c5d6>]", "test_f[<Cart object at <address>>]"),
    ("[1] shop.Order@1f3b5c9a", "[1] shop.Order@<address>"),
    ("GET http://localhost:53412/cart", "GET http://localhost:<port>/cart"),
    ("GET http://127.0.0.1:38123/", "GET http://127.0.0.1:<port>/"),
]

HOLDING = [
    "test_leap[2024-02-29]",
    "adds 1 and 2",
    "opens at 09:30",
    "sends mail to bob@example.com",
    "user@decade",
    "re-renders",
    "serves /index.html",
    "0xff is 255",
    r"App\Tests\CartTest",
    "parses deadbeef",
    "answers 127.0.0.1",
    "GET http://localhost:8080/cart",
    "4111111111111111",
]


@pytest.mark.parametrize(("written", "known"), CHANGING)
def test_what_changes_is_replaced_by_what_it_is(written: str, known: str) -> None:
    assert steady(written) == known
    assert may_change(["adds", written, "takes"])


@pytest.mark.parametrize("name", HOLDING)
def test_what_may_tell_tests_apart_stays(name: str) -> None:
    assert steady(name) == name


PIECES = [*"0189afAF-T:./@ x\\é", "localhost:", "/tmp/", "2026-01-01T01:01", "0x"]


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_the_quick_look_misses_nothing(name: str) -> None:
    assert may_change([name]) or steady(name) == name
