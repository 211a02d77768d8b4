"""Web pages that came with a report, shown as they were meant to be: with their scripts, styles and
pictures, and with no rights at all.

Such a page is a stranger's program. It runs in a sandbox without an origin (`sandbox allow-scripts`
in its Content-Security-Policy, which holds in a tab as well as in a frame): it has no cookies, it
cannot ask our API anything as the one who looks at it, and it reaches no other host. What it may
load is what was delivered beside it. As cookies do not go with what it loads, its address holds a
grant instead: for this page's own folder, and for an hour.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from assay.errors import NotAllowed, NotFound
from assay.store.catalog import assets, imports, reports, shares
from assay.store.catalog.assets import Asset
from assay.store.catalog.reports import State
from assay.web.files import Kind, kind_of, send
from assay.web.request import Ours, Services, base_url, services

router = APIRouter(include_in_schema=False)

LASTS = timedelta(hours=1)
POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob: {0};"
    " style-src 'unsafe-inline' {0}; img-src data: blob: {0}; media-src data: blob: {0};"
    " font-src data: {0}; connect-src data: blob: {0}; worker-src blob:; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self'"
)
"""`{0}` is the folder the page came in."""

RUN_OUT = "This address has run out, or was never given. Open the file from its report again."


@dataclass(frozen=True, slots=True)
class Grant:
    """To look at the page that is asset `number`, and at what lies beside and below it: of a guest,
    only what belongs to results, and only while what is public of it stays as it is."""

    report: int
    number: int
    until: datetime
    guest: bool

    def sign(self, secret: bytes) -> str:
        what = f"{'g' if self.guest else 'm'}{int(self.until.timestamp()):x}"
        mark = hmac.new(secret, f"{self.report}/{self.number}/{what}".encode(), sha256)
        return f"{what}-{mark.hexdigest()[:40]}"


def show(
    request: Request, asset: Asset, *, guest: bool = False, download: bool = False
) -> Response:
    """A file of a report, for one who may see it; a web page at an address of its own."""
    ours = services(request)
    if kind_of(asset.name, asset.media_type) is Kind.PAGE and not download:
        grant = Grant(asset.report_id, asset.number, ours.clock() + LASTS, guest)
        with ours.stores.catalog.read() as conn:
            signed = grant.sign(_secret(conn, grant, ours.clock()))
        name = quote(_split(asset)[1])
        address = f"/shown/{asset.report_id}/{asset.number}/{signed}/{name}"
        return RedirectResponse(address, 303, {"cache-control": "no-store"})
    return _send(request, ours, asset, download=download)


@router.get("/shown/{report_id}/{number}/{grant}/{path:path}")
def show_exhibit(
    report_id: int, number: int, grant: str, path: str, request: Request, ours: Ours
) -> Response:
    """The page, or what it loads."""
    with ours.stores.catalog.read() as conn:
        given = _check(conn, report_id, number, grant, ours.clock())
        found = _find(conn, given, path)
    answer = _send(request, ours, found)
    here = f"/shown/{report_id}/{number}/{grant}/"
    hosts = dict.fromkeys((base_url(request), str(request.base_url).rstrip("/")))
    answer.headers["content-security-policy"] = POLICY.format(" ".join(h + here for h in hosts))
    answer.headers["access-control-allow-origin"] = "*"  # to what has no origin; it has a grant
    answer.headers["cross-origin-resource-policy"] = "cross-origin"
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


def _send(request: Request, ours: Services, asset: Asset, *, download: bool = False) -> Response:
    return send(
        ours.stores.blobs,
        asset.blob,
        asset.name,
        asset.media_type,
        download=download,
        size=asset.size,
        asked=request.headers.get("range"),
    )


def _check(conn: Connection, report: int, number: int, grant: str, now: datetime) -> Grant:
    """The grant that an address holds. Raises `NotAllowed`."""
    what = grant.partition("-")[0]
    try:
        until = datetime.fromtimestamp(int(what[1:], 16), now.tzinfo)
    except (ValueError, OverflowError, OSError):
        raise NotAllowed(RUN_OUT) from None
    given = Grant(report, number, until, what[:1] == "g")
    if until < now or not hmac.compare_digest(given.sign(_secret(conn, given, now)), grant):
        raise NotAllowed(RUN_OUT)
    return given


def _secret(conn: Connection, grant: Grant, now: datetime) -> bytes:
    """What only this server knows of a report: under which random key its upload is stored; and for
    guests the keys by which it is public, so that no grant outlives them."""
    report = reports.get(conn, grant.report)
    made = imports.of_report(conn, grant.report)
    files = imports.files(conn, made.id) if made else []
    if report is None or report.state is State.DELETED or not files:
        raise NotAllowed(RUN_OUT)
    public = (shares.of_report(conn, report.id), shares.of_profile(conn, report.profile_id))
    keys = [each.key for each in public if each and each.is_open(now)] if grant.guest else []
    return " ".join((files[0].blob, *keys)).encode()


def _find(conn: Connection, grant: Grant, path: str) -> Asset:
    """The file at `path` below the page's folder. Raises `NotFound`."""
    page = assets.get(conn, grant.report, grant.number)
    if page is None:
        raise NotFound(RUN_OUT)
    folder, name = _split(page)
    if path in ("", name):
        return page
    found = assets.at(conn, grant.report, folder + path)
    if found is None or (grant.guest and found.position is None):
        raise NotFound(f"Nothing was delivered as {path[:200]!r} beside {name}")
    return found


def _split(page: Asset) -> tuple[str, str]:
    """The folder a page was delivered in, with a slash at its end, and its name there."""
    folder, slash, name = (page.path or page.name).rpartition("/")
    return folder + slash, name
