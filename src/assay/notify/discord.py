"""Discord: an embed to a channel's webhook. It mentions nobody, whatever a test is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from assay.notify import outbound, sentences
from assay.notify.channel import Carrier, Channel, secret
from assay.notify.event import Event, Failure

TITLE, DESCRIPTION, FIELD = 256, 4096, 1024
"""Characters that Discord takes in each part of an embed."""

COLOURS = {"passed": 0x00876A, "failed": 0xC8303D, "broken": 0xB85C00, "skipped": 0x6B7280}
LONGEST_NAME, LONGEST_ERROR = 160, 200
MARKUP = re.compile(r"([\\`*_~|>\[\]()#@<:-])")


@dataclass(frozen=True, slots=True)
class Discord:
    webhook_url: str = secret(
        "Webhook URL",
        "It names the channel that messages appear in.",
        "https://discord.com/api/webhooks/…",
        outbound.check_url,
    )


def send(event: Event, to: Discord, carrier: Carrier) -> str:
    body = msgspec.json.encode(message(event))
    return carrier.post(to.webhook_url, body, {"content-type": "application/json"})


def message(event: Event) -> dict[str, Any]:
    facts = sentences.facts(event.report) if event.report else ()
    embed = {
        "title": sentences.subject(event)[:TITLE],
        "url": event.url,
        "description": _description(event)[:DESCRIPTION],
        "color": COLOURS[sentences.status_of(event)],
        "timestamp": event.at.isoformat(),
        "footer": {"text": event.profile.company[:FIELD]},
        "fields": [
            {"name": name, "value": escape(value)[:FIELD], "inline": True} for name, value in facts
        ],
    }
    return {"username": "Assay", "embeds": [embed], "allowed_mentions": {"parse": []}}


def escape(text: str) -> str:
    """Text that means itself in Discord's Markdown."""
    return MARKUP.sub(r"\\\1", text)


def _description(event: Event) -> str:
    parts = [
        escape(sentences.explanation(event)),
        sentences.counted(event),
        sentences.changes(event),
    ]
    if event.failures:
        rest = sentences.more_failures(event)
        listed = [*map(_failure, event.failures), *([f"… and {rest:,} more"] if rest else [])]
        parts += ["", f"**{sentences.failures_title(event)}**", *listed]
    return "\n".join(part for part in parts if part or event.failures).strip()


def _failure(failure: Failure) -> str:
    name = escape(sentences.cut(sentences.titled(failure.path, failure.name), LONGEST_NAME))
    error = escape(sentences.cut(failure.error, LONGEST_ERROR))
    line = f"{sentences.SYMBOLS[failure.status]} [{name}]({failure.url})"
    return f"{line}\n{error}" if error else line


CHANNEL = Channel(
    "discord",
    "Discord",
    "In Discord: Edit Channel, Integrations, Webhooks, New Webhook, Copy Webhook URL.",
    Discord,
    send,
    lambda _to: "a webhook",
)
