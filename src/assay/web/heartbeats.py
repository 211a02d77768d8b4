"""Tells a client that waits for a long answer that there will be one: `100 Continue`, sent again.

Any number of interim answers may come before the final one (RFC 9110 §15.2), and each starts a
client's clock for silence again. ASGI has no word for them, so the server's connection is asked: a
small wrapper of the application offers a function in the scope, where it knows the connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import h11
from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import RequestResponseCycle as H11Cycle

try:
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle as ToolsCycle
except ImportError:  # it is optional
    ToolsCycle = H11Cycle  # type: ignore[assignment,misc]

EXTENSION = "assay.interim"

FORWARDED = ("forwarded", "x-forwarded-for", "via")
"""Headers of a proxy: most let no interim answer through."""


def offering(app: ASGIApp) -> ASGIApp:
    """The application, with `EXTENSION` among a request's extensions where uvicorn serves it."""

    async def offer(scope: Scope, receive: Receive, send: Send) -> None:
        cycle = getattr(send, "__self__", None)
        if scope["type"] == "http" and scope["http_version"] == "1.1":
            tell = _teller(cycle)
            scope["extensions"] = scope.get("extensions", {}) | ({EXTENSION: tell} if tell else {})
        await app(scope, receive, send)

    return offer


def can_beat(request: Request) -> bool:
    """Whether the client hears of it while it waits."""
    offered = EXTENSION in request.scope.get("extensions", {})
    return offered and not any(name in request.headers for name in FORWARDED)


@asynccontextmanager
async def beating(request: Request, seconds: float) -> AsyncIterator[None]:
    """While inside, the client is told every so many seconds that the answer will come. Its body
    has to be read before."""
    tell = request.scope.get("extensions", {}).get(EXTENSION)
    if tell is None:
        yield
        return
    task = asyncio.create_task(_beat(tell, seconds))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _beat(tell: Callable[[], None], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        tell()


def _teller(cycle: object) -> Callable[[], None] | None:
    if isinstance(cycle, H11Cycle):
        return partial(_tell_h11, cycle)
    if isinstance(cycle, ToolsCycle):
        return partial(_tell_tools, cycle)
    return None


def _tell_h11(cycle: H11Cycle) -> None:
    if cycle.disconnected or cycle.response_started or cycle.transport.is_closing():
        return
    event = h11.InformationalResponse(status_code=100, headers=[], reason="Continue")
    cycle.transport.write(cycle.conn.send(event) or b"")


def _tell_tools(cycle: ToolsCycle) -> None:
    if cycle.disconnected or cycle.response_started or cycle.transport.is_closing():
        return
    cycle.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
