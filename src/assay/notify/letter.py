"""The mail about an event: plain text, and the same as HTML that reads well by day and by night."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from assay.notify import sentences
from assay.notify.event import Event, Kind
from assay.notify.mail import Mail
from assay.notify.sentences import Line

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class Item:
    """A failure as the letter lists it."""

    status: str
    symbol: str
    name: str
    error: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What the templates are fed."""

    event: Event
    status: str
    symbol: str
    verdict: str
    explanation: str
    changes: str
    lines: tuple[Line, ...]
    facts: tuple[tuple[str, str], ...]
    failures_title: str
    failures: tuple[Item, ...]
    more: int
    why: str


WHY = {
    Kind.REPORT: "You get this mail because it was asked for on the page of this profile.",
    Kind.FAILED: "You get this mail because you own this profile, or have asked for it.",
    Kind.TEST: "Someone has sent this from the page of the profile's channels.",
}


def write_letter(event: Event, to: str) -> Mail:
    """The mail to send to the address `to`."""
    letter = _letter(event)
    return Mail(
        to=to,
        subject=sentences.subject(event),
        text=_templates().get_template("letter.txt").render(letter=letter),
        html=_templates().get_template("letter.html").render(letter=letter),
        about=event.settings_url,
        list_id=f"profile-{event.profile.id}",
    )


def _letter(event: Event) -> Letter:
    status = sentences.status_of(event)
    return Letter(
        event=event,
        status=status,
        symbol=sentences.SYMBOLS[status],
        verdict=sentences.verdict(event),
        explanation=sentences.explanation(event),
        changes=sentences.changes(event),
        lines=sentences.lines(event),
        facts=sentences.facts(event.report) if event.report else (),
        failures_title=sentences.failures_title(event),
        failures=tuple(
            Item(
                each.status,
                sentences.SYMBOLS[each.status],
                sentences.titled(each.path, each.name),
                each.error[:LONGEST_ERROR],
                each.url,
            )
            for each in event.failures
        ),
        more=sentences.more_failures(event),
        why=WHY[event.kind],
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
