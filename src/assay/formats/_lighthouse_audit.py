"""An audit of Lighthouse as a test: its verdict, what it shows, what it measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.formats import _json
from assay.formats._embedded import content_of, extension_of
from assay.formats._shapes import Shape
from assay.model import Attachment, Error, Measurement, Result, Status

PASSES, FAILS = 0.9, 0.5
"""From what score on Lighthouse shows an audit green, and below which it shows it red."""

MODES = {
    "manual": Status.SKIPPED,
    "notApplicable": Status.SKIPPED,
    "informative": Status.SKIPPED,
    "error": Status.BROKEN,
}
"""Ways of scoring that come to no score; the others are `binary`, `numeric`, `metricSavings`."""

UNITS = {
    "millisecond": ("s", 0.001),
    "second": ("s", 1.0),
    "byte": ("B", 1.0),
}
"""`numericUnit`, the model's unit, and how many of these it is; others are plain numbers."""

MOST_ROWS = 100
LONGEST = 2000
"""Rows of a table, and characters of each, to tell of."""


class Audit(Shape, frozen=True):
    id: str | None = None
    title: str | None = None
    description: str | None = None
    score: float | None = None
    scoreDisplayMode: str | None = None  # noqa: N815
    displayValue: str | None = None  # noqa: N815
    explanation: str | None = None
    errorMessage: str | None = None  # noqa: N815
    errorStack: str | None = None  # noqa: N815
    warnings: list[str] | None = None
    numericValue: float | None = None  # noqa: N815
    numericUnit: str | None = None  # noqa: N815
    details: Any = None


def rating(score: float | None) -> Status:
    """Green passed, red failed; what is between the two is for somebody to decide."""
    if score is None:
        return Status.UNKNOWN
    if score >= PASSES:
        return Status.PASSED
    return Status.FAILED if score < FAILS else Status.UNKNOWN


def result(audit: Audit, path: tuple[str, ...], name: str) -> Result:
    """The audit in one of its categories."""
    mode = audit.scoreDisplayMode or ""
    status = MODES.get(mode) or rating(audit.score)
    facts = {
        "score": "" if audit.score is None else f"{audit.score:g}",
        "mode": mode,
        "value": audit.displayValue or "",
    }
    return Result(
        path=path,
        name=name,
        status=status,
        error=_error(audit, name, status),
        stdout="\n".join(audit.warnings or ()),
        description="\n\n".join(filter(None, [audit.title, audit.description])),
        attachments=tuple(_pictures(audit.details)),
        metadata={key: text for key, text in facts.items() if text} or None,
    )


def measured(audit: Audit, path: tuple[str, ...], name: str) -> Iterator[Measurement]:
    """What the audit measured, such as the time to the first paint."""
    if audit.numericValue is not None:
        unit, factor = UNITS.get(audit.numericUnit or "", ("", 1.0))
        yield Measurement(path, name, "value", audit.numericValue * factor, unit)


def _error(audit: Audit, name: str, status: Status) -> Error | None:
    if status is Status.BROKEN:
        return Error(name, audit.errorMessage or audit.explanation or "", audit.errorStack or "")
    if status not in (Status.FAILED, Status.UNKNOWN):
        return None
    message = "\n".join(filter(None, [audit.title, audit.explanation]))
    told = filter(None, [audit.displayValue, *_rows(audit.details)])
    return Error(name, message, "\n\n".join(told))


def _rows(details: object) -> Iterator[str]:
    """The rows of the table that Lighthouse shows: elements, addresses, numbers."""
    found = _json.mapping(details)
    rows = _json.objects(found.get("items"))
    names = [_json.text(each.get("key")) for each in _json.objects(found.get("headings"))]
    for row in rows[:MOST_ROWS]:
        cells = (_cell(row.get(name)) for name in names or row)
        yield "\n".join(filter(None, cells))[:LONGEST]
    if len(rows) > MOST_ROWS:
        yield f"… and {len(rows) - MOST_ROWS:,} more"


def _cell(value: object) -> str:
    """A text or number; of an element its place, its HTML and what is wrong with it."""
    found = _json.mapping(value)
    if not found:
        return _json.text(value)
    if found.get("type") in ("source-location", "url"):
        place = (_json.text(found.get(key)) for key in ("url", "line", "column"))
        return ":".join(filter(None, place)) or _json.text(found.get("value"))
    told = (_json.text(found.get(key)) for key in ("selector", "snippet", "explanation", "value"))
    return "\n".join(filter(None, told))


def _pictures(details: object) -> Iterator[Attachment]:
    found = _json.mapping(details)
    if found.get("type") == "screenshot" and (file := picture(found.get("data"), "screenshot")):
        yield file


def picture(data: object, name: str) -> Attachment | None:
    """A picture of the page, out of a data URL."""
    text = _json.text(data)
    media = text[5:100].partition(";")[0] if text.startswith("data:image/") else ""
    content = content_of(text, media) if media else None
    return Attachment(name + extension_of(media), "", media, content) if content else None
