"""Expat, set up for documents that nobody vouches for.

Entities cannot be declared (so there is no bomb, and no file to read), nothing is ever fetched, and
attributes cannot have defaults. Names of HTML's entities that are used undeclared are forgiven.
"""

from __future__ import annotations

import pyexpat
from collections.abc import Callable
from html.entities import html5
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from assay.errors import Malformed
from assay.formats._runs import Runs

AFTER_THE_END = pyexpat.errors.codes[pyexpat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
"""The code of the error for whatever follows the root's end."""


def hardened(
    builder: TreeBuilder | Runs, names: dict[str, str], accept: Callable[[str], None]
) -> pyexpat.XMLParserType:
    """A parser of one UTF-8 document that tells `builder`, C to C, what it finds.

    `names` comes to hold the names in use. `accept` gets the root's tag, and may raise. Raises
    `Malformed` for a declaration that is refused, from within `Parse`.
    """
    parser = pyexpat.ParserCreate("utf-8", None, names)
    parser.buffer_text = True
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    _start_with_root(parser, builder, accept)
    _refuse_declarations(parser)
    _forgive_entities(parser, builder)
    return parser


def _start_with_root(
    parser: pyexpat.XMLParserType, builder: TreeBuilder | Runs, accept: Callable[[str], None]
) -> None:
    """Prefixes of names are dropped where the root has one, which is rare, by way of Python."""

    def root(tag: str, attributes: dict[str, str]) -> None:
        accept(_local(tag))
        prefixed = ":" in tag
        parser.StartElementHandler = start if prefixed else builder.start
        parser.EndElementHandler = end if prefixed else builder.end
        builder.start(_local(tag), attributes)

    def start(tag: str, attributes: dict[str, str]) -> Element:
        return builder.start(_local(tag), attributes)

    def end(tag: str) -> Element:
        return builder.end(_local(tag))

    parser.StartElementHandler = root


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _refuse_declarations(parser: pyexpat.XMLParserType) -> None:
    def entity(name: str, *_: object) -> None:
        raise Malformed(
            f"The document declares an entity ({name}), which is refused: entities can make a "
            "small file huge, or read other files",
            f"line {parser.CurrentLineNumber}",
        )

    def attribute(tag: str, name: str, _type: str, default: str | None, _required: int) -> None:
        if default is not None:
            raise Malformed(
                f"The document declares a default for {name} of <{tag}>, which is refused: "
                "defaults can make a small file huge",
                f"line {parser.CurrentLineNumber}",
            )

    parser.EntityDeclHandler = entity
    parser.AttlistDeclHandler = attribute


def _forgive_entities(parser: pyexpat.XMLParserType, builder: TreeBuilder | Runs) -> None:
    """With a DTD elsewhere, which is taken to be empty, undefined entities are skipped."""

    def skipped(name: str, is_parameter: bool) -> None:
        if not is_parameter and parser.CharacterDataHandler is not None:
            builder.data(html5.get(f"{name};", ""))

    def fetch_nothing(context: str | None, *_: object) -> int:
        parser.ExternalEntityParserCreate(context).Parse(b"", True)
        return 1

    parser.UseForeignDTD(True)
    parser.SetParamEntityParsing(pyexpat.XML_PARAM_ENTITY_PARSING_ALWAYS)
    parser.ExternalEntityRefHandler = fetch_nothing
    parser.SkippedEntityHandler = skipped


def mute(
    parser: pyexpat.XMLParserType, builder: TreeBuilder, element: Element, holds_records: bool
) -> None:
    """Drop all text from here to the end of `element`, or to the first record within it.

    If it has ended already, the text after it is dropped, to the next tag.
    """
    start: Any = parser.StartElementHandler
    end: Any = parser.EndElementHandler

    def restore() -> None:
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = builder.data

    def started(tag: str, attributes: dict[str, str]) -> None:
        new = start(tag, attributes)
        if holds_records or _innermost(element) is not new:
            restore()

    def ended(tag: str) -> None:
        old = end(tag)
        if old is element or not _holds(element, old):
            restore()

    parser.CharacterDataHandler = None
    parser.StartElementHandler, parser.EndElementHandler = started, ended


def _innermost(element: Element) -> Element:
    while len(element):
        element = element[-1]
    return element


def _holds(element: Element, last: Element) -> bool:
    """Is `last` the last of its level in `element`?"""
    while len(element):
        element = element[-1]
        if element is last:
            return True
    return False
