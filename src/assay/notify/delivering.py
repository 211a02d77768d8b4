"""Takes what is queued out of the house: claims it, sends it, and if need be tries again later.

A claim is a lease: a server that dies in between loses it, and another tries again. So nothing is
lost; the one thing that may be sent twice is what was under way when a server died, and it has the
same Message-ID or `webhook-id` both times.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import structlog
from prometheus_client import Counter
from sqlalchemy import Connection

from assay.errors import AssayError, Undeliverable
from assay.notify import by_name
from assay.notify.channel import Carrier
from assay.notify.email import Email
from assay.notify.event import Kind, decode
from assay.notify.mail import Mail
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import Catalog, channels, deliveries, members, profiles
from assay.store.catalog.deliveries import Delivery

log = structlog.get_logger()

DELIVERIES = Counter("assay_deliveries", "Tries to send a mail or message", ["kind", "outcome"])

WAITS = tuple(timedelta(minutes=m) for m in (1, 3, 9, 27, 81, 243, 720, 720, 720))
"""How long after each try the next one is made: ten in all, over nearly two days."""

JITTER = 0.25
"""Up to so much is added to a wait, by chance: what failed together is not tried together."""

LONGEST_WAIT = timedelta(hours=12)
LEASE = timedelta(minutes=5)
"""Longer than any try takes."""

SENDERS = 4
KEPT = timedelta(days=30)


def deliver(stores: Stores, settings: Settings, now: datetime) -> None:
    """Send all that is due."""
    worker = f"{socket.gethostname()}-{uuid4().hex[:12]}"
    while taken := _claim(stores.catalog, worker, now):
        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(partial(attempt, stores.catalog, settings, now=now), taken))


def send_now(stores: Stores, settings: Settings, delivery_id: int, now: datetime) -> None:
    """Try one at once, if it is due: someone is waiting for the answer."""
    with stores.catalog.write() as conn:
        taken = deliveries.take(conn, delivery_id, f"page-{uuid4().hex}", now, LEASE)
    if taken is not None:
        attempt(stores.catalog, settings, taken, now=now)


def forget(stores: Stores, _settings: Settings, now: datetime) -> None:
    """Delete what ended a month ago."""
    with stores.catalog.write() as conn:
        deliveries.forget(conn, now - KEPT)


def _claim(catalog: Catalog, worker: str, now: datetime) -> Sequence[Delivery]:
    with catalog.read() as conn:
        if not deliveries.due(conn, now):
            return ()
    with catalog.write() as conn:
        return deliveries.claim(conn, worker=worker, now=now, lease=LEASE, limit=SENDERS)


def attempt(catalog: Catalog, settings: Settings, taken: Delivery, *, now: datetime) -> None:
    """One try, and what becomes of the delivery. Never raises for what is wrong with it."""
    try:
        answer = _send(catalog, Carrier(settings, taken.key, now), taken)
    except Undeliverable as error:
        _fail(catalog, taken, error, now)
        return
    except AssayError as error:
        _fail(catalog, taken, Undeliverable(str(error)), now)
        return
    except Exception:
        log.exception("delivery fault", id=taken.id, kind=taken.kind)
        _fail(catalog, taken, Undeliverable("A fault of this server; its log says more"), now)
        return
    with catalog.write() as conn:
        deliveries.sent(conn, taken, answer, now)
    DELIVERIES.labels(taken.kind, "sent").inc()


def _send(catalog: Catalog, carrier: Carrier, taken: Delivery) -> str:
    if "mail" in taken.payload:
        return carrier.mail(Mail(**taken.payload["mail"]))
    event = decode(taken.payload["event"])
    with catalog.read() as conn:
        kind, to = _recipient(conn, taken)
    return by_name(kind).send(event, to, carrier)


def _recipient(conn: Connection, taken: Delivery) -> tuple[str, object]:
    """Where it goes as of now: a channel may have been changed, a person may have left."""
    if taken.channel_id is not None:
        channel = channels.get(conn, taken.channel_id)
        if channel is None:
            raise Undeliverable("The channel is gone", permanent=True)
        return channel.kind, by_name(channel.kind).config(**channel.config)
    profile = profiles.get(conn, taken.profile_id or 0)
    user = taken.user_id or 0
    if profile and members.role_of(conn, company=profile.company_id, user=user) is None:
        raise Undeliverable("This person does not belong to the company any more", permanent=True)
    return "email", Email(taken.address)


def _fail(catalog: Catalog, taken: Delivery, error: Undeliverable, now: datetime) -> None:
    wait = wait_after(taken, error)
    with catalog.write() as conn:
        if wait is None:
            deliveries.give_up(conn, taken, str(error), now)
        else:
            deliveries.put_off(conn, taken, str(error), now + wait)
    outcome = "given up" if wait is None else "put off"
    DELIVERIES.labels(taken.kind, outcome).inc()
    log.warning("not delivered", id=taken.id, kind=taken.kind, outcome=outcome, cause=str(error))


def wait_after(taken: Delivery, error: Undeliverable) -> timedelta | None:
    """Until the next try; None where there is none."""
    is_test = taken.payload.get("event", {}).get("kind") == Kind.TEST
    if error.permanent or is_test or taken.tries > len(WAITS):
        return None
    usual = WAITS[taken.tries - 1] * (1 + random.random() * JITTER)  # noqa: S311
    return min(max(usual, timedelta(seconds=min(error.after, 1e6))), LONGEST_WAIT * (1 + JITTER))
