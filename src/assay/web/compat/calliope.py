"""Calliope.pro's import API, as its clients call it.

An upload is acknowledged once its bytes and its row are on disk. What is wrong with a file's
content is told by the import's status, not by refusing the upload; only with `process_async=false`
does the answer wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from dateutil import parser as dates
from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from assay import auth
from assay.auth import Caller
from assay.errors import Invalid, NotFound, TooLarge
from assay.formats import by_name
from assay.store.catalog import imports
from assay.store.catalog.imports import Delivery, Import
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import State
from assay.web.receive import Allowance, Received, receive
from assay.web.request import Ours, Services, Who, base_url, services

router = APIRouter(prefix="/api/v2", tags=["Import (Calliope)"])

POLL_SECONDS = 0.02
SLOWEST_POLL = 0.25
LONGEST_TAG = 255
MOST_TAGS = 200

TRUE = frozenset({"true", "1", "yes", "on", "t"})
FALSE = frozenset({"false", "0", "no", "off", "f", ""})

IMPORT_STATUS = {
    State.RECEIVED: "queued",
    State.PROCESSING: "processing",
    State.DONE: "success",
    State.FAILED: "failed",
}
"""Calliope's own words for these are not known; clients only show them."""


@dataclass(frozen=True, slots=True)
class ImportStatus:
    """The answer to an import, and to each question after it."""

    report_id: int
    report_url: str
    report_status_url: str
    report_import_status: str
    report_import_progress: str
    message: str


@dataclass(frozen=True, slots=True)
class ProfileAnswer:
    """A profile the key may use."""

    id: int
    uuid: str
    name: str
    group_id: int
    company_id: int


def read_flag(values: list[str], name: str) -> bool:
    word = values[-1].strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise Invalid(f"{name} is true or false, not {values[-1][:80]!r}", name)


def read_text(values: list[str], _name: str) -> str:
    return values[-1].strip()[:LONGEST_TAG]


def read_tags(values: list[str], name: str) -> list[str]:
    tags = list(dict.fromkeys(tag.strip()[:LONGEST_TAG] for tag in values if tag.strip()))
    if len(tags) > MOST_TAGS:
        raise Invalid(f"At most {MOST_TAGS} tags fit on a report; {len(tags)} came", name)
    return tags


def read_date(values: list[str], name: str) -> str:
    """`now`, or a time as ISO 8601 in UTC; a time without a zone is UTC, as in Rails."""
    word = values[-1].strip()
    if word.lower() in ("", "now"):
        return word.lower()
    try:
        found = dates.parse(word, default=datetime(2000, 1, 1, tzinfo=UTC))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as error:
        raise Invalid(
            f"The date {word[:80]!r} cannot be read; write it as 2026-03-01T14:05:00Z, or now", name
        ) from error


OPTIONS: dict[str, tuple[str, Callable[[list[str], str], Any]]] = {
    "tag[]": ("tags", read_tags),
    "tag": ("tags", read_tags),
    "date": ("date", read_date),
    "smart": ("smart", read_flag),
    "process_async": ("process_async", read_flag),
    "merge_containers": ("merge_containers", read_flag),
    "suppress_files_moved": ("suppress_files_moved", read_flag),
    "suppress_notifications": ("suppress_notifications", read_flag),
    "ignore_unspecified_formatter": ("ignore_unspecified_formatter", read_flag),
    "ignore_empty_report": ("ignore_empty_report", read_flag),
    "ignore_empty_import": ("ignore_empty_import", read_flag),
    "ignore_max_files_limit": ("ignore_max_files_limit", read_flag),
    "ignore_old_report_date": ("ignore_old_report_date", read_flag),
    "branch": ("branch", read_text),
    "commit": ("commit", read_text),
    "build": ("build", read_text),
    "os": ("os", read_text),
    "platform": ("platform", read_text),
    "formatter": ("formatter", read_text),
}
"""A parameter, the name it is kept under, and how it is read. Any other is ignored."""

AS_TAGS = ("os", "platform", "build")
"""Parameters that tags have replaced: they are kept, and made into tags."""


def read_options(given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The options among query parameters and form fields, in this order: the last one counts, and
    lists are joined. Raises `Invalid` naming the parameter."""
    values: dict[str, list[str]] = {}
    for name, value in given:
        if name in OPTIONS:
            values.setdefault(name, []).append(value)
    options: dict[str, Any] = {}
    for name, texts in values.items():
        kept, read = OPTIONS[name]
        found = read(texts, name)
        options[kept] = [*options[kept], *found] if kept in options and found else found
    tagged = [f"{name}:{options[name]}" for name in AS_TAGS if options.get(name)]
    if tagged:
        options["tags"] = list(dict.fromkeys([*options.get("tags", []), *tagged]))
    return options


BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file[]": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "description": "The report files, or archives of them",
                    },
                    "attachment[]": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "description": "Screenshots, logs and the like, or one zip of them",
                    },
                },
            }
        },
        "text/xml": {"schema": {"type": "string"}},
        "application/json": {"schema": {}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}

Tags = Annotated[
    list[str], Query(alias="tag[]", description="Tags on the report, `name` or `name:value`")
]


class Parameters:
    """The documented query parameters; each may come as a form field instead."""

    def __init__(
        self,
        tags: Tags = [],  # noqa: B006 (FastAPI copies it)
        date: Annotated[
            str | None, Query(description="When the tests ran; `now`, or a date and time")
        ] = None,
        smart: Annotated[bool | None, Query(description="Group and sort the tree")] = None,
        process_async: Annotated[
            bool | None, Query(description="Answer before the report is read (the default)")
        ] = None,
        branch: Annotated[str | None, Query(description="The branch that was tested")] = None,
        commit: Annotated[str | None, Query(description="The commit that was tested")] = None,
        build: Annotated[str | None, Query(description="The build's number or name")] = None,
    ) -> None:
        """Only documents: values are read from the request, where every parameter is."""


@router.get("/profile/{profile_id}")
def show_profile(profile_id: int, ours: Ours, who: Who) -> ProfileAnswer:
    """Whether the key may use the profile."""
    with ours.stores.catalog.read() as conn:
        found = auth.know_profile(conn, who, profile_id)
    return ProfileAnswer(found.id, found.uuid, found.name, found.group_id, found.company_id)


@router.get("/report/{report_id}/status")
def show_status(report_id: int, request: Request, ours: Ours, who: Who) -> ImportStatus:
    """How far an import is."""
    with ours.stores.catalog.read() as conn:
        auth.know_report(conn, who, report_id)
        found = imports.of_report(conn, report_id)
    if found is None:
        raise NotFound(f"Report {report_id} has no import")
    return describe(base_url(request), found)


@router.post("/profile/{profile_id}/import/", include_in_schema=False)
@router.post(
    "/profile/{profile_id}/import",
    status_code=201,
    response_model=ImportStatus,
    openapi_extra={"requestBody": BODY},
    summary="Import reports, their format detected",
)
async def import_detected(
    profile_id: int,
    request: Request,
    who: Who,
    _parameters: Annotated[Parameters, Depends()],
    formatter: Annotated[str, Query(description="The format, if not in the path")] = "",
) -> JSONResponse:
    """Each file's format is told by its content. Files that are no reports become attachments."""
    return await accept(request, who, profile_id, formatter)


@router.post("/profile/{profile_id}/import/{formatter}/", include_in_schema=False)
@router.post(
    "/profile/{profile_id}/import/{formatter}",
    status_code=201,
    response_model=ImportStatus,
    openapi_extra={"requestBody": BODY},
    summary="Import reports of a named format",
)
async def import_named(
    profile_id: int,
    formatter: str,
    request: Request,
    who: Who,
    _parameters: Annotated[Parameters, Depends()],
) -> JSONResponse:
    """Each file is read as this format."""
    return await accept(request, who, profile_id, formatter)


async def accept(request: Request, who: Caller, profile_id: int, formatter: str) -> JSONResponse:
    """Receive, record, acknowledge; wait for the end only if asked to."""
    ours = services(request)
    profile = await run_in_threadpool(_may_import, ours, who, profile_id)
    formatter = by_name(formatter).name if formatter else ""
    delivery = request.headers.get("idempotency-key", "")[:LONGEST_TAG] or None
    if delivery and (known := await run_in_threadpool(_known, ours, profile, delivery)):
        await _drain(request, ours.settings.max_upload_bytes)
        return JSONResponse(_plain(describe(base_url(request), known)), 201)
    query = request.query_params.multi_items()
    received = await _receive(request, ours, formatter, read_options(query))
    fields = [(name, value) for name, values in received.fields.items() for value in values]
    try:
        options = read_options([*query, *fields])
        named = options.pop("formatter", "")
        formatter = formatter or (by_name(named).name if named else "")
        _check_files(received, profile)
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
    if options.get("process_async", True):
        return JSONResponse(_plain(describe(base_url(request), found)), 201)
    return await _wait(request, ours, found)


async def _receive(
    request: Request, ours: Services, formatter: str, options: dict[str, Any]
) -> Received:
    settings = ours.settings
    size = settings.max_upload_bytes if formatter else settings.max_detect_bytes
    files = 100_000 if options.get("ignore_max_files_limit") else settings.max_files
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > size:
        await _drain(request, size)
        raise TooLarge(_too_large(size, bool(formatter)))
    allowance = Allowance(size, files, frozenset(OPTIONS))
    return await receive(request.stream(), request.headers, ours.stores.blobs, allowance)


async def _drain(request: Request, limit: int) -> None:
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


def _may_import(ours: Services, who: Caller, profile_id: int) -> Profile:
    with ours.stores.catalog.read() as conn:
        return auth.import_into(conn, who, profile_id)


def _check_files(received: Received, profile: Profile) -> None:
    if not any(file.stored.size for file in received.files):
        raise Invalid(
            "No file came with this request, or only empty ones. Send one in the field file[]: "
            'curl -H "x-api-key: KEY" -F "file[]=@report.xml" '
            f"…/api/v2/profile/{profile.id}/import",
            "file[]",
        )


def _known(ours: Services, profile: Profile, delivery: str) -> Import | None:
    """The import of a client that sends again what it has not heard of (Idempotency-Key)."""
    with ours.stores.catalog.read() as conn:
        return imports.of_delivery(conn, profile.id, delivery)


def _record(ours: Services, **what: Any) -> Import:
    with ours.stores.catalog.write() as conn:
        return imports.record(conn, now=ours.clock(), **what)


async def _wait(request: Request, ours: Services, found: Import) -> JSONResponse:
    """Poll until the import has ended, or for as long as clients and proxies usually wait."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + ours.settings.wait_seconds
    pause = POLL_SECONDS
    while found.state not in (State.DONE, State.FAILED) and loop.time() < deadline:
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, SLOWEST_POLL)
        found = await run_in_threadpool(_again, ours, found)
    status = 422 if found.state == State.FAILED else 201
    return JSONResponse(_plain(describe(base_url(request), found)), status)


def _again(ours: Services, found: Import) -> Import:
    with ours.stores.catalog.read() as conn:
        return imports.get(conn, found.id) or found


def describe(base: str, found: Import) -> ImportStatus:
    return ImportStatus(
        report_id=found.report_id,
        report_url=f"{base}/reports/{found.report_id}",
        report_status_url=f"{base}/api/v2/report/{found.report_id}/status",
        report_import_status=IMPORT_STATUS[found.state],
        report_import_progress=str(found.progress),
        message=found.message or "Received; the report will be there in a moment",
    )


def _plain(status: ImportStatus) -> dict[str, Any]:
    return {name: getattr(status, name) for name in ImportStatus.__dataclass_fields__}
