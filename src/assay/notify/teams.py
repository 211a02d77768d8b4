"""Microsoft Teams: an Adaptive Card to a Workflows webhook ("Post to a channel when a webhook
request is received"). Text stands in runs, which know no markup, so that names mean themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from assay.notify import outbound, sentences
from assay.notify.channel import Carrier, Channel, secret
from assay.notify.event import Event, Failure

COLOURS = {"passed": "good", "failed": "attention", "broken": "attention", "skipped": "default"}
LONGEST_NAME, LONGEST_ERROR = 200, 300


@dataclass(frozen=True, slots=True)
class Teams:
    webhook_url: str = secret(
        "Webhook URL",
        "Of a workflow that begins when a webhook request is received.",
        "https://….logic.azure.com/workflows/…",
        outbound.check_url,
    )


def send(event: Event, to: Teams, carrier: Carrier) -> str:
    body = msgspec.json.encode(message(event))
    return carrier.post(to.webhook_url, body, {"content-type": "application/json"})


def message(event: Event) -> dict[str, Any]:
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [part for part in _body(event) if part],
        "actions": [{"type": "Action.OpenUrl", "title": "Open in Assay", "url": event.url}],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": content}]}


def _body(event: Event) -> list[dict[str, Any] | None]:
    colour = COLOURS[sentences.status_of(event)]
    title = _run(sentences.subject(event), size="Large", weight="Bolder", color=colour)
    report = event.report
    return [
        _line(title),
        _line(_run(event.profile.company, isSubtle=True)),
        _words(sentences.explanation(event)),
        _words(sentences.counted(event)),
        _words(sentences.changes(event)),
        _facts(sentences.facts(report)) if report else None,
        *_failures(event),
    ]


def _failures(event: Event) -> list[dict[str, Any] | None]:
    if not event.failures:
        return []
    rest = sentences.more_failures(event)
    return [
        _line(_run(sentences.failures_title(event), weight="Bolder")),
        *map(_failure, event.failures),
        _words(f"… and {rest:,} more" if rest else ""),
    ]


def _failure(failure: Failure) -> dict[str, Any]:
    name = sentences.cut(sentences.titled(failure.path, failure.name), LONGEST_NAME)
    named = f"{sentences.SYMBOLS[failure.status]} {name}"
    link = _run(named, selectAction={"type": "Action.OpenUrl", "url": failure.url})
    if not failure.error:
        return _line(link)
    error = _run(
        "\n" + sentences.cut(failure.error, LONGEST_ERROR), isSubtle=True, fontType="Monospace"
    )
    return _line(link, error)


def _facts(found: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return {"type": "FactSet", "facts": [{"title": name, "value": value} for name, value in found]}


def _words(text: str) -> dict[str, Any] | None:
    return _line(_run(text)) if text else None


def _line(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(text: str, **look: Any) -> dict[str, Any]:
    return {"type": "TextRun", "text": text, **look}


CHANNEL = Channel(
    "teams",
    "Microsoft Teams",
    "In Teams: the channel's ⋯ menu, Workflows, “Post to a channel when a webhook request is "
    "received”; copy the address that it shows at the end.",
    Teams,
    send,
    lambda _to: "a workflow",
)
