"""The blob store: raw uploads and assets, by key, in a folder or in any object store.

On a folder a blob is on disk, in the sense of fsync, before `put` or `Writer.close` returns.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from assay.errors import NotFound

if TYPE_CHECKING:
    from obstore import GetOptions

CHUNK = 1 << 18

HELD = 1 << 20
"""Bytes of an upload that are passed on at a time."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: its key, its length in bytes, its SHA-256 in hexadecimal."""

    key: str
    size: int
    sha256: str


class Writer:
    """A blob that is being received, hashed on the way. It exists once `close` has returned.

    What comes is passed on some chunks at a time, by a thread: the event loop neither hashes nor
    waits for a disk.
    """

    def __init__(self, blobs: Blobs, key: str) -> None:
        self._blobs = blobs
        self._key = key
        self._chunks: list[bytes] = []
        self._held = 0
        self._hash = hashlib.sha256()
        self._size = 0
        self._sink = _sink(blobs, key)

    async def write(self, data: bytes) -> None:
        self._chunks.append(data)
        self._held += len(data)
        if self._held >= HELD:
            await asyncio.to_thread(self._pass_on)

    async def close(self) -> Stored:
        return await asyncio.to_thread(self._close)

    def _pass_on(self) -> None:
        data = b"".join(self._chunks)
        self._chunks, self._held = [], 0
        self._hash.update(data)
        self._size += len(data)
        self._sink.write(data)

    def _close(self) -> Stored:
        self._pass_on()
        self._sink.close()
        self._blobs.settle(self._key)
        return Stored(self._key, self._size, self._hash.hexdigest())


class _FileSink:
    """A file under another name until it is whole; none is held open between two writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f"{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, data: bytes) -> None:
        with self._partial.open("ab") as file:
            file.write(data)

    def close(self) -> None:
        self._partial.replace(self._path)


class _ObjectSink:
    def __init__(self, store: ObjectStore, key: str) -> None:
        self._writer = obstore.open_writer(store, key)

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    def close(self) -> None:
        self._writer.close()


def _sink(blobs: Blobs, key: str) -> _FileSink | _ObjectSink:
    return _FileSink(blobs.folder / key) if blobs.folder else _ObjectSink(blobs.store, key)


class Blobs:
    """Blobs by key. Keys are made by Assay, never from names that a client sent."""

    def __init__(self, url: str) -> None:
        self.folder: Path | None = None
        if url.startswith("file://"):
            self.folder = Path(url.removeprefix("file://"))
            self.folder.mkdir(parents=True, exist_ok=True)
            self.store: ObjectStore = LocalStore(self.folder)
        else:
            self.store = from_url(url)

    def writer(self, key: str) -> Writer:
        return Writer(self, key)

    def put(self, key: str, data: bytes | Path) -> None:
        """Store `data`, or the content of the file at that path."""
        obstore.put(self.store, key, data)
        self.settle(key)

    def read(self, key: str) -> bytes:
        try:
            return bytes(obstore.get(self.store, key).bytes())
        except (NotFoundError, FileNotFoundError):
            raise NotFound(f"The stored file {key} is gone from the blob store.") from None

    def head(self, key: str, length: int) -> bytes:
        """The first bytes of it, at most so many."""
        return b"".join(self.stream(key, 0, length))[:length]

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Its bytes in pieces; those from `start` up to before `end`, where that is given."""
        options: GetOptions | None = None if end is None else {"range": (start, end)}
        try:
            found = obstore.get(self.store, key, options=options)
        except (NotFoundError, FileNotFoundError):
            raise NotFound(f"The stored file {key} is gone from the blob store.") from None
        for chunk in found.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)

    def file(self, key: str, scratch: Path) -> Path:
        """A local file with the blob's content: the blob itself in a folder, else a copy."""
        if self.folder is not None:
            path = self.folder / key
            if not path.exists():
                raise NotFound(f"The stored file {key} is gone from the blob store.")
            return path
        copy = scratch / hashlib.sha256(key.encode()).hexdigest()
        with copy.open("wb") as out:
            out.writelines(self.stream(key))
        return copy

    def delete(self, prefix: str) -> None:
        """Remove every blob below `prefix` (a whole path segment)."""
        if self.folder is not None:
            shutil.rmtree(self.folder / prefix, ignore_errors=True)
            return
        for page in obstore.list(self.store, prefix=prefix):
            obstore.delete(self.store, [entry["path"] for entry in page])

    def folders(self, prefix: str) -> list[str]:
        """What lies below `prefix` as a folder, as prefixes themselves."""
        found = obstore.list_with_delimiter(self.store, prefix)
        return [str(each).rstrip("/") for each in found["common_prefixes"]]

    def idle(self, prefix: str, since: datetime) -> bool:
        """Whether there is something below `prefix`, and nothing of it was written since then."""
        pages = obstore.list(self.store, prefix=prefix)
        times = [entry["last_modified"] for page in pages for entry in page]
        return bool(times) and max(times) < since

    def settle(self, key: str) -> None:
        """Have the operating system write a blob of a folder, and its name, to the disk."""
        if self.folder is None:
            return
        path = self.folder / key
        for place in (path, *_parents_below(path, self.folder)):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _parents_below(path: Path, top: Path) -> list[Path]:
    return [parent for parent in path.parents if parent == top or top in parent.parents]
