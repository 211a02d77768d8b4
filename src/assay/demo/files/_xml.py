"""Elements as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'


def element(tag: str, attributes: Mapping[str, object], *children: str) -> str:
    """`children` are XML already."""
    names = "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
    return f"<{tag}{names}>{''.join(children)}</{tag}>" if children else f"<{tag}{names}/>"


def text(value: str) -> str:
    return escape(value)


def cdata(value: str) -> str:
    return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"


def lines(items: Iterable[str]) -> str:
    return "\n" + "\n".join(items) + "\n"


def document(root: str) -> bytes:
    return (HEADER + root + "\n").encode()
