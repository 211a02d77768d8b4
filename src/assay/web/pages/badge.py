"""A public profile's badges: how its newest report ended, for READMEs and other people's pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from markupsafe import escape
from starlette.responses import Response

from assay import gates
from assay.charts import badge
from assay.model import FAILURES
from assay.rows import Counts
from assay.store.catalog import reports
from assay.web.pages import runs, words
from assay.web.pages.guests import Shared, SharedProfile
from assay.web.pages.shared_profile import ADDRESS
from assay.web.pages.view import html

router = APIRouter(include_in_schema=False)

FRESH = 60  # seconds that a badge is kept by who fetched it
HEADERS = {
    "cache-control": f"public, max-age={FRESH}",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "content-security-policy": "default-src 'none'",
}
"""A badge is made to be shown on other sites, which must not make it ask for anything."""


class Style(StrEnum):
    """What it tells: how many passed and failed, which share passed, or what the gate said."""

    COUNTS = "counts"
    RATE = "rate"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. Without a label, the profile's name."""

    label: str | None = None
    branch: str = ""
    style: Style = Style.COUNTS


@dataclass(frozen=True, slots=True)
class Snippet:
    """A badge that leads to the shared profile, as a language writes it."""

    language: str
    text: str


def ask(
    label: Annotated[str | None, Query(max_length=200)] = None,
    branch: Annotated[str, Query(max_length=500)] = "",
    style: Style = Style.COUNTS,
) -> Asked:
    return Asked(label, branch, style)


Options = Annotated[Asked, Depends(ask)]


@router.get(f"{ADDRESS}/badge.svg")
def show_badge(shared: SharedProfile, asked: Options, request: Request) -> Response:
    """The badge as an SVG."""
    label, message, status = _tell(shared, asked)
    drawn = html("badge", badge.draw(label, message, status))
    return _answer(request, drawn.encode(), "image/svg+xml; charset=utf-8")


@router.get(f"{ADDRESS}/badge.json")
def show_badge_data(shared: SharedProfile, asked: Options, request: Request) -> Response:
    """The same for shields.io's endpoint badge (shields.io/badges/endpoint-badge)."""
    label, message, status = _tell(shared, asked)
    told = {
        "schemaVersion": 1,
        "label": label,
        "message": message,
        "color": badge.COLOURS[status],
        "isError": status in FAILURES,
        "cacheSeconds": FRESH,
    }
    return _answer(request, json.dumps(told).encode(), "application/json")


def snippets(url: str, name: str) -> tuple[Snippet, ...]:
    """The badge of the profile called `name` that is shared at `url`, in three languages."""
    image, said = f"{url}/badge.svg", f"Tests: {name}"
    plain = "".join(letter for letter in said if letter not in '[]"')
    return (
        Snippet("Markdown", f"[![{plain}]({image})]({url})"),
        Snippet("HTML", f'<a href="{url}"><img src="{image}" alt="{escape(said)}"></a>'),
        Snippet("AsciiDoc", f'image:{image}["{plain}",link="{url}"]'),
    )


def _tell(shared: Shared, asked: Asked) -> tuple[str, str, str]:
    """The label, the message and the status."""
    label = shared.profile.name if asked.label is None else asked.label
    with shared.ours.stores.catalog.read() as conn:
        found = reports.of_profile(conn, shared.profile.id, limit=1, branch=asked.branch or None)
    if not found:
        return label, "no reports", "none"
    if asked.style is Style.GATE:
        return label, *GATE[found[0].gate]
    counts = found[0].counts
    return label, SAID[asked.style](counts), runs.outcome(counts)


def _counted(counts: Counts) -> str:
    """ "4,812 passed"; "6 failed, 4,806 passed": what broke has failed too."""
    bad = counts.failed + counts.broken
    numbers = ((bad, "failed"), (counts.passed, "passed"))
    told = [f"{words.number(n)} {what}" for n, what in numbers if n]
    return ", ".join(told) or runs.sentence(counts)


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    """The badge, or that the one the caller has is still right."""
    tag = f'"{sha256(body).hexdigest()[:20]}"'
    headers = HEADERS | {"etag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


GATE = {
    gates.PASS: ("gate passed", "passed"),
    gates.FAIL: ("gate failed", "failed"),
    None: ("not judged", "none"),
}
"""What is said of a verdict, and how it is marked; its reason is for members."""

SAID: dict[Style, Callable[[Counts], str]] = {Style.COUNTS: _counted, Style.RATE: runs.pass_rate}
