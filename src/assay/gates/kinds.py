"""The kinds of values that rules take: how one is read, and how it is explained to who wrote it
otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from assay.gates import values


class Shape(Enum):
    """How values of a kind may be written, beside one behind the colon."""

    LIMITS = "limits"  # a list: each is a limit, and all are judged
    REQUESTS = "requests"  # the same, or for each request its limit
    NAMES = "names"  # a list: together they are one value
    PAIRS = "pairs"  # a name and its value, and several of them


@dataclass(frozen=True, slots=True)
class Kind:
    """`words` say what is expected, `example` is one; `read` raises `ValueError`."""

    shape: Shape
    words: str
    example: str
    read: Callable[[str], Any]


def _name(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


MOST = Kind(
    Shape.LIMITS, "how many at most, or which share of the tests", "3, or 2 %", values.read_most
)
NUMBER = Kind(Shape.LIMITS, "how many at most", "3", values.read_number)
LEAST = Kind(Shape.LIMITS, "how many at least", "500", values.read_least)
LEAST_SHARE = Kind(Shape.LIMITS, "which share at least", "99 %", values.read_least_share)
TIME = Kind(
    Shape.LIMITS,
    "how long at most, with a unit, or in comparison with earlier reports",
    "10 min, or 110 % of the average of the last 20",
    values.read_time,
)
REQUEST_TIME = Kind(
    Shape.REQUESTS,
    "how long at most, with a unit, or in comparison with earlier reports",
    "300 ms, or 110 % of the average of the last 20",
    values.read_time,
)
REQUEST_SHARE = Kind(Shape.REQUESTS, "which share at most", "1 %", values.read_most_share)
NAMES = Kind(Shape.NAMES, "a name or a list of names", "[main, release/*]", _name)
PAIRS = Kind(Shape.PAIRS, "names with what each has to be", "{browser: firefox*}", _name)
