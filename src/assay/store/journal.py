"""A journal: a blob that grows while it is being received, and that can be read meanwhile.

In a folder it is the file that it will be in the end. In an object store, which cannot add to what
it holds, it is numbered parts beside the place of the whole, each named by where it begins.
Whoever adds to one knows where its safe bytes end, and is the only one: see
`store.catalog.runs.lock`. What a crash left behind that end is written over.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import obstore

from assay.errors import Unavailable
from assay.store.blobs import Blobs, Stored

DIGITS = 20
"""Of a part's number, so that names sort as numbers do."""


class Journal:
    """The journal at this key."""

    def __init__(self, blobs: Blobs, key: str) -> None:
        self._blobs = blobs
        self._key = key
        self._parts = f"{key}.parts"

    def append(self, start: int, data: bytes) -> None:
        """Have it hold `data` from `start` on, and nothing behind that. On disk when this returns.

        Raises `Unavailable` where bytes that were there before are gone.
        """
        if self._blobs.folder is None:
            obstore.put(self._blobs.store, f"{self._parts}/{start:0{DIGITS}}", data)
            return
        path = self._blobs.folder / self._key
        fresh = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb" if fresh else "r+b") as file:
            if file.seek(0, os.SEEK_END) < start:
                raise Unavailable(f"The journal {self._key} has lost bytes it had.")
            file.seek(start)
            file.write(data)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            self._blobs.settle(self._key)

    def read(self, size: int) -> Iterator[bytes]:
        """Its first `size` bytes, in pieces."""
        if self._blobs.folder is None:
            yield from self._read_parts(size)
        elif size:
            yield from self._blobs.stream(self._key, 0, size)

    def copy(self, size: int, to: Path) -> None:
        """Its first `size` bytes, into a file."""
        if self._blobs.folder is None:
            with to.open("wb") as out:
                out.writelines(self._read_parts(size))
            return
        path = self._blobs.folder / self._key
        if size:
            shutil.copyfile(path, to)
            os.truncate(to, size)
        else:
            to.write_bytes(b"")

    def close(self, size: int) -> Stored:
        """Make its first `size` bytes a blob like any other. Safe to repeat; `clear` afterwards."""
        if self._blobs.folder is None:
            return self._join(size)
        path = self._blobs.folder / self._key
        if not path.exists() and not size:
            self.append(0, b"")
        os.truncate(path, size)
        self._blobs.settle(self._key)
        with path.open("rb") as file:
            return Stored(self._key, size, hashlib.file_digest(file, "sha256").hexdigest())

    def clear(self) -> None:
        """Forget the parts it came in."""
        if self._blobs.folder is None:
            self._blobs.delete(self._parts)

    def _join(self, size: int) -> Stored:
        digest = hashlib.sha256()
        with obstore.open_writer(self._blobs.store, self._key) as out:
            for chunk in self._read_parts(size):
                digest.update(chunk)
                out.write(chunk)
        return Stored(self._key, size, digest.hexdigest())

    def _read_parts(self, size: int) -> Iterator[bytes]:
        pages = obstore.list(self._blobs.store, prefix=self._parts)
        names = sorted(str(entry["path"]) for page in pages for entry in page)
        for name in names:
            start = int(name.rpartition("/")[2])
            if start >= size:
                return
            left = size - start
            for chunk in self._blobs.stream(name):
                yield chunk[:left]
                left -= len(chunk[:left])
