"""A web shop's test runs as JUnit documents, for pages that need something to show: weeks of runs,
a regression that was fixed, a flaky test, new failures in the last run, and unwieldy names."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from playwright.sync_api import ViewportSize

from assay.model import Status

DESK = ViewportSize(width=1440, height=900)
RUNS = 40
APART = timedelta(hours=11)

LONG = (
    "the customer who has two vouchers, a gift card and an expired membership pays the rest with a "
    "foreign card in a currency that the shop converts, receives the confirmation in the language "
    "of the shipping address, not in that of the browser, and sees the same total on every page "
    "from the basket to the invoice"
)
DEEDS = {
    "account": ("changes the address", "closes the account", "lists past orders", "signs out"),
    "basket": ("adds an item", "adds up the total", "keeps items over night", "takes one out"),
    "catalogue": ("filters by colour", "filters by size", "pages", "sorts by price", "zooms in"),
    "checkout": ("asks for the second factor", "lets a guest order", "refuses an expired card"),
    "delivery": ("counts working days", "knows every country", "tracks a parcel"),
    "returns": ("prints a label", "refunds to the card", "tells where it is"),
    "stores": ("finds the nearest", "shows opening hours"),
}
NAMES = (
    ("checkout", "pays with card"),
    ("checkout", "pays with voucher"),
    ("checkout", LONG),
    ("search", "finds a product by its number"),
    ("search", "🛒 ajoute un article 👩‍👩‍👧‍👦 et paie"),
    ("سلة التسوق", "يضيف المنتج إلى السلة ويعرض السعر الإجمالي مع الضريبة"),
    ("account", "remembers who asked for a receipt"),
    *((page, does) for page, all_it_does in DEEDS.items() for does in all_it_does),
)

TRACE = """Traceback (most recent call last):
  File "/srv/ci/shop/tests/web/test_checkout.py", line 44, in test_pays_with_card
    page.pay(card=VISA)
  File "/srv/ci/shop/tests/web/pages/checkout.py", line 118, in pay
    self.page.locator("#pay").click(timeout=30_000)
  File "/usr/lib/python3.11/site-packages/playwright/sync_api/_generated.py", line 15631, in click
    self._sync(
TimeoutError: waiting for #pay to be enabled"""


@dataclass(frozen=True, slots=True)
class Shop:
    """Where the runs are: a profile, its newest report and the one before, a failure in it and its
    import; `empty` is a profile without reports, `set` a set that holds another, `empty_set` one
    without members."""

    profile: int
    empty: int
    set: int
    empty_set: int
    report: int
    before: int
    failure: int
    import_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A run's document and when it ran."""

    number: int
    date: datetime
    document: bytes


def deliveries(last: datetime) -> Iterator[Delivery]:
    """The runs, the oldest first; the newest is of `last`."""
    for number in range(RUNS):
        date = last - APART * (RUNS - 1 - number)
        yield Delivery(700 + number, date, run(number, date))


def run(number: int, date: datetime) -> bytes:
    """One run's document."""
    cases = "".join(_case(number, at, *name) for at, name in enumerate(NAMES))
    return (
        f'<testsuite name="web" timestamp="{date:%Y-%m-%dT%H:%M:%S}" time="{_seconds(number)}">'
        f"{cases}</testsuite>"
    ).encode()


def _seconds(number: int) -> int:
    """A run's duration: it drifts, wavers, and was bad for a while."""
    return 440 + number * 2 + number * 37 % 23 + (95 if 14 <= number < 22 else 0)


def _case(number: int, at: int, path: str, name: str) -> str:
    status = _status(number, at)
    seconds = 30.0 if status is Status.FAILED and at == 0 else 0.4 + at * 0.3 + number * 0.01
    body = BODIES[status] if at or status is not Status.FAILED else TIMED_OUT
    body = FLAKY if at == 6 and number % 5 == 2 else body
    return (
        f"<testcase classname={quoteattr(path)} name={quoteattr(name)} "
        f'time="{seconds:.2f}">{body}</testcase>'
    )


def _status(number: int, at: int) -> Status:
    """How test `at` ends in a run: the last one brings two new failures and one that stays."""
    if at == 4:
        return Status.SKIPPED
    if at == 0 and (number >= RUNS - 1 or 8 <= number < 11):
        return Status.FAILED
    if at == 3 and number >= RUNS - 4:
        return Status.BROKEN
    return Status.FAILED if at == 1 and number == RUNS - 1 else Status.PASSED


TIMED_OUT = (
    '<failure type="TimeoutError" message="waiting for #pay to be enabled">'
    f"{escape(TRACE)}</failure>"
    "<system-out>opening https://shop.example/checkout\n[[ATTACHMENT|shots/pay.png]]</system-out>"
)
FLAKY = (
    '<flakyFailure type="AssertionError" message="no receipt yet">at receipt.py:9</flakyFailure>'
)
BODIES = {
    Status.PASSED: "",
    Status.SKIPPED: '<skipped message="not in this country"/>',
    Status.FAILED: '<failure type="AssertionError" message="expected 3, got 4">at cart.py:12'
    "</failure>",
    Status.BROKEN: '<error type="ConnectionError" message="search.internal: no route to host"/>',
}


def picture(width: int = 320, height: int = 200) -> bytes:
    """A small chequered PNG, for a screenshot."""
    light, dark = bytes((232, 236, 241)), bytes((203, 211, 224))
    rows = b"".join(
        b"\0" + b"".join(light if (x // 40 + y // 40) % 2 else dark for x in range(width))
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
