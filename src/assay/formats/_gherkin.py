"""Gherkin as Cucumber's messages have it: features, and the pickles made of them, which are run.

The shapes are those of the schema of cucumber/messages. What of a feature a pickle needs is looked
up by the ids of its nodes, once the feature has been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from assay.formats._parameters import name_with
from assay.formats._shapes import Shape


class Location(Shape, frozen=True):
    line: int | None = None


class Tag(Shape, frozen=True):
    name: str | None = None


class Cell(Shape, frozen=True):
    value: str | None = None


class Row(Shape, frozen=True):
    id: str | None = None
    cells: list[Cell] | None = None


class Examples(Shape, frozen=True):
    name: str | None = None
    tableHeader: Row | None = None  # noqa: N815
    tableBody: list[Row] | None = None  # noqa: N815


class Line(Shape, frozen=True):
    """A step as it is written."""

    id: str | None = None
    keyword: str | None = None


class Written(Shape, frozen=True):
    """A scenario, or a background, which has steps alone."""

    id: str | None = None
    keyword: str | None = None
    name: str | None = None
    description: str | None = None
    steps: list[Line] | None = None
    examples: list[Examples] | None = None


class Child(Shape, frozen=True):
    background: Written | None = None
    scenario: Written | None = None
    rule: Group | None = None


class Group(Shape, frozen=True):
    """A feature, or a rule in one."""

    keyword: str | None = None
    name: str | None = None
    description: str | None = None
    children: list[Child] | None = None


class Document(Shape, frozen=True):
    uri: str | None = None
    feature: Group | None = None


class Table(Shape, frozen=True):
    rows: list[Row] | None = None


class DocString(Shape, frozen=True):
    content: str | None = None


class Argument(Shape, frozen=True):
    dataTable: Table | None = None  # noqa: N815
    docString: DocString | None = None  # noqa: N815


class PickleStep(Shape, frozen=True):
    id: str | None = None
    text: str | None = None
    argument: Argument | None = None
    astNodeIds: list[str] | None = None  # noqa: N815


class Pickle(Shape, frozen=True):
    id: str | None = None
    uri: str | None = None
    name: str | None = None
    tags: list[Tag] | None = None
    steps: list[PickleStep] | None = None
    astNodeIds: list[str] | None = None  # noqa: N815
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scenario stands: the titles above it, those who are containers, and what it says."""

    path: tuple[str, ...]
    keyword: str
    description: str


@dataclass(slots=True)
class Features:
    """What is known of the nodes of all features, by their ids."""

    places: dict[str, Place] = field(default_factory=dict)
    keywords: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, document: Document) -> Iterator[tuple[tuple[str, ...], str, Group]]:
        """Take a feature; gives its containers: their path, keyword and what is written."""
        feature = document.feature
        if feature is None:
            return
        path = (feature.name or document.uri or "Feature",)
        yield path, feature.keyword or "Feature", feature
        yield from self._children(feature, path, in_rule=False)

    def _children(
        self, group: Group, path: tuple[str, ...], *, in_rule: bool
    ) -> Iterator[tuple[tuple[str, ...], str, Group]]:
        for child in group.children or ():
            for written in filter(None, (child.background, child.scenario)):
                self._scenario(written, path)
            if child.rule and not in_rule:
                inner = (*path, child.rule.name) if child.rule.name else path
                if inner != path:
                    yield inner, child.rule.keyword or "Rule", child.rule
                yield from self._children(child.rule, inner, in_rule=True)

    def _scenario(self, written: Written, path: tuple[str, ...]) -> None:
        for line in written.steps or ():
            self.keywords[line.id or ""] = (line.keyword or "").strip()
        if written.examples:
            path = (*path, written.name or written.keyword or "Scenario Outline")
        described = (written.description or "").strip()
        self.places[written.id or ""] = Place(path, written.keyword or "", described)
        for table in written.examples or ():
            names = _cells(table.tableHeader)
            for row in table.tableBody or ():
                self.rows[row.id or ""] = dict(zip(names, _cells(row), strict=False))

    def place(self, pickle: Pickle) -> Place:
        found = (self.places.get(node) for node in pickle.astNodeIds or ())
        return next(filter(None, found), Place((pickle.uri or "Feature",), "", ""))

    def parameters(self, pickle: Pickle) -> dict[str, str]:
        """The row of the examples that it is made of."""
        found = (self.rows.get(node) for node in pickle.astNodeIds or ())
        return next(filter(None, found), {})

    def name(self, pickle: Pickle) -> str:
        name = pickle.name or self.place(pickle).keyword or "Scenario"
        return name_with(name, self.parameters(pickle).values())

    def line(self, step: PickleStep) -> str:
        """The step with its keyword: `Given 3 apples`."""
        found = (self.keywords.get(node) for node in step.astNodeIds or ())
        return f"{next(filter(None, found), '')} {step.text or ''}".strip()


def argument_of(step: PickleStep) -> str:
    """The step's data table or doc string, as it stands in the feature file."""
    if step.argument is None:
        return ""
    table, string = step.argument.dataTable, step.argument.docString
    rows = [f"| {' | '.join(_cells(row))} |" for row in (table and table.rows) or ()]
    return "\n".join([*rows, (string and string.content) or ""]).strip("\n")


def _cells(row: Row | None) -> list[str]:
    return [cell.value or "" for cell in (row and row.cells) or ()]
