"""Sends stored files to browsers. They came from strangers: none has the rights of our pages."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from assay.store.blobs import Blobs
from assay.store.journal import Journal

SHOWN = ("image/", "video/", "audio/", "text/", "application/json")
"""What a browser may show by itself; the rest is downloaded. A PDF is, too: what shows it in a
browser is a program of its own that a sandbox stops."""

POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; media-src data:"
"""An uploaded page has no origin, runs no script, and fetches nothing."""

UNSAFE = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]|[\ud800-\udfff]|[\u202a-\u202e\u2066-\u2069]')
"""Characters that no file name has on some system, and those that turn the reading direction: with
them a name can look as if it ended otherwise."""

MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Kind(StrEnum):
    """How a page shows a file: most are a link only, and of `more` there is not even that."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    PAGE = "page"
    TEXT = "text"
    TRACE = "trace"
    FILE = "file"
    MORE = "more"


KINDS = {
    "image/png": Kind.IMAGE,
    "image/jpeg": Kind.IMAGE,
    "image/gif": Kind.IMAGE,
    "image/webp": Kind.IMAGE,
    "image/avif": Kind.IMAGE,
    "image/svg+xml": Kind.IMAGE,
    "video/mp4": Kind.VIDEO,
    "video/webm": Kind.VIDEO,
    "video/ogg": Kind.VIDEO,
    "audio/mpeg": Kind.AUDIO,
    "audio/ogg": Kind.AUDIO,
    "audio/wav": Kind.AUDIO,
    "audio/x-wav": Kind.AUDIO,
    "audio/webm": Kind.AUDIO,
    "text/html": Kind.PAGE,
    "application/xhtml+xml": Kind.FILE,
    "application/json": Kind.TEXT,
    "application/xml": Kind.TEXT,
    "application/yaml": Kind.TEXT,
    "application/x-yaml": Kind.TEXT,
}
"""By media type, where that says enough. An SVG is a picture in `<img>`, where nothing in it runs;
opened by itself it is sandboxed as all else."""

TEXTS = {
    *(".log", ".txt", ".out", ".err", ".md", ".csv", ".tsv", ".json", ".ndjson", ".xml"),
    *(".yml", ".yaml", ".ini", ".toml", ".properties"),
}
AS_TEXT = {"application/xml", "text/xml", "application/yaml", "application/x-yaml"}
"""What a browser shows best, and most harmlessly, as the text it is."""

TRACE = re.compile(r"(\w[\w.-]*[-_.])?trace[-_.\d]*\.zip", re.IGNORECASE)
"""Names of traces, and only such as can be put into a command as they are."""


def kind_of(name: str, media_type: str) -> Kind:
    """How a page shows a file that is called so and said to be that."""
    found = KINDS.get(media_type.partition(";")[0].strip().lower())
    if found is not None:
        return found
    if TRACE.fullmatch(name):
        return Kind.TRACE
    text = media_type.startswith("text/") or PurePosixPath(name.lower()).suffix in TEXTS
    return Kind.TEXT if text else Kind.FILE


def type_of(name: str, media_type: str = "") -> str:
    """A media type that is safe to send: what is said, else what the name means; a text is UTF-8
    unless it says otherwise."""
    found = media_type.partition(";")[0].strip().lower()
    if not MEDIA_TYPE.fullmatch(found):
        found = mimetypes.guess_type(name)[0] or ""
    if not found or found == "application/octet-stream":
        text = PurePosixPath(name.lower()).suffix in TEXTS
        found = "text/plain" if text else "application/octet-stream"
    found = "text/plain" if found in AS_TEXT else found
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def attached(name: str) -> dict[str, str]:
    """The header that has a browser keep an answer as a file. What no file name may hold (a path's
    separators, control characters) is replaced, and programs that know only ASCII are given that
    (RFC 6266)."""
    safe = UNSAFE.sub("_", name).strip(". ") or "file"
    plain = safe.encode("ascii", "replace").decode().replace("?", "_")
    value = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
    return {"content-disposition": value}


def send(
    blobs: Blobs,
    key: str,
    name: str,
    media_type: str = "",
    *,
    download: bool = False,
    size: int | None = None,
    asked: str | None = None,
) -> Response:
    """The blob, streamed; or the part that `asked`, a Range header, names of a blob whose `size` is
    known. Raises `NotFound` before the first byte when it is gone."""
    sent = type_of(name, media_type)
    shown = sent.startswith(SHOWN) and not download
    headers = _headers("inline" if shown else "attachment", name)
    if size is None:
        return StreamingResponse(_begun(blobs.stream(key)), 200, headers, sent)
    headers["accept-ranges"] = "bytes"
    part = _part(asked or "", size)
    if part is None:
        headers["content-length"] = str(size)
        return StreamingResponse(_begun(blobs.stream(key)), 200, headers, sent)
    start, end = part
    if start >= end:
        return Response(status_code=416, headers={"content-range": f"bytes */{size}"})
    headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    headers["content-length"] = str(end - start)
    return StreamingResponse(_begun(blobs.stream(key, start, end)), 206, headers, sent)


def send_so_far(journal: Journal, size: int, name: str) -> Response:
    """What has come of a file that is still coming in."""
    headers = _headers("attachment", name) | {"cache-control": "no-store"}
    return StreamingResponse(journal.read(size), 200, headers, type_of(name, ""))


def _headers(disposition: str, name: str) -> dict[str, str]:
    return {
        "content-disposition": f"{disposition}; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=86400",
    }


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """From where and up to before where (RFC 9110 §14.1.2); None for the whole. What asks for
    several parts at once may be answered with the whole."""
    found = RANGE.fullmatch(asked.strip())
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream with its first chunk read, so that a missing file is still a 404."""
    first = next(chunks, b"")

    def rest() -> Iterator[bytes]:
        yield first
        yield from chunks

    return rest()
