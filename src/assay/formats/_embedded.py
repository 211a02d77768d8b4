"""Files that a report carries within itself, as Base64 or as plain text."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error

EXTENSIONS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}
"""How a file is named that came without a name. (The system's own table differs by machine.)"""


def content_of(data: object, media_type: str) -> bytes | None:
    """The embedded bytes, None where there are none to be had.

    Texts are written both in Base64 and as they are: plain text that happens to be Base64 would
    hardly be UTF-8 when decoded. A data URL is taken by what it carries.
    """
    if not isinstance(data, str) or not data:
        return None
    is_text = media_type.startswith("text/")
    encoded = data.partition(";base64,")[2] if data.startswith("data:") else data
    try:
        content = b64decode(encoded, validate=True)
        if is_text:
            content.decode()
    except (Base64Error, ValueError):
        return data.encode("utf-8", "replace") if is_text else None
    return content


def extension_of(media_type: str) -> str:
    """The usual ending of a file's name, with its dot; empty where it is not known."""
    return EXTENSIONS.get(media_type.partition(";")[0].strip(), "")
