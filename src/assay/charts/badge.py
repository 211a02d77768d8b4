"""A badge for a README: what is told of, and how it is, in a strip of twenty pixels.

It stands on other people's pages, without our stylesheet: colours are the light theme's, the shape
says the same as the colour, and both texts are given their width, so that they fit in any font.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.charts.lettering import measure

HEIGHT = 20
PAD = 7.0
MARK = 12.0  # the mark's room, a gap counted
LONGEST = 60  # characters of either text

COLOURS = {
    "passed": "#1c7851",
    "failed": "#c3222a",
    "broken": "#a85500",
    "skipped": "#5e646a",
    "unknown": "#7746b9",
    "none": "#5e646a",
}

FILLED = {
    "passed": "M1.8 6a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0z",
    "broken": "M6 1.6L11 10.4H1z",
    "none": "M4.6 6a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0-2.8 0z",
}
DRAWN = {
    "failed": "M2.4 2.4l7.2 7.2M9.6 2.4l-7.2 7.2",
    "skipped": "M2.3 6a3.7 3.7 0 1 0 7.4 0a3.7 3.7 0 1 0-7.4 0z",
    "unknown": "M3.4 4.1A2.6 2.6 0 1 1 7.3 6.3C6.4 6.8 6 7.1 6 7.9M6 10.5h.01",
}
"""The marks of the pages, on a square of 12: filled or drawn with a pen."""


@dataclass(frozen=True, slots=True)
class Part:
    """A text, placed: `x` is its middle."""

    text: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Badge:
    """The drawing. `split` is where the second part begins, `mark_x` where its mark does."""

    label: Part
    message: Part
    title: str
    colour: str
    filled: str
    drawn: str
    split: float
    mark_x: float
    width: float
    height: int = HEIGHT


def draw(label: str, message: str, status: str) -> Badge:
    """The badge that says `message` of `label`, coloured and marked as `status`."""
    label, message = _cut(label), _cut(message)
    left, right = measure(label), measure(message)
    split = round(left + 2 * PAD, 1) if label else 0.0
    begin = split + PAD + MARK + 3
    return Badge(
        label=Part(label, round(split / 2, 1), left),
        message=Part(message, round(begin + right / 2, 1), right),
        title=f"{label}: {message}" if label else message,
        colour=COLOURS.get(status, COLOURS["none"]),
        filled=FILLED.get(status, ""),
        drawn=DRAWN.get(status, ""),
        split=split,
        mark_x=round(split + PAD, 1),
        width=round(begin + right + PAD, 1),
    )


def _cut(text: str) -> str:
    text = "".join(filter(str.isprintable, text.replace("\u00a0", " "))).strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
