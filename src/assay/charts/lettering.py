"""How wide a text is, where no font can be asked: near enough to place it, and to cut it."""

from __future__ import annotations

from itertools import accumulate

SIZE = 11  # px that the widths are of

WIDTHS = {
    3.2: "'ijlIJ",
    3.6: " \u00a0,./:;\\|f-",
    4.4: "()[]t!r",
    5.6: '"*_`s?z',
    6.3: "cLFkvxy",
    6.7: "PTYaoe",
    7.0: "$0123456789ESbdghnpqu{}",
    7.6: "KABVXZRC",
    8.4: "UNHDG&OQ",
    9.2: "w#+<=>^~M",
    10.8: "%mW@",
}
"""Advance widths of DejaVu Sans at 11 px, which are near Verdana's."""

LATIN = 7.5  # and what else there is of Latin, Greek and Cyrillic
WIDE = 11.0  # the rest, as wide as it may be
_WIDTH = {letter: width for width, letters in WIDTHS.items() for letter in letters}


def measure(text: str, size: float = SIZE) -> float:
    """The width of `text` in px, in letters of `size` px."""
    return round(sum(map(_width, text)) * size / SIZE, 1)


def cut(text: str, room: float, size: float = SIZE) -> str:
    """As much of `text` as fits `room` px, an ellipsis in its middle where some of it does not:
    names of tests differ at either end."""
    text = "".join(filter(str.isprintable, text.replace("\u00a0", " "))).strip()
    if measure(text, size) <= room:
        return text
    half = max(room - measure("…", size), 0) / 2
    return f"{text[: _fits(text, half, size)].rstrip()}…{_tail(text, half, size).lstrip()}"


def _tail(text: str, room: float, size: float) -> str:
    kept = _fits(text[::-1], room, size)
    return text[len(text) - kept :]


def _fits(text: str, room: float, size: float) -> int:
    """How many letters of the beginning fit."""
    return sum(1 for reached in accumulate(map(_width, text)) if reached * size / SIZE <= room)


def _width(letter: str) -> float:
    return _WIDTH.get(letter, LATIN if ord(letter) < 0x600 else WIDE)
