"""Slack: blocks to an incoming webhook, as https://docs.slack.dev/block-kit describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from assay.notify import outbound, sentences
from assay.notify.channel import Carrier, Channel, secret
from assay.notify.event import Event, Failure

HEADER, SECTION = 150, 3000
"""Characters that Slack takes in a header and in a section."""

LONGEST_NAME, LONGEST_ERROR = 160, 200
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Slack:
    webhook_url: str = secret(
        "Webhook URL",
        "It names the channel that messages appear in.",
        "https://hooks.slack.com/services/…",
        outbound.check_url,
    )


def send(event: Event, to: Slack, carrier: Carrier) -> str:
    body = msgspec.json.encode(message(event))
    return carrier.post(to.webhook_url, body, {"content-type": "application/json"})


def message(event: Event) -> dict[str, Any]:
    """What is posted: `text` is for notifications, `blocks` for the channel."""
    title = sentences.subject(event)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": title[:HEADER], "emoji": False}}
    ]
    blocks += [_section(part) for part in _paragraphs(event) if part]
    blocks += [_context(event), _button(event)]
    return {"text": escape(title), "blocks": blocks, "unfurl_links": False}


def escape(text: str) -> str:
    """Text that means itself: Slack's own markup needs these three characters."""
    return "".join(ENTITIES.get(each, each) for each in text)


def _paragraphs(event: Event) -> list[str]:
    said = [escape(sentences.explanation(event))]
    if event.report is not None:
        said.append(f"{sentences.counted(event)}\n{sentences.changes(event)}")
    if event.failures:
        rest = sentences.more_failures(event)
        more = [f"… and {rest:,} more"] if rest else []
        listed = [*map(_failure, event.failures), *more]
        said.append("\n".join([f"*{sentences.failures_title(event)}*", *listed]))
    return said


def _failure(failure: Failure) -> str:
    name = sentences.titled(failure.path, failure.name)
    shown = escape(sentences.cut(name, LONGEST_NAME)).replace("|", "¦").replace("\n", " ")
    error = escape(sentences.cut(failure.error, LONGEST_ERROR)).replace("`", "'")
    symbol = sentences.SYMBOLS[failure.status]
    return f"{symbol} <{failure.url}|{shown}>" + (f"\n`{error}`" if error else "")


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:SECTION]}}


def _context(event: Event) -> dict[str, Any]:
    facts = sentences.facts(event.report) if event.report else ()
    said = " · ".join([event.profile.company, *(f"{name}: {value}" for name, value in facts)])
    return {"type": "context", "elements": [{"type": "plain_text", "text": said[:SECTION]}]}


def _button(event: Event) -> dict[str, Any]:
    words = {"type": "plain_text", "text": "Open in Assay"}
    button = {"type": "button", "text": words, "url": event.url, "action_id": "open"}
    return {"type": "actions", "elements": [button]}


CHANNEL = Channel(
    "slack",
    "Slack",
    "In Slack: Apps, Incoming Webhooks, Add to Slack; choose a channel and copy the Webhook URL.",
    Slack,
    send,
    lambda _to: "an incoming webhook",
)
