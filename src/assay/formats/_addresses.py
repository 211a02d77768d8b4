"""Web addresses as places in a tree."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


def tree(path: tuple[str, ...]) -> tuple[str, ...]:
    """The host at the root, and below it a container for each part of the way, in place of an
    address that stands first: what the option `smart` does to a flat list of addresses."""
    try:
        url = urlsplit(path[0] if path else "")
    except ValueError:
        return path
    if not url.netloc:
        return path
    host = url.netloc.rpartition("@")[2]
    return (host, *map(unquote, filter(None, url.path.split("/"))), *path[1:])
