"""Any program: JSON by POST, signed as https://www.standardwebhooks.com describes it.

The shape is documented in docs/notifications.md: fields are added, never renamed or removed,
without a new `version`.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import asdict, dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

import msgspec

from assay.errors import Invalid
from assay.notify import outbound, sentences
from assay.notify.channel import Carrier, Channel, secret, text
from assay.notify.event import Event, Failure, Run

VERSION = 1
PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, as the standard has it."""


def check_secret(given: str) -> str:
    try:
        size = len(b64decode(given.removeprefix(PREFIX), validate=True))
    except (NotBase64, ValueError):
        size = 0
    if not given.startswith(PREFIX) or not SHORTEST <= size <= LONGEST:
        raise Invalid(f"a secret is {PREFIX} and {SHORTEST} to {LONGEST} bytes in base64", "secret")
    return given


def make_secret() -> str:
    return PREFIX + b64encode(token_bytes(32)).decode()


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str = text(
        "URL", "Where the JSON is sent.", "https://ci.example.org/assay", outbound.check_url
    )
    secret: str = secret(
        "Signing secret",
        "Leave it empty, and one is made and shown once.",
        "whsec_…",
        check_secret,
        make_secret,
    )


def send(event: Event, to: Webhook, carrier: Carrier) -> str:
    body = msgspec.json.encode(message(event))
    number = "msg_" + sha256(carrier.key.encode()).hexdigest()[:32]
    moment = str(int(carrier.now.timestamp()))
    headers = {
        "content-type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": moment,
        "webhook-signature": sign(to.secret, number, moment, body),
    }
    return carrier.post(to.url, body, headers)


def sign(key: str, number: str, moment: str, body: bytes) -> str:
    """The header `webhook-signature`: what only who knows the secret can make of this message."""
    known = b64decode(key.removeprefix(PREFIX))
    signed = hmac.digest(known, f"{number}.{moment}.".encode() + body, "sha256")
    return f"v1,{b64encode(signed).decode()}"


def message(event: Event) -> dict[str, Any]:
    """What is posted."""
    profile = event.profile
    data = {
        "title": sentences.verdict(event),
        "url": event.url,
        "company": profile.company,
        "profile": {"id": profile.id, "name": profile.name, "url": profile.url},
    }
    if event.report is not None:
        data |= _report(event, event.report)
    if event.failed is not None:
        data["import"] = asdict(event.failed)
    return {"type": event.kind.value, "version": VERSION, "timestamp": event.at, "data": data}


def _report(event: Event, report: Run) -> dict[str, Any]:
    before = event.previous
    counts = msgspec.structs.asdict(report.counts)
    was = msgspec.structs.asdict(before.counts) if before else {}
    return {
        "report": _run(report),
        "previous": _run(before) if before else None,
        "differences": {name: counts[name] - was[name] for name in was},
        "changed": event.changed,
        "changes": asdict(event.changes),
        "failures": [_failure(each) for each in event.failures],
    }


def _run(run: Run) -> dict[str, Any]:
    return asdict(run) | {"counts": msgspec.structs.asdict(run.counts)}


def _failure(failure: Failure) -> dict[str, Any]:
    return asdict(failure) | {"path": list(failure.path)}


CHANNEL = Channel(
    "webhook",
    "Webhook",
    "A program of yours that takes JSON by POST and checks its signature; the documentation says "
    "how.",
    Webhook,
    send,
    lambda to: urlsplit(to.url).hostname or "",
)
