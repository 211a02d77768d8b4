"""Folders and buckets that are not ours, from which results are fetched: what is there, and its
bytes. Nothing is ever written.

A folder is read by ourselves rather than through an object store's library, which follows links
wherever they lead: here a link counts only if what it leads to is inside, and a folder behind a
link does not count.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from assay.errors import Invalid, TooLarge, Unavailable

CHUNK = 1 << 20
MOST_LISTED = 100_000
"""Files that are looked at below one folder."""

FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""No link is followed at the end, and nobody waits for the other end of a pipe."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file; `name` is relative to the folder that was asked for, with slashes."""

    name: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was made: its length in bytes, its SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Place(Protocol):
    """Both raise `Invalid` for what is not there, and `Unavailable` where it cannot be asked."""

    def files(self, folder: str) -> Iterator[Found]:
        """All files below a folder. Raises `TooLarge` past `MOST_LISTED`."""

    def chunks(self, folder: str, name: str) -> Iterator[bytes]:
        """What is in one of them."""


def open_place(url: str) -> Place:
    """The place at file:///folder or s3://bucket/prefix (gs://, az://)."""
    if url.startswith("file://"):
        return Folder(Path(url.removeprefix("file://")))
    return Bucket(from_url(url))


def copy(place: Place, folder: str, name: str, to: Path, most: int) -> Copied:
    """Copy a file of at most so many bytes, which may have grown since it was listed. Raises
    `TooLarge`."""
    digest, size = hashlib.sha256(), 0
    with to.open("wb") as out:
        for chunk in place.chunks(folder, name):
            size += len(chunk)
            if size > most:
                raise TooLarge(f"{name} is larger than the {most:,} bytes that are left for it")
            digest.update(chunk)
            out.write(chunk)
    return Copied(size, digest.hexdigest())


class Folder:
    """A folder of this machine, of which nothing outside is shown."""

    def __init__(self, path: Path) -> None:
        self._root = Path(os.path.realpath(path))

    def files(self, folder: str) -> Iterator[Found]:
        start = self._start(folder)
        seen = 0
        for at, _, names in os.walk(start):
            for name in names:
                seen += 1
                _refuse_many(seen)
                path = Path(at, name)
                known = self._state(path)
                if known is not None and stat.S_ISREG(known.st_mode):
                    moment = datetime.fromtimestamp(known.st_mtime, UTC)
                    yield Found(path.relative_to(start).as_posix(), known.st_size, moment)

    def chunks(self, folder: str, name: str) -> Iterator[bytes]:
        path = self._start(folder) / name
        real = Path(os.path.realpath(path))
        try:
            handle = os.open(real, FLAGS)
        except OSError as error:
            raise Unavailable(f"{name} cannot be read: {error.strerror}") from error
        with open(handle, "rb") as file:
            opened, known = os.fstat(handle), self._state(real)
            if known is None or not os.path.samestat(opened, known):
                raise Invalid(f"{name} leads out of the source, or was replaced meanwhile")
            if not stat.S_ISREG(opened.st_mode):
                raise Invalid(f"{name} is no file")
            while chunk := file.read(CHUNK):
                yield chunk

    def _start(self, folder: str) -> Path:
        start = Path(os.path.realpath(self._root / folder.strip("/")))
        if not start.is_relative_to(self._root) or not start.is_dir():
            raise Invalid(f"There is no folder {folder or '/'} in this source", "folder")
        return start

    def _state(self, path: Path) -> os.stat_result | None:
        """Of what is at the end of a path; None where that is outside, or nothing."""
        real = Path(os.path.realpath(path))
        if not real.is_relative_to(self._root):
            return None
        try:
            return real.lstat()
        except OSError:
            return None


class Bucket:
    """A bucket of an object store, or what is below a prefix of it."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def files(self, folder: str) -> Iterator[Found]:
        prefix = _prefix(folder)
        seen = 0
        try:
            for page in obstore.list(self._store, prefix=prefix or None):
                for each in page:
                    seen += 1
                    _refuse_many(seen)
                    name = str(each["path"]).removeprefix(prefix).lstrip("/")
                    yield Found(name, each["size"], each["last_modified"])
        except BaseError as error:
            raise Unavailable(_told(error)) from error

    def chunks(self, folder: str, name: str) -> Iterator[bytes]:
        prefix = _prefix(folder)
        key = f"{prefix}/{name}" if prefix else name
        try:
            for chunk in obstore.get(self._store, key).stream(min_chunk_size=CHUNK):
                yield bytes(chunk)
        except (BaseError, FileNotFoundError) as error:
            raise Unavailable(_told(error)) from error


def _prefix(folder: str) -> str:
    parts = [part for part in folder.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise Invalid(f"There is no folder {folder} in this source", "folder")
    return "/".join(parts)


def _refuse_many(seen: int) -> None:
    if seen > MOST_LISTED:
        raise TooLarge(
            f"More than {MOST_LISTED:,} files are below this folder. Choose one further in"
        )


def _told(error: Exception) -> str:
    """The first line of what the object store's library says, which may go on for a page."""
    line = next((each.strip() for each in str(error).splitlines() if each.strip()), "")
    return f"The source cannot be read just now: {line[:300]}"
