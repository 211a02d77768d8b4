"""Deliveries as documents: a plain file is one, an archive is as many as it has members.

Archives are read as streams and never extracted by name. What they unpack to, how many members they
have and where their names point is limited before and while it is read.
"""

from __future__ import annotations

import gzip
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import unquote_to_bytes

import zstandard
from msgspec import Struct

from assay.errors import Malformed, TooLarge
from assay.zips import small

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 16
URL_ENCODED = (b"%3C", b"%7B", b"%5B", b"%EF%BB%BF", b"%0A", b"%3c", b"%7b", b"%5b")
"""How a report begins that a form encoded: an escaped `<`, `{`, `[`, byte order mark, newline."""

WHOLE = re.compile(
    r"^((\d+-)?(trace|test)\.trace|\[Content_Types\]\.xml|META-INF/MANIFEST\.MF"
    r"|AndroidManifest\.xml|Payload/[^/]+\.app/Info\.plist|mimetype)$"
)
"""Members that tell of a zip that is one file to people: a trace of Playwright, a document of an
office, an archive of Java, an app of a phone. Those stay whole."""

READ_ERRORS: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    EOFError,
    OSError,
    NotImplementedError,  # zipfile: a compression method it does not know
    RuntimeError,  # zipfile: an encrypted member
    ValueError,  # zipfile: a member that begins before the file, a name that is no UTF-8
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one archive may be: bytes in all once unpacked, and members."""

    unpacked: int
    members: int


class Document(Struct, frozen=True):
    """A file to be read: its name as delivered, its bytes, whether an archive brought it, and the
    names of all that came with it in a zip.

    `chunks` is called at most once, and before the next document is asked for.
    """

    name: str
    size: int
    chunks: Callable[[], Iterator[bytes]]
    member: bool = False
    beside: Sequence[str] = ()


class _Meter:
    """Counts what is unpacked of one archive in one reading, and stops it at the limit."""

    def __init__(self, archive: str, limit: int) -> None:
        self.archive = archive
        self.limit = limit
        self.seen = 0

    def count(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks. Raises `TooLarge`, and `Malformed` where they cannot be read."""
        try:
            for chunk in chunks:
                self.seen += len(chunk)
                if self.seen > self.limit:
                    raise _bomb(self.archive, self.limit)
                yield chunk
        except READ_ERRORS as error:
            raise Malformed(f"The archive is damaged: {error}", self.archive) from error


def documents(path: Path, name: str, limits: Limits) -> Iterator[Document]:
    """The documents in the file at `path`, delivered as `name`.

    Raises `Malformed` for an archive that cannot be read or whose names leave it, and `TooLarge`
    for one that unpacks to more than the limits.
    """
    with path.open("rb") as file:
        head = file.read(512)
    opener = next((open_ for magic, open_ in MAGIC if magic(head)), _open_plain)
    try:
        yield from opener(path, name, limits)
    except READ_ERRORS as error:
        raise Malformed(f"The archive cannot be read: {error}", name) from error


def listed(path: Path, name: str, limits: Limits) -> list[str]:
    """The names of the files that a delivery brings, before they are read: its own, or those of a
    zip's members. (A tar tells its members only as it is unpacked.)"""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
            return [name] if _is_whole(names) else names[: limits.members]
    except READ_ERRORS:
        pass  # whoever reads it says so
    return [name]


def _open_plain(path: Path, name: str, _limits: Limits) -> Iterator[Document]:
    size = path.stat().st_size
    with path.open("rb") as file:
        encoded = file.read(16).startswith(URL_ENCODED)
    if encoded:
        yield Document(name, size, lambda: iter([_unquote(path.read_bytes())]))
    else:
        yield Document(name, size, lambda: _read(path.open("rb")))


def _unquote(text: bytes) -> bytes:
    """A form writes a space as `+`, a URI as `%20`; in the one a plus sign is escaped."""
    return unquote_to_bytes(text if b"%20" in text else text.replace(b"+", b" "))


def _open_zip(path: Path, name: str, limits: Limits) -> Iterator[Document]:
    with path.open("rb", CHUNK) as file, zipfile.ZipFile(file) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        names = [info.filename for info in members]
        if _is_whole(names):
            yield from _open_plain(path, name, limits)
            return
        _check(name, limits, len(members), sum(info.file_size for info in members))
        meter = _Meter(name, limits.unpacked)
        for info in members:
            inner = _safe(info.filename, name)
            if info.flag_bits & 1:
                raise Malformed("The archive is encrypted; send it without a password", name)

            def chunks(info: zipfile.ZipInfo = info) -> Iterator[bytes]:
                return meter.count(_inflated(_member(archive, file, info)))

            yield Document(_bare(inner), info.file_size, chunks, member=True, beside=names)


def _is_whole(names: Iterable[str]) -> bool:
    return any(map(WHOLE.search, names))


def _member(archive: zipfile.ZipFile, file: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's bytes; `file` is the one in which the archive lies."""
    whole = small(file, info)
    if whole is not None:
        yield whole
    else:
        yield from _read(archive.open(info))


def _open_tar(path: Path, name: str, limits: Limits) -> Iterator[Document]:
    return _read_tar(path.open("rb"), name, limits)


def _read_tar(file: IO[bytes], name: str, limits: Limits) -> Iterator[Document]:
    """In one pass: each document is read before the next is asked for."""
    meter = _Meter(name, limits.unpacked)
    unpacked = 0
    with closing(file), tarfile.open(fileobj=file, mode="r|") as tar:
        for number, info in enumerate(tar, 1):
            unpacked += info.size
            _check(name, limits, number, unpacked)
            if not info.isfile():
                continue
            inner = _safe(info.name, name)

            def chunks(info: tarfile.TarInfo = info) -> Iterator[bytes]:
                return meter.count(_inflated(_extracted(tar, info)))

            yield Document(_bare(inner), info.size, chunks, member=True)


def _extracted(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    member = tar.extractfile(info)
    if member:
        yield from _read(member)


def _open_gzip(path: Path, name: str, limits: Limits) -> Iterator[Document]:
    def open_stream() -> IO[bytes]:
        return cast("IO[bytes]", gzip.open(path, "rb"))

    return _open_stream(open_stream, path, name, limits)


def _open_zstd(path: Path, name: str, limits: Limits) -> Iterator[Document]:
    def open_stream() -> IO[bytes]:
        return cast("IO[bytes]", zstandard.open(path, "rb"))

    return _open_stream(open_stream, path, name, limits)


def _open_stream(
    open_stream: Callable[[], IO[bytes]], path: Path, name: str, limits: Limits
) -> Iterator[Document]:
    """What is compressed as a whole: a tar, or one document."""
    with closing(open_stream()) as file:
        packed = _is_tar(file.read(512))
    if packed:
        yield from _read_tar(open_stream(), name, limits)
        return

    def chunks() -> Iterator[bytes]:
        return _Meter(name, limits.unpacked).count(_read(open_stream()))

    yield Document(_bare(name), path.stat().st_size, chunks)


def _bare(name: str) -> str:
    """What a compressed file is called once it is unpacked."""
    return name.removesuffix(".gz").removesuffix(".zst")


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A member that is compressed by itself, unpacked; any other as it is."""
    first = next(chunks, b"")
    whole = chain((first,), chunks)
    if not first.startswith(tuple(COMPRESSED)):
        yield from whole
        return
    opener = next(open_ for magic, open_ in COMPRESSED.items() if first.startswith(magic))
    yield from _read(opener(BufferedReader(_Chunks(whole))))


class _Chunks(RawIOBase):
    """Chunks as a file that can only be read on."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        self._rest = self._rest or next(filter(None, self._chunks), b"")
        size = min(len(view), len(self._rest))
        view[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with closing(file):
        while chunk := file.read(CHUNK):
            yield chunk


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _safe(inner: str, archive: str) -> str:
    """The member's name with forward slashes, if it stays inside the archive."""
    clean = inner.replace("\\", "/")
    absolute = clean.startswith("/") or clean[1:2] == ":"
    if absolute or ".." in clean.split("/") or "\0" in clean:
        raise Malformed(
            f"The archive names a file outside itself ({inner[:200]!r}); it was not unpacked",
            archive,
        )
    return clean


def _check(name: str, limits: Limits, members: int, size: int) -> None:
    if members > limits.members:
        raise TooLarge(f"The archive has more than {limits.members:,} members", name)
    if size > limits.unpacked:
        raise _bomb(name, limits.unpacked)


def _bomb(name: str, limit: int) -> TooLarge:
    return TooLarge(f"The archive unpacks to more than {limit // 1_000_000:,} MB; send less", name)


COMPRESSED: dict[bytes, Callable[[BufferedReader], IO[bytes]]] = {
    b"\x1f\x8b": lambda file: cast("IO[bytes]", gzip.GzipFile(fileobj=file)),
    b"\x28\xb5\x2f\xfd": lambda file: cast("IO[bytes]", zstandard.open(file)),
}

Opener = Callable[[Path, str, Limits], Iterator[Document]]
MAGIC: tuple[tuple[Callable[[bytes], bool], Opener], ...] = (
    (lambda head: head[:4] in (b"PK\x03\x04", b"PK\x05\x06"), _open_zip),
    (lambda head: head[:2] == b"\x1f\x8b", _open_gzip),
    (lambda head: head[:4] == b"\x28\xb5\x2f\xfd", _open_zstd),
    (_is_tar, _open_tar),
)
"""What a compressed file begins with (APPNOTE 4.3.6, RFC 1952, RFC 8878, POSIX ustar)."""
