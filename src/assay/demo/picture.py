"""Screenshots for the demo: a small PNG of a shop's page with its failing part framed."""

from __future__ import annotations

import zlib
from functools import lru_cache
from struct import pack

WIDTH, HEIGHT = 480, 300

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int, Colour]  # left, top, right, bottom

PAPER, INK, GREY, MIST = (250, 250, 247), (38, 50, 56), (176, 184, 188), (226, 232, 230)
LEAF, RUST = (46, 125, 90), (200, 60, 40)

PAGE: tuple[Box, ...] = (
    (0, 0, WIDTH, 34, INK),
    (14, 11, 92, 23, LEAF),
    (330, 13, 380, 21, GREY),
    (396, 13, 464, 21, GREY),
    (24, 54, 230, 70, INK),
    (24, 84, 280, 108, MIST),
    (24, 116, 280, 140, MIST),
    (24, 148, 146, 172, MIST),
    (158, 148, 280, 172, MIST),
    (312, 54, 456, 214, MIST),
    (324, 66, 420, 76, GREY),
    (324, 86, 440, 94, GREY),
    (324, 102, 432, 110, GREY),
    (324, 184, 444, 200, INK),
    (0, 276, WIDTH, HEIGHT, MIST),
)


@lru_cache(maxsize=64)
def screenshot(shade: int) -> bytes:
    """A PNG; `shade` (any number) moves the failing part so that not all look alike."""
    left, top = 24 + shade * 37 % 120, 196 + shade * 13 % 40
    frame = (left - 4, top - 4, left + 132, top + 32, RUST)
    hole = (left - 1, top - 1, left + 129, top + 29, PAPER)
    return png((*PAGE, frame, hole, (left, top, left + 128, top + 28, GREY)))


def png(boxes: tuple[Box, ...]) -> bytes:
    rows = b"".join(b"\0" + row(y, boxes) for y in range(HEIGHT))
    header = pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in chunks)


def row(y: int, boxes: tuple[Box, ...]) -> bytes:
    line = bytearray(bytes(PAPER) * WIDTH)
    for left, top, right, bottom, colour in boxes:
        if top <= y < bottom:
            line[left * 3 : right * 3] = bytes(colour) * (right - left)
    return bytes(line)


def chunk(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))
