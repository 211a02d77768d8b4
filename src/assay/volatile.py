"""Parts of names that are another thing in every run: ids, moments, addresses, temporary paths.

A test is the same test in the next run if its containers and its name are the same. A name that
holds the moment it was run at, or where an object lay in memory, would begin a new history each
time; so such parts are replaced by what they are. The patterns are few and sure: a number, a date
or a word of hexadecimal letters may well be what tells two tests apart, and stays.
"""

from __future__ import annotations

import re

UUID = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE
)
MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
TEMPORARY = re.compile(r"(?:/tmp|/var/folders|/private/tmp)/[^\s'\":,)\]>]+")

PARTS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("-", UUID, "<id>"),
    (":", MOMENT, "<time>"),
    ("1", re.compile(r"\b1[5-9]\d{11}\b"), "<time>"),  # milliseconds since 1970, from 2017 to 2033
    ("/", TEMPORARY, "<tmp>"),
    ("\\", re.compile(r"[A-Z]:\\(?:[^\\\s]+\\)*Temp\\[^\s'\":,)\]]+", re.IGNORECASE), "<tmp>"),
    ("0x", re.compile(r"\b0x[0-9a-f]{6,16}\b", re.IGNORECASE), "<address>"),
    ("@", re.compile(r"(?<=[A-Za-z\];]@)(?=[a-f]*\d)[0-9a-f]{6,8}\b"), "<address>"),  # Java's
    (":", re.compile(r"(?<=\blocalhost:)[3-6]\d{4}\b|(?<=\b127\.0\.0\.1:)[3-6]\d{4}\b"), "<port>"),
)
"""What a name must hold to be looked at, what is replaced in it, and by what."""

DIGITS = bytes.maketrans(b"0123456789abcdefABCDEF", b"0" * 22)
TRACES: dict[bytes, tuple[bytes, ...]] = {
    b":": (b"0000-00-00T00:", b"0000-00-00 00:", b"host:00000", b"000.0.0.0:00000"),
    b"-": (b"00000000-0000-0000-0000-000000000000",),
    b"@": (b"@000000",),
    b"/": (b"/tmp/", b"/v0r/0ol00rs/"),
    b"\\": (b"\\",),
    b"": (b"0x000000", b"0000000000000"),
}
"""What any of the patterns leaves where every digit and hexadecimal letter is a 0, by a character
that has to be there, too. Looking for that is a hundred times faster than the patterns are."""


def may_change(names: list[str]) -> bool:
    """Whether any of the names may hold such a part. False is certain, and quick to tell."""
    alike = "\n".join(names).encode("utf-8", "replace").translate(DIGITS)
    return any(
        trace in alike for mark, traces in TRACES.items() if mark in alike for trace in traces
    )


def steady(name: str) -> str:
    """`name` with such parts replaced.

    >>> steady("takes Order@1f3b5c9a to 0x7f00a2b4")
    'takes Order@<address> to <address>'
    """
    for needed, pattern, part in PARTS:
        if needed in name:
            name = pattern.sub(part, name)
    return name
