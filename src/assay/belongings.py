"""Which of the files that came with a report belong to which of its results.

Everything is written below one folder, under names of our own making; what a report or an archive
calls a file is only ever compared.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from assay.formats.format import Piece
from assay.model import Attachment
from assay.rows import AssetRef


class Kept(Struct, frozen=True):
    """An asset: its number in the report, the result's position (None: the report's own), its name,
    the file in the spool that holds its bytes, and the path it was delivered with."""

    number: int
    position: int | None
    name: str
    media_type: str
    file: str
    size: int
    path: str = ""


class _Delivered(Struct):
    """A delivered file that is no report: an attachment, wanted by a result or left over."""

    name: str
    file: str
    size: int
    wanted: bool = False


class _Wish(Struct, frozen=True):
    """A file that a report names, by the number its asset will have."""

    number: int
    position: int | None
    name: str
    path: str
    media_type: str


class Belongings:
    """The files of one delivery that are no reports, and who asks for them."""

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._assets: list[Kept] = []
        self._delivered: list[_Delivered] = []
        self._wishes: list[_Wish] = []
        self._numbers = 0

    def deliver(self, name: str, chunks: Iterable[bytes]) -> None:
        """Take a file that came; nobody may have asked for it yet."""
        file, size = self._write(chunks)
        self._delivered.append(_Delivered(name.replace("\\", "/"), file, size))

    def keep(self, attachment: Attachment, position: int | None) -> AssetRef:
        """Take what a result has embedded, or note which file it names."""
        number = self._number()
        media_type = attachment.media_type
        if attachment.content is None:
            path = attachment.path.replace("\\", "/")
            self._wishes.append(_Wish(number, position, attachment.name, path, media_type))
        else:
            file, size = self._write([attachment.content])
            kept = Kept(number, position, attachment.name, media_type, file, size)
            self._assets.append(kept)
        return AssetRef(attachment.name, number, attachment.path, media_type)

    def called(self, names: Collection[str]) -> Iterator[Piece]:
        """The delivered files of these base names, which are the report's own then."""
        for each in self._delivered:
            if base(each.name) in names:
                each.wanted = True
                yield Piece(each.name, (self._spool / each.file).read_bytes)

    def matched(self) -> list[Kept]:
        """Every asset: each named file is the result's that names it, the rest are the report's."""
        by_base: dict[str, list[_Delivered]] = {}
        for each in self._delivered:
            by_base.setdefault(base(each.name), []).append(each)
        for wish in self._wishes:
            candidates = by_base.get(base(wish.path or wish.name), [])
            if candidates:
                best = max(candidates, key=lambda each: _shared_tail(each.name, wish.path))
                best.wanted = True
                self._keep_delivered(best, wish.number, wish.position, wish.media_type)
        for each in self._delivered:
            if not each.wanted:
                self._keep_delivered(each, self._number(), None, "")
        return self._assets

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _write(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        file = f"asset-{len(self._delivered) + len(self._assets)}"
        size = 0
        with (self._spool / file).open("wb") as out:
            for chunk in chunks:
                size += out.write(chunk)
        return file, size

    def _keep_delivered(
        self, each: _Delivered, number: int, position: int | None, media_type: str
    ) -> None:
        name = each.name.rsplit("/", 1)[-1]
        media_type = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        path = each.name.lstrip("./")
        self._assets.append(Kept(number, position, name, media_type, each.file, each.size, path))


def base(name: str) -> str:
    """The last part of a path, as names of files are compared."""
    return name.rsplit("/", 1)[-1].casefold()


def _shared_tail(one: str, other: str) -> int:
    """How many trailing parts two paths share."""
    pairs = zip(
        reversed(PurePosixPath(one).parts), reversed(PurePosixPath(other).parts), strict=False
    )
    return next((n for n, (a, b) in enumerate(pairs) if a.casefold() != b.casefold()), 99)
