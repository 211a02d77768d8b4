"""Sends stored files to browsers. They came from strangers: none has the rights of our pages."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from urllib.parse import quote

from starlette.responses import StreamingResponse

from assay.store.blobs import Blobs

SHOWN = ("image/", "video/", "audio/", "text/", "application/pdf", "application/json")
"""What a browser may show by itself; the rest is downloaded."""

UNSAFE = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]|[\ud800-\udfff]|[\u202a-\u202e\u2066-\u2069]')
"""Characters that no file name has on some system, and those that turn the reading direction: with
them a name can look as if it ended otherwise."""

POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; media-src data:"
"""An uploaded page has no origin, runs no script, and fetches nothing."""


def attached(name: str) -> dict[str, str]:
    """The header that has a browser keep an answer as a file. What no file name may hold (a path's
    separators, control characters) is replaced, and programs that know only ASCII are given that
    (RFC 6266)."""
    safe = UNSAFE.sub("_", name).strip(". ") or "file"
    plain = safe.encode("ascii", "replace").decode().replace("?", "_")
    value = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
    return {"content-disposition": value}


def send(
    blobs: Blobs, key: str, name: str, media_type: str = "", *, download: bool = False
) -> StreamingResponse:
    """The blob, streamed. Raises `NotFound` before the first byte when it is gone."""
    media_type = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    shown = media_type.startswith(SHOWN) and not download
    disposition = "inline" if shown else "attachment"
    if media_type.startswith("text/"):
        media_type = media_type.partition(";")[0] + "; charset=utf-8"
    headers = {
        "content-disposition": f"{disposition}; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=86400",
    }
    return StreamingResponse(_begun(blobs.stream(key)), media_type=media_type, headers=headers)


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream with its first chunk read, so that a missing file is still a 404."""
    first = next(chunks, b"")

    def rest() -> Iterator[bytes]:
        yield first
        yield from chunks

    return rest()
