"""What Bazel's events say in passing: times, files, output, branch and commit."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from assay.formats import _json
from assay.model import Attachment

BRANCH = re.compile(r"(?:.*_)?BRANCH(?:_NAME)?")
COMMIT = re.compile(r"(?:.*_)?(?:COMMIT|COMMIT_SHA|SCM_REVISION|GIT_REVISION|GIT_SHA)")
"""Keys of the workspace status, which each project names for itself, and BuildBuddy's."""

MAX_OUTPUT = 100_000

_HEAD = re.compile(r"(\S+:[^\s:]+)[^\n]*:\n")
"""What follows "Test output for": a label, perhaps its shard and run."""

_NAMES = re.compile(r"test\.outputs(?:_manifest)?__")


def moment_of(said: dict[str, Any], key: str, in_milliseconds: str) -> datetime | None:
    """A time, as newer or as older versions write it."""
    return _json.moment(said.get(key)) or _json.moment(said.get(in_milliseconds))


def duration_of(said: dict[str, Any], key: str, in_milliseconds: str) -> float | None:
    """A duration in seconds, of `"2.577s"` or of milliseconds."""
    seconds = _json.number(_json.text(said.get(key)).removesuffix("s") or None)
    return seconds if seconds is not None else milliseconds(said.get(in_milliseconds))


def milliseconds(value: object) -> float | None:
    found = _json.number(value)
    return None if found is None else found / 1000


def files_of(attempt: dict[str, Any]) -> Iterator[Attachment]:
    """The files of a try: by where they lie below Bazel's folders, or embedded."""
    for file in _json.objects(attempt.get("testActionOutput")):
        name, uri = (_json.text(file.get(key)) for key in ("name", "uri"))
        name = _NAMES.sub("", name)
        if content := _content(file.get("contents")):
            yield Attachment(name, content=content)
        elif uri.startswith("file:"):
            yield Attachment(name, path=unquote(_path(uri)))


def _path(uri: str) -> str:
    try:
        return urlsplit(uri).path
    except ValueError:
        return uri.removeprefix("file://")


def _content(contents: object) -> bytes:
    try:
        return b64decode(_json.text(contents), validate=True)
    except (Base64Error, ValueError):
        return b""


def printed(text: str) -> Iterator[tuple[str, str]]:
    """What tests printed, by their labels, of what Bazel printed."""
    for part in text.split("=== Test output for ")[1:]:
        if head := _HEAD.match(part):
            said = part[head.end() :].partition("\n==========")[0]
            yield head[1], said[:MAX_OUTPUT].strip("\n")


def about_build(event: dict[str, Any]) -> dict[str, str]:
    """Branch, commit, version and command, of the event that tells of them."""
    started = _json.mapping(event.get("started"))
    found = {
        "bazel": _json.text(started.get("buildToolVersion")),
        "command": _json.text(started.get("command")),
        "invocation": _json.text(started.get("uuid")),
    }
    status = _json.mapping(event.get("workspaceStatus"))
    pairs = [
        (_json.text(item.get("key")), _json.text(item.get("value")))
        for item in _json.objects(status.get("item"))
    ]
    metadata = _json.mapping(_json.mapping(event.get("buildMetadata")).get("metadata"))
    for key, value in (*pairs, *_json.flat(metadata).items()):
        if BRANCH.fullmatch(key):
            found["branch"] = value
        elif COMMIT.fullmatch(key):
            found["commit"] = value
    return {key: value for key, value in found.items() if value}
