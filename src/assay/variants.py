"""A test that runs with several parameters: what its names have in common, and what tells them
apart.

Tools write the parameters into the name, each in its own way. Nothing is taken from the name for
that: it is how the test is known. But whoever reads one wants to see the others beside it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SHAPES = (
    re.compile(r"(?P<base>.*\S) with data set (?P<parameters>.+)"),  # PHPUnit
    re.compile(r"(?P<base>.*\S)(?P<parameters>\s?\[[^\[\]]*\](?: [^\[\]]*)?)"),  # pytest, JUnit
    re.compile(r"(?P<base>[\w.$<>-]+)(?P<parameters>\(.+\))"),  # NUnit, xUnit.net, TestNG
    re.compile(r"(?P<base>\w+)/(?P<parameters>\d+)"),  # GoogleTest
    re.compile(r"(?P<base>.*\S) (?P<parameters>\(example \d+\))"),  # outlines of Cucumber
)
"""Who writes names so. A name is of the first shape that it has."""


class Variant(NamedTuple):
    """What the names of a test's variants begin with, and what only this one has."""

    base: str
    parameters: str


def variant(name: str) -> Variant | None:
    """The name as one of several of a test; None for a name of no such shape.

    >>> variant("test_adds[1-2]")
    Variant(base='test_adds', parameters='[1-2]')
    """
    for shape in SHAPES:
        if found := shape.fullmatch(name):
            return Variant(found["base"], found["parameters"].strip())
    return None
