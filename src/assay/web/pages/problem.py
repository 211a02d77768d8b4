"""What a page says when it cannot be shown: what happened, and where to go from here."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link
from assay.web.pages.view import show
from assay.web.pages.visit import Visit, bare, door, frame, go
from assay.web.request import known_caller, services

TITLES = {
    400: "This request cannot be understood",
    403: "You may not do this",
    404: "Nothing here",
    413: "Too large",
    422: "This cannot be used",
    500: "Something broke on our side",
    503: "Not available just now",
}


@dataclass(frozen=True, slots=True)
class ProblemPage:
    frame: Frame
    code: int
    words: str
    ways: tuple[Link, ...]


def error_page(request: Request, status: int, message: str) -> Response:
    """The page for an error; someone who is not known is asked to sign in instead of a 401."""
    if status == 401:
        return go(door(request))
    title = TITLES.get(status, "This did not work")
    back = (
        (Link("Try again", request.url.path),) if request.method == "GET" and status > 499 else ()
    )
    ways = (*back, Link("To the first page", "/"))
    page = ProblemPage(_around(request, status, title), status, _end(message), ways)
    return show("problem", page, status)


def _around(request: Request, status: int, title: str) -> Frame:
    """The usual frame, as long as nothing is wrong on our side that it could trip over."""
    ours = services(request)
    who = known_caller(request) if request.method == "GET" and status < 500 else None
    if who is None:
        return bare(request, title, ours.clock())
    with ours.stores.catalog.read() as conn:
        return frame(conn, Visit(request, ours, who, ours.clock()), title)


def _end(message: str) -> str:
    return message if message.endswith((".", "!", "?", "…")) else f"{message}."
