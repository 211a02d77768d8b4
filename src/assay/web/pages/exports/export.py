"""What an export is: a name, and a writer from a report to the bytes of one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from assay.web.pages.exports.outgoing import Outgoing

PIECE = 65_536
"""Characters that are sent at once."""


@dataclass(frozen=True, slots=True)
class Export:
    """One way to take a report out. `words` say what it is good for; `write` streams, in memory
    that does not grow with the report."""

    name: str
    title: str
    words: str
    extension: str
    media_type: str
    write: Callable[[Outgoing], Iterator[bytes]]

    def file(self, report: Outgoing) -> str:
        """What the file is called, as far as one may choose: "Web UI tests 148239.csv"."""
        return f"{report.profile} {report.report.id}.{self.extension}"


def in_pieces(texts: Iterable[str]) -> Iterator[bytes]:
    """Many small texts as few larger pieces of UTF-8. Halves of characters become "?"."""
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(held).encode("utf-8", "replace")
            held, size = [], 0
    yield "".join(held).encode("utf-8", "replace")
