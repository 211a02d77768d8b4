"""A gate as people write it, YAML, and what is wrong with it, line by line.

Only YAML's structure is used: every value is taken as the text that stands there, so that `no` and
`1:30` are what they look like. Nothing is ever made of a tag.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from assay.errors import Invalid
from assay.gates.kinds import Kind, Shape
from assay.gates.rules import BY_NAME, Rule

LONGEST = 20_000
"""Characters a gate may have: more than every rule there is, for a hundred requests each."""

MOST_ENTRIES = 200
DEEPEST = 20
ONLY = "only"
FILTERS = ("branches", "tags")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a line, as a sentence. Lines count from 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule of a gate with the value it has there, and that value as it was written. `about` is
    the request or the entry of the metadata that it is for."""

    rule: Rule
    value: Any
    text: str
    line: int
    about: str | None = None

    @property
    def title(self) -> str:
        return self.rule.name if self.about is None else f"{self.rule.name} of {self.about}"


@dataclass(frozen=True, slots=True)
class Gate:
    """`branches` and `tags` are globs: the gate is only for reports of one of these branches, and
    with one of these tags. Empty ones ask for nothing."""

    entries: tuple[Entry, ...]
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    """What has been read so far."""

    entries: list[Entry] = field(default_factory=list)
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)

    def blame(self, node: yaml.Node, message: str) -> None:
        self.troubles.append(Trouble(_line(node), message))


def read(text: str) -> tuple[Gate, tuple[Trouble, ...]]:
    """The gate, of all that can be read, and what is wrong with the rest."""
    reader = _Reader()
    try:
        root = _compose(text)
    except Unreadable as error:
        return Gate(()), (error.trouble,)
    if root is None:
        return Gate(()), (Trouble(1, "There is no rule yet, such as failures: 0"),)
    _read_root(reader, root)
    if not reader.entries and not reader.troubles:
        reader.blame(root, "There is no rule here yet, such as failures: 0")
    if len(reader.entries) > MOST_ENTRIES:
        reader.blame(root, f"A gate has {MOST_ENTRIES} rules at most, not {len(reader.entries)}")
    filters = (reader.filters.get(name, ()) for name in FILTERS)
    gate = Gate(tuple(reader.entries[:MOST_ENTRIES]), *filters)
    return gate, tuple(sorted(reader.troubles, key=lambda each: each.line))


def parse(text: str) -> Gate:
    """The gate. Raises `Invalid` with the line of the first thing that is wrong."""
    gate, troubles = read(text)
    if troubles:
        raise Invalid(str(troubles[0]), "rules")
    return gate


class Unreadable(Exception):
    """No YAML, or more of it than anyone writes."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.trouble = Trouble(line, message)


def _compose(text: str) -> yaml.Node | None:
    if len(text) > LONGEST:
        raise Unreadable(1, f"A gate has {LONGEST:,} characters at most, not {len(text):,}")
    try:
        _check_depth(text)
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(*_explain(error, text)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable(line, f"Character U+{_code(error):04X} cannot stand in YAML") from error
    except yaml.YAMLError as error:
        raise Unreadable(1, "This is no YAML") from error


def _check_depth(text: str) -> None:
    """Composing goes as deep as the text does, in Python's own stack."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise Unreadable(line, "This is nested too deeply for a gate")


def _code(error: yaml.reader.ReaderError) -> int:
    return ord(error.character) if isinstance(error.character, str) else int(error.character)


def _explain(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """The line, and what YAML's grammar says of it, or what that mostly comes of."""
    mark = error.problem_mark or error.context_mark
    at, column = (mark.line, mark.column) if mark is not None else (0, 0)
    line = next(iter(text.splitlines()[at:]), "")
    said = " ".join(filter(None, (error.context, error.problem)))
    if "alias" in said:
        said = 'A name that begins with * stands in quotes: "*login*"'
    elif "\t" in line:
        said = "YAML is indented with spaces, not with tabs"
    elif "cannot start any token" in said:
        said = f"A name that begins with {line[column : column + 1]} stands in quotes"
    else:
        said = f"This is no YAML: {said}. A line is a rule, a colon, a space and a value"
    return at + 1, said


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _read_root(reader: _Reader, root: yaml.Node) -> None:
    if not isinstance(root, yaml.MappingNode):
        reader.blame(root, "A line is a rule, a colon, a space and a value: failures: 0")
        return
    seen: dict[str, int] = {}
    for key, value in _pairs(reader, root):
        name = " ".join(key.value.casefold().replace("_", " ").replace("-", " ").split())
        if name in seen:
            reader.blame(
                key,
                f"“{name}” stands on line {seen[name]} already; several limits are a list: "
                "duration: [10 min, 120 % of the last 20]",
            )
        elif name == ONLY:
            _read_only(reader, value)
        elif rule := BY_NAME.get(name):
            _read_rule(reader, rule, value)
        else:
            reader.blame(key, f"There is no rule “{_cut(key.value)}”{_nearest(name)}")
        seen.setdefault(name, _line(key))


def _pairs(reader: _Reader, node: yaml.MappingNode) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            yield key, value
        else:
            reader.blame(key, "A name is expected before the colon")


def _nearest(name: str) -> str:
    near = get_close_matches(name[:60], (*BY_NAME, ONLY), n=1)
    return f"; did you mean “{near[0]}”?" if near else f". There are: {', '.join(BY_NAME)}"


def _read_only(reader: _Reader, node: yaml.Node) -> None:
    expected = "branches and tags are expected here: only: {branches: [main], tags: [nightly]}"
    if not isinstance(node, yaml.MappingNode):
        reader.blame(node, expected)
        return
    for key, value in _pairs(reader, node):
        if key.value in FILTERS:
            reader.filters[key.value] = tuple(_names(reader, value))
        else:
            reader.blame(key, f"“{_cut(key.value)}” is not known; {expected}")


def _read_rule(reader: _Reader, rule: Rule, node: yaml.Node) -> None:
    shape = rule.kind.shape
    if shape is Shape.NAMES:
        names = _names(reader, node)
        if names:
            reader.entries.append(Entry(rule, names, ", ".join(names), _line(node)))
    elif isinstance(node, yaml.MappingNode) and shape in (Shape.REQUESTS, Shape.PAIRS):
        for key, value in _pairs(reader, node):
            _read_limits(reader, rule, value, key.value)
    elif shape is Shape.PAIRS:
        reader.blame(node, _expected(rule))
    else:
        _read_limits(reader, rule, node)


def _read_limits(reader: _Reader, rule: Rule, node: yaml.Node, about: str | None = None) -> None:
    """A value, or several in a list."""
    if isinstance(node, yaml.SequenceNode) and rule.kind.shape is not Shape.PAIRS:
        for each in node.value:
            _read_value(reader, rule, each, about)
        if not node.value:
            reader.blame(node, _expected(rule))
    else:
        _read_value(reader, rule, node, about)


def _read_value(reader: _Reader, rule: Rule, node: yaml.Node, about: str | None) -> None:
    if not isinstance(node, yaml.ScalarNode):
        reader.blame(node, _expected(rule))
        return
    text = " ".join(node.value.split())
    try:
        value = rule.kind.read(text)
    except ValueError:
        reader.blame(node, _expected(rule, text))
    else:
        reader.entries.append(Entry(rule, value, text, _line(node), about))


def _names(reader: _Reader, node: yaml.Node) -> list[str]:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    names = []
    for each in nodes:
        if isinstance(each, yaml.ScalarNode) and each.value:
            names.append(each.value)
        else:
            reader.blame(each, "A name is expected here, or a list of names: [main, release/*]")
    if not nodes:
        reader.blame(node, "A name is expected here, or a list of names: [main, release/*]")
    return names


def _expected(rule: Rule, text: str = "") -> str:
    kind: Kind = rule.kind
    instead = f", not “{_cut(text)}”" if text else ""
    return f"“{rule.name}” says {kind.words}, such as {kind.example}{instead}"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
