"""What Assay reads: every format, what makes its files, and the names it goes by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from assay.formats import FORMATS, Format
from assay.formats.assay import schema
from assay.web.pages.frame import Frame
from assay.web.pages.view import show
from assay.web.pages.visit import anyones_frame

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a sentence, or a piece of code in it."""

    text: str
    code: bool


@dataclass(frozen=True, slots=True)
class FormatRow:
    """`name` is the format's in addresses of the API, `file` what its tools usually call one."""

    name: str
    title: str
    url: str
    made_by: tuple[Piece, ...]
    file: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormatsPage:
    frame: Frame
    rows: tuple[FormatRow, ...]
    q: str
    total: int


@router.get("/formats")
def show_formats(request: Request, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """For anyone: it tells of the program, and nothing of what is stored."""
    rows = tuple(
        FormatRow(
            each.name,
            each.title,
            f"/formats/{each.name}",
            pieces(each.made_by),
            each.file,
            each.aliases,
        )
        for each in sorted(FORMATS, key=lambda each: each.title.casefold())
        if _told_of(each, q)
    )
    page = FormatsPage(anyones_frame(request, "Formats"), rows, q, len(FORMATS))
    return show("formats", page)


def _told_of(known: Format, q: str) -> bool:
    """Whether every word stands in what people know the format by."""
    told = " ".join((known.name, known.title, known.made_by, known.file, *known.aliases))
    return all(word in told.casefold() for word in q.casefold().split())


@router.get("/formats/assay.schema.json")
def show_schema() -> Response:
    """The schema of Assay's own format, for anyone."""
    return JSONResponse(schema(), media_type="application/schema+json")


def pieces(said: str) -> tuple[Piece, ...]:
    """A sentence in which code stands between backticks."""
    parts = enumerate(said.split("`"))
    return tuple(Piece(text, place % 2 == 1) for place, text in parts if text)
