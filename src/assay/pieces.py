"""Documents that wait here until all of a delivery have come.

Some are pieces of one report: Allure writes a file a test, Xcode a bundle of blobs. Others may say
again what one that is still to come says better. Their bytes lie one behind another in one file a
format, so that twenty thousand small ones cost no more than one large one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from assay.formats.format import Format, Piece

CHUNK = 1 << 16


@dataclass(slots=True)
class Pile:
    """The documents of one format: for each its name, and where its bytes begin and end."""

    format: Format
    file: Path
    places: list[tuple[str, int, int]] = field(default_factory=list)

    def pieces(self) -> Iterator[Piece]:
        for name, start, end in self.places:
            yield Piece(name, partial(self._read, start, end))

    def documents(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The name of each, and its bytes in chunks."""
        for name, start, end in self.places:
            yield name, self._chunks(start, end)

    def _chunks(self, start: int, end: int) -> Iterator[bytes]:
        with self.file.open("rb") as file:
            file.seek(start)
            while chunk := file.read(min(CHUNK, end - file.tell())):
                yield chunk

    def _read(self, start: int, end: int) -> bytes:
        return b"".join(self._chunks(start, end))


class Pieces:
    """Documents of one delivery, by their format, below the folder `spool`."""

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._piles: dict[str, Pile] = {}

    def add(self, known: Format, name: str, chunks: Iterable[bytes]) -> None:
        """Take a document that `known` has claimed."""
        pile = self._piles.get(known.name)
        if pile is None:
            pile = self._piles[known.name] = Pile(known, self._spool / f"pieces-{known.name}")
        with pile.file.open("ab") as out:
            start = out.tell()
            for chunk in chunks:
                out.write(chunk)
            pile.places.append((name, start, out.tell()))

    def piles(self) -> Iterable[Pile]:
        return self._piles.values()
