"""What a request brings: the services of this server, and who is calling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from assay import auth
from assay.auth import Caller
from assay.errors import NotAllowed, Unauthenticated
from assay.settings import Settings
from assay.store import Stores

COOKIE = "assay_session"

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})
"""Values of Sec-Fetch-Site of a request that our own page, or the person's own hand, has made."""


@dataclass(frozen=True, slots=True)
class Services:
    """What every request may use. `wake` tells the workers that there is an import; whoever knows
    `setup_token` may set up a server that has no users yet; `dividing` is how many deliveries may
    be divided into runs at the same time."""

    settings: Settings
    stores: Stores
    wake: Callable[[], None]
    clock: Callable[[], datetime]
    throttle: auth.Throttle
    setup_token: str = field(default="", repr=False)
    dividing: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


def address(request: Request) -> str:
    """Where on the network the caller is, as far as it can be known."""
    return request.client.host if request.client else ""


def base_url(request: Request) -> str:
    """The address people use for this server, without a slash at its end."""
    return (services(request).settings.url or str(request.base_url)).rstrip("/")


def caller(
    request: Request,
    _key: Annotated[
        str | None,
        Security(APIKeyHeader(name="x-api-key", auto_error=False, description="An API key")),
    ] = None,
    _bearer: Annotated[object, Security(HTTPBearer(auto_error=False))] = None,
) -> Caller:
    """Who is calling, by key or by session. Raises `Unauthenticated`.

    A session counts for a changing request only where the browser says that our own page made it
    (Fetch Metadata, W3C), or the Origin is ours: no other site can act in a person's name.
    """
    found = known_caller(request)
    if found is None:
        raise Unauthenticated(
            "This needs an API key: send the header x-api-key. Keys are made on the page Account"
        )
    return found


def known_caller(request: Request) -> Caller | None:
    """The same, or None for a stranger without key or session."""
    ours = services(request)
    header = auth.credentials(request.headers)
    if header is not None:
        return auth.caller_by_key(
            ours.stores.catalog,
            header,
            ours.clock(),
            throttle=ours.throttle,
            address=address(request),
        )
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    if request.method not in SAFE:
        refuse_other_sites(request)
    return auth.caller_by_session(ours.stores.catalog, token, ours.clock())


def refuse_other_sites(request: Request) -> None:
    """Raise `NotAllowed` for a changing request that did not come from one of our own pages."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site in OURS:
        return
    origin = request.headers.get("origin", "")
    if site is None and origin.partition("://")[2] == request.headers.get("host"):
        return
    raise NotAllowed("This request came from another site's page, and was refused")


Ours = Annotated[Services, Depends(services)]
Who = Annotated[Caller, Depends(caller)]
