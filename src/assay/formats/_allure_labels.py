"""Allure's labels, links and parameters (of both its generations): where a test stands, what it is
called and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assay.formats._parameters import name_with

SUITES = ("parentSuite", "suite", "subSuite")
BEHAVIOURS = ("epic", "feature", "story")
CODE = ("package", "testClass")

TAGS = frozenset({"tag", "tags"})

LINKED = {
    "issue": "issue",
    "tms": "tms",
    "test_id": "tms",
    "link": "link",
    "custom": "link",
    "": "link",
}
"""What some kinds of links are called here; `issue`, `tms` and any other keep their names."""

MASK = "******"
"""What Allure's report shows of a parameter whose mode is `masked`."""

Pair = tuple[str, str]


class Parameter(NamedTuple):
    """A parameter that may be shown. `told` is whether it makes the test another one: those that
    are `excluded` (a session, the number of the try) do not."""

    name: str
    value: str
    told: bool = True


def path_of(labels: Sequence[Pair], titles: Sequence[str] = ()) -> tuple[str, ...]:
    """The containers as Allure's own tree of suites has them; where no suite is told, the test's
    place in its project (`titlePath`), else its feature, else its class."""
    found = dict(reversed(labels))
    for names in (SUITES, BEHAVIOURS, CODE):
        path = tuple([found[name] for name in names if found.get(name)])
        if names is CODE:
            return path[-1:]
        if names is BEHAVIOURS and titles:
            return tuple(titles)
        if path:
            return path
    return ()


def tags_of(labels: Iterable[Pair]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for name, value in labels if name in TAGS and value))


def metadata_of(labels: Iterable[Pair], links: Iterable[Pair]) -> dict[str, str]:
    """What labels and links (a kind and an address) say, those of one name joined by commas."""
    found: dict[str, dict[str, None]] = {}
    for name, value in labels:
        if value and name and not name.startswith("_") and name not in TAGS and name not in SUITES:
            found.setdefault(name, {})[value] = None
    for kind, address in links:
        if address:
            found.setdefault(LINKED.get(kind, kind), {})[address] = None
    return {name: ", ".join(values) for name, values in found.items()}


def name_of(name: str, parameters: Iterable[Parameter]) -> str:
    """The name, with the values of the parameters that make it another test."""
    told = (_bare(each.value) for each in parameters if each.told and each.value != MASK)
    return name_with(name, told)


def _bare(value: str) -> str:
    """Without Python's quotation marks."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" else value
