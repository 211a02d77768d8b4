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
from typing import BinaryIO

from assay.formats.format import Format, Piece

CHUNK = 1 << 16


@dataclass(slots=True)
class Pile:
    """The documents of one format: for each its name, and where its bytes begin and end. The file
    stays open: to open it for each document would take as long as to decode it."""

    format: Format
    file: BinaryIO
    places: list[tuple[str, int, int]] = field(default_factory=list)
    end: int = 0
    was_read: bool = False

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        if self.was_read:  # else it is at its end, and to seek there would write what is buffered
            self.file.seek(self.end)
            self.was_read = False
        start = self.end
        for chunk in chunks:
            self.end += self.file.write(chunk)
        self.places.append((name, start, self.end))

    def pieces(self) -> Iterator[Piece]:
        for name, start, end in self.places:
            yield Piece(name, partial(self._read, start, end))

    def documents(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The name of each, and its bytes in chunks."""
        for name, start, end in self.places:
            yield name, self._chunks(start, end)

    def _chunks(self, start: int, end: int) -> Iterator[bytes]:
        for at in range(start, end, CHUNK):
            yield self._read(at, min(at + CHUNK, end))

    def _read(self, start: int, end: int) -> bytes:
        self.was_read = True
        self.file.seek(start)
        return self.file.read(end - start)


class Pieces:
    """Documents of one delivery, by their format, below the folder `spool`."""

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._piles: dict[str, Pile] = {}

    def add(self, known: Format, name: str, chunks: Iterable[bytes]) -> None:
        """Take a document that `known` has claimed."""
        pile = self._piles.get(known.name)
        if pile is None:
            file = (self._spool / f"pieces-{known.name}").open("w+b")
            pile = self._piles[known.name] = Pile(known, file)
        pile.add(name, chunks)

    def piles(self) -> Iterable[Pile]:
        return self._piles.values()

    def close(self) -> None:
        """Let go of the files; no piece can be read afterwards."""
        for pile in self._piles.values():
            pile.file.close()
