"""Any program that starts the tests: JSON by POST, signed as https://www.standardwebhooks.com has
it.

The shape is documented in docs/jobs.md: fields are added, never renamed or removed, without a new
`version`. It cannot be asked how the job stands: the run ends with its report.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import msgspec

from assay.notify import outbound
from assay.notify.channel import Carrier, secret, text
from assay.notify.webhook import check_secret, make_secret, sign
from assay.runners.runner import Order, Runner, Started, require, web

VERSION = 1
HINTS = {401: "The receiver does not know the signing secret"}


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str = text(
        "URL", "Where the JSON is sent.", "https://ci.example.org/run", outbound.check_url
    )
    secret: str = secret(
        "Signing secret",
        "Leave it empty, and one is made and shown once.",
        "whsec_…",
        check_secret,
        make_secret,
    )


class Told(msgspec.Struct):
    """What a receiver may answer: where people see the job, and what it calls it."""

    url: str = ""
    build: str = ""


def start(order: Order, at: Webhook, carrier: Carrier) -> Started:
    answer = _post(order, at, carrier, "execution.start")
    try:
        told = msgspec.json.decode(answer.body, type=Told)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Started()
    return Started({"build": told.build} if told.build else {}, web(told.url))


def check(order: Order, at: Webhook, carrier: Carrier) -> str:
    return f"It was asked with the type test, and answered {_post(order, at, carrier, 'test').said}"


def message(order: Order, kind: str) -> dict[str, Any]:
    """What is posted."""
    profile = {
        "id": order.profile,
        "name": order.title,
        "url": f"{order.home}/profiles/{order.profile}",
    }
    data = {
        "execution": order.id,
        "profile": profile,
        "parameters": dict(order.parameters),
        "import_url": f"{order.home}/api/v2/profile/{order.profile}/import?execution={order.id}",
    }
    return {"type": kind, "version": VERSION, "timestamp": order.at, "data": data}


def _post(order: Order, at: Webhook, carrier: Carrier, kind: str) -> outbound.Answer:
    body = msgspec.json.encode(message(order, kind))
    number = "msg_" + sha256(carrier.key.encode()).hexdigest()[:32]
    moment = str(int(carrier.now.timestamp()))
    headers = {
        "content-type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": moment,
        "webhook-signature": sign(at.secret, number, moment, body),
    }
    answer = carrier.ask("POST", at.url, headers, body)
    require(answer, HINTS)
    return answer


RUNNER = Runner(
    "webhook",
    "Webhook",
    "A program of yours that takes JSON by POST, checks its signature and starts the tests; the "
    "documentation says how.",
    Webhook,
    start,
    None,
    check,
    lambda at: urlsplit(at.url).hostname or "",
)
