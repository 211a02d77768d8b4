"""The web application: routers, error shapes, headers. Nothing is decided here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay import __version__, errors
from assay.auth import TooManyTries
from assay.web.api import ROUTERS
from assay.web.compat import COMPAT, testview_errors
from assay.web.pages import PAGES, error_page
from assay.web.request import Services

log = structlog.get_logger()

STATIC = Path(__file__).parent / "static"

STATUS: dict[type[errors.AssayError], int] = {
    errors.Unauthenticated: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.OutOfStep: 409,
    errors.Gone: 410,
    errors.UnknownFormat: 404,
    errors.TooLarge: 413,
    errors.Malformed: 422,
    errors.Ambiguous: 422,
    errors.Invalid: 422,
    errors.Undeliverable: 502,
    TooManyTries: 429,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.AssayError: 500,
}
"""The HTTP status of each error; a class not named has its parent's."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
}
"""Sent with every answer that does not set its own."""

PUBLIC = "/public/"
GUESTS = HEADERS | {"referrer-policy": "no-referrer", "x-robots-tag": "noindex"}
"""The same, for addresses that guests have: their keys are told to nobody, and found by nobody."""

DESCRIPTION = """
Upload the reports of your tests, and ask what became of them.

Every call needs an API key (page *Account*), sent as `x-api-key`. Paste one under *Authorize*, and
*Try it out* works from this page.

[The formats](/formats): what makes a file of each, what becomes of it, and an example to try with.
"""


def make_app(
    services: Services,
    start: Callable[[], None] = lambda: None,
    stop: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The application over these services; `start` and `stop` run with it."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        start()
        yield
        stop()

    app = FastAPI(
        title="Assay",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.services = services
    for router in (*COMPAT, *ROUTERS, *PAGES):
        app.include_router(router)
    app.mount("/static", _Static(directory=STATIC), name="static")
    app.add_exception_handler(errors.AssayError, _answer_error)
    app.add_exception_handler(404, _answer_missing)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(ClientDisconnect, _answer_nobody)
    app.add_exception_handler(Exception, _answer_fault)
    app.add_middleware(_SafeHeaders)
    app.add_middleware(GZipMiddleware, minimum_size=2_000, compresslevel=4)
    return app


def status_of(error: errors.AssayError, path: str) -> int:
    """The HTTP status of an error, as who asks for this path expects it."""
    theirs = testview_errors.status_of(error) if testview_errors.speaks(path) else None
    return theirs or next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks, rather than a program."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(
        "/api/"
    )


async def _answer_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.AssayError)
    status = status_of(error, request.url.path)
    if wants_page(request):
        return error_page(request, status, str(error))
    if isinstance(error, errors.OutOfStep):
        told = {"message": str(error), "offset": error.offset}
        return JSONResponse(told, status, {"upload-offset": str(error.offset)})
    return _json_error(request, status, str(error), getattr(error, "field", ""))


async def _answer_missing(request: Request, _error: Exception) -> Response:
    message = f"There is nothing at {request.url.path}"
    if wants_page(request):
        return error_page(request, 404, message)
    return _json_error(request, 404, message)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    """What FastAPI found wrong with a parameter, as one sentence that names it."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()[0]
    field = str(found["loc"][-1])
    message = f"{field}: {found['msg']}"
    if wants_page(request):
        return error_page(request, 404 if found["loc"][0] == "path" else 422, message)
    status = 400 if testview_errors.speaks(request.url.path) else 422
    return _json_error(request, status, message, field)


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=error.headers)
    if wants_page(request):
        return error_page(request, error.status_code, str(error.detail))
    return _json_error(request, error.status_code, str(error.detail))


async def _answer_nobody(_request: Request, _error: Exception) -> Response:
    """The client hung up in mid-upload; nobody hears this."""
    return Response(status_code=400)


async def _answer_fault(request: Request, error: Exception) -> Response:
    log.error("fault", path=request.url.path, exc_info=error)
    message = "Something went wrong on the server; its log says what. Nothing was lost"
    if wants_page(request):
        return error_page(request, 500, message)
    return _json_error(request, 500, message)


def _json_error(request: Request, status: int, message: str, field: str = "") -> Response:
    if testview_errors.speaks(request.url.path):
        told = testview_errors.describe(status, message)
        return JSONResponse(told, status, testview_errors.CHALLENGE if status == 401 else None)
    body: dict[str, Any] = {"message": message}
    if field:
        body["field"] = field
    headers = {"www-authenticate": 'Bearer realm="Assay"'} if status == 401 else None
    return JSONResponse(body, status, headers)


class _Static(StaticFiles):
    """Our own files. Pages ask for them with `?v=` and a hash, and those need not be asked for
    again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kept = b"v=" in scope.get("query_string", b"")
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if kept else "no-cache"
        )
        return response


class _SafeHeaders:
    """Adds `HEADERS`, or those for guests, to what has not set them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = GUESTS if PUBLIC in scope["path"] else HEADERS

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ours.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)
