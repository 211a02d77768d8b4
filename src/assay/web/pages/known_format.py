"""One format: what makes its files and how, what becomes what, and an example, read."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from assay.errors import AssayError, NotFound
from assay.formats import Format, by_name, look
from assay.formats.examples import example
from assay.model import Container, Result
from assay.reading import moved
from assay.web.files import attached
from assay.web.pages import words
from assay.web.pages.formats import Piece, pieces
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link
from assay.web.pages.view import show
from assay.web.pages.visit import anyones_frame
from assay.web.request import base_url

router = APIRouter(include_in_schema=False)

SHOWN_LINES = 60
LONGEST_LINE = 400
"""Characters: a document on fewer, longer lines is put on more for people."""

SHOWN_RESULTS = 40
CURL = """curl -X POST "{base}/api/v2/profile/{profile}/import/{format}" \\
  -H "x-api-key: YOUR_KEY" \\
  -F "file[]=@{file}\""""


@dataclass(frozen=True, slots=True)
class Found:
    """A test of the example, as Assay reads it."""

    status: str
    name: str
    duration: float | None
    error: str
    holds: str


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """Tests that stand in one container."""

    path: str
    kind: str
    items: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """The example's first lines, and what becomes of it; `more` tests are not shown."""

    file: str
    url: str
    size: int
    text: str
    whole: bool
    groups: tuple[FoundGroup, ...]
    more: int


@dataclass(frozen=True, slots=True)
class KnownFormatPage:
    frame: Frame
    title: str
    name: str
    made_by: tuple[Piece, ...]
    how: str
    file: str
    aliases: tuple[str, ...]
    notes: tuple[tuple[Piece, ...], ...]
    endpoint: str
    curl: str
    example: Example


@router.get("/formats/{format_name}")
def show_format(request: Request, format_name: str) -> Response:
    """For anyone, as all that is said here is known before anything is stored."""
    found = _found(format_name)
    around = anyones_frame(request, found.title, Link("Formats", "/formats"))
    profile = around.upload.profile if around.upload else "PROFILE_ID"
    page = KnownFormatPage(
        frame=around,
        title=found.title,
        name=found.name,
        made_by=pieces(found.made_by),
        how=found.how,
        file=found.file,
        aliases=found.aliases,
        notes=tuple(pieces(note) for note in found.notes),
        endpoint=f"/api/v2/profile/{profile}/import/{found.name}",
        curl=CURL.format(
            base=base_url(request), profile=profile, format=found.name, file=found.file
        ),
        example=_example(found.name),
    )
    return show("known_format", page)


@router.get("/formats/{format_name}/example")
def download_example(format_name: str) -> Response:
    found = _found(format_name)
    name = _base(found.file)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(example(found.name), media_type=kind, headers=attached(name))


def _found(name: str) -> Format:
    """By its own name or any of the others. Raises `NotFound`."""
    try:
        return by_name(name)
    except AssayError:
        raise NotFound(f"There is no format {name}. All of them: /formats") from None


@cache
def _example(name: str) -> Example:
    """The same for everybody, so it is read once."""
    format_, data = by_name(name), example(name)
    parsed = format_.parse([data])
    items = list(moved(parsed, format_.smart) if format_.smart else parsed)
    results = [item for item in items if isinstance(item, Result)]
    kinds = {item.path: item.classification for item in items if isinstance(item, Container)}
    text, whole = _excerpt(data)
    return Example(
        file=_base(format_.file),
        url=f"/formats/{name}/example",
        size=len(data),
        text=text,
        whole=whole,
        groups=tuple(_groups(results[:SHOWN_RESULTS], kinds)),
        more=max(0, len(results) - SHOWN_RESULTS),
    )


def _groups(results: Iterable[Result], kinds: dict[tuple[str, ...], str]) -> Iterable[FoundGroup]:
    for path, within in groupby(results, lambda result: result.path):
        yield FoundGroup(
            words.BETWEEN.join(path), kinds.get(path, ""), tuple(_test(each) for each in within)
        )


def _test(result: Result) -> Found:
    error = result.error
    counts = (
        (len(result.steps), "step"),
        (len(result.attempts), "earlier attempt"),
        (len(result.attachments), "file"),
        (len(result.tags), "tag"),
        (len(result.parameters or ()), "parameter"),
    )
    return Found(
        status="flaky" if result.flaky else result.status.value,
        name=result.name,
        duration=result.duration,
        error=words.said(error.type, error.message) if error else "",
        holds=", ".join(words.count(n, what) for n, what in counts if n),
    )


def _excerpt(data: bytes) -> tuple[str, bool]:
    """The first lines for people to read, and whether they are all. JSON in one long line is laid
    out, and of what is no text only that is said."""
    head = look(data)
    if head.kind == "binary":
        return "(no text: download it to look at it with a tool that knows it)", False
    lines = data.decode("utf-8", "replace").splitlines()
    if max(map(len, lines), default=0) > LONGEST_LINE and head.kind in ("object", "array"):
        with suppress(msgspec.DecodeError):  # objects that follow one another stay as they are
            lines = msgspec.json.format(data).decode().splitlines()
    shown = [line[:LONGEST_LINE] for line in lines[:SHOWN_LINES]]
    return "\n".join(shown), len(lines) <= SHOWN_LINES


def _base(file: str) -> str:
    return file.rsplit("/", 1)[-1]
