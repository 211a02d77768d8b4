"""What Fink, a link checker, writes: a JSON object a line for each address it tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from http import HTTPStatus

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._addresses import tree
from assay.formats._shapes import Shape, read
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status

MICROSECONDS = 1e6
GOOD = range(200, 300)
PHRASES = {status.value: status.phrase for status in HTTPStatus}
KEYS = frozenset({"url", "distance", "referrer", "exception"})


class Link(Shape, frozen=True):
    """An address, and the link that led to it. The first versions wrote hyphens in some names."""

    url: str | None = None
    status: int | None = None
    exception: str | None = None
    request_time: float | None = None
    request_time_once: float | None = msgspec.field(default=None, name="request-time")
    timestamp: str | None = None
    distance: int | None = None
    referrer: str | None = None
    referrer_title: str | None = None
    referrer_xpath: str | None = None
    referrer_once: str | None = msgspec.field(default=None, name="referrer-element")


METADATA = {
    "status": "status",
    "distance": "distance",
    "referrer": "referrer",
    "referrer_title": "link",
    "referrer_xpath": "xpath",
    "referrer_once": "link",
}
"""What is kept as it is, and what it is called then."""

_LINK = msgspec.json.Decoder(Link)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result an address, and last the Run; times are microseconds in the document.

    Raises Malformed where it begins with no JSON, or no line tells of an address.
    """
    first: datetime | None = None
    found = False
    for value in _json.sequence(chunks):
        item = value if isinstance(value, Notice) else _read(value)
        if isinstance(item, Result):
            found = True
            first = min(first or item.started, item.started) if item.started else first
        yield item
    if not found:
        raise Malformed('Fink writes objects with a "url"; there is none here')
    yield Run(date=first)


def _read(value: _json.Value) -> Item:
    try:
        link = read(value.raw, _LINK, value.where)
    except Malformed as error:
        return Notice(f"A line was left out. {error.message}", error.where)
    if link is None or not link.url:
        return Notice("An object with a url was expected here", value.where)
    time = link.request_time if link.request_time is not None else link.request_time_once
    return Result(
        path=(link.url.partition("#")[0].partition("?")[0],),
        name=link.url,
        status=_status(link),
        duration=None if time is None else time / MICROSECONDS,
        started=_json.moment(link.timestamp),
        error=_error(link),
        metadata=_metadata(link),
    )


def _status(link: Link) -> Status:
    """Broken where there was no answer at all."""
    if link.exception or link.status is None:
        return Status.BROKEN
    return Status.PASSED if link.status in GOOD else Status.FAILED


def _error(link: Link) -> Error | None:
    if link.exception:
        return Error(message=link.exception)
    if link.status is None:
        return Error(message="There was no answer")
    if link.status in GOOD:
        return None
    return Error(f"HTTP {link.status}", PHRASES.get(link.status, "An answer that is no page"))


def _metadata(link: Link) -> dict[str, str] | None:
    told = ((ours, getattr(link, key)) for key, ours in METADATA.items())
    return {key: str(value) for key, value in told if value not in (None, "")} or None


def _sniff(head: Head) -> bool:
    return head.kind in ("object", "array") and head.keys >= KEYS


FORMAT = Format(
    name="fink",
    title="Fink JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("fink-json", "fink_json", "finkjson"),
    made_by="Fink, Daniel Leech's link checker (dantleech/fink)",
    how="fink https://www.example.com --output=fink.json",
    file="fink.json",
    notes=(
        "Each address that was tried is a result, under its own name: passed with an answer from "
        "200 to 299, failed with any other, broken where there was none.",
        "The host is the outermost container, each part of the address's way is one below it; "
        "with `smart=false` each page is a container in a flat list.",
        "The page that links to it, the link's text and place, the distance and the answer's code "
        "are kept as facts of the result; `request_time` is its duration.",
        "The earliest `timestamp` is the report's date.",
        "Calliope.pro names a format Fink without saying more: that it means this tool's, and what "
        "becomes of it, is inferred.",
        "The file is JSON lines; an array of the same objects is read too, and so are lines that "
        "lost their breaks on the way.",
    ),
    smart=tree,
)
