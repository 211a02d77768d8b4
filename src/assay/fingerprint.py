"""The fingerprint of an error text: what stays of it when everything that changes from run to run
is taken out, so that the same cause is recognised the next time.

The rules follow what log templating calls masking (Drain, He et al. 2017): a fixed, ordered list of
patterns for values that a machine prints, no learning, so that a fingerprint never changes later.
"""

from __future__ import annotations

import re

from assay.volatile import MOMENT, TEMPORARY, UUID

LONGEST = 2_000
"""Characters of a message that are looked at; what follows rarely names the cause."""

DIGITS = "0123456789"

MASKS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("[", re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\[\d{1,2}(?:;\d{1,2})*m"), ""),
    ("-", UUID, "<id>"),
    ("-", MOMENT, "<time>"),
    (
        "-:",
        re.compile(r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b"),
        "<time>",
    ),
    ("/", TEMPORARY, "<tmp>"),
    (
        "xX@",
        re.compile(r"\b0x[0-9a-f]+\b|(?<=@)[0-9a-f]{6,16}\b", re.IGNORECASE),
        "<addr>",
    ),
    (
        DIGITS,
        re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b", re.IGNORECASE),
        "<hex>",
    ),
    ("", re.compile(r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?", re.IGNORECASE), "<n>"),
)
"""Characters of which the text must have one (looked for first, as it costs a tenth), what is
masked, and by what. A pattern whose `\\d` alone may find something takes any text: there are more
digits than ten."""


def fingerprint(text: str) -> str:
    """`text` with ids, times, addresses, temporary paths and numbers masked, on one line.

    >>> fingerprint("Timeout 30000ms exceeded at 0x7f2a")
    'Timeout <n>ms exceeded at <addr>'
    """
    text = text[:LONGEST]
    there = set(text)
    for needed, pattern, mask in MASKS:
        if not needed or not there.isdisjoint(needed):
            text = pattern.sub(mask, text)
    return " ".join(text.split())
