"""JUnit XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assay.formats.format import Format, Head
from assay.model import Item


def sniff(head: Head) -> bool:
    return head.root in ("testsuites", "testsuite")


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the document's items."""
    yield from ()


FORMAT = Format(
    name="junit",
    title="JUnit XML",
    sniff=sniff,
    parse=parse,
    aliases=("junit-xml", "junit_xml", "junitxml", "surefire", "pytest"),
)
