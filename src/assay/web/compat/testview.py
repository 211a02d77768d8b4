"""XL TestView's import API, as its clients call it: Jenkins' plugin, curl, Gatling's stress tests.

One request brings a zip and what is to be said of the build, as `multipart/mixed` whose parts are
told by their Content-Type alone. The answer waits for the end: its clients take 200 for success,
304 for "nothing new", and show the message of a 422 (docs/adr/0009).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from assay import auth
from assay.auth import Caller
from assay.errors import AssayError, Invalid, Malformed, TooLarge
from assay.intake import Parcel, take_in, withdraw
from assay.store.catalog import imports, reports
from assay.store.catalog.imports import Import
from assay.store.catalog.profiles import Kind, Profile
from assay.store.catalog.reports import State
from assay.web.compat.testview_metadata import LONGEST_TEXT, mark, read_metadata, read_options
from assay.web.compat.testview_openapi import DATA, IMPORT, INFO
from assay.web.compat.testview_places import know_specification
from assay.web.heartbeats import beating, can_beat
from assay.web.importing import ENDED, POLL_SECONDS, SLOWEST_POLL
from assay.web.receive import UNNAMED, Allowance, Received, receive
from assay.web.request import Services, Who, caller, services

router = APIRouter(tags=["Import (XL TestView)"])

VERSION = "1.4.4"
"""The version of XL TestView whose API this is. Jenkins' plugin wants exactly three numbers, and
sends a build's duration only to those above 1.4.3; XL Release wants 1.4.0 at least."""

TYPES = {
    "application/zip": "file",
    "application/json": "metadata",
    "application/x-zip-compressed": "file",
    "application/octet-stream": "file",  # curl, where the type of the zip is not given
}
LONGEST_WAIT = 900.0
"""Seconds for which a client is told that its import goes on."""

ZIPPED = "results.zip"
MOST_PARTS = 10


@router.get("/api/v1/info", **INFO)
def show_info(_who: Who) -> dict[str, str]:
    """What this server is, for clients that ask before they send."""
    return {"name": "Assay", "vendor": "Assay", "version": VERSION}


@router.get("/api/internal/data", **DATA)
def show_data(_who: Who) -> dict[str, str]:
    """Whether the credentials are good: what *Test connection* of Jenkins' plugin asks."""
    return {"name": "Assay", "version": VERSION}


@router.post("/api/v1/projects/{project}/testspecifications/{specification}/testruns", **IMPORT)
async def import_runs(project: str, specification: str, request: Request) -> Response:
    """Import the results in a zip, and wait until they are there. Which of its files are reports
    is the profile's to say; most tools make one report of them all."""
    return await _take(request, specification, project, plugin=False)


@router.post("/api/internal/import/{specification}", **IMPORT)
async def import_from_jenkins(specification: str, request: Request) -> Response:
    """The same, at the address of Jenkins' plugin, with its names for metadata."""
    return await _take(request, specification, None, plugin=True)


async def _take(
    request: Request, specification: str, project: str | None, *, plugin: bool
) -> Response:
    """Whatever is wrong is said when the body has been heard: these clients listen only then."""
    ours = services(request)
    try:
        who = await run_in_threadpool(caller, request)
        profile = await run_in_threadpool(_find, ours, who, specification, project)
        received = await _receive(request, ours)
    except AssayError:
        await _hear_out(request, ours.settings.max_upload_bytes)
        raise
    try:
        parcel = _pack(received, profile, who, plugin=plugin)
    except BaseException:
        ours.stores.blobs.delete(received.prefix)
        raise
    async with beating(request, ours.settings.heartbeat_seconds):
        return await _import(request, ours, parcel)


def _find(ours: Services, who: Caller, specification: str, project: str | None) -> Profile:
    """The profile to import into. Raises `NotFound` for one that is not there, not in this project,
    or not the caller's, `NotAllowed`, and `Malformed` for a set."""
    with ours.stores.catalog.read() as conn:
        found = know_specification(conn, who, specification, project)
        auth.import_into(conn, who, found.id)
    if found.kind is Kind.SET:
        raise Malformed(f"“{found.name}” is a set: it has no results of its own, its members do")
    return found


async def _receive(request: Request, ours: Services) -> Received:
    size = ours.settings.max_upload_bytes
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > size + LONGEST_TEXT:
        raise TooLarge(f"The zip may have {size / 1_000_000:,.0f} MB: send fewer files")
    allowance = Allowance(size + LONGEST_TEXT, MOST_PARTS, text=LONGEST_TEXT, types=TYPES)
    return await receive(request.stream(), request.headers, ours.stores.blobs, allowance)


async def _hear_out(request: Request, limit: int) -> None:
    """Read the rest of the body, but not for ever."""
    seen = 0
    with suppress(RuntimeError, ClientDisconnect):  # Starlette's, where it was read before
        async for chunk in request.stream():
            seen += len(chunk)
            if seen > limit * 4:
                return


def _pack(received: Received, profile: Profile, who: Caller, *, plugin: bool) -> Parcel:
    """The parcel that came. Raises `Invalid` unless there is one zip and one JSON object."""
    texts = received.fields.get("metadata", [])
    for what, count in (("application/zip", len(received.files)), ("application/json", len(texts))):
        if count != 1:
            many = "No part" if not count else "More than one part"
            raise Invalid(f"{many} of the type {what} came; send exactly one, as multipart/mixed")
    metadata = read_metadata(texts[0], plugin=plugin)
    file = received.files[0]
    return Parcel(
        profile,
        who.user.id,
        who.key.id if who.key else None,
        file.name if file.name != UNNAMED else ZIPPED,
        file.stored,
        mark(metadata),
        read_options(metadata),
    )


async def _import(request: Request, ours: Services, parcel: Parcel) -> Response:
    patience = LONGEST_WAIT if can_beat(request) else ours.settings.patience_seconds
    deadline = asyncio.get_running_loop().time() + patience
    work = partial(take_in, ours.stores, ours.settings, parcel, ours.clock())
    made = await to_thread.run_sync(work, limiter=ours.dividing)
    if not made:
        return Response(status_code=304)
    for _ in made:
        ours.wake()
    ended = await _wait(ours, made, deadline)
    failed = next((each for each in ended if each.state is State.FAILED), None)
    if failed is not None:
        await run_in_threadpool(withdraw, ours.stores, made, ours.clock())
        raise Malformed(failed.message)
    return JSONResponse({"testRunId": await run_in_threadpool(_uuids, ours, made)})


async def _wait(ours: Services, made: Sequence[Import], deadline: float) -> list[Import]:
    """The imports as they are when all have ended, or one has failed, or the time is over."""
    loop = asyncio.get_running_loop()
    pause = POLL_SECONDS
    found = list(made)
    while loop.time() < deadline and any(each.state not in ENDED for each in found):
        if any(each.state is State.FAILED for each in found):
            break
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, SLOWEST_POLL)
        found = await run_in_threadpool(_again, ours, found)
    return found


def _again(ours: Services, found: Sequence[Import]) -> list[Import]:
    with ours.stores.catalog.read() as conn:
        return [
            each if each.state in ENDED else imports.get(conn, each.id) or each for each in found
        ]


def _uuids(ours: Services, made: Sequence[Import]) -> list[Any]:
    with ours.stores.catalog.read() as conn:
        found = [reports.get(conn, each.report_id) for each in made]
    return [each.uuid for each in found if each]
