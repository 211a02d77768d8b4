"""What has become whole in a tree that is still growing, taken out of it.

The tree is looked at from above, once a piece of input: in an element that holds others (a *scope*)
all children but the last are whole, and the last is, once something follows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from assay.errors import TooLarge

MAX_DEPTH = 200
"""Elements within each other. Real reports have some sixty (Robot, keywords in keywords)."""


class Scope:
    """An element that holds records: its attributes and the scope around it.

    `state` is the format's own, for what it wants to know again at the next record.
    """

    __slots__ = ("attributes", "level", "outer", "state", "tag")

    def __init__(self, element: Element, outer: Scope | None) -> None:
        self.tag: str = element.tag
        self.attributes: dict[str, str] = element.attrib
        self.outer = outer
        self.level: int = outer.level + 1 if outer else 1
        self.state: Any = None


class Part(NamedTuple):
    """Some whole records of a scope, in document order. `ended`: the scope has no more."""

    scope: Scope
    records: list[Element]
    ended: bool


@dataclass(slots=True)
class Harvest:
    """Takes whole records from the roots below `top`, which itself stands for nothing.

    `growing` is the element that grows just now: the last record of the innermost scope.
    """

    top: Element
    scopes: frozenset[str]
    growing: Element = field(init=False)
    chain: list[tuple[Element, Scope]] = field(default_factory=list)  # the open scopes

    def __post_init__(self) -> None:
        self.growing = self.top

    def take(self) -> Iterator[Part]:
        """What is surely whole. Raises `TooLarge` for a nesting beyond `MAX_DEPTH`."""
        yield from self._collect(self.top, None, None)
        self._measure()

    def take_rest(self, unfinished: Sequence[Element] = ()) -> Iterator[Part]:
        """What is left, without the records among the `unfinished`; all scopes end."""
        yield from self._collect(self.top, None, {id(element) for element in unfinished})

    def _collect(
        self, element: Element, scope: Scope | None, unfinished: set[int] | None
    ) -> Iterator[Part]:
        children = list(element)
        held = children.pop() if children and _is_held(children[-1], unfinished) else None
        yield from self._split(children, scope)
        del element[: len(children)]
        self.growing = element if held is None else held
        if held is None or held.tag not in self.scopes:
            return
        inner = self._scope(held, scope)
        yield from self._collect(held, inner, unfinished)
        if unfinished is not None:
            yield Part(inner, [], ended=True)

    def _split(self, children: list[Element], scope: Scope | None) -> Iterator[Part]:
        """The runs of records, and the scopes between them; all of them whole."""
        records: list[Element] = []
        for child in children:
            if child.tag not in self.scopes:
                records.append(child)
                continue
            if records and scope:
                yield Part(scope, records, ended=False)
                records = []
            inner = self._scope(child, scope)
            yield from self._split(list(child), inner)
            yield Part(inner, [], ended=True)
        if records and scope:
            yield Part(scope, records, ended=False)

    def _scope(self, element: Element, outer: Scope | None) -> Scope:
        """The scope that this element has been, or is from now on."""
        level = outer.level if outer else 0
        if len(self.chain) > level and self.chain[level][0] is element:
            return self.chain[level][1]
        if level >= MAX_DEPTH:
            raise too_deep()
        del self.chain[level:]
        scope = Scope(element, outer)
        self.chain.append((element, scope))
        return scope

    def _measure(self) -> None:
        element, depth = self.growing, len(self.chain)
        while len(element):
            element = element[-1]
            depth += 1
        if depth > MAX_DEPTH:
            raise too_deep()


def too_deep() -> TooLarge:
    """For a reader that finds a nesting beyond `MAX_DEPTH`."""
    return TooLarge(f"Elements are nested more than {MAX_DEPTH} deep")


def _is_held(child: Element, unfinished: set[int] | None) -> bool:
    return unfinished is None or id(child) in unfinished
