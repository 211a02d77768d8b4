"""What a chart draws: a few shapes with a class, a title and perhaps an address, as an SVG.

Colours come from the classes, so that a page themes a drawing by its stylesheet; one that stands
alone is given the rules. Whatever a shape says is escaped here: names of tests are anybody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, pi, sin

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle. `kind` is its class, `title` its tooltip, `url` where a click leads."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str = ""
    url: str = ""
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, from one to the next."""

    points: Points
    kind: str = "line"
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text on one line; `y` is its baseline, `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    kind: str = ""
    anchor: str = "start"
    title: str = ""
    url: str = ""
    size: float = 11


@dataclass(frozen=True, slots=True)
class Cell:
    """A status as a square: its colour, and its mark where there is room for one."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a line."""

    x: float
    y: float
    radius: float = 3
    kind: str = "dot"
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Arc:
    """A piece of a ring around (x, y), from `start` to `end` in turns, clockwise from above."""

    x: float
    y: float
    outer: float
    inner: float
    start: float
    end: float
    kind: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes with one title and one address between them: one stop for the keyboard."""

    shapes: tuple[Bar | Line | Text | Cell | Dot | Arc, ...]
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Inset:
    """A drawing within another, its upper left corner at (x, y)."""

    x: float
    y: float
    drawing: Drawing
    title: str = ""
    url: str = ""


Shape = Bar | Line | Text | Cell | Dot | Arc | Group | Inset


@dataclass(frozen=True, slots=True)
class Size:
    """The room there is, in px; what is drawn may be of another height."""

    width: float = 1120
    height: float = 320

    @property
    def slim(self) -> bool:
        """Whether it is a phone's, or a small tile's."""
        return self.width < 480


@dataclass(frozen=True, slots=True)
class Drawing:
    """The shapes on their sheet; `label` says what the whole of it is."""

    width: float
    height: float
    label: str
    shapes: tuple[Shape, ...]


MARKS = {
    "passed": '<circle cx="6" cy="6" r="3.6"/>',
    "failed": '<path class="pen" d="M3 3l6 6M9 3l-6 6"/>',
    "broken": '<path d="M6 2L10.4 10H1.6z"/>',
    "skipped": '<circle class="pen" cx="6" cy="6" r="3.2"/>',
    "unknown": '<path class="pen" d="M4 4.4A2.2 2.2 0 1 1 7 6.2C6.3 6.7 6 7 6 7.7M6 10h.01"/>',
    "flaky": '<circle class="pen" cx="6" cy="6" r="3.4"/><path d="M6 2.6a3.4 3.4 0 0 0 0 6.8z"/>',
}
"""The marks of the pages, on a square of 12."""

MARKED = 11  # px of width from which on a cell has room for its mark
TALL = frozenset({"failed", "broken"})
"""A cell without its mark says by its height what its colour says."""


EDGE = 16
"""px of paper around a drawing that stands alone."""


def svg(drawing: Drawing, *, style: str = "", base: str = "") -> str:
    """The drawing as markup. With `style` it is a document of its own, as large as it was drawn;
    without, it fits the box it is put into. `base` stands before the addresses."""
    edge = EDGE if style else 0
    width, height = _n(drawing.width + 2 * edge), _n(drawing.height + 2 * edge)
    size = f' width="{width}" height="{height}"'
    sheet = f'<style>{style}</style><rect class="sheet" x="{-edge}" y="{-edge}"{size}/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="drawing"'
        f' viewBox="{-edge} {-edge} {width} {height}"{size if style else ""}'
        f' role="group" aria-label="{_t(drawing.label)}">'
        f"{sheet if style else ''}{_all(drawing.shapes, base)}</svg>"
    )


def _all(shapes: Iterable[Shape], base: str) -> str:
    return "".join(_linked(shape, base) for shape in shapes)


def _linked(shape: Shape, base: str) -> str:
    """A shape in its link, with what a pointer and a reader are told of it."""
    title = f"<title>{_t(shape.title)}</title>" if shape.title else ""
    if not shape.url:
        return f"<g>{title}{_markup(shape, base)}</g>" if title else _markup(shape, base)
    named = f' aria-label="{_t(shape.title)}"' if shape.title and not _says(shape) else ""
    return f'<a href="{_t(base + shape.url)}"{named}>{title}{_markup(shape, base)}</a>'


def _says(shape: Shape) -> bool:
    """Whether there is text to be read in it, which is then its name."""
    inside = shape.shapes if isinstance(shape, Group) else (shape,)
    return any(isinstance(each, Text) for each in inside)


def _markup(shape: Shape, base: str) -> str:
    match shape:
        case Bar():
            radius = f' rx="{_n(shape.radius)}"' if shape.radius else ""
            return f'<rect class="{shape.kind}" {_box(shape)}{radius}/>'
        case Line():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
            return f'<polyline class="{shape.kind}" points="{points}"/>'
        case Text():
            return _text(shape)
        case Cell():
            return _cell(shape)
        case Dot():
            place = f'cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}"'
            return f'<circle class="{shape.kind}" {place}/>'
        case Arc():
            return f'<path class="{shape.kind}" d="{_ring(shape)}"/>'
        case Group():
            return _all(shape.shapes, base)
        case Inset():
            place = f"translate({_n(shape.x)} {_n(shape.y)})"
            return f'<g transform="{place}">{_all(shape.drawing.shapes, base)}</g>'


def _text(shape: Text) -> str:
    kind = f' class="{shape.kind}"' if shape.kind else ""
    anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
    size = f' font-size="{_n(shape.size)}"'
    return f'<text x="{_n(shape.x)}" y="{_n(shape.y)}"{kind}{anchor}{size}>{_t(shape.text)}</text>'


def _cell(shape: Cell) -> str:
    if shape.width < MARKED:
        cut = 0 if shape.kind in TALL else shape.height * 0.3
        box = Bar(shape.x, shape.y + cut, shape.width, shape.height - 2 * cut, shape.kind)
        return f'<rect class="{shape.kind}" {_box(box)}/>'
    scale = min(shape.width, shape.height) * 0.62 / 12
    x = shape.x + shape.width / 2 - 6 * scale
    y = shape.y + shape.height / 2 - 6 * scale
    return (
        f'<rect class="tint {shape.kind}" {_box(shape)} rx="2"/>'
        f'<g class="sign {shape.kind}" transform="translate({_n(x)} {_n(y)}) scale({scale:.3f})">'
        f"{MARKS.get(shape.kind, '')}</g>"
    )


def _box(shape: Bar | Cell) -> str:
    width, height = _n(max(shape.width, 0)), _n(max(shape.height, 0))
    return f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{width}" height="{height}"'


def _ring(arc: Arc) -> str:
    """A whole ring is drawn as two halves: an arc from a point to itself is none."""
    turn = min(arc.end - arc.start, 1)
    if turn >= 0.9999:
        middle = arc.start + 0.5
        return _piece(arc, arc.start, middle) + _piece(arc, middle, arc.start + 1)
    return _piece(arc, arc.start, arc.start + turn)


def _piece(arc: Arc, start: float, end: float) -> str:
    large = int(end - start > 0.5)
    out_from, out_to = _on(arc, arc.outer, start), _on(arc, arc.outer, end)
    in_from, in_to = _on(arc, arc.inner, end), _on(arc, arc.inner, start)
    outer, inner = _n(arc.outer), _n(arc.inner)
    return (
        f"M{out_from}A{outer} {outer} 0 {large} 1 {out_to}"
        f"L{in_from}A{inner} {inner} 0 {large} 0 {in_to}z"
    )


def _on(arc: Arc, radius: float, turn: float) -> str:
    angle = 2 * pi * turn
    return f"{_n(arc.x + radius * sin(angle))} {_n(arc.y - radius * cos(angle))}"


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _t(text: str) -> str:
    """Text that any reader of XML takes."""
    kept = (c for c in text if c in "\n\t" or (ord(c) >= 0x20 and c not in "\ufffe\uffff"))
    return escape("".join(c for c in kept if not 0xD800 <= ord(c) < 0xE000), quote=True)
