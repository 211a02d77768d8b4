"""Takes in a report while its run goes on: as one long body, or piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from assay import live
from assay.auth import Caller
from assay.errors import Gone, Invalid, OutOfStep, TooLarge, TooMany
from assay.formats import by_name
from assay.store.catalog import runs
from assay.store.catalog.imports import Delivery, Import
from assay.web.importing import drain, known_as, may_import, wait
from assay.web.options import LONGEST_TAG, read_options
from assay.web.receive import decode
from assay.web.request import Services, services

PIECE = 1 << 18
SOON = 0.5
"""What comes is put on disk when it is so many bytes, or so many seconds old."""

UNNAMED = "stream"
OFFSET = "upload-offset"


async def begin(request: Request, who: Caller, profile_id: int) -> tuple[Import, bool]:
    """A run with the options of the address, of which nothing has come yet; and whether it is new:
    who sends again under the same Idempotency-Key has the one that was begun.

    Raises `NotFound`, `NotAllowed`, `UnknownFormat`, `Invalid`, `TooLarge`, `TooMany`.
    """
    ours = services(request)
    profile = await run_in_threadpool(may_import, ours, who, profile_id)
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise Invalid("A run is sent as it is, not as a form: curl -T - …, or --data-binary")
    options = read_options(request.query_params.multi_items())
    named = options.pop("formatter", "")
    formatter = by_name(named).name if named else ""
    await _refuse_large(request, live.limit(ours.settings, formatter))
    delivery = request.headers.get("idempotency-key", "")[:LONGEST_TAG] or None
    if delivery and (known := await run_in_threadpool(known_as, ours, profile, delivery)):
        return known, False
    made = await run_in_threadpool(
        _record,
        ours,
        profile=profile.id,
        user=who.user.id,
        key=who.key.id if who.key else None,
        formatter=formatter,
        options=options,
        file=_file(request),
        delivery=delivery,
    )
    return made, True


async def extend(request: Request, found: Import, start: int) -> int:
    """Add the body to a run, which ends at byte `start`; returns where it ends then. All of it is
    on disk, and of a body that broke off what had come.

    Raises `OutOfStep`, `TooLarge`, `Gone`, `Invalid`.
    """
    try:
        return await _add(request, found, start)
    except (OutOfStep, TooLarge, Gone):
        await _listen(request)
        raise


async def _add(request: Request, found: Import, start: int) -> int:
    ours = services(request)

    async def add(piece: bytes) -> int:
        return await run_in_threadpool(
            live.append, ours.stores, ours.settings, found, start, piece, ours.clock()
        )

    await add(b"")
    async for piece in pieces(decode(request.stream(), request.headers)):
        start = await add(piece)
    ours.wake()
    return start


async def _listen(request: Request) -> None:
    """Let the client say the rest: many look at the answer, and let their tool go on, only then."""
    with suppress(RuntimeError):  # Starlette's, where all of it was read
        await drain(request, services(request).settings.max_upload_bytes)


async def take(request: Request, who: Caller, profile_id: int) -> Import:
    """A whole run as one body, for as long as it takes; its import when it has ended, or with
    `process_async=false` when it is read. Where the body breaks off, the run stays open.

    Raises as `begin` and `extend`.
    """
    ours = services(request)
    found, new = await begin(request, who, profile_id)
    if not new:
        await drain(request, ours.settings.max_upload_bytes)
        return found
    try:
        await _add(request, found, 0)
    except (TooLarge, Invalid, Gone) as error:
        await run_in_threadpool(live.end, ours.stores, found.id, ours.clock(), str(error))
        await _listen(request)
        raise
    return await end(ours, found)


async def end(ours: Services, found: Import) -> Import:
    """End a run; as it is then, or with `process_async=false` when it is read."""
    ended = await run_in_threadpool(live.end, ours.stores, found.id, ours.clock())
    if ended:
        ours.wake()
    patient = not found.options.get("process_async", True)
    return await wait(ours, found) if patient else found


async def pieces(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks of a body, joined; but none is held back for long. Where the body breaks off,
    what is held comes before the error."""
    held: list[bytes] = []
    size = 0
    clock = asyncio.get_running_loop()
    due = 0.0
    coming: asyncio.Future[bytes | None] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(_next(body))
            await asyncio.wait({coming}, timeout=max(0, due - clock.time()) if held else None)
            chunk: bytes | None = b""
            if coming.done():
                if coming.exception():
                    break
                chunk, coming = coming.result(), None
                if chunk is None:
                    break
            if chunk:
                due = due if held else clock.time() + SOON
                held.append(chunk)
                size += len(chunk)
            if held and (size >= PIECE or clock.time() >= due):
                yield b"".join(held)
                held, size = [], 0
        if held:
            yield b"".join(held)
        if coming is not None:
            coming.result()
    finally:
        if coming is not None:
            coming.cancel()


async def _next(body: AsyncIterator[bytes]) -> bytes | None:
    return await anext(body, None)


async def _refuse_large(request: Request, most: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        await drain(request, most)
        raise TooLarge(f"A run may have {most / 1_000_000:,.0f} MB, and this has more")


def _file(request: Request) -> Delivery:
    name = request.headers.get("x-filename", "")[:LONGEST_TAG] or UNNAMED
    return Delivery(name, f"uploads/{uuid4().hex}/0", 0, "")


def _record(ours: Services, **what: Any) -> Import:
    with ours.stores.catalog.write() as conn:
        if runs.count(conn, what["profile"]) >= ours.settings.max_runs:
            raise TooMany(
                f"{ours.settings.max_runs} runs of this profile are going on, which is the most. "
                "End one of them, or delete its report"
            )
        return runs.begin(conn, now=ours.clock(), **what)
