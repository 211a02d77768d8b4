"""Takes an upload in, whichever API or page it came through: the only door for test results."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from assay import auth
from assay.auth import Caller
from assay.errors import Invalid, TooLarge
from assay.formats import by_name
from assay.store.catalog import imports
from assay.store.catalog.imports import Delivery, Import
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import State
from assay.web.options import LONGEST_TAG, OPTIONS, read_options
from assay.web.receive import Allowance, Received, receive
from assay.web.request import Services, services

POLL_SECONDS = 0.02
SLOWEST_POLL = 0.25
ENDED = frozenset({State.DONE, State.FAILED, State.DELETED})


async def take(request: Request, who: Caller, profile_id: int, formatter: str) -> Import:
    """Receive what the request brings, record it, and have it imported. When this returns, bytes
    and row are on disk; with `process_async=false` the import has ended, too, or is taking longer
    than clients usually wait.

    Raises `NotFound`, `NotAllowed`, `UnknownFormat`, `TooLarge`, `Invalid`.
    """
    ours = services(request)
    profile = await run_in_threadpool(may_import, ours, who, profile_id)
    query = request.query_params.multi_items()
    formatter = formatter or read_options(query).get("formatter", "")
    formatter = by_name(formatter).name if formatter else ""
    delivery = request.headers.get("idempotency-key", "")[:LONGEST_TAG] or None
    if delivery and (known := await run_in_threadpool(known_as, ours, profile, delivery)):
        await drain(request, ours.settings.max_upload_bytes)
        return known
    received = await _receive(request, ours, formatter)
    fields = [(name, value) for name, values in received.fields.items() for value in values]
    try:
        options = read_options([*query, *fields])
        named = options.pop("formatter", "")
        formatter = formatter or (by_name(named).name if named else "")
        _check_files(received, profile, options, ours.settings.max_files)
    except BaseException:
        ours.stores.blobs.delete(received.prefix)
        raise
    files = [
        Delivery(file.name, file.stored.key, file.stored.size, file.stored.sha256, file.kind)
        for file in received.files
    ]
    found = await run_in_threadpool(
        _record,
        ours,
        profile=profile.id,
        user=who.user.id,
        key=who.key.id if who.key else None,
        formatter=formatter,
        options=options,
        files=files,
        delivery=delivery,
    )
    ours.wake()
    return found if options.get("process_async", True) else await wait(ours, found)


async def _receive(request: Request, ours: Services, formatter: str) -> Received:
    settings = ours.settings
    size = settings.max_upload_bytes if formatter else settings.max_detect_bytes
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > size:
        await drain(request, size)
        raise TooLarge(_too_large(size, bool(formatter)))
    files = max(settings.max_files, settings.max_members)
    allowance = Allowance(size, files, frozenset(OPTIONS))
    return await receive(request.stream(), request.headers, ours.stores.blobs, allowance)


async def drain(request: Request, limit: int) -> None:
    """Read on for a while: many clients look at the answer only when all is sent."""
    if request.headers.get("expect"):
        return
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > limit * 4:
            return


def _too_large(size: int, named: bool) -> str:
    more = "" if named else ", or name the format in the address, which allows more"
    return (
        f"An upload may be {size / 1_000_000:,.0f} MB. Send it in several, zip it{more}, or have "
        "the administrator raise the limit"
    )


def may_import(ours: Services, who: Caller, profile_id: int) -> Profile:
    with ours.stores.catalog.read() as conn:
        return auth.import_into(conn, who, profile_id)


def _check_files(received: Received, profile: Profile, options: dict[str, Any], most: int) -> None:
    """Whether enough came, and not too much. That more may come is perhaps said after the files."""
    if len(received.files) > most and not options.get("ignore_max_files_limit"):
        raise TooLarge(
            f"{len(received.files):,} files came in one upload, and {most:,} are the most. Send "
            "them in several, or as one zip, or send ignore_max_files_limit=true"
        )
    if options.get("ignore_empty_import") or any(file.stored.size for file in received.files):
        return
    raise Invalid(
        "No file came with this request, or only empty ones. Send one in the field file[]: "
        'curl -H "x-api-key: KEY" -F "file[]=@report.xml" '
        f"…/api/v2/profile/{profile.id}/import",
        "file[]",
    )


def known_as(ours: Services, profile: Profile, delivery: str) -> Import | None:
    """The import of a client that sends again what it has not heard of (Idempotency-Key)."""
    with ours.stores.catalog.read() as conn:
        return imports.of_delivery(conn, profile.id, delivery)


def _record(ours: Services, **what: Any) -> Import:
    with ours.stores.catalog.write() as conn:
        return imports.record(conn, now=ours.clock(), **what)


async def wait(ours: Services, found: Import) -> Import:
    """Poll until the import has ended, or for as long as clients and proxies usually wait."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + ours.settings.wait_seconds
    pause = POLL_SECONDS
    while found.state not in ENDED and loop.time() < deadline:
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, SLOWEST_POLL)
        found = await run_in_threadpool(_again, ours, found)
    return found


def _again(ours: Services, found: Import) -> Import:
    with ours.stores.catalog.read() as conn:
        return imports.get(conn, found.id) or found
