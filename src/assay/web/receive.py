"""Receives an upload, in whichever of its many forms, as a stream: files to blobs, fields to text.

What a client declares is a hint; the body is what counts. Real clients send multipart under a wrong
type, with no boundary in the header, with `Content-Disposition: attachment`, raw reports under a
form's type, and form fields as files. A body is told by how it begins.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import parse_qsl
from uuid import uuid4

import zstandard
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers

from assay.errors import Invalid, TooLarge
from assay.store.blobs import Blobs, Stored, Writer

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

HEAD = 1024
"""Bytes of a body that tell its form."""

LONGEST_FIELD = 65_536
"""Bytes of one field's text."""

MOST_FIELDS = 2_000

FILE_FIELD = re.compile(r"(file|attachment)s?(\[\d*\])?")
"""Fields that hold a file whatever else is said of them; the word is the kind they hold."""

RAW = re.compile(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[<{\[]")
FORM = re.compile(rb"[\w.\[\]%+-]{1,64}=")
UNNAMED = "upload"


@dataclass(frozen=True, slots=True)
class File:
    """A received file: its name as sent, the kind of its field, where its bytes are."""

    name: str
    kind: str
    stored: Stored


@dataclass(slots=True)
class Received:
    """A whole upload: the files in their order, each field's texts in theirs."""

    prefix: str
    files: list[File] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """What a part says of itself: its field, its file's name, its Content-Type in lower case."""

    field: str
    file: str = ""
    type: str = ""
    charset: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How large an upload may be: bytes once decoded, files, and bytes of a field. `options` are
    the names of fields that are text even when a client sends them as files. With `types`, a part
    is the field that its Content-Type means there, whatever else it says; others are refused."""

    size: int
    files: int
    options: frozenset[str] = frozenset()
    text: int = LONGEST_FIELD
    types: Mapping[str, str] = field(default_factory=dict)


async def receive(
    body: AsyncIterator[bytes], headers: Headers, blobs: Blobs, allowance: Allowance
) -> Received:
    """The upload, its bytes safely in the blob store.

    Raises `TooLarge` past the allowance and `Invalid` for a body that breaks off or is no form of
    upload; then nothing of it stays in the store.
    """
    received = Received(prefix=f"uploads/{uuid4().hex}")
    reader = _Reader(received, blobs, allowance)
    try:
        await _dispatch(_bounded(decode(body, headers), allowance.size), headers, reader)
    except BaseException:
        blobs.delete(received.prefix)
        raise
    return received


async def _dispatch(body: AsyncIterator[bytes], headers: Headers, reader: _Reader) -> None:
    head, stream = await _peek(body)
    boundary = _boundary(head, headers.get("content-type", ""))
    if boundary:
        await _read_multipart(stream, boundary, reader)
    elif not head.strip():
        return
    elif RAW.match(head) or not _is_form(head, headers):
        await _read_raw(stream, headers, reader)
    else:
        await _read_form(stream, reader)


def _boundary(head: bytes, content_type: str) -> bytes:
    """The boundary, if the body is multipart: as the body has it, whatever the header says."""
    start = head.lstrip(b"\r\n")
    declared = _parameter(content_type, "boundary")
    if declared and b"--" + declared in head:
        return declared
    line = start.split(b"\n", 1)[0].rstrip(b"\r")
    if line.startswith(b"--") and 2 < len(line) <= 202:
        return line[2:]
    return b""


def _parameter(header: str, name: str) -> bytes:
    message = Message()
    message["content-type"] = header
    value = message.get_param(name)
    return value.encode("latin-1", "replace") if isinstance(value, str) else b""


def _is_form(head: bytes, headers: Headers) -> bool:
    return "urlencoded" in headers.get("content-type", "") and FORM.match(head) is not None


async def _read_raw(stream: AsyncIterator[bytes], headers: Headers, reader: _Reader) -> None:
    declared = headers.get("content-type", "").partition(";")[0].strip().lower()
    await reader.begin(Part("file[]", headers.get("x-filename") or UNNAMED, declared))
    async for chunk in stream:
        await reader.data(chunk)
    await reader.end()


async def _read_form(stream: AsyncIterator[bytes], reader: _Reader) -> None:
    body = b"".join([chunk async for chunk in stream])
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Invalid(f"The form cannot be read: {error}") from error
    for name, value in pairs:
        await reader.begin(Part(name.decode("utf-8", "replace")))
        await reader.data(value)
        await reader.end()


async def _read_multipart(stream: AsyncIterator[bytes], boundary: bytes, reader: _Reader) -> None:
    events = _Events()
    parser = MultipartParser(
        boundary,
        cast("MultipartCallbacks", events.callbacks()),
        max_header_count=32,
        max_header_size=32_768,
    )
    try:
        async for chunk in stream:
            parser.write(chunk)
            await events.replay(reader)
    except FormParserError as error:
        raise Invalid(f"The multipart body cannot be read: {error}") from error
    if not events.finished:
        raise Invalid("The upload broke off before its last boundary. Send it again")


class _Events:
    """What the parser called back during one `write`, to be replayed where one may await."""

    def __init__(self) -> None:
        self.finished = False
        self._headers: Message = Message()
        self._name = b""
        self._value = b""
        self._queue: list[tuple[str, bytes] | Part] = []

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._part,
            "on_header_field": self._add_name,
            "on_header_value": self._add_value,
            "on_header_end": self._header,
            "on_headers_finished": self._begin,
            "on_part_data": lambda data, start, end: self._queue.append(("data", data[start:end])),
            "on_part_end": lambda: self._queue.append(("end", b"")),
            "on_end": self._finish,
        }

    async def replay(self, reader: _Reader) -> None:
        queue, self._queue = self._queue, []
        for each in queue:
            if isinstance(each, Part):
                await reader.begin(each)
            elif each[0] == "data":
                await reader.data(each[1])
            else:
                await reader.end()

    def _part(self) -> None:
        self._headers = Message()

    def _add_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header(self) -> None:
        name = self._name.decode("latin-1")
        self._headers[name] = _clean(self._value)
        self._name = self._value = b""

    def _begin(self) -> None:
        name = _text(self._headers.get_param("name", "", "content-disposition"))
        declared = self._headers.get_content_type() if "content-type" in self._headers else ""
        charset = self._headers.get_content_charset("utf-8")
        self._queue.append(Part(name, _filename(self._headers), declared, charset))

    def _finish(self) -> None:
        self.finished = True


def _clean(value: bytes) -> str:
    """A header's value as text: clients send UTF-8, whatever RFC 7578 once said."""
    return value.decode("utf-8", "replace").replace("\r", " ").replace("\n", " ").strip()


def _text(value: object) -> str:
    if isinstance(value, tuple):  # RFC 2231: charset, language, text
        return str(value[2])
    return str(value or "")


def _filename(headers: Message) -> str:
    """The file name with its path, backslashes and all: `get_param` would eat them as escapes."""
    raw = str(headers.get("content-disposition", ""))
    quoted = re.search(r'filename="((?:[^"\\]|\\.)*)"', raw)
    if quoted:
        return quoted[1].replace('\\"', '"').replace("%22", '"')
    return _text(headers.get_param("filename", "", "content-disposition"))


class _Reader:
    """Takes the parts one after the other: a file goes to a blob, a field to memory."""

    def __init__(self, received: Received, blobs: Blobs, allowance: Allowance) -> None:
        self._received = received
        self._blobs = blobs
        self._allowance = allowance
        self._writer: Writer | None = None
        self._part = Part("")
        self._text = bytearray()

    async def begin(self, part: Part) -> None:
        self._part = part = self._by_type(part) if self._allowance.types else part
        self._text = bytearray()
        named = part.file and not self._allowance.types
        if part.field in self._allowance.options or not (named or FILE_FIELD.fullmatch(part.field)):
            return
        number = len(self._received.files)
        if number >= self._allowance.files:
            raise TooLarge(
                f"More than {self._allowance.files:,} files in one upload. Send them in several, "
                "or as one zip"
            )
        self._writer = self._blobs.writer(f"{self._received.prefix}/{number}")

    async def data(self, chunk: bytes) -> None:
        if self._writer is not None:
            await self._writer.write(chunk)
            return
        self._text += chunk
        if len(self._text) > self._allowance.text:
            field, most = self._part.field, self._allowance.text
            raise Invalid(f"The field {field!r} is longer than {most:,} bytes")

    async def end(self) -> None:
        if self._writer is None:
            self._keep_field()
            return
        stored = await self._writer.close()
        self._writer = None
        found = FILE_FIELD.fullmatch(self._part.field)
        kind = found[1] if found else "file"
        self._received.files.append(File(self._part.file or UNNAMED, kind, stored))

    def _by_type(self, part: Part) -> Part:
        """The part as the field that its Content-Type means. Raises `Invalid` for any other."""
        types = self._allowance.types
        if part.type not in types:
            said = f"A part of the type {part.type[:80]!r} came" if part.type else "A part came"
            known = " and ".join(dict.fromkeys(types))
            raise Invalid(f"{said}, and parts are told by their Content-Type: {known}")
        return replace(part, field=types[part.type])

    def _keep_field(self) -> None:
        values = self._received.fields.setdefault(self._part.field, [])
        if len(self._received.fields) + len(values) > MOST_FIELDS:
            raise Invalid(f"More than {MOST_FIELDS:,} fields in one upload")
        values.append(_decoded(bytes(self._text), self._part.charset))


def _decoded(text: bytes, charset: str) -> str:
    try:
        return text.decode(charset, "replace")
    except (LookupError, UnicodeError):
        return text.decode("utf-8", "replace")


async def _peek(body: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    first = b""
    async for chunk in body:
        first += chunk
        if len(first) >= HEAD:
            break

    async def whole() -> AsyncIterator[bytes]:
        if first:
            yield first
        async for chunk in body:
            yield chunk

    return first[:HEAD], whole()


async def _bounded(body: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    seen = 0
    async for chunk in body:
        seen += len(chunk)
        if seen > limit:
            raise TooLarge(
                f"The upload is larger than {limit / 1_000_000:,.0f} MB. Send it in parts, "
                "compressed as a zip, or have the administrator raise the limit"
            )
        yield chunk


class _Decoder(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


class _Inflate:
    """gzip or zlib, told by itself (RFC 1950, RFC 1952)."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=47)

    def decompress(self, data: bytes) -> bytes:
        return self._inflate.decompress(data)


@dataclass(frozen=True, slots=True)
class _Coding:
    """A content coding, and how many coded bytes are decoded at a time, so that even at the
    coding's best ratio (deflate 1:1032, zstd's repeated blocks 1:32768) one step stays small."""

    decoder: Callable[[], _Decoder]
    feed: int


GZIP = _Coding(_Inflate, 16_384)
CODINGS = {
    "gzip": GZIP,
    "x-gzip": GZIP,
    "deflate": GZIP,
    "zstd": _Coding(lambda: zstandard.ZstdDecompressor().decompressobj(), 1_024),
}


async def decode(body: AsyncIterator[bytes], headers: Headers) -> AsyncIterator[bytes]:
    """A body without its content coding. Raises `Invalid`."""
    name = headers.get("content-encoding", "").strip().lower()
    if name in ("", "identity"):
        async for chunk in body:
            yield chunk
        return
    if name not in CODINGS:
        raise Invalid(f"Content-Encoding {name!r} is not understood; send gzip, zstd or none")
    coding = CODINGS[name]
    decoder = coding.decoder()
    try:
        async for chunk in body:
            for start in range(0, len(chunk), coding.feed):
                yield decoder.decompress(chunk[start : start + coding.feed])
    except (zlib.error, zstandard.ZstdError) as error:
        raise Invalid(f"The body is not {name} as it says: {error}") from error
